/** The most names that one warning has. */
const NAMES_MAX = 5

/** Names as a part of a sentence, each once. */
export function namesText(names: Iterable<string>): string {
  const all = [...new Set(names)]
  const more = all.length - NAMES_MAX
  return all.slice(0, NAMES_MAX).join(', ') + (more > 0 ? ` and ${more} more` : '')
}
