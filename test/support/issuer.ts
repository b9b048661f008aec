import { sign, type KeyObject } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import { startUpstream, type Upstream } from './upstream.ts'

/** An identity provider for tests: a server that publishes a JWK Set. */
export interface StartedIssuer extends Upstream {
  readonly jwksUrl: string
  /** The number of requests so far. */
  readonly requests: number
  /** Replaces the published keys. */
  publish(...keys: readonly unknown[]): void
  /** Replaces the response to every request. */
  answerWith(answer: (response: ServerResponse) => void): void
}

function answerOf(keys: readonly unknown[]): (response: ServerResponse) => void {
  const body = JSON.stringify({ keys })
  return (response) => response.end(body)
}

export async function startIssuer(...keys: readonly unknown[]): Promise<StartedIssuer> {
  let requests = 0
  let answer = answerOf(keys)
  const server = await startUpstream((_request, response) => {
    requests += 1
    answer(response)
  })
  return {
    ...server,
    jwksUrl: `${server.url}/jwks.json`,
    get requests() {
      return requests
    },
    publish(...next) {
      answer = answerOf(next)
    },
    answerWith(next) {
      answer = next
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
}

/** A JWT of an issuer, signed with its EC key P-256 `idp-1`. */
export function issuedJwt(privateKey: KeyObject, claims: Readonly<Record<string, unknown>>): string {
  const signed = [{ alg: 'ES256', kid: 'idp-1', typ: 'JWT' }, claims]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.')
  const signature = sign('sha256', Buffer.from(signed), { key: privateKey, dsaEncoding: 'ieee-p1363' })
  return `${signed}.${signature.toString('base64url')}`
}
