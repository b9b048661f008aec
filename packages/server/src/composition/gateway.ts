import { randomBytes } from 'node:crypto'
import { type KeyId, Problem } from '@sallyport/core'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import type { Sealer } from '../crypto/seal.ts'
import { createExpressions } from '../expression/expressions.ts'
import { passwordVerifier } from '../gateway/credentials/password-verifier.ts'
import { limiterMemory, RateLimiter } from '../gateway/credentials/rate-limiter.ts'
import { windowOf, type SharedWindow } from '../requests/recent-requests.ts'
import type { RequestRecord } from '../requests/request-record.ts'
import type { ScheduleRuns } from '../schedule/schedule-runs.ts'
import { Scheduler } from '../schedule/scheduler.ts'
import { UNKNOWN_FACTS, type ReportingGateway } from '../sync/receipts.ts'
import { VERSION } from '../startup/version.ts'
import { exportTelemetry } from '../telemetry/export/export-telemetry.ts'
import { registerProcessMetrics } from '../telemetry/process-metrics.ts'
import { RequestDurations } from '../telemetry/request-durations.ts'
import { metricsText, threadMetrics } from '../telemetry/thread-metrics.ts'
import { FailingChecks } from '../threads/failing-checks.ts'
import type { FollowedSnapshot } from './followed-snapshot.ts'
import { startGatewayServer, type GatewaySettings } from './gateway-server.ts'
import { startGatewayThreads, type GatewayThreads, type ThreadSources } from './gateway-threads.ts'
import type { UsageSink } from '../sync/usage-recorder.ts'
import type { SharedLimits } from './shared-limits.ts'

/** A snapshot that is older counts as stale, in s: it is brought up to date each second. */
const STALE_SECONDS = 2.5

/** What a gateway reports to the control plane. Plain data, so that it can cross a network. */
export interface GatewayReports {
  readonly addUsage: UsageSink
  /** Takes a sample of the requests; absent where the control plane is in the same process. */
  addRequests?(records: readonly RequestRecord[]): Promise<void>
  /** The runs of schedules, which all gateways share. */
  readonly runs: ScheduleRuns
}

export interface GatewayNodeDeps {
  readonly config: GatewaySettings
  readonly logger: Logger
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly sealer: Pick<Sealer, 'unseal'>
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
  readonly snapshot: FollowedSnapshot
  /** Limits that gateways share; without them this one counts for itself. */
  readonly limits?: SharedLimits | undefined
  readonly reports: GatewayReports
  /** Registers further metrics of the gateway. */
  readonly registerMetrics?: ((registry: Registry) => void) | undefined
  /** Names the gateway in receipts; random unless given. */
  readonly id?: string | undefined
  /** What further threads need; undefined for a gateway with one. */
  readonly threads?: ThreadSources | undefined
}

/** A new gateway's id. */
export function newGatewayId(): string {
  return `gw_${randomBytes(8).toString('hex')}`
}

/** A gateway with its scheduler. Disposing it stops the remaining requests and flushes the counted uses. */
export interface GatewayNode extends AsyncDisposable {
  readonly url: string
  /** The gateway as a member of receipts. */
  readonly member: ReportingGateway
  /** Its recent requests. */
  readonly requests: SharedWindow
  /** How many exchanges are open. */
  readonly openExchanges: number
  /** Stops accepting requests and runs, and waits at most `drainMs` for those in progress. */
  close(drainMs: number): Promise<void>
}

/**
 * Starts a gateway that is fed by a snapshot. It needs no store and no control plane in its process. What a process needs once
 * is in this thread: expressions, passwords, health checks, schedules, the log and the export of telemetry.
 *
 * @throws errors of listening, such as EADDRINUSE
 */
