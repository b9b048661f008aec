import { parseToken, TOKEN_CHARS, type ParsedToken } from '../keys/key-text.ts'

/** The API key that a request sends, before verification. */
export type KeyClaim =
  | { readonly kind: 'missing' }
  /** One of `x-api-appkey` and `x-api-apptoken` without the other. It counts as missing where a key is required. */
  | { readonly kind: 'half' }
  /** Sent twice, empty, or in two headers. */
  | { readonly kind: 'ambiguous' }
  /** Neither a well-formed Sallyport token nor one that can have been issued elsewhere. */
  | { readonly kind: 'invalid' }
  | { readonly kind: 'token'; readonly parsed: ParsedToken }
  | ForeignClaim

/** A text that can be the token of a key that was issued elsewhere and imported. */
export interface ForeignClaim {
  readonly kind: 'foreign'
  readonly token: string
  /** What the request sends if no key has this token: `missing` for `Authorization`, which can have another purpose. */
  readonly otherwise: 'missing' | 'invalid'
}

/** The credentials of a request, parsed from its headers but not verified. */
export interface Credentials {
  readonly apiKey: KeyClaim
  /** The content of `Authorization`, whatever its purpose. */
  readonly authorization: AuthorizationClaim
  /** For a request whose API key is not in `Authorization`. */
  readonly jwt: JwtClaim
  /** The JWT in `x-access-token`, whatever `Authorization` has. */
  readonly accessToken: JwtClaim
}

/** The content of the `Authorization` header, before verification. */
export type AuthorizationClaim =
  | { readonly kind: 'none' }
  /** Of another scheme than Bearer and Basic, or without one. */
  | { readonly kind: 'other' }
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'bearer'; readonly token: string }
  /** Base64 of `username:password` (RFC 7617 section 2), undecoded. */
  | { readonly kind: 'basic'; readonly encoded: string }

/** The JWT that a request sends, before verification. */
export type JwtClaim =
  | { readonly kind: 'missing' }
  /** Sent twice, empty, or in two headers. */
  | { readonly kind: 'ambiguous' }
  | { readonly kind: 'token'; readonly token: string }

const MISSING = { kind: 'missing' } as const
const AMBIGUOUS = { kind: 'ambiguous' } as const
const HALF: KeyClaim = { kind: 'half' }
const OTHER_AUTHORIZATION: AuthorizationClaim = { kind: 'other' }
const INVALID: KeyClaim = { kind: 'invalid' }
const NO_AUTHORIZATION: AuthorizationClaim = { kind: 'none' }
const AMBIGUOUS_AUTHORIZATION: AuthorizationClaim = { kind: 'ambiguous' }

/** The names of headers that carry credentials, in lower case. They never reach a step or an upstream. */
export const CREDENTIAL_HEADERS: ReadonlySet<string> = new Set([
  'authorization',
  'apikey',
  'x-api-key',
  'x-api-appkey',
  'x-api-apptoken',
  'x-access-token',
])

/**
 * Whether a header can be one of these, by its length and its second character: `apikey`, `authorization`, or `x-…`. Nearly all
 * others are told apart without a copy of their name in lower case.
 */
function mayBeCredential(name: string): boolean {
  const { length } = name
  if (length !== 6 && length !== 9 && length !== 12 && length !== 13 && length !== 14) return false
  const second = name.charCodeAt(1)
  return second === HYPHEN || (second | LOWER_CASE) === LOWER_P || (second | LOWER_CASE) === LOWER_U
}

const HYPHEN = 0x2d
const LOWER_P = 0x70
const LOWER_U = 0x75
/** The bit that an ASCII letter in lower case has, and one in upper case has not. */
const LOWER_CASE = 0x20

/** The credentials of a request that sends none. */
export const NO_CREDENTIALS: Credentials = {
  apiKey: MISSING,
  authorization: NO_AUTHORIZATION,
  jwt: MISSING,
  accessToken: MISSING,
}

/**
 * Reads a request's credentials. It needs the headers as received, in order to detect repeated ones: the joined headers
 * of Node.js keep only the first `Authorization`.
 *
 * @param rawHeaders alternating names and values, names in any case
 * @param queryKeys the values of the query parameter `apikey`, if the trigger reads it; a header takes precedence
 */
