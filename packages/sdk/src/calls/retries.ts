import type { ComposedRequest, OperationShape } from './call.ts'
import type { SallyportError } from './sallyport-error.ts'

const FIRST_PAUSE_MS = 250
const PAUSE_MS_MAX = 8_000
/** A call does not wait for longer than this, in seconds. */
const RETRY_AFTER_SECONDS_MAX = 60

/** Statuses that do not say whether the request took effect. */
const IN_DOUBT: ReadonlySet<number> = new Set([0, 502, 503, 504])
/** Methods that may be repeated without taking effect twice. A repeated DELETE would answer that nothing is there. */
const REPEATABLE: ReadonlySet<string> = new Set<OperationShape['method']>(['GET', 'PUT'])

/**
 * How long to wait before a request is sent again.
 *
 * @param failures how many attempts have failed, 1 after the first
 * @param hasIdempotencyKey whether the server tells a repeated request from a new one
 * @param random from 0 to 1
 * @returns milliseconds; null if it must not be sent again, or would have to wait for too long
 */
export function retryPauseMs(
  error: SallyportError,
  { method, body, headers }: Pick<ComposedRequest, 'method' | 'body' | 'headers'>,
  { failures, hasIdempotencyKey, random }: { failures: number; hasIdempotencyKey: boolean; random: number },
): number | null {
  if (body instanceof ReadableStream) return null
  // The server refused it before it did anything.
  const isRefused = error.status === 429
  // If the first attempt took effect, the precondition of the second one does not hold any more.
  const isConditional = 'if-match' in headers || 'if-none-match' in headers
  const isRepeatable = (REPEATABLE.has(method) && !isConditional) || hasIdempotencyKey
  const isSafe = IN_DOUBT.has(error.status) && isRepeatable
  if (!isRefused && !isSafe) return null
  const { retryAfterSeconds } = error
  if (retryAfterSeconds !== null && retryAfterSeconds > RETRY_AFTER_SECONDS_MAX) return null
  const pauseMs = Math.min(PAUSE_MS_MAX, FIRST_PAUSE_MS * 2 ** (failures - 1)) * (0.5 + random / 2)
  return Math.max(pauseMs, (retryAfterSeconds ?? 0) * 1000)
}

/** Waits. @throws the reason of the signal when it aborts */
export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  signal?.throwIfAborted()
  await new Promise<void>((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer)
      reject(signal?.reason as Error)
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end)
      resolve()
    }, ms)
    signal?.addEventListener('abort', end, { once: true })
  })
}
