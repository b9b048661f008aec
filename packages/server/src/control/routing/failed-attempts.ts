import { Problem } from '@sallyport/core'
import type { FastifyRequest } from 'fastify'
import type { ControlApp } from './control-app.ts'

/** The most wrong credentials from one address in a minute. */
const CREDENTIAL_FAILURES_MAX = 100
/** The most wrong set-up tokens from one address in a minute: a person mistypes it a few times. */
const SETUP_FAILURES_MAX = 10
const WINDOW_MS = 60_000
/** The most addresses in memory; beyond that, the least recently seen address is dropped. */
export const ADDRESSES_MAX = 10_000

/** Counts failures by the caller's address. */
export interface FailedAttempts {
  /**
   * Counts one more failure.
   *
   * @throws Problem `rate_limited` if there are too many
   */
  count(request: FastifyRequest): Promise<void>
  /** @throws Problem `rate_limited` if there are too many already */
  requireFew(request: FastifyRequest): Promise<void>
}

type Limiter = ReturnType<ControlApp['createRateLimit']>

/**
 * Creates the counters. Successes are not counted. A credential has 190 random bits and cannot be guessed, so a right one
 * is always accepted, even from an address with many failures, such as a company's shared exit. A person chooses the
 * set-up token, so after too many failures it is not even compared.
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
        const attempts = await limiter(request, { increment: false })
        if (!attempts.isAllowed && attempts.remaining === 0) refuse(attempts.ttlInSeconds)
      },
    }
  }
  return { credentials: limited(CREDENTIAL_FAILURES_MAX), setup: limited(SETUP_FAILURES_MAX) }
}

function refuseOver(attempts: Awaited<ReturnType<Limiter>>): void {
  if (!attempts.isAllowed && attempts.isExceeded) refuse(attempts.ttlInSeconds)
}

function refuse(retryAfterSeconds: number): never {
  throw new Problem('rate_limited', {
    detail: 'Your address sent too many wrong credentials. Wait for the seconds in `Retry-After`.',
    extensions: { retryAfterSeconds },
  })
}
