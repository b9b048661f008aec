import { StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView } from '@codemirror/view'

/** Something to say about a line. */
export interface LineMark {
  /** An offset in the text; of what lies behind its end, the last line. */
  readonly from: number
  readonly message: string
}

/** The style sheet shows the message: as an element, it would change where the line ends for the cursor. */
function markOf(message: string): Decoration {
  return Decoration.line({ class: 'cm-marked', attributes: { 'data-message': message } })
}

export const setMarks = StateEffect.define<readonly LineMark[]>()

/** The marked lines, each with its messages at its end. */
export const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (old, transaction) => {
    const effect = transaction.effects.findLast((each) => each.is(setMarks))
    if (effect === undefined) return old.map(transaction.changes)
    const { doc } = transaction.state
    const messages = new Map<number, string>()
    for (const { from, message } of effect.value) {
      const line = doc.lineAt(Math.min(Math.max(from, 0), doc.length)).from
      const before = messages.get(line)
      messages.set(line, before === undefined ? message : `${before}\n${message}`)
    }
    const ranges = [...messages].map(([line, message]) => markOf(message).range(line))
    return Decoration.set(ranges, true)
  },
  provide: (field) => EditorView.decorations.from(field),
})
