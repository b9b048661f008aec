const format = new Intl.ListFormat('en-GB')

/** Several words in one sentence: "Name, Roles and Expires". */
export function listed(words: readonly string[]): string {
  return format.format(words)
}