export function readCredentials(
  rawHeaders: readonly string[],
  queryKeys: readonly string[] = [],
): Credentials {
  let authorization: string | undefined
  let keyHeader: string | undefined
  let pairId: string | undefined
  let pairToken: string | undefined
  let accessToken: string | undefined
  let repeatedAuthorization = false
  let repeatedKey = false
  let repeatedAccessToken = false
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (!mayBeCredential(name)) continue
    const value = rawHeaders[index + 1] ?? ''
    switch (name.toLowerCase()) {
      case 'authorization':
        repeatedAuthorization ||= authorization !== undefined
        authorization = value
        break
      case 'apikey':
      case 'x-api-key':
        repeatedKey ||= keyHeader !== undefined
        keyHeader = value
        break
      case 'x-api-appkey':
        repeatedKey ||= pairId !== undefined
        pairId = value
        break
      case 'x-api-apptoken':
        repeatedKey ||= pairToken !== undefined
        pairToken = value
        break
      case 'x-access-token':
        repeatedAccessToken ||= accessToken !== undefined
        accessToken = value
        break
      default:
    }
  }
  const claim = repeatedAuthorization ? AMBIGUOUS_AUTHORIZATION : readAuthorization(authorization)
  return {
    apiKey: repeatedKey ? AMBIGUOUS : readApiKey(claim, keyHeader, pairId, pairToken, queryKeys),
    authorization: claim,
    jwt: repeatedAccessToken ? AMBIGUOUS : readJwt(claim, accessToken),
    accessToken: repeatedAccessToken ? AMBIGUOUS : readJwt(NO_AUTHORIZATION, accessToken),
  }
}

/**
 * The text of the API key, if it is the only credential in the headers and as long as a Sallyport token; undefined for anything
 * else, which `readCredentials` reads. It is not parsed: whether it is a token must be known from elsewhere.
 *
 * @param rawHeaders alternating names and values, names in any case
 */
export function onlyKeyText(rawHeaders: readonly string[]): string | undefined {
  let text: string | undefined
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? ''
    if (!mayBeCredential(name)) continue
    const value = rawHeaders[index + 1] ?? ''
    // Compared, and not looked up: V8 makes a unique copy of each text that is looked up.
    switch (name.toLowerCase()) {
      case 'apikey':
      case 'x-api-key':
        if (text !== undefined) return undefined
        text = value
        break
      case 'authorization':
        if (text !== undefined || !value.startsWith(BEARER_KEY)) return undefined
        text = value.slice(BEARER_CHARS)
        break
      case 'x-api-appkey':
      case 'x-api-apptoken':
      case 'x-access-token':
        return undefined
      default:
    }
  }
  return text?.length === TOKEN_CHARS ? text : undefined
}

/**
 * The credentials for a trigger whose API key is optional. What is sent in place of a key and cannot be one is an invalid key, as
 * its sender would else be taken for an anonymous caller: half a pair, and `Authorization` unless it has Basic credentials,
 * which browsers send on their own.
 */
export function withOptionalKey(credentials: Credentials): Credentials {
  const { apiKey, authorization } = credentials
  const isInPlace = authorization.kind === 'bearer' || authorization.kind === 'other'
  return apiKey.kind === 'half' || (apiKey.kind === 'missing' && isInPlace)
    ? { ...credentials, apiKey: INVALID }
    : credentials
}

/**
 * The JWT of a request whose API key, if it must have one, was found. A token in `Authorization` that is the key cannot
 * be the JWT too, which then comes in `x-access-token`.
 */
export function jwtBeside({ apiKey, jwt, accessToken }: Credentials, isKeyRequired: boolean): JwtClaim {
  return isKeyRequired && apiKey.kind === 'foreign' && apiKey.otherwise === 'missing' ? accessToken : jwt
}

/**
 * Whether a text can be a token that was issued elsewhere: 8 to 512 visible ASCII characters without a comma, which joins
 * repeated headers, and not one of Sallyport's own, well formed or not.
 */
export function isForeignToken(text: string): boolean {
  return FOREIGN_TOKEN.test(text) && !text.startsWith(KEY_PREFIX)
}

