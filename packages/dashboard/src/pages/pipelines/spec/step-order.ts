import { isNode, isSeq, type YAMLSeq } from 'yaml'
import { changed, parseSpec, setAt } from './spec-text.ts'

/** The text with a step at another place. Comments above a step, and at the end of its lines, go with it. */
export function withStepMoved(text: string, from: number, to: number): string {
  return reordered(text, (steps) => {
    const [step] = steps.splice(from, 1)
    if (step !== undefined) steps.splice(to, 0, step)
  })
}

/** The text without a step and its comments. */
export function withoutStep(text: string, index: number): string {
  return reordered(text, (steps) => void steps.splice(index, 1))
}

function reordered(text: string, reorder: (steps: unknown[]) => void): string {
  const parsed = parseSpec(text)
  if (!parsed.ok) return text
  const list = parsed.document.get('steps', true)
  if (!isSeq(list)) return text
  const wanted: unknown[] = [...(list.toJS(parsed.document) as readonly unknown[])]
  reorder(wanted)
  const lines = linesOf(text, list)
  if (lines !== undefined && wanted.length > 0) {
    reorder(lines.steps)
    const after = written(lines)
    if (isWanted(after, wanted)) return after
  }
  // A list within brackets, or one whose steps mean each other, cannot be put together from lines.
  return changed(text, (document) => {
    const steps = document.get('steps', true)
    if (wanted.length === 0) setAt(document, ['steps'], [])
    else if (isSeq(steps)) reorder(steps.items)
  })
}

function isWanted(text: string, steps: readonly unknown[]): boolean {
  const parsed = parseSpec(text)
  if (!parsed.ok) return false
  return JSON.stringify((parsed.spec as { readonly steps?: unknown }).steps) === JSON.stringify(steps)
}

/** A text that has a list of steps, as lines. */
interface StepLines {
  readonly before: readonly string[]
  /** The empty lines above each step, which stay where they are. */
  readonly gaps: readonly (readonly string[])[]
  /** The lines of each step, with the comments above it. */
  readonly steps: (readonly string[])[]
  readonly after: readonly string[]
}

function linesOf(text: string, list: YAMLSeq): StepLines | undefined {
  if (list.flow === true) return undefined
  const lines = text.split('\n')
  const lineAt = linesAt(lines)
  const ranges = list.items.map((item) => (isNode(item) ? item.range : undefined) ?? undefined)
  const spans = ranges.map((range) => {
    if (range === undefined) return undefined
    const [from, to] = range
    // The range of an object reaches to the dash of the next step.
    return { first: lineAt(from), last: lineAt(from + text.slice(from, to).trimEnd().length) }
  })
  let next: number | undefined
  const [gaps, steps]: [string[][], string[][]] = [[], []]
  let before: readonly string[] = []
  for (const [index, span] of spans.entries()) {
    if (span === undefined || !/^ *-/.test(lines[span.first] ?? '')) return undefined
    const start = index === 0 ? commentsAbove(lines, span.first) : (next ?? span.first)
    if (index === 0) before = lines.slice(0, start)
    const own = lines.slice(start, span.first)
    const gap = own.findIndex((line) => line.trim() !== '')
    const gapLines = gap === -1 ? own.length : gap
    gaps.push(own.slice(0, gapLines))
    next = afterComments(lines, span.last + 1, indentOf(lines[span.first] ?? ''))
    steps.push(lines.slice(start + gapLines, next))
  }
  return next === undefined ? undefined : { before, gaps, steps, after: lines.slice(next) }
}

/** Finds the line of a place. */
function linesAt(lines: readonly string[]): (at: number) => number {
  const starts: number[] = []
  let start = 0
  for (const line of lines) {
    starts.push(start)
    start += line.length + 1
  }
  return (at) => {
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if ((starts[middle] ?? 0) <= at) low = middle
      else high = middle - 1
    }
    return low
  }
}

function written({ before, gaps, steps, after }: StepLines): string {
  const lines = steps.flatMap((step, index) => [...(gaps[index] ?? []), ...step])
  return [...before, ...lines, ...after].join('\n')
}

/** Where the comments and empty lines directly above a line begin. */
function commentsAbove(lines: readonly string[], line: number): number {
  let first = line
  while (first > 0 && /^\s*(?:#|$)/.test(lines[first - 1] ?? '')) first -= 1
  return first
}

/** The line behind comments that are further in than the steps, and so belong to the step above. */
function afterComments(lines: readonly string[], line: number, indent: number): number {
  let next = line
  while (/^ *#/.test(lines[next] ?? '') && indentOf(lines[next] ?? '') > indent) next += 1
  return next
}

function indentOf(line: string): number {
  return line.length - line.trimStart().length
}
