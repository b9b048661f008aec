import { defaultKeymap, history, historyKeymap } from '@codemirror/commands'
import { indentOnInput } from '@codemirror/language'
import { yaml } from '@codemirror/lang-yaml'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useEffectEvent, useRef } from 'react'
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
  const view = useRef<EditorView>(null)
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
    view.current = editor
    return () => {
      editor.destroy()
      view.current = null
    }
  }, [label, isReadOnly])
  useEffect(() => {
    const editor = view.current
    if (editor === null) return
    const changes =
      editor.state.doc.toString() === value ? [] : [{ from: 0, to: editor.state.doc.length, insert: value }]
    editor.dispatch({ changes, effects: setMarks.of(marked) })
  }, [value, marked, label, isReadOnly])
  useEffect(() => {
    const editor = view.current
    if (editor === null || goTo === undefined) return
    const at = Math.min(goTo, editor.state.doc.length)
    editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
    editor.focus()
  }, [goTo])
  return <div ref={parent} className={classes.editor} />
}