/** `Authorization` by its scheme (RFC 9110 section 11.6.2); schemes are case-insensitive. */
function readAuthorization(value: string | undefined): AuthorizationClaim {
  if (value === undefined) return NO_AUTHORIZATION
  const space = value.indexOf(' ')
  const scheme = (space < 0 ? value : value.slice(0, space)).toLowerCase()
  const rest = space < 0 ? '' : value.slice(space + 1).trim()
  if (value === '' || ((scheme === 'bearer' || scheme === 'basic') && rest === ''))
    return AMBIGUOUS_AUTHORIZATION
  if (scheme === 'bearer') return { kind: 'bearer', token: rest }
  if (scheme === 'basic') return { kind: 'basic', encoded: rest }
  return OTHER_AUTHORIZATION
}

/** A token with this prefix is an API key of Sallyport, well formed or not. */
const KEY_PREFIX = 'sp_'
/** How `Authorization` begins that has such a token, as nearly all clients write it. */
const BEARER_KEY = `Bearer ${KEY_PREFIX}`
const BEARER_CHARS = BEARER_KEY.length - KEY_PREFIX.length

const FOREIGN_TOKEN = /^[\x21-\x2b\x2d-\x7e]{8,512}$/

/** Three parts, separated by two dots (RFC 7515 section 3.1). */
const COMPACT_JWS = /^[^.]*\.[^.]*\.[^.]*$/

/**
 * Reads the JWT from `Authorization: Bearer` or from `x-access-token`. The second header exists because a request has
 * only one `Authorization` (RFC 9110 section 11.6.2), which can hold Basic credentials or an API key.
 */
function readJwt(authorization: AuthorizationClaim, accessToken: string | undefined): JwtClaim {
  if (authorization.kind === 'ambiguous') return AMBIGUOUS
  const bearer =
    authorization.kind === 'bearer' && !authorization.token.startsWith(KEY_PREFIX)
      ? authorization.token
      : undefined
  if (bearer !== undefined && accessToken !== undefined) return AMBIGUOUS
  const token = bearer ?? accessToken
  if (token === undefined) return MISSING
  return isEmptyOrJoined(token) ? AMBIGUOUS : { kind: 'token', token }
}

function readApiKey(
  authorization: AuthorizationClaim,
  keyHeader: string | undefined,
  pairId: string | undefined,
  pairToken: string | undefined,
  queryKeys: readonly string[],
): KeyClaim {
  if (authorization.kind === 'ambiguous') return AMBIGUOUS
  const bearer =
    authorization.kind === 'bearer' && authorization.token.startsWith(KEY_PREFIX)
      ? authorization.token
      : undefined
  const hasPair = pairId !== undefined || pairToken !== undefined
  const headerCount = (keyHeader === undefined ? 0 : 1) + (bearer === undefined ? 0 : 1) + (hasPair ? 1 : 0)
  if (headerCount > 1) return AMBIGUOUS
  if (hasPair) {
    if (isEmptyOrJoined(pairId) || isEmptyOrJoined(pairToken)) return AMBIGUOUS
    if (pairId === undefined || pairToken === undefined) return HALF
    const parsed = parseToken(pairToken)
    return parsed !== undefined && parsed.keyId === pairId ? { kind: 'token', parsed } : INVALID
  }
  const header = keyHeader ?? bearer
  if (header !== undefined) return readToken(header)
  if (queryKeys.length > 1) return AMBIGUOUS
  const [queryKey] = queryKeys
  if (queryKey !== undefined) return readToken(queryKey)
  // Only without any other key: a request with one has always had another purpose for its bearer token.
  return authorization.kind === 'bearer' ? readForeignBearer(authorization.token) : MISSING
}

/** A bearer token that is neither a JWT nor one of Sallyport's can still be the API key. */
function readForeignBearer(token: string): KeyClaim {
  return isForeignToken(token) && !COMPACT_JWS.test(token)
    ? { kind: 'foreign', token, otherwise: 'missing' }
    : MISSING
}

function readToken(text: string): KeyClaim {
  const parsed = parseToken(text)
  if (parsed !== undefined) return { kind: 'token', parsed }
  if (isEmptyOrJoined(text)) return AMBIGUOUS
  return isForeignToken(text) ? { kind: 'foreign', token: text, otherwise: 'invalid' } : INVALID
}

/** A comma means that a proxy joined repeated headers (RFC 9110 section 5.3): no credential contains one. */
function isEmptyOrJoined(text: string | undefined): boolean {
  return text === '' || text?.includes(',') === true
}
