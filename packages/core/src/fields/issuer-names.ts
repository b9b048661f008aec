import type { Branded, Parsed } from './parsed.ts'

/** The `iss` of a trusted issuer's tokens. */
export type IssuerName = Branded<string, 'IssuerName'>
/** A value that a token may have in `aud`. */
export type Audience = Branded<string, 'Audience'>

/** The most characters of an issuer or an audience. */
export const ISSUER_NAME_CHARS_MAX = 500
/** The most audiences of one issuer. */
export const AUDIENCES_PER_ISSUER_MAX = 20
/** The most keys of one issuer, pasted or fetched: enough for daily rotation with a month of retired keys. */
export const ISSUER_KEYS_MAX = 64
/** The most characters of the URL of a key set. */
export const JWKS_URL_CHARS_MAX = 2048

/** The prefix of the `iss` of every environment; the scheme of a URN is case-insensitive (RFC 8141 section 3.1). */
const OWN_ISSUERS = /^urn:sallyport:/i

const PRINTABLE_ASCII = /^[ -~]+$/
/** A scheme, and the characters of a URI (RFC 3986 appendix A). */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/

export function parseAudience(text: string): Parsed<Audience> {
  const problem = stringOrUriProblem(text)
  return problem === undefined ? { ok: true, value: text as Audience } : { ok: false, problem }
}

/** Parses an issuer; the issuers of environments are refused, because their own keys verify those tokens. */
export function parseIssuerName(text: string): Parsed<IssuerName> {
  const problem = OWN_ISSUERS.test(text)
    ? 'Names that start with "urn:sallyport:" belong to environments, which accept their own tokens already.'
    : stringOrUriProblem(text)
  return problem === undefined ? { ok: true, value: text as IssuerName } : { ok: false, problem }
}

/**
 * A name with a colon must be a URI; any other name is an arbitrary string (RFC 7519 section 2, StringOrURI). Names are
 * compared character by character, so a name that no token can contain would only look as if it worked.
 */
function stringOrUriProblem(name: string): string | undefined {
  if (name.length < 1 || name.length > ISSUER_NAME_CHARS_MAX) {
    return `Use 1 to ${ISSUER_NAME_CHARS_MAX} characters.`
  }
  if (!PRINTABLE_ASCII.test(name) || name.trim() !== name) {
    return 'Use printable ASCII characters without spaces at the ends.'
  }
  return name.includes(':') && !URI.test(name) ? 'A name with a colon must be a URI.' : undefined
}
