import type { ProblemCode } from '@sallyport/core'

/** Requests that may be sent again when a kept connection turns out to be dead (RFC 9110 section 9.2.2). */
const REPEATABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
const CONNECTION_LOST: ReadonlySet<unknown> = new Set(['UND_ERR_SOCKET', 'ECONNRESET', 'EPIPE'])
const TIMED_OUT: ReadonlySet<unknown> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'])

/** Whether a request that failed so, before any of its answer came, may be sent once more. */
export function mayRepeat(method: string, error: unknown): boolean {
  return REPEATABLE.has(method) && CONNECTION_LOST.has(codeOf(error))
}

/** What a caller is told of a failure on the way to an upstream. */
export function upstreamProblem(error: unknown): ProblemCode {
  const code = codeOf(error)
  if (code === 'UND_ERR_MAX_ORIGINS_REACHED') return 'unavailable'
  return TIMED_OUT.has(code) ? 'upstream_timeout' : 'upstream_failed'
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
