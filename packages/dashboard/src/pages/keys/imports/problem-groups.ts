import type { Import } from '@sallyport/sdk'

type Problem = Import['problems'][number]

/** Lines with the same problem. */
export interface ProblemGroup {
  readonly message: string
  /** In the order of the file; 0 for the whole import. */
  readonly lines: readonly number[]
}

/** More ranges of lines than these are only counted. */
const RANGES_SHOWN = 6

/** The problems by their message, in the order of their first lines: one cause often concerns many lines. */
export function problemGroups(problems: readonly Problem[]): readonly ProblemGroup[] {
  const groups = Map.groupBy(problems, ({ message }) => message)
  return [...groups].map(([message, own]) => ({ message, lines: own.map(({ line }) => line) }))
}

/** Lines as ranges, such as "2–40, 44", and how many more there are. @param lines in ascending order */
export function lineRanges(lines: readonly number[]): { readonly text: string; readonly more: number } {
  const ranges: { first: number; last: number }[] = []
  for (const line of lines) {
    const range = ranges.at(-1)
    if (range !== undefined && line === range.last + 1) range.last = line
    else ranges.push({ first: line, last: line })
  }
  const shown = ranges.slice(0, RANGES_SHOWN)
  const isHidden = (line: number): boolean => line > (shown.at(-1)?.last ?? 0)
  return {
    text: shown.map(({ first, last }) => (first === last ? `${first}` : `${first}–${last}`)).join(', '),
    more: lines.filter(isHidden).length,
  }
}
