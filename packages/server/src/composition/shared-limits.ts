import { readFile } from 'node:fs/promises'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Config } from '../config/config.ts'
import { withoutPassword } from '../config/database-url.ts'
import { readCertificates } from '../crypto/tls-material.ts'
import type { Limiter } from '../gateway/credentials/authorizer.ts'
import { SharedRateLimiter, type LimitDecider } from '../gateway/credentials/shared-rate-limiter.ts'
import { registerLimitMetrics } from '../limits/limit-metrics.ts'
import { Reconciliation } from '../limits/reconciliation.ts'
import { keyOf, SharedStore } from '../limits/shared-store.ts'
import { connectStore } from '../limits/store-session.ts'
import { StartError } from '../startup/start-error.ts'

export interface SharedLimitsDeps {
  readonly config: Pick<Config, 'limits'>
  readonly logger: Logger
  readonly monotonicMs: () => number
  /** The name of a counter in the store; see `counterKeys`. */
  readonly counterKey: (name: string) => string
}

/** Limits that gateways share over a store. Disposing closes the connection. */
export interface SharedLimits extends AsyncDisposable {
  readonly limiter: Limiter
  registerMetrics(registry: Registry): void
}

/** What a store says about wrong settings, and not about its state. */
const WRONG_SETTINGS =
  /^(?:WRONGPASS|NOAUTH|NOPERM|ERR invalid password|ERR AUTH|ERR DB index|ERR SELECT|ERR unknown command)/

/**
 * Connects to the store of limits. One that cannot be reached does not keep the server from starting: the gateway counts
 * alone until the store answers.
 *
 * @returns undefined without a store
 * @throws StartError if the store refuses the settings
 */
export async function openSharedLimits({
  config,
  logger,
  monotonicMs,
  counterKey,
}: SharedLimitsDeps): Promise<SharedLimits | undefined> {
  const { url, caFile, mode, waitMs } = config.limits
  if (url === null) return undefined
  const ca = caFile === null ? null : await authoritiesOf(caFile)
  const store = new SharedStore({
    connect: async (probe) => await connectStore({ url, ca }, probe),
    waitMs,
    monotonicMs,
    logger,
  })
  const reconciliation = new Reconciliation(store, {
    monotonicMs,
    after: (ms, call) => {
      const timer = setTimeout(call, ms).unref()
      return () => clearTimeout(timer)
    },
  })
  const decided: Record<LimitDecider, number> = { store: 0, gateway: 0, 'gateway-alone': 0 }
  const limiter = new SharedRateLimiter({
    store,
    reconciliation,
    isExact: mode === 'exact',
    keyOf: (name) => keyOf(counterKey(name)),
    monotonicMs,
    onDecided: (by) => {
      decided[by] += 1
    },
  })
  store.beforeUp(async () => {
    limiter.tellAll()
    await reconciliation.tellAll()
  })
  const error = await store.start()
  if (error instanceof Error && WRONG_SETTINGS.test(error.message)) {
    await store[Symbol.asyncDispose]()
    throw new StartError([{ variable: 'SALLYPORT_LIMITS_URL', message: refusal(error, url) }])
  }
  return {
    limiter,
    registerMetrics: (registry) =>
      registerLimitMetrics(registry, {
        isStoreUp: () => store.isUp,
        cycleMs: () => reconciliation.cycleMs,
        decided,
      }),
    async [Symbol.asyncDispose]() {
      // What the store was not told is told at the end, so that a restart forgets nothing.
      if (store.isUp) await reconciliation.tellAll()
      reconciliation[Symbol.dispose]()
      await store[Symbol.asyncDispose]()
    },
  }
}

function caProblem(message: string): StartError {
  return new StartError([{ variable: 'SALLYPORT_LIMITS_CA_FILE', message }])
}

/** The certificates of a file, as PEM. @throws StartError */
async function authoritiesOf(file: string): Promise<string> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    throw caProblem(
      `The file ${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'}). Correct its path, or let this user read it.`,
    )
  }
  const certificates = readCertificates(text)
  if (certificates.problem !== undefined)
    throw caProblem(`The file ${file} has no certificates: ${certificates.problem}.`)
  return certificates.value.pem
}

function refusal({ message }: Error, url: string): string {
  const shown = withoutPassword(url)
  const at = shown === null ? '' : ` The store is ${shown}.`
  return `The store of limits refuses this server: ${message}. Correct the user, the password or the database, or give the user the commands GET, SET, TIME, EVAL and EVALSHA.${at}`
}
