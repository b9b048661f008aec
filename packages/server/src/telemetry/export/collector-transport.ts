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
/** A response that is larger is cut off. It is short, or empty. */
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
    const signal = AbortSignal.any([this.#ending.signal, AbortSignal.timeout(timeoutMs)])
    try {
      const body = this.#target.compression === 'gzip' ? await gzip(data) : data
      for (let attempt = 1; ; attempt += 1) {
        const outcome = await this.#attempt(body, signal)
        if (outcome === null) return { status: 'success' }
        if (!outcome.isRetryable || attempt === ATTEMPTS_MAX) {
          return { status: 'failure', error: new Error(outcome.reason) }
        }
        await wait(PAUSE_MS * 2 ** (attempt - 1), undefined, { signal })
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

  /** @returns null, or why it failed @throws the signal's reason */
  async #attempt(
    body: Uint8Array,
    signal: AbortSignal,
  ): Promise<{ readonly reason: string; readonly isRetryable: boolean } | null> {
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
      await response.body.dump({ limit: RESPONSE_BYTES_MAX, signal })
      const { statusCode } = response
      if (statusCode >= 200 && statusCode < 300) return null
      return { reason: `the collector answered ${statusCode}`, isRetryable: RETRYABLE.has(statusCode) }
    } catch (error) {
      signal.throwIfAborted()
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
      return { reason: `the collector cannot be reached: ${code}`, isRetryable: true }
    }
  }
}
