import type { Dispatcher } from 'undici'
import { mayRepeat } from '../proxy/upstream-failure.ts'
import type { Upstreams } from '../../egress/upstreams.ts'

/** The most bytes of an answer that becomes part of a message. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024

/** What is sent: headers are names and values in turn. */
interface UpstreamQuestion {
  readonly origin: string
  readonly path: string
  readonly method: string
  readonly headers: string[]
  readonly body: string | null
}

export interface UpstreamAnswer {
  readonly status: number
  readonly type: string | undefined
  readonly coding: string | undefined
  readonly content: Buffer
}

/** The upstream answered, but with nothing that a message could hold. */
export class UnusableAnswer extends Error {
  override readonly name = 'UnusableAnswer'
}

/** An upstream did not answer within its step's own time. */
class UpstreamTimeout extends Error {
  override readonly name = 'UpstreamTimeout'
  readonly code = 'ETIMEDOUT'
}

/**
 * Sends a request and reads the whole answer. Redirects are not followed.
 *
 * @param timeoutMs for the whole of it; null for as long as the signal lets it
 * @throws what undici throws, an UnusableAnswer for one that is too long, and the signal's reason
 */
export async function request(
  upstreams: Upstreams,
  question: UpstreamQuestion,
  timeoutMs: number | null,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  const ending = new AbortController()
  const end = (): void => ending.abort(signal.reason)
  signal.addEventListener('abort', end)
  if (signal.aborted) end()
  const clock =
    timeoutMs === null
      ? undefined
      : setTimeout(() => ending.abort(new UpstreamTimeout('no answer within the step')), timeoutMs)
  try {
    return await wholeAnswer(await send(upstreams, { ...question, signal: ending.signal }))
  } finally {
    signal.removeEventListener('abort', end)
    clearTimeout(clock)
  }
}

type SentRequest = UpstreamQuestion & { readonly signal: AbortSignal }

async function send(upstreams: Upstreams, sent: SentRequest): Promise<Dispatcher.ResponseData> {
  try {
    return await upstreams.request(sent)
  } catch (error) {
    if (!mayRepeat(sent.method, error)) throw error
    return await upstreams.request(sent)
  }
}

async function wholeAnswer({ statusCode, headers, body }: Dispatcher.ResponseData): Promise<UpstreamAnswer> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Leaving the loop early ends the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > ANSWER_BYTES_MAX) throw new UnusableAnswer(`longer than ${ANSWER_BYTES_MAX} bytes`)
    chunks.push(chunk)
  }
  return {
    status: statusCode,
    type: single(headers['content-type']),
    coding: single(headers['content-encoding']),
    content: Buffer.concat(chunks),
  }
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' ? value : value?.join(', ')
}
