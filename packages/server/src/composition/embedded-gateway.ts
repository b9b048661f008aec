import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { parseRange } from '../config/address-range.ts'
import { EmbeddedGateway } from '../gateway/embedded/embedded-gateway.ts'
import { UsageRecorder } from '../sync/usage-recorder.ts'
import type { Readiness } from '../telemetry/readiness.ts'
import { openStreamedMember } from './streamed-member.ts'

export { isLoopback } from '../address/loopback.ts'
export { describedRequest } from '../gateway/embedded/described-request.ts'
export type { EmbeddedDecision } from '../gateway/embedded/embedded-gateway.ts'
export { StartError } from '../startup/start-error.ts'

/** The part of a logger that its parts use. */
export type EmbeddedLogger = Readonly<
  Record<'info' | 'warn' | 'error', (facts: object, message: string) => void>
>

export interface EmbeddedGatewayOptions {
  /** Control nodes or relays, each as `https://…` without a path. */
  readonly controlUrls: readonly string[]
  /** The folder of its identity and its snapshot, for this process alone. */
  readonly folder: string
  /** For the first start in the folder. */
  readonly enrolmentToken: string | null
  /** Seals the files of the folder, as 32 bytes in base64; null for a key in the folder. */
  readonly masterKey: string | null
  readonly organization: string
  readonly environment: string
  /** The host of every request; null for the one that each request names. */
  readonly host: string | null
  /** Address ranges in CIDR form. */
  readonly trustedProxies: readonly string[]
  readonly upstreamAllow: readonly string[]
  readonly logger: EmbeddedLogger
  /** Ends the wait for the first snapshot. */
  readonly signal: AbortSignal | undefined
}

/** A gateway in this process. Disposing sends the last counts and ends its stream. */
export interface ConnectedGateway extends AsyncDisposable {
  /** As control nodes know it; undefined before its first stream. */
  readonly id: string | undefined
  readonly decide: EmbeddedGateway['decide']
  readiness(): Readiness
}

/** Whether a text is an address, or a range in CIDR form. */
export function isAddressRange(text: string): boolean {
  return parseRange(text).ok
}

/** How long a gateway that may not decide yet waits for its first grant, and how often it looks for it, in ms. */
const GRANT_MS_MAX = 2_000
const GRANT_CHECK_MS = 10

const monotonicMs = (): number => performance.now()

/**
 * Connects a gateway in this process to control nodes. It decides when it has its first snapshot, which can come from its
 * folder.
 *
 * @throws StartError that names the settings to correct; the reason of the signal
 */
export async function connectEmbeddedGateway({
  controlUrls,
  folder,
  enrolmentToken,
  masterKey,
  organization,
  environment,
  host,
  trustedProxies,
  upstreamAllow,
  logger: given,
  signal,
}: EmbeddedGatewayOptions): Promise<ConnectedGateway> {
  await using stack = new AsyncDisposableStack()
  // Its parts use no more of a logger.
  const logger = given as unknown as Logger
  const nowMs = Date.now
  const { snapshot, keys, current, loaded, identity, link } = stack.use(
    await openStreamedMember({
      config: { controlUrls, dataFolder: folder, enrolmentToken, masterKey },
      role: 'gate',
      ports: [],
      logger,
      nowMs,
      monotonicMs,
      // The exchanges are those of the program around it.
      openExchanges: () => 0,
    }),
  )
  await orAborted(loaded, signal)
  // The first grant follows the first snapshot at once, unless no control node can be reached.
  const endsAtMs = monotonicMs() + GRANT_MS_MAX
  while (!snapshot.mayDecide(organization, environment) && monotonicMs() < endsAtMs) {
    await orAborted(pause(GRANT_CHECK_MS), signal)
  }
  if (snapshot.cell.current.environment(organization, environment) === undefined) {
    logger.warn(
      { organization, environment },
      `there is no environment ${organization}/${environment}: all requests are refused`,
    )
  }
  const usage = stack.use(
    new UsageRecorder({
      sink: async (rows, report) => await current.remote.addUsage(rows, report),
      onFault: (err) => logger.warn({ err }, 'usage cannot be saved, so it is kept in memory meanwhile'),
      onLoss: (requests) =>
        logger.error(
          { requests },
          'requests were not counted for their keys: too many counts wait to be saved',
        ),
    }),
  )
  const gateway = stack.use(
    await EmbeddedGateway.open({
      cell: snapshot.cell,
      organization,
      environment,
      host,
      trustedProxies,
      upstreamAllow,
      nowMs,
      monotonicMs,
      logger,
      usage,
      readiness: () => snapshot.readiness(),
      mayDecide: snapshot.mayDecide,
      importedKeyId: (digest) => keys.importedKeyId(digest),
    }),
  )
  // Before the last counts are sent.
  stack.defer(() => link.hurry())
  const parts = stack.move()
  return {
    get id() {
      return identity.id
    },
    decide: (method, target, request) => gateway.decide(method, target, request),
    readiness: () => snapshot.readiness(),
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

/** @throws the reason of the signal, if it aborts first */
async function orAborted(work: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await work
  const aborted = Promise.withResolvers<never>()
  const abort = (): void => aborted.reject(signal.reason as Error)
  signal.addEventListener('abort', abort, { once: true })
  try {
    if (signal.aborted) abort()
    await Promise.race([work, aborted.promise])
  } finally {
    signal.removeEventListener('abort', abort)
  }
}
