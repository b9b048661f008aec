import type { ServerResponse } from 'node:http'
import { startUpstream, type Upstream } from './upstream.ts'

/** An identity provider for one test: a small server that publishes keys. */
export interface StartedIssuer extends Upstream {
  readonly jwksUrl: string
  /** How often it was asked. */
  readonly requests: number
  /** What it publishes from now on. */
  publish(...keys: readonly unknown[]): void
  /** How it answers from now on. */
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
