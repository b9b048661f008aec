/** Matches a token anywhere in a text. The id may be logged, the secret may not. */
const TOKEN_IN_TEXT = /(sp_[sp]k_[0-9A-Za-z]{16})_[0-9A-Za-z]{1,38}/g

export const REDACTED = '[redacted]'

/** Replaces the secret of every token in a text. */
export function redactTokens(text: string): string {
  return text.replace(TOKEN_IN_TEXT, `$1_${REDACTED}`)
}
