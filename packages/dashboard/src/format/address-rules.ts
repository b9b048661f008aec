/** The addresses and ranges in a text of several lines. */
export function addressRulesOf(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((rule) => rule !== '')
}
