import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { EnvironmentView, PublicJwk, SigningKeyRecord } from '@sallyport/core'
import { sendProblem } from '../response/problem-response.ts'
import { sendResponse } from '../response/send-response.ts'

/** The path of the key set within an environment. */
export const JWKS_PATH = '/.well-known/jwks.json'

/** How long clients may cache the keys, in seconds. An unknown `kid` makes them fetch again. */
const CACHE_SECONDS = 300

interface Publication {
  readonly body: string
  readonly etag: string
  /** When the first of its keys stops verifying, in ms since 1970. */
  readonly untilMs: number
}

/** By the environment's map of keys. */
const publications = new WeakMap<EnvironmentView['signingKeys'], Publication>()

/** Sends the public halves of an environment's current keys, as a JWK Set (RFC 7517 section 5). */
export function sendJwks(
  response: ServerResponse,
  { signingKeys }: EnvironmentView,
  requestId: string,
  nowMs: number,
): void {
  const { method, headers: requestHeaders } = response.req
  if (method !== 'GET' && method !== 'HEAD') {
    sendProblem(response, 'method_not_allowed', requestId, ['allow', 'GET, HEAD'])
    return
  }
  let publication = publications.get(signingKeys)
  if (publication === undefined || nowMs >= publication.untilMs) {
    publication = publish([...signingKeys.values()].filter((key) => nowMs < endOf(key)))
    publications.set(signingKeys, publication)
  }
  const { body, etag } = publication
  const headers = [
    'x-request-id',
    requestId,
    'cache-control',
    `public, max-age=${CACHE_SECONDS}`,
    'etag',
    etag,
    // The keys are public, and browser applications verify tokens too.
    'access-control-allow-origin',
    '*',
  ]
  if (requestHeaders['if-none-match'] === etag) {
    sendResponse(response, 304, headers, undefined)
    return
  }
  headers.push('content-type', 'application/jwk-set+json', 'content-length', String(Buffer.byteLength(body)))
  sendResponse(response, 200, headers, body)
}

function publish(keys: readonly SigningKeyRecord[]): Publication {
  const body = JSON.stringify({ keys: keys.map(publicHalf) })
  return {
    body,
    etag: `"${createHash('sha256').update(body).digest('base64url')}"`,
    untilMs: Math.min(...keys.map(endOf)),
  }
}

function endOf({ verifiesUntilMs }: SigningKeyRecord): number {
  return verifiesUntilMs ?? Infinity
}

/** Picks named members only, so that no private member can be published. */
function publicHalf({ id, algorithm, publicJwk }: SigningKeyRecord): PublicJwk {
  const named = { kid: id, alg: algorithm, use: 'sig' }
  const { kty, crv = '', x = '', y = '', n = '', e = '' } = publicJwk
  switch (algorithm) {
    case 'EdDSA':
      return { kty, ...named, crv, x }
    case 'ES256':
      return { kty, ...named, crv, x, y }
    case 'RS256':
      return { kty, ...named, n, e }
  }
}
