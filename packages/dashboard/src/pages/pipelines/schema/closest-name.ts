/** How many letters may be wrong in a word of a few letters, and in longer ones. */
const WRONG_MAX = { short: 1, long: 3 } as const
const SHORT_CHARS_MAX = 4

/** The known name that was probably meant; undefined if none is close. */
export function closestName(written: string, known: readonly string[]): string | undefined {
  const word = written.toLowerCase()
  const wrongMax = word.length <= SHORT_CHARS_MAX ? WRONG_MAX.short : WRONG_MAX.long
  let best: { readonly name: string; readonly wrong: number } | undefined
  for (const name of known) {
    const other = name.toLowerCase()
    // The start of a name that is being typed is closer than any other word.
    const wrong = word.length > 1 && other.startsWith(word) ? 0 : distanceOf(word, other)
    if (wrong <= wrongMax && wrong < name.length && wrong < (best?.wrong ?? Infinity)) best = { name, wrong }
  }
  return best?.name
}

/** The fewest letters to add, remove, replace, or swap with the next one (optimal string alignment). */
function distanceOf(one: string, other: string): number {
  let [before, last]: [number[], number[]] = [
    [],
    Array.from({ length: other.length + 1 }, (_, column) => column),
  ]
  for (let row = 1; row <= one.length; row += 1) {
    const line = [row]
    for (let column = 1; column <= other.length; column += 1) {
      const isSame = one[row - 1] === other[column - 1]
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1]
      line.push(
        Math.min(
          (last[column] ?? 0) + 1,
          (line[column - 1] ?? 0) + 1,
          (last[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped ? (before[column - 2] ?? 0) + 1 : Infinity,
        ),
      )
    }
    ;[before, last] = [last, line]
  }
  return last[other.length] ?? 0
}
