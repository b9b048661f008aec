import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  pickedCompletion,
  startCompletion,
} from '@codemirror/autocomplete'
import { EditorState, type Extension } from '@codemirror/state'
import { type EditorView, hoverTooltip, type Tooltip } from '@codemirror/view'
import { t } from '../../texts/texts.ts'
import type { Completions, Help, Knowledge, Suggestion } from './knowledge.ts'

/** Suggestions while a word is typed, or by Ctrl+Space, and the meaning of what the pointer is on. */
export function knowing(knowledge: Knowledge): Extension {
  return [
    autocompletion({
      override: [(context) => completionsIn(knowledge, context)],
      icons: false,
    }),
    EditorState.phrases.of({ Completions: t.parts.suggestions }),
    hoverTooltip((view, at) => tooltipOf(knowledge.help(view.state.doc.toString(), at, true))),
  ]
}

/** What a line has where a value or an entry of a list can begin. */
const VALUE_START = /[:,-] $/

function completionsIn(knowledge: Knowledge, context: CompletionContext): CompletionResult | null {
  const { state, pos, explicit } = context
  const found = knowledge.complete(state.doc.toString(), pos)
  if (found === undefined || !(explicit || isAsked(state, pos, found))) return null
  const { from, to, options } = found
  return {
    from,
    to,
    options: options.map(completionOf),
    // At once: a list that still waits for the next character's suggestions would ignore a click.
    update: (_current, _from, _to, next) => completionsIn(knowledge, next),
  }
}

/** Whether suggestions help without being asked for: Enter would take one instead of starting a line. */
function isAsked(state: EditorState, at: number, { from, to, options }: Completions): boolean {
  if (from === at) return VALUE_START.test(state.doc.lineAt(at).text.slice(0, at - state.doc.lineAt(at).from))
  const word = state.sliceDoc(from, to)
  return !options.some(({ label }) => label === word)
}

function completionOf(suggestion: Suggestion, index: number): Completion {
  const { label, detail, about, insert, goesOn } = suggestion
  return {
    label,
    detail,
    // In the order in which they are known.
    boost: -index,
    ...(about !== '' && { info: () => paragraphs(about) }),
    apply: (view: EditorView, completion: Completion, from: number, to: number) => {
      view.dispatch({
        changes: { from, to, insert },
        selection: { anchor: from + insert.length },
        annotations: pickedCompletion.of(completion),
        userEvent: 'input.complete',
        scrollIntoView: true,
      })
      if (goesOn) startCompletion(view)
    },
  }
}

function tooltipOf(help: Help | undefined): Tooltip | null {
  if (help === undefined) return null
  const create = () => {
    const dom = paragraphs(help.about)
    dom.className = 'cm-help'
    const name = document.createElement('code')
    name.textContent = help.name
    dom.prepend(name)
    return { dom }
  }
  return { pos: help.from, end: help.to, above: true, create }
}

function paragraphs(text: string): HTMLElement {
  const whole = document.createElement('div')
  whole.append(
    ...text.split('\n').map((line) => {
      const paragraph = document.createElement('p')
      paragraph.textContent = line
      return paragraph
    }),
  )
  return whole
}
