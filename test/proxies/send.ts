import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { text } from 'node:stream/consumers'
import type { ReceivedRequest } from './recording-service.ts'
import type { GuardedService } from './guarded-service.ts'

/** A request of a caller, sent as it is. */
export interface Call {
  readonly method?: string
  readonly path: string
  readonly host?: string
  /** Pairs of name and value, in any number. */
  readonly headers?: readonly (readonly [name: string, value: string])[]
  readonly body?: string
  /** Whether the body is chunked instead of having a length. */
  readonly isChunked?: boolean
  /** After a chunked body. */
  readonly trailers?: readonly (readonly [name: string, value: string])[]
}

export interface CallResult {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly rawHeaders: readonly string[]
  readonly body: string
  /** What reached the service. */
  readonly received: readonly ReceivedRequest[]
}

/** Sends a call through a front. */
export async function send(frontUrl: string, { service }: GuardedService, call: Call): Promise<CallResult> {
  const {
    method = 'GET',
    path,
    host = 'front.example',
    headers = [],
    body,
    isChunked = false,
    trailers,
  } = call
  const { hostname, port } = new URL(frontUrl)
  const trace = randomUUID()
  const framing =
    body === undefined
      ? []
      : isChunked
        ? ['transfer-encoding', 'chunked']
        : ['content-length', String(Buffer.byteLength(body))]
  const named = trailers === undefined ? [] : ['trailer', trailers.map(([name]) => name).join(', ')]
  const sent = request({
    hostname,
    port,
    method,
    path,
    agent: false,
    headers: ['host', host, 'x-trace', trace, ...headers.flat(), ...framing, ...named],
  })
  if (trailers !== undefined)
    sent.addTrailers(trailers.map(([name, value]): [string, string] => [name, value]))
  sent.end(body)
  const [answer] = (await once(sent, 'response')) as [IncomingMessage]
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    rawHeaders: answer.rawHeaders,
    body: await text(answer),
    received: service.received(trace),
  }
}

/** The values of a header, by its name in any case. */
export function valuesOf(rawHeaders: readonly string[], name: string): string[] {
  return rawHeaders.flatMap((raw, index) =>
    index % 2 === 0 && raw.toLowerCase() === name ? [rawHeaders[index + 1] ?? ''] : [],
  )
}
