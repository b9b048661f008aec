import type { KeyId } from '@sallyport/core'
import { Registry } from 'prom-client'
import type { Config } from '../config/config.ts'
import { environmentsByHost } from '../config/environments-by-host.ts'
import type { Expressions } from '../expression/expressions.ts'
import { startGateway, type Gateway, type GatewayDeps } from '../gateway/gateway.ts'
import type { RequestRecord } from '../requests/request-record.ts'
import { RequestSamples } from '../requests/request-samples.ts'
import { UsageRecorder, type UsageSink } from '../sync/usage-recorder.ts'
import { registerThreadMetrics } from '../telemetry/process-metrics.ts'
import type { Readiness } from '../telemetry/readiness.ts'
import { RequestDurations } from '../telemetry/request-durations.ts'
import { Tracing } from '../telemetry/tracing/request-trace.ts'
import type { FollowedSnapshot } from './followed-snapshot.ts'

/** The settings of a gateway. */
export type GatewaySettings = Pick<
  Config,
  | 'accessLog'
  | 'cacheBytes'
  | 'controlHosts'
  | 'gateway'
  | 'gatewayThreads'
  | 'gatewayUrl'
  | 'hosts'
  | 'telemetry'
  | 'trustedProxies'
  | 'upstreamAllow'
  | 'maxStalenessSeconds'
>

/** What each thread of a gateway serves with; what the threads share stands in `GatewayDeps`, too. */
export interface GatewayServerDeps extends Pick<
  GatewayDeps,
  | 'health'
  | 'limiter'
  | 'logger'
  | 'metrics'
  | 'monotonicMs'
  | 'nextRequest'
  | 'nowMs'
  | 'onHealth'
  | 'passwords'
  | 'spans'
  | 'unseal'
> {
  readonly config: GatewaySettings
  readonly snapshot: Pick<FollowedSnapshot, 'cell' | 'mayDecide' | 'readiness'>
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
  /** Gets the metrics of this thread. */
  readonly registry: Registry
  readonly durations: RequestDurations
  readonly expressions: Pick<Expressions, 'evaluate'>
  /** Stores counts; rejects if they could not be stored. */
  readonly addUsage: UsageSink
  /** Takes a sample of the requests, for a control node. */
  readonly addRequests: ((records: readonly RequestRecord[]) => Promise<void>) | undefined
}

/** A gateway that listens in this thread. Disposing it ends its requests, and then hands over what was counted. */
export interface GatewayServer extends AsyncDisposable {
  readonly gateway: Gateway
}

/** Starts a gateway in this thread. @throws errors of listening, such as EADDRINUSE */
export async function startGatewayServer(deps: GatewayServerDeps): Promise<GatewayServer> {
  const { config, snapshot, logger, nowMs, monotonicMs, registry, addRequests } = deps
  const { gatewayThreads: threads, maxStalenessSeconds } = config
  await using stack = new AsyncDisposableStack()
  const usage = stack.use(
    new UsageRecorder({
      sink: deps.addUsage,
      onFault: (err) => logger.warn({ err }, 'usage cannot be saved, so it is kept in memory meanwhile'),
      onLoss: (requests) =>
        logger.error(
          { requests },
          'requests were not counted for their keys: too many counts wait to be saved',
        ),
    }),
  )
  const samples =
    addRequests === undefined ? undefined : stack.use(new RequestSamples({ report: addRequests }))
  registerThreadMetrics(registry, nowMs)
  const { sampler, traces, spansPerSecondMax } = config.telemetry
  const tracing = new Tracing({
    sampler,
    spansPerSecondMax: traces === null ? null : Math.ceil(spansPerSecondMax / threads),
    monotonicMs,
  })
  const gateway = stack.use(
    await startGateway({
      ...deps,
      cell: snapshot.cell,
      config: {
        ...config.gateway,
        hosts: environmentsByHost(config.hosts),
        operatorHosts: [config.gateway.host, ...config.controlHosts, ...hostsOf(config.gatewayUrl)],
        trustedProxies: config.trustedProxies,
        upstreamAllow: config.upstreamAllow,
        maxStalenessSeconds,
        accessLog: config.accessLog,
        cacheBytes: config.cacheBytes,
        threads,
      },
      tracing,
      readiness: () => withinStaleness(snapshot.readiness(), maxStalenessSeconds),
      mayDecide: snapshot.mayDecide,
      usage,
      samples,
    }),
  )
  const parts = stack.move()
  return { gateway, [Symbol.asyncDispose]: async () => await parts.disposeAsync() }
}

/** The host of a URL, if there is one. */
function hostsOf(url: string | null): readonly string[] {
  return url === null ? [] : [new URL(url).hostname]
}

/** Whether the gateway answers requests, given the operator's limit on the snapshot's age. */
function withinStaleness(readiness: Readiness, maxStalenessSeconds: number | null): Readiness {
  const { ready, snapshotAgeSeconds } = readiness
  if (!ready || maxStalenessSeconds === null || (snapshotAgeSeconds ?? Infinity) <= maxStalenessSeconds) {
    return readiness
  }
  return { ...readiness, ready: false, reason: 'snapshot_stale' }
}
