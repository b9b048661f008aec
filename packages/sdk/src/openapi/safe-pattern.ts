/** What may follow a backslash. Other escapes are missing in RE2, or mean something else there. */
const ESCAPED = /\\(?![dDwWsSbBnrtfv.^$*+?()[\]{}|/\\-])/
/** Look-around, names and flags: of the groups with "?", only `(?:` has the same meaning everywhere. */
const SPECIAL_GROUP = /\(\?(?!:)/
/** The most characters of a pattern, and the most copies that its counts may make of its parts. */
const CHARS_MAX = 300
const COPIES_MAX = 300

/** Classes that RE2 reads differently, or not at all. */
const SPECIAL_CLASS = /\[\^?\]|\[:|\[[^\]]*\\b/

/** Whether a regular expression surely means the same in RE2, and is small enough for a pipeline. */
export function isSafePattern(pattern: string): boolean {
  const withoutBackslashes = pattern.replaceAll('\\\\', '')
  const isSpecial = [ESCAPED, SPECIAL_GROUP, SPECIAL_CLASS].some((special) =>
    special.test(withoutBackslashes),
  )
  if (pattern.length > CHARS_MAX || isSpecial || !isValid(pattern)) return false
  const counts = [...pattern.matchAll(/(\)?)\{(\d+)(?:,(\d*))?\}/g)].map(([, group, from, to]) => ({
    isGroup: group === ')',
    count: Number(to === undefined || to === '' ? from : to),
  }))
  // A count of a group multiplies those within it.
  const sum = counts.reduce((total, { count }) => total + count, 0)
  const copies = counts.some(({ isGroup }) => isGroup)
    ? counts.reduce((product, { count }) => product * Math.max(1, count), pattern.length)
    : pattern.length + sum
  return copies <= COPIES_MAX
}

function isValid(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').unicode
  } catch {
    return false
  }
}
