import { JWKS_URL_CHARS_MAX } from '@sallyport/core'
import { outgoingUrlProblem } from '../outgoing-url.ts'

/**
 * The problem of the URL of an issuer's keys, or undefined. Over plain HTTP on the internet, any host on the path could
 * substitute its own keys and mint tokens, so plain HTTP is accepted only for private networks.
 */
export function jwksUrlProblem(text: string): string | undefined {
  return outgoingUrlProblem(text, JWKS_URL_CHARS_MAX, 'any host on the path could substitute the keys')
}
