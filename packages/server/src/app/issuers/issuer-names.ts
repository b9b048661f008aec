/** The most characters of an issuer's or an audience's name. */
const ISSUER_NAME_CHARS_MAX = 500

/** The beginning of what environments have in `iss` of their own tokens; a URN's is read in any case (RFC 8141 section 3.1). */
const OWN_ISSUERS = /^urn:sallyport:/i

const PRINTABLE_ASCII = /^[ -~]+$/
/** A scheme, and characters that a URI has (RFC 3986 appendix A). */
const URI = /^[A-Za-z][A-Za-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/

/**
 * Says what is wrong with the name of an issuer or an audience: what has a colon must be a URI, and anything else is
 * taken as it is (RFC 7519 section 2, StringOrURI). Names are compared to the letter, so that one which no token can
 * have would only look as if it worked.
 */
export function stringOrUriProblem(name: string): string | undefined {
  if (name.length < 1 || name.length > ISSUER_NAME_CHARS_MAX) {
    return `It is 1 to ${ISSUER_NAME_CHARS_MAX} characters long.`
  }
  if (!PRINTABLE_ASCII.test(name) || name.trim() !== name) {
    return 'It has printable ASCII characters alone, and no space at either end.'
  }
  return name.includes(':') && !URI.test(name) ? 'With a colon in it, it must be a URI.' : undefined
}

/** The same for an issuer, which cannot be one of our own: those are verified with the environment's own keys. */
export function issuerNameProblem(name: string): string | undefined {
  return OWN_ISSUERS.test(name)
    ? 'Names that begin with "urn:sallyport:" are those of environments, which accept their own tokens by themselves.'
    : stringOrUriProblem(name)
}
