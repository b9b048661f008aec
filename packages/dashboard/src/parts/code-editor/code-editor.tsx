import { defaultKeymap, history, historyKeymap, isolateHistory } from '@codemirror/commands'
import { indentOnInput } from '@codemirror/language'
import { yaml } from '@codemirror/lang-yaml'
import { EditorState } from '@codemirror/state'
import { drawSelection, EditorView, keymap, lineNumbers } from '@codemirror/view'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { STYLE_NONCE } from '../../theme/style-nonce.ts'
import classes from './code-editor.module.css'
import type { Knowledge } from './knowledge.ts'
import { knowing } from './knowing.ts'
import { look } from './look.ts'
import { type LineMark, marks, setMarks } from './marks.ts'
import { smallestChange } from './smallest-change.ts'

interface CodeEditorProps {
  readonly label: string
  readonly value: string
  readonly isReadOnly?: boolean
  /** What is said about lines. */
  readonly marked: readonly LineMark[]
  /** Where the cursor goes when the place is another one; undefined to leave it. */
  readonly goTo?: { readonly place: string; readonly at: number } | undefined
  /** What is known about the text, the same at each render. */
  readonly knowledge: Knowledge
  /** The id of what describes the editor. */
  readonly describedBy: string
  readonly onChange: (value: string) => void
  /** Gets the place of the cursor, an offset in the text, when it moves. */
  readonly onCursor: (at: number) => void
}

/** A text in YAML. Tab moves on to the next field, as everywhere. */
export function CodeEditor({
  label,
  value,
  isReadOnly = false,
  marked,
  goTo,
  knowledge,
  describedBy,
  onChange,
  onCursor,
}: CodeEditorProps) {
  const parent = useRef<HTMLDivElement>(null)
  const [view, setView] = useState<EditorView>()
  const changed = useEffectEvent((text: string): void => {
    if (text !== value) onChange(text)
  })
  const moved = useEffectEvent(onCursor)
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
          knowing(knowledge),
          look,
          EditorView.lineWrapping,
          EditorView.cspNonce.of(STYLE_NONCE),
          EditorView.contentAttributes.of({
            'aria-label': label,
            'aria-describedby': describedBy,
            // What can be edited has the focus without it, but programs that check a page do not know that.
            tabindex: '0',
          }),
          EditorState.readOnly.of(isReadOnly),
          EditorView.updateListener.of(({ docChanged, selectionSet, focusChanged, state }) => {
            if (docChanged) changed(state.doc.toString())
            if (docChanged || selectionSet || focusChanged) moved(state.selection.main.head)
          }),
        ],
      }),
    })
    setView(editor)
    return () => editor.destroy()
  }, [label, isReadOnly, knowledge, describedBy])
  useEffect(() => {
    if (view === undefined) return
    const change = smallestChange(view.state.doc.toString(), value)
    // What is changed beside the text is undone by itself, however soon it follows another change.
    const edit = change && { changes: change, annotations: isolateHistory.of('full') }
    view.dispatch({ ...edit, effects: setMarks.of(marked) })
  }, [view, value, marked])
  const place = goTo?.place
  const go = useEffectEvent((editor: EditorView): void => {
    const at = Math.min(goTo?.at ?? 0, editor.state.doc.length)
    editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: 'center' }) })
    editor.focus()
  })
  useEffect(() => {
    if (view !== undefined && place !== undefined) go(view)
  }, [view, place])
  return <div ref={parent} className={classes.editor} />
}
