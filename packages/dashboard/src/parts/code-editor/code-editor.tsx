import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { indentOnInput } from '@codemirror/language'
import { yaml } from '@codemirror/lang-yaml'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { STYLE_NONCE } from '../../theme/style-nonce.ts'
import classes from './code-editor.module.css'
import { type LineMark, marks, setMarks } from './marks.ts'
import { look } from './look.ts'

interface CodeEditorProps {
  readonly label: string
  readonly value: string
  readonly isReadOnly?: boolean
  /** What is said about lines. */
  readonly marked: readonly LineMark[]
  /** Where the cursor goes when this changes; undefined to leave it. */
  readonly goTo?: number | undefined
  readonly onChange: (value: string) => void
}

/** A text in YAML. Tab moves on to the next field, as everywhere. */
export function CodeEditor({ label, value, isReadOnly = false, marked, goTo, onChange }: CodeEditorProps) {
  const parent = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<EditorView>()
  const changed = useEffectEvent((text: string): void => {
    if (text !== value) onChange(text)
  })
  const start = useEffectEvent((): string => value)
  useEffect(() => {
    if (parent.current === null) return undefined
    const editor = new EditorView({
      parent: parent.current,
      state: EditorState.create({
        doc: start(),
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          indentOnInput(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          yaml(),
          marks,
          look,
          EditorView.lineWrapping,
          EditorView.cspNonce.of(STYLE_NONCE),
          EditorView.contentAttributes.of({ 'aria-label': label }),
          EditorState.readOnly.of(isReadOnly),
          EditorView.updateListener.of(({ docChanged, state }) => {
            if (docChanged) changed(state.doc.toString())
          }),
        ],
      }),
    })
    setView(editor)
    return () => editor.destroy()
  }, [label, isReadOnly])
  useEffect(() => {
    if (view === undefined) return
    const { doc } = view.state
    const changes = doc.toString() === value ? [] : [{ from: 0, to: doc.length, insert: value }]
    view.dispatch({ changes, effects: setMarks.of(marked) })
  }, [view, value, marked])
  useEffect(() => {
    if (view === undefined || goTo === undefined) return
    const at = Math.min(goTo, view.state.doc.length)
    view.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
    view.focus()
  }, [view, goTo])
  return <div ref={parent} className={classes.editor} />
}
