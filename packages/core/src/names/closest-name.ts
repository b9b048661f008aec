import { editDistance } from './edit-distance.ts'

/** Longer names are compared with none: the work grows with the square. */
const NAME_CHARS_MAX = 64

/**
 * The known name that was probably meant: of those that differ in at most a quarter of their characters, the most similar
 * one. Upper and lower case count as the same.
 *
 * @returns undefined if none is close
 */
export function closestName(name: string, known: readonly string[]): string | undefined {
  if (name.length > NAME_CHARS_MAX) return undefined
  const wanted = name.toLowerCase()
  const near = known
    .map((one) => ({ one, edits: editDistance(wanted, one.toLowerCase()) }))
    .filter(({ one, edits }) => edits <= Math.max(wanted.length, one.length) / 4)
  return near.toSorted((left, right) => left.edits - right.edits)[0]?.one
}
