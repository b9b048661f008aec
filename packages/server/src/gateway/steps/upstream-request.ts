import type { Dispatcher } from 'undici'
import {
  isConditional,
  isDecoded,
  isRetryable,
  isStatus,
  UnaskedNotModified,
} from '../proxy/upstream-problem.ts'
import { untilMayPass, type Passage } from '../request/passage.ts'
import { withinTime } from '../request/within-time.ts'
import type { ConnectionPool } from '../../egress/connection-pool.ts'
import type { SlotRequests } from '../../egress/upstream-slot.ts'
import type { UpstreamTls } from '../../egress/upstream-tls.ts'
import type { Tenant } from '../../fairness/fair-share.ts'

/** The maximum size of a response that becomes part of a message. */
export const RESPONSE_BYTES_MAX = 8 * 1024 * 1024

export interface UpstreamRequest {
  readonly origin: string
  /** Of its connection, if that is special. */
  readonly tls?: UpstreamTls | null
  readonly path: string
  readonly method: string
  /** Alternating names and values. */
  readonly headers: string[]
  readonly body: string | null
}

export interface UpstreamResponse {
  readonly status: number
  readonly type: string | undefined
  readonly coding: string | undefined
  readonly content: Buffer
}

/** The upstream's response cannot become part of a message. */
export class UnusableResponse extends Error {
  override readonly name = 'UnusableResponse'
}

/**
 * Sends a request and reads the whole response. Redirects are not followed.
 *
 * @param tenant whose share of connections it uses
 * @param passage is waited for after the wait for a connection
 * @param timeoutMs for the whole exchange, its wait for a connection included; null for no limit but the signal
 * @throws Problem `unavailable` when the tenant's share of connections is used up, Problem `snapshot_stale` when the passage stays closed, UnusableResponse for a response that is too large, undici's errors, and the signal's reason
 */
export async function sendRequest(
  connections: ConnectionPool,
  tenant: Tenant,
  request: UpstreamRequest,
  passage: Passage,
  timeoutMs: number | null,
  signal: AbortSignal,
): Promise<UpstreamResponse> {
  return await withinTime(timeoutMs, signal, (ended) =>
    connections.withSlot(
      request.origin,
      tenant,
      ended,
      async (requests) => {
        await untilMayPass(passage, ended)
        return await readResponse(request, await send(requests, request, passage, ended))
      },
      request.tls,
    ),
  )
}

async function send(
  requests: SlotRequests,
  sent: UpstreamRequest,
  passage: Passage,
  ended: AbortSignal,
): Promise<Dispatcher.ResponseData> {
  try {
    return await requests.request(sent)
  } catch (error) {
    if (!isRetryable(sent.method, error)) throw error
    await untilMayPass(passage, ended)
    return await requests.request(sent)
  }
}

async function readResponse(
  request: Pick<UpstreamRequest, 'method' | 'headers'>,
  { statusCode, headers, body }: Dispatcher.ResponseData,
): Promise<UpstreamResponse> {
  const unusable = unusableHead(request, statusCode, headers)
  if (unusable !== null) {
    // Closes the connection. undici reports the unread rest as an error of the stream.
    body.on('error', () => undefined).destroy()
    throw unusable
  }
  const chunks: Buffer[] = []
  let bytes = 0
  // Leaving the loop early closes the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > RESPONSE_BYTES_MAX) throw tooLarge()
    chunks.push(chunk)
  }
  return responseOf(statusCode, headers, chunks)
}

type Headers = Readonly<Record<string, string | string[] | undefined>>

/** Why a response with this status and these headers cannot be used for a request; null if it can. */
export function unusableHead(
  request: Pick<UpstreamRequest, 'method' | 'headers'>,
  status: number,
  headers: Headers,
): Error | null {
  if (!isStatus(status)) return new UnusableResponse(`the response has the status ${status}`)
  if (status === 304 && !isConditional(request.method, request.headers)) return new UnaskedNotModified()
  if (isDecoded(joined(headers['transfer-encoding']))) return null
  return new UnusableResponse('the response has a transfer coding other than "chunked"')
}

export function tooLarge(): UnusableResponse {
  return new UnusableResponse(`the response has more than ${RESPONSE_BYTES_MAX} bytes`)
}

export function responseOf(status: number, headers: Headers, chunks: readonly Buffer[]): UpstreamResponse {
  return {
    status,
    type: joined(headers['content-type']),
    coding: joined(headers['content-encoding']),
    content: Buffer.concat(chunks),
  }
}

function joined(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(', ')
}
