import { randomBytes } from 'node:crypto'
import { type KeyId, Problem } from '@sallyport/core'
import type { Logger } from 'pino'
import { Registry } from 'prom-client'
import type { Config } from '../config/config.ts'
import type { Sealer } from '../crypto/seal.ts'
import { createExpressions } from '../expression/expressions.ts'
import { startGateway } from '../gateway/gateway.ts'
import { windowOf, type SharedWindow } from '../requests/recent-requests.ts'
import type { RequestRecord } from '../requests/request-record.ts'
import { RequestSamples } from '../requests/request-samples.ts'
import type { ScheduleRuns } from '../schedule/schedule-runs.ts'
import { Scheduler } from '../schedule/scheduler.ts'
import { UNKNOWN_FACTS, type ReportingGateway } from '../sync/receipts.ts'
import { VERSION } from '../startup/version.ts'
import type { UsageRow } from '../store/port/usage.ts'
import { UsageRecorder } from '../sync/usage-recorder.ts'
import { exportTelemetry } from '../telemetry/export/export-telemetry.ts'
import { registerProcessMetrics, registerThreadMetrics } from '../telemetry/process-metrics.ts'
import { RequestDurations } from '../telemetry/request-durations.ts'
import type { Readiness } from '../telemetry/readiness.ts'
import { Tracing } from '../telemetry/tracing/request-trace.ts'
import { environmentsByHost } from './environments-by-host.ts'
import type { FollowedSnapshot } from './followed-snapshot.ts'
import type { SharedLimits } from './shared-limits.ts'

/** A snapshot that is older counts as stale, in s: it is brought up to date each second. */
const STALE_SECONDS = 2.5

/** What a gateway reports to the control plane. Plain data, so that it can cross a network. */
export interface GatewayReports {
  addUsage(rows: readonly UsageRow[]): Promise<void>
  /** Takes a sample of the requests; absent where the control plane is in the same process. */
  addRequests?(records: readonly RequestRecord[]): Promise<void>
  /** The runs of schedules, which all gateways share. */
  readonly runs: ScheduleRuns
}

export interface GatewayNodeDeps {
  readonly config: Pick<
    Config,
    | 'accessLog'
    | 'cacheBytes'
    | 'controlHosts'
    | 'gateway'
    | 'gatewayUrl'
    | 'hosts'
    | 'telemetry'
    | 'trustedProxies'
    | 'upstreamAllow'
    | 'maxStalenessSeconds'
  >
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
 * Starts a gateway that is fed by a snapshot. It needs no store and no control plane in its process.
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
}: GatewayNodeDeps): Promise<GatewayNode> {
  await using stack = new AsyncDisposableStack()
  const usage = stack.use(
    new UsageRecorder({
      sink: (rows) => reports.addUsage(rows),
      onFault: (err) => logger.warn({ err }, 'usage was not saved; the next flush includes it'),
      onLoss: (requests) =>
        logger.error(
          { requests },
          'requests were not counted for their keys: too many counts wait to be saved',
        ),
    }),
  )
  const registry = new Registry()
  const durations = new RequestDurations(registry)
  registerThreadMetrics(registry, nowMs)
  registerProcessMetrics(registry)
  limits?.registerMetrics(registry)
  registerMetrics?.(registry)
  const exported = stack.use(
    await exportTelemetry({
      config: config.telemetry,
      instanceId: id,
      registry,
      durations,
      logger,
      nowMs,
      monotonicMs,
    }),
  )
  const { sampler, traces, spansPerSecondMax } = config.telemetry
  const tracing = new Tracing({
    sampler,
    spansPerSecondMax: traces === null ? null : spansPerSecondMax,
    monotonicMs,
  })
  const samples =
    reports.addRequests === undefined
      ? undefined
      : stack.use(new RequestSamples({ report: async (records) => await reports.addRequests?.(records) }))
  // Starts no child process before the first expression.
  const expressions = stack.use(createExpressions())
  const gateway = stack.use(
    await startGateway({
      cell: snapshot.cell,
      config: {
        ...config.gateway,
        hosts: environmentsByHost(config.hosts),
        operatorHosts: [config.gateway.host, ...config.controlHosts, ...hostsOf(config.gatewayUrl)],
        trustedProxies: config.trustedProxies,
        upstreamAllow: config.upstreamAllow,
        maxStalenessSeconds: config.maxStalenessSeconds,
        accessLog: config.accessLog,
        cacheBytes: config.cacheBytes,
      },
      nowMs,
      monotonicMs,
      logger,
      registry,
      durations,
      tracing,
      spans: exported.spans,
      readiness: () => withinStaleness(snapshot.readiness(), config.maxStalenessSeconds),
      mayDecide: snapshot.mayDecide,
      usage,
      limiter: limits?.limiter,
      samples,
      unseal: (sealed, context) => sealer.unseal(sealed, context),
      importedKeyId,
      expressions,
    }),
  )
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
  const parts = stack.move()
  return {
    url: gateway.url,
    member: memberOf(id, 'gateway', snapshot, nowMs, () => gateway.openExchanges),
    requests: windowOf(id, gateway.recent),
    get openExchanges() {
      return gateway.openExchanges
    },
    async close(drainMs) {
      await Promise.all([scheduler.close(drainMs), gateway.close(drainMs)])
      await exported.close()
    },
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

/** The holder of a snapshot as a member of receipts. */
export function memberOf(
  id: string,
  role: string,
  snapshot: FollowedSnapshot,
  nowMs: () => number,
  openExchanges: () => number,
): ReportingGateway {
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
        threads: 1,
        clockOffsetMs: 0,
        openExchanges: openExchanges(),
      }
      return await Promise.resolve({ id, role, revision, seenAtMs: nowMs(), isStale, isPast: false, ...own })
    },
  }
}

/** Whether the gateway answers requests, given the operator's limit on the snapshot's age. */
/** The host of a URL, if there is one. */
function hostsOf(url: string | null): readonly string[] {
  return url === null ? [] : [new URL(url).hostname]
}

function withinStaleness(readiness: Readiness, maxStalenessSeconds: number | null): Readiness {
  const { ready, snapshotAgeSeconds } = readiness
  if (!ready || maxStalenessSeconds === null || (snapshotAgeSeconds ?? Infinity) <= maxStalenessSeconds) {
    return readiness
  }
  return { ...readiness, ready: false, reason: 'snapshot_stale' }
}
