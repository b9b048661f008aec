import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { EnvironmentView, PublicJwk, SigningKeyRecord } from '@sallyport/core'
import { answerProblem } from '../request/answer.ts'
import { endEarly } from '../request/unread-body.ts'

/** Where an environment's keys are, within the environment. */
export const JWKS_PATH = '/.well-known/jwks.json'

/** How long whoever reads the keys may keep them, in seconds; a `kid` that they do not know makes them ask again. */
const CACHE_SECONDS = 300

interface Publication {
  readonly body: string
  readonly etag: string
  /** When a key in it stops verifying, in ms. */
  readonly untilMs: number
}

/** By the keys that they are made of. */
const publications = new WeakMap<EnvironmentView['signingKeys'], Publication>()

/** Answers with the public halves of an environment's keys that still verify, as a JWK Set (RFC 7517 section 5). */
export function answerJwks(
  response: ServerResponse,
  { signingKeys }: EnvironmentView,
  requestId: string,
  nowMs: number,
): void {
  const { method, headers: asked } = response.req
  if (method !== 'GET' && method !== 'HEAD') {
    answerProblem(response, 'method_not_allowed', requestId, ['allow', 'GET, HEAD'])
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
    // The keys are public, and applications in browsers verify tokens too.
    'access-control-allow-origin',
    '*',
  ]
  if (asked['if-none-match'] === etag) {
    endEarly(response, 304, headers, undefined)
    return
  }
  headers.push('content-type', 'application/jwk-set+json', 'content-length', String(Buffer.byteLength(body)))
  endEarly(response, 200, headers, body)
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

/** Named members alone, so that nothing private can come along, whatever a record holds. */
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
