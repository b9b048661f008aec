import { type Range, StateEffect, StateField } from '@codemirror/state'
import { Decoration, type DecorationSet, EditorView, WidgetType } from '@codemirror/view'

/** Something to say about a line. */
export interface LineMark {
  /** An offset in the text; of what lies behind its end, the last line. */
  readonly from: number
  readonly message: string
}

class MessageWidget extends WidgetType {
  readonly #message: string

  constructor(message: string) {
    super()
    this.#message = message
  }

  override eq(other: MessageWidget): boolean {
    return other.#message === this.#message
  }

  override toDOM(): HTMLElement {
    const element = document.createElement('span')
    element.className = 'cm-message'
    element.textContent = this.#message
    return element
  }
}

const LINE = Decoration.line({ class: 'cm-marked' })

export const setMarks = StateEffect.define<readonly LineMark[]>()

/** The marked lines, each with its messages at its end. */
export const marks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update: (old, transaction) => {
    const effect = transaction.effects.findLast((each) => each.is(setMarks))
    if (effect === undefined) return old.map(transaction.changes)
    const { doc } = transaction.state
    const ranges: Range<Decoration>[] = []
    for (const { from, message } of effect.value) {
      const line = doc.lineAt(Math.min(Math.max(from, 0), doc.length))
      ranges.push(
        LINE.range(line.from),
        Decoration.widget({ widget: new MessageWidget(message), side: 1 }).range(line.to),
      )
    }
    return Decoration.set(ranges, true)
  },
  provide: (field) => EditorView.decorations.from(field),
})
