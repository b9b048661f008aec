export interface Change {
  readonly from: number
  readonly to: number
  readonly insert: string
}

/** The part of a text that another one replaces, so that the cursor stays where it is outside of it. */
export function smallestChange(before: string, after: string): Change | undefined {
  if (before === after) return undefined
  const shorter = Math.min(before.length, after.length)
  let from = 0
  while (from < shorter && before[from] === after[from]) from += 1
  let end = 0
  while (end < shorter - from && before.at(-1 - end) === after.at(-1 - end)) end += 1
  return { from, to: before.length - end, insert: after.slice(from, after.length - end) }
}
