import { createHash } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import { startUpstream, type Upstream } from '../support/upstream.ts'

/** A request as the service behind a front received it. */
export interface ReceivedRequest {
  readonly method: string
  readonly url: string
  /** Alternating names and values, as they came. */
  readonly rawHeaders: readonly string[]
  readonly rawTrailers: readonly string[]
  readonly bodyDigest: string
}

/** A service that records each request, by its `X-Trace`. */
export interface RecordingService extends Upstream {
  received(trace: string): readonly ReceivedRequest[]
}

/** SHA-256, in hexadecimal. */
export function digestOf(body: string): string {
  return createHash('sha256').update(body).digest('hex')
}

async function receive(request: IncomingMessage): Promise<ReceivedRequest> {
  const hash = createHash('sha256')
  for await (const chunk of request as AsyncIterable<Buffer>) hash.update(chunk)
  const { method = '', url = '', rawHeaders, rawTrailers } = request
  return { method, url, rawHeaders, rawTrailers, bodyDigest: hash.digest('hex') }
}

/**
 * Starts the service. It answers with the status of `X-Answer`, or 200, and with identity headers of its own, which no
 * caller should believe.
 */
export async function startRecordingService(): Promise<RecordingService> {
  const requests = new Map<string, ReceivedRequest[]>()
  const upstream = await startUpstream((request, response) => {
    receive(request).then(
      (received) => {
        const trace = String(request.headers['x-trace'])
        requests.set(trace, [...(requests.get(trace) ?? []), received])
        response.writeHead(Number(request.headers['x-answer'] ?? 200), {
          'content-type': 'text/plain',
          'x-sallyport-code': 'forged',
          'x-sallyport-consumer': 'forged',
        })
        response.end('the service')
      },
      // The front left before the body was complete.
      () => response.destroy(),
    )
  })
  return {
    ...upstream,
    received: (trace) => requests.get(trace) ?? [],
    [Symbol.asyncDispose]: () => upstream[Symbol.asyncDispose](),
  }
}
