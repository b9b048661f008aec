/** What stands where there is nothing: a proxy that copies a header only when it is not empty would keep the caller's. */
export const NOTHING = '-'

const PLAIN = /^[!-~]+$/

/** A text as a header value: itself when it is visible ASCII, else percent-encoded. */
export function headerSafe(text: string): string {
  if (PLAIN.test(text)) return text
  return text === '' ? NOTHING : encodeURIComponent(text.toWellFormed())
}
