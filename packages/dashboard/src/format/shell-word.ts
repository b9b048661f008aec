/** A text that a shell reads as one word. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