export async function startGatewayNode({
  config,
  logger,
  nowMs,
  monotonicMs,
  sealer,
  importedKeyId,
  snapshot,
  limits,
  reports,
  registerMetrics,
  id = newGatewayId(),
  threads: sources,
}: GatewayNodeDeps): Promise<GatewayNode> {
  await using stack = new AsyncDisposableStack()
  const registry = new Registry()
  const durations = new RequestDurations(registry)
  let others: GatewayThreads | undefined
  const otherMetrics = async () => (await others?.metrics()) ?? []
  registerProcessMetrics(registry)
  limits?.registerMetrics(registry)
  registerMetrics?.(registry)
  const exported = stack.use(
    await exportTelemetry({
      config: config.telemetry,
      instanceId: id,
      registry,
      durations,
      otherThreads: sources === undefined ? undefined : otherMetrics,
      logger,
      nowMs,
      monotonicMs,
    }),
  )
  // Starts no child process before the first expression.
  const expressions = stack.use(createExpressions())
  const passwords = passwordVerifier()
  const memory = limiterMemory()
  const limiter = limits?.limiter ?? new RateLimiter(memory)
  const failing = new FailingChecks()
  const metrics = async () =>
    await metricsText([await threadMetrics(registry, durations), ...(await otherMetrics())])
  const { spans } = exported
  const addUsage: UsageSink = async (rows, report) => await reports.addUsage(rows, report)
  const addRequests =
    reports.addRequests === undefined
      ? undefined
      : async (records: readonly RequestRecord[]) => await reports.addRequests?.(records)
  const { gateway } = stack.use(
    await startGatewayServer({
      config,
      snapshot,
      logger,
      nowMs,
      monotonicMs,
      registry,
      durations,
      unseal: (sealed, context) => sealer.unseal(sealed, context),
      importedKeyId,
      limiter,
      passwords,
      expressions,
      spans,
      onHealth: (check, passes) => failing.note(check, passes),
      metrics: sources === undefined ? undefined : metrics,
      nextRequest: sources === undefined ? undefined : () => sources.state.nextRequest(),
      addUsage,
      addRequests,
    }),
  )
  if (sources !== undefined) {
    const failed = failing.names
    const started = stack.use(
      await startGatewayThreads({
        sources,
        snapshot,
        logger,
        port: gateway.port,
        limiter: limits === undefined ? memory : null,
        failing: failed,
        exportsSpans: spans !== null,
        reportsRequests: addRequests !== undefined,
        calls: {
          addUsage,
          addRequests: async (records) => await addRequests?.(records),
          consume: async ({ clientAddress, ...request }, atMs) =>
            await limiter.consume({ ...request, address: () => clientAddress }, atMs),
          addSpan: (span) => spans?.(span),
          evaluate: async (request) => await expressions.evaluate(request),
          verifyPassword: async (...asked) => await passwords.verify(...asked),
          metrics,
        },
      }),
    )
    others = started
    failing.tell(failed, (check, passes) => started.setHealth(check, passes))
  }
  const scheduler = stack.use(
    new Scheduler({
      cell: snapshot.cell,
      nowMs,
      monotonicMs,
      runs: {
        ...reports.runs,
        // A run on an old state would start what an acknowledged change has ended. The next tick tries again.
        claim: async (run, outcome) => {
          if (!snapshot.mayDecide(run.organization, run.environment)) throw new Problem('snapshot_stale')
          return await reports.runs.claim(run, outcome)
        },
      },
      run: (view, deployment, dueAtMs, signal) => gateway.runScheduled(view, deployment, dueAtMs, signal),
      onFault: (err, run) => logger.error({ err, ...run }, 'a scheduled run was not claimed or saved'),
      onMissedRun: (run) => logger.warn(run, 'a scheduled run was missed: it could not start in time'),
    }),
  )
  scheduler.start()
  const openExchanges = () => gateway.openExchanges + (sources?.state.exchanges ?? 0)
  const parts = stack.move()
  return {
    url: gateway.url,
    member: memberOf({
      id,
      role: 'gateway',
      snapshot,
      nowMs,
      openExchanges,
      threads: config.gatewayThreads,
    }),
    requests: windowOf(id, gateway.recent, true, others?.findRequests),
    get openExchanges() {
      return openExchanges()
    },
    async close(drainMs) {
      await Promise.all([scheduler.close(drainMs), gateway.close(drainMs), others?.close(drainMs)])
      await exported.close()
    },
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

/** The holder of a snapshot. */
export interface MemberFacts {
  readonly id: string
  readonly role: string
  readonly snapshot: Pick<FollowedSnapshot, 'readiness' | 'waitForRevision'>
  readonly nowMs: () => number
  /** How many exchanges are open. */
  readonly openExchanges: () => number
  /** How many threads serve. */
  readonly threads: number
}

/** The holder of a snapshot as a member of receipts. */
export function memberOf({
  id,
  role,
  snapshot,
  nowMs,
  openExchanges,
  threads,
}: MemberFacts): ReportingGateway {
  return {
    async confirm(revision, waitMs) {
      const confirmed = await snapshot.waitForRevision(revision, waitMs)
      // A gateway in the same process is always reachable.
      return { id, state: confirmed ? 'applied' : 'pending', confirmed, seenAtMs: nowMs() }
    },
    async status() {
      const { ready, revision, snapshotAgeSeconds } = snapshot.readiness()
      const isStale = !ready || (snapshotAgeSeconds ?? Infinity) > STALE_SECONDS
      const own = {
        ...UNKNOWN_FACTS,
        version: VERSION,
        threads,
        clockOffsetMs: 0,
        openExchanges: openExchanges(),
      }
      return await Promise.resolve({ id, role, revision, seenAtMs: nowMs(), isStale, isPast: false, ...own })
    },
  }
}
