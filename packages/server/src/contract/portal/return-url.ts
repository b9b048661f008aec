import type { Parsed } from '@sallyport/core'
import { isLoopback } from '../../address/loopback.ts'

export const RETURN_URL_CHARS_MAX = 2048

/**
 * Printable ASCII without spaces and `\`. A browser drops tabs and line ends from a URL and reads `\` as `/`, so it could
 * follow another URL than the one that is checked.
 */
const RETURN_URL = /^https?:\/\/[!-[\]-~]+$/

/** Parses the URL of the link with which people leave the portal: https, or plain http on their own machine. */
export function parseReturnUrl(text: string): Parsed<string> {
  if (isReturnUrl(text)) return { ok: true, value: text }
  return {
    ok: false,
    problem: `Use an https URL without a password, of at most ${RETURN_URL_CHARS_MAX} printable ASCII characters. Plain http works only for localhost, 127.0.0.1 and [::1].`,
  }
}

function isReturnUrl(text: string): boolean {
  if (text.length > RETURN_URL_CHARS_MAX || !RETURN_URL.test(text) || !URL.canParse(text)) return false
  const { protocol, hostname, username, password } = new URL(text)
  if (username !== '' || password !== '') return false
  return protocol === 'https:' || isLoopback(hostname)
}
