import { parseStrictJson, type ClientAuthentication } from '@sallyport/core'
import type { ConnectionPool } from '../../egress/connection-pool.ts'
import type { Tenant } from '../../fairness/fair-share.ts'
import { isJsonType } from '../request/media-type.ts'
import type { Passage } from '../request/passage.ts'
import { sendRequest, UnusableResponse } from './upstream-request.ts'

/** A request for an access token with the client's own credentials. */
export interface TokenRequest {
  /** The organization and environment that ask. */
  readonly environment: string
  /** Scheme, host and port. */
  readonly origin: string
  /** Path and query. */
  readonly target: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
  readonly audience: string | null
  readonly authentication: ClientAuthentication
}

/** An access token, and how long it is valid from the request on. */
export interface IssuedToken {
  readonly value: string
  readonly lifetimeMs: number
}

const REQUEST_MS_MAX = 10_000
const TOKEN_BYTES_MAX = 64 * 1024
/** A token travels in a header: common servers accept as much in all of them together. */
const TOKEN_CHARS_MAX = 8192
/** Visible ASCII: a header's value without spaces. RFC 6750 section 2.1 has fewer characters. */
const TOKEN = /^[!-~]+$/
/** For a response without `expires_in`. */
const LIFETIME_SECONDS_DEFAULT = 60
const LIFETIME_SECONDS_MAX = 24 * 3600
const SECONDS = /^[0-9]{1,10}$/
/** RFC 6749 section 5.2 and RFC 8707 section 2. Only these go to the log, since a response could repeat the secret. */
const ERRORS: ReadonlySet<unknown> = new Set([
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
  'invalid_target',
])
/** Requests of several callers wait for one response, which is none of them. Each waits for its own passage. */
const ALWAYS: Passage = { mayPass: () => true, whenOpen: (resume) => resume() }

/**
 * Asks a token endpoint for an access token (RFC 6749 section 4.4).
 *
 * @param tenant whose share of connections it uses
 * @throws UnusableResponse for a response without a usable token, and what `sendRequest` throws. No error has a part of
 *   the token or the secret
 */
export async function requestToken(
  connections: ConnectionPool,
  tenant: Tenant,
  request: TokenRequest,
): Promise<IssuedToken> {
  const { status, type, coding, content } = await sendRequest(
    connections,
    tenant,
    { origin: request.origin, path: request.target, method: 'POST', ...contentOf(request) },
    ALWAYS,
    REQUEST_MS_MAX,
    new AbortController().signal,
  )
  if (content.length > TOKEN_BYTES_MAX) {
    throw new UnusableResponse(`the response has more than ${TOKEN_BYTES_MAX} bytes`)
  }
  const isReadable = type !== undefined && isJsonType(type) && (coding ?? 'identity') === 'identity'
  const members = isReadable ? membersOf(content) : undefined
  if (status !== 200) {
    const error = members?.['error']
    const reason = ERRORS.has(error) ? ` and the error ${String(error)}` : ''
    throw new UnusableResponse(`the token endpoint answered with the status ${status}${reason}`)
  }
  if (members === undefined)
    throw new UnusableResponse('the token endpoint did not answer with a JSON object')
  return tokenIn(members)
}

/** The credentials in a header or in the form (RFC 6749 section 2.3.1). */
function contentOf(request: TokenRequest): { readonly headers: string[]; readonly body: string } {
  const { clientId, clientSecret, scopes, audience, authentication } = request
  const form = new URLSearchParams({ grant_type: 'client_credentials' })
  if (scopes.length > 0) form.set('scope', scopes.join(' '))
  if (audience !== null) form.set('audience', audience)
  const headers = [
    'content-type',
    'application/x-www-form-urlencoded',
    'accept',
    'application/json',
    'accept-encoding',
    'identity',
    'user-agent',
    'sallyport',
  ]
  if (authentication === 'basic') {
    const credentials = `${formEncoded(clientId)}:${formEncoded(clientSecret)}`
    headers.push('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`)
  } else {
    form.set('client_id', clientId)
    form.set('client_secret', clientSecret)
  }
  return { headers, body: form.toString() }
}

/** A value of a form (RFC 6749 appendix B). */
function formEncoded(value: string): string {
  return new URLSearchParams({ '': value }).toString().slice(1)
}

function membersOf(content: Buffer): Readonly<Record<string, unknown>> | undefined {
  const read = parseStrictJson(content.toString('utf8'))
  if (read.fault !== null || typeof read.value !== 'object' || read.value === null) return undefined
  return read.value as Readonly<Record<string, unknown>>
}

/** RFC 6749 section 5.1. A client must not use a token of a type that it does not know (section 7.1). */
function tokenIn(members: Readonly<Record<string, unknown>>): IssuedToken {
  const { access_token: value, token_type: type, expires_in: seconds } = members
  if (typeof value !== 'string' || value.length > TOKEN_CHARS_MAX || !TOKEN.test(value)) {
    throw new UnusableResponse(
      `the response has no access_token of 1 to ${TOKEN_CHARS_MAX} visible ASCII characters`,
    )
  }
  if (typeof type !== 'string' || type.toLowerCase() !== 'bearer') {
    throw new UnusableResponse('the response has no token_type "Bearer"')
  }
  return { value, lifetimeMs: lifetimeSeconds(seconds) * 1000 }
}

/** Some servers send a string. */
function lifetimeSeconds(given: unknown): number {
  if (given === undefined || given === null) return LIFETIME_SECONDS_DEFAULT
  const isText = typeof given === 'string' && SECONDS.test(given)
  const seconds = typeof given === 'number' || isText ? Number(given) : 0
  return Math.min(Math.max(seconds, 0), LIFETIME_SECONDS_MAX)
}
