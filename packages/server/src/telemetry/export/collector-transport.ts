import { setTimeout as wait } from 'node:timers/promises'
import type { ExportResponse, IExporterTransport } from '@opentelemetry/otlp-exporter-base'
import { gzip as gzipCallback } from 'node:zlib'
import { promisify } from 'node:util'
import { Agent } from 'undici'
import type { OtlpTarget } from '../../config/config.ts'

const gzip = promisify(gzipCallback)

/** The statuses of a collector that is overloaded or restarts (OTLP specification, "Retryable Response Codes"). */
const RETRYABLE: ReadonlySet<number> = new Set([429, 502, 503, 504])
const ATTEMPTS_MAX = 3
/** The pause before the first repetition, in ms; it doubles with each. */
const PAUSE_MS = 1000
/** A response that is larger is not read. It is short, or empty. */
const RESPONSE_BYTES_MAX = 64 * 1024
const CONNECTIONS_MAX = 2

/**
 * Sends messages to a collector. The transport of the library leaves its timers running, which would keep the process from
 * ending while the collector does not answer. Errors have no URL and no header.
 */
export class CollectorTransport implements IExporterTransport {
  readonly #target: OtlpTarget
  readonly #agent: Agent
  readonly #ending = new AbortController()

  constructor(target: OtlpTarget) {
    this.#target = target
    const { timeoutMs } = target
    this.#agent = new Agent({
      connections: CONNECTIONS_MAX,
      pipelining: 1,
      connect: { timeout: timeoutMs },
      headersTimeout: timeoutMs,
      bodyTimeout: timeoutMs,
    })
  }

  /** Sends one message, and repeats it within the time if the collector asks for that. Never rejects. */
  async send(data: Uint8Array, timeoutMs: number): Promise<ExportResponse> {
    const endMs = performance.now() + timeoutMs
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(timeoutMs)])
    try {
      const body = this.#target.compression === 'gzip' ? await gzip(data) : data
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await this.#attempt(body, signal)
        if (outcome.reason === null) {
          return { status: 'success', ...(outcome.body === undefined ? {} : { data: outcome.body }) }
        }
        const pauseMs = outcome.retryAfterMs ?? PAUSE_MS * 2 ** (attempt - 1)
        const isInTime = performance.now() + pauseMs < endMs
        if (!outcome.isRetryable || attempt === ATTEMPTS_MAX || !isInTime) {
          return { status: 'failure', error: new Error(outcome.reason) }
        }
        await wait(pauseMs, undefined, { signal })
      }
    } catch {
      const reason = this.#ending.signal.aborted
        ? 'the server ended before the collector answered'
        : `the collector did not answer within ${timeoutMs} ms`
      return { status: 'failure', error: new Error(reason) }
    }
  }

  /** Aborts what is sent. */
  shutdown(): void {
    this.#ending.abort()
    void this.#agent.destroy()
  }

  /** @throws the signal's reason */
  async #attempt(body: Uint8Array, signal: AbortSignal): Promise<Outcome> {
    const { url, protocol, compression, headers } = this.#target
    const { origin, pathname, search } = new URL(url)
    try {
      const response = await this.#agent.request({
        origin,
        path: pathname + search,
        method: 'POST',
        headers: {
          ...headers,
          'content-type': protocol === 'http/json' ? 'application/json' : 'application/x-protobuf',
          ...(compression === 'gzip' ? { 'content-encoding': 'gzip' } : {}),
        },
        body,
        signal,
      })
      const { statusCode } = response
      const content = await readUpTo(RESPONSE_BYTES_MAX, response.body)
      if (statusCode >= 200 && statusCode < 300) return { reason: null, body: content }
      return {
        reason: `the collector answered ${statusCode}`,
        isRetryable: RETRYABLE.has(statusCode),
        retryAfterMs: retryAfterMs(response.headers['retry-after']),
      }
    } catch (error) {
      signal.throwIfAborted()
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
      return { reason: `the collector cannot be reached: ${code}`, isRetryable: true, retryAfterMs: null }
    }
  }
}

/** The body that was read after a success, or why an attempt failed. */
type Outcome =
  | { readonly reason: null; readonly body: Uint8Array | undefined }
  | { readonly reason: string; readonly isRetryable: boolean; readonly retryAfterMs: number | null }

/** A whole body; undefined for one that is empty or too large, whose rest is not read. */
async function readUpTo(bytesMax: number, body: AsyncIterable<unknown>): Promise<Uint8Array | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  // Leaving the loop early closes the connection.
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes > bytesMax) return undefined
    chunks.push(chunk)
  }
  return bytes === 0 ? undefined : Buffer.concat(chunks)
}

/** `Retry-After` in seconds (RFC 9110 section 10.2.3), as the specification of OTLP uses it; null without one. */
function retryAfterMs(value: string | string[] | undefined): number | null {
  return typeof value === 'string' && /^\d{1,9}$/.test(value) ? Number(value) * 1000 : null
}
