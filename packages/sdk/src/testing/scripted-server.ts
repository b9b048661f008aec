import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface ReceivedRequest {
  readonly method: string
  /** With the query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What the server does with one request. */
export type Step = (response: ServerResponse, request: ReceivedRequest) => void

export interface ScriptedServer extends AsyncDisposable {
  readonly url: string
  readonly received: readonly ReceivedRequest[]
}

/** Starts an HTTP server that takes one step for each request; the last step goes on for all further ones. */
export async function startScriptedServer(...steps: readonly Step[]): Promise<ScriptedServer> {
  const received: ReceivedRequest[] = []
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request
    void text(request).then((body) => {
      const one = { method, url, headers, body }
      const step = steps[Math.min(received.length, steps.length - 1)]
      received.push(one)
      step?.(response, one)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

/** Answers with JSON. */
export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Step {
  return (response) =>
    void response
      .writeHead(status, { 'content-type': 'application/json', ...headers })
      .end(JSON.stringify(body))
}

/** Answers with a problem (RFC 9457). */
export function problem(
  status: number,
  code: string,
  headers: Readonly<Record<string, string>> = {},
  more: object = {},
): Step {
  return json({ type: 'about:blank', title: code, status, detail: `It is ${code}.`, code, ...more }, status, {
    'content-type': 'application/problem+json; charset=utf-8',
    'x-request-id': 'req_1',
    ...headers,
  })
}

/** Ends the connection without an answer. */
export const hangUp: Step = (response) => void response.destroy()
