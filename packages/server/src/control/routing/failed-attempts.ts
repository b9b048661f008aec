import { Problem } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import type { ControlApp } from './control-app.ts'

/** How many wrong credentials an address may send in a minute before it is told to wait. */
const CREDENTIAL_FAILURES_MAX = 100
/** How many wrong set-up tokens: a person mistypes it a few times. */
const SETUP_FAILURES_MAX = 10
const WINDOW_MS = 60_000
/** How many addresses are remembered; past that the one not seen for longest is forgotten. */
export const ADDRESSES_MAX = 10_000

/** Counts failures by the caller's address. */
export interface FailedAttempts {
  /**
   * Counts one more failure.
   *
   * @throws Problem `rate_limited` when there were too many
   */
  count(request: FastifyRequest): Promise<void>
  /** @throws Problem `rate_limited` when there were too many already */
  requireFew(request: FastifyRequest): Promise<void>
}

type Limiter = ReturnType<ControlApp['createRateLimit']>

/**
 * Makes the counters. What succeeds is never counted, and a wrong credential of 190 random bits cannot be guessed, so
 * a right one goes through whatever else comes from its address, a company's one exit say. A set-up token is chosen by
 * a person: it is not even compared once too many were wrong.
 */
export function createFailedAttempts(app: ControlApp): {
  readonly credentials: FailedAttempts
  readonly setup: FailedAttempts
} {
  const limited = (max: number): FailedAttempts => {
    const limiter = app.createRateLimit({ max, timeWindow: WINDOW_MS })
    return {
      async count(request) {
        refuseOver(await limiter(request))
      },
      async requireFew(request) {
        const found = await limiter(request, { increment: false })
        if (!found.isAllowed && found.remaining === 0) refuse(found.ttlInSeconds)
      },
    }
  }
  return { credentials: limited(CREDENTIAL_FAILURES_MAX), setup: limited(SETUP_FAILURES_MAX) }
}

function refuseOver(found: Awaited<ReturnType<Limiter>>): void {
  if (!found.isAllowed && found.isExceeded) refuse(found.ttlInSeconds)
}

function refuse(retryAfterSeconds: number): never {
  throw new Problem('rate_limited', {
    detail: 'Too many wrong credentials came from your address. Wait as long as `Retry-After` says.',
    extensions: { retryAfterSeconds },
  })
}
