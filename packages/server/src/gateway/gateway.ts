import type { Server } from 'node:http'
import { isIPv6, type AddressInfo, type ListenOptions } from 'node:net'
import type {
  DeploymentRecord,
  EnvironmentView,
  FeedRecord,
  HostEnvironment,
  KeyId,
  Snapshot,
} from '@sallyport/core'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import { OwnHosts } from '../address/own-hosts.ts'
import { AddressSet } from '../address/address-set.ts'
import { Balancers } from './balance/balancers.ts'
import { HEALTH_CLOCK, type HealthClock } from './balance/health-clock.ts'
import { HealthChecks, type HealthChecksDeps, type TargetHealths } from './balance/health-checks.ts'
import { sendCheck } from './balance/send-check.ts'
import { ConnectionPool } from '../egress/connection-pool.ts'
import type { Expressions } from '../expression/expressions.ts'
import type { AccessLog } from '../config/config.ts'
import type { RecentRequests } from '../requests/recent-requests.ts'
import { RequestRecorder, type RecorderDeps } from '../requests/request-recorder.ts'
import { notReady, type Readiness } from '../telemetry/readiness.ts'
import type { RequestDurations } from '../telemetry/request-durations.ts'
import type { SpanSink } from '../telemetry/tracing/finished-span.ts'
import type { Tracing } from '../telemetry/tracing/request-trace.ts'
import { Authorizer, type Limiter, type UsageSink } from './credentials/authorizer.ts'
import { BasicAuthenticator } from './credentials/basic-authenticator.ts'
import { IssuerKeys } from './credentials/issuer-keys.ts'
import { JwtVerifier } from './credentials/jwt-verifier.ts'
import type { PasswordVerifier } from './credentials/password-verifier.ts'
import { RateLimiter } from './credentials/rate-limiter.ts'
import { ResponseCache } from './cache/response-cache.ts'
import { Compressors } from './compression/compressors.ts'
import { checkedTargets, checkedTls } from './deployment/checked-targets.ts'
import { EnvironmentSecrets, type Unseal } from './deployment/environment-secrets.ts'
import { EnvironmentSigners } from './deployment/environment-signers.ts'
import { AuthzEntrance } from './entrance/authz-entrance.ts'
import { makeHttpServer, type GatewayHttpServer } from './entrance/http-server.ts'
import { registerTargetMetrics } from './entrance/target-metrics.ts'
import { registerGatewayGauges } from './entrance/gateway-gauges.ts'
import { OpenApiEndpoint } from './entrance/openapi-endpoint.ts'
import { PipelineEntrance } from './entrance/pipeline-entrance.ts'
import { LiveVersions } from './exchanges/live-versions.ts'
import type { MayDecide } from './exchanges/may-decide.ts'
import { OpenExchanges } from './exchanges/open-exchanges.ts'
import { CallableDeployments } from './listing/callable-deployments.ts'
import { Tunnels } from './proxy/tunnels.ts'
import { TrustedProxies } from './request/client-address.ts'
import { RequestIds } from './request/request-id.ts'
import { prepareRoutes } from './routing/environment-routes.ts'
import { otherHosts } from './response/other-hosts.ts'
import { HostMap } from './routing/host-map.ts'
import type { RunDeps } from './runs/run-request.ts'
import { runScheduled, runSpan, type ScheduledOutcome } from './runs/run-scheduled.ts'
import { RunSlots } from './runs/run-slots.ts'
import { UpstreamTokens } from './steps/upstream-tokens.ts'

/** The default grace of a close for requests in progress. */
const CLOSE_MS = 8_000

/** The operator's settings of a gateway. */
export interface GatewayConfig {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
  /** The environments that have hosts of their own, by host, see `EnvironmentHosts`. */
  readonly hosts: ReadonlyMap<string, HostEnvironment>
  /** Names and addresses without ports, besides this machine's own, for which the metrics are answered. */
  readonly operatorHosts: readonly string[]
  /** Address ranges in CIDR form. */
  readonly trustedProxies: readonly string[]
  /** Address ranges in CIDR form: private upstream addresses that may be called. */
  readonly upstreamAllow: readonly string[]
  /** Requests are refused when the snapshot is older than this; null for no limit. */
  readonly maxStalenessSeconds: number | null
  /** Which requests get a line in the log. */
  readonly accessLog: AccessLog
  /** What stored responses may take, in bytes; 0 to store none. */
  readonly cacheBytes: number
  /** How many threads of the process serve on this port, each with a gateway; one unless given. They share all bounds. */
  readonly threads?: number
}

/** Holds the current snapshot. */
export interface SnapshotSource {
  readonly current: Snapshot
  /**
   * Calls the listener synchronously for each new snapshot, before it becomes the current one.
   *
   * @returns a function that ends that
   */
  onReplace(listener: (snapshot: Snapshot, records: readonly FeedRecord[] | 'all') => void): () => void
  /**
   * Calls the listener for each new snapshot, and waits for it before that replaces the current one.
   *
   * @returns a function that ends that
   */
  onPrepare(
    listener: (snapshot: Snapshot, records: readonly FeedRecord[] | 'all') => Promise<void>,
  ): () => void
}

export interface GatewayDeps {
  /** Holds the current snapshot; a change replaces its content, never the object. */
  readonly cell: SnapshotSource
  readonly config: GatewayConfig
  readonly nowMs: () => number
  /** For every duration and age. */
  readonly monotonicMs: () => number
  readonly logger: Logger
  readonly registry: Registry
  readonly readiness: () => Readiness
  /** Absent for a gateway without a lease. */
  readonly mayDecide?: MayDecide | undefined
  readonly usage: UsageSink
  /** Counts requests for their limits; in the memory of this process unless given. */
  readonly limiter?: Limiter | undefined
  /** Decrypts values in records that are sealed under the master key. */
  readonly unseal: Unseal
  /** The id of the key that was imported with a token of this SHA-256. */
  readonly importedKeyId: (digest: Uint8Array) => KeyId
  /** Verifies passwords; in this thread unless given. */
  readonly passwords?: PasswordVerifier | undefined
  /** The health of targets that another thread checks; this one checks them unless given. */
  readonly health?: TargetHealths | undefined
  readonly onHealth?: HealthChecksDeps['onChange']
  /** When targets are checked; by timers and with jitter unless given. */
  readonly healthClock?: HealthClock
  /** The text for Prometheus; that of the registry unless given. */
  readonly metrics?: (() => Promise<string>) | undefined
  readonly durations: RequestDurations
  readonly tracing: Tracing
  /** Exports the spans that are recorded; null if none are. */
  readonly spans: SpanSink | null
  /** Takes requests that have ended, for a control node. */
  readonly samples?: RecorderDeps['samples']
  /** Numbers the kept requests; see `RecentRequests`. */
  readonly nextRequest?: (() => number) | undefined
  /** The gateway's creator disposes it after the gateway. */
  readonly expressions: Pick<Expressions, 'evaluate'>
}

/** A listening gateway. */
export interface Gateway extends AsyncDisposable {
  readonly port: number
  /** The URL on this machine, without a trailing slash. */
  readonly url: string
  /**
   * Runs the steps of a deployment for a due time of its schedule, within its trigger's timeout.
   *
   * @param dueAtMs in milliseconds since 1970
   * @param signal ends the run when it aborts
   * @returns the outcome; never rejects
   */
  runScheduled(
    environment: EnvironmentView,
    deployment: DeploymentRecord,
    dueAtMs: number,
    signal: AbortSignal,
  ): Promise<ScheduledOutcome>
  /** Its recent requests. */
  readonly recent: Pick<RecentRequests, 'add' | 'find'>
  /** How many exchanges are open. */
  readonly openExchanges: number
  /**
   * Stops listening and waits for requests in progress; ends the remaining ones after the grace.
   *
   * @param graceMs 8 seconds unless given
   */
  close(graceMs?: number): Promise<void>
}

/** Starts a gateway. @throws errors of listening, such as EADDRINUSE */
export async function startGateway(deps: GatewayDeps): Promise<Gateway> {
  const running = new RunningGateway(deps)
  await running.listen()
  return running
}

async function listenOn(server: Server, options: ListenOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

class RunningGateway implements Gateway {
  readonly #deps: GatewayDeps
  readonly #http: GatewayHttpServer
  readonly #requestIds = new RequestIds()
  readonly #recorder: RequestRecorder
  readonly #connections: ConnectionPool
  readonly #tunnels = new Tunnels()
  readonly #run: RunDeps
  readonly #exchanges: OpenExchanges
  /** Null if another thread checks. */
  readonly #checks: HealthChecks | null
  readonly #endListening: () => void
  #address: AddressInfo | null = null
  #closed: Promise<void> | null = null

  constructor(deps: GatewayDeps) {
    const { cell, config, nowMs, monotonicMs, logger, registry, readiness, usage, unseal, expressions } = deps
    const { importedKeyId, durations, tracing, spans } = deps
    this.#deps = deps
    const proxies = new TrustedProxies(new AddressSet(config.trustedProxies))
    const connections = new ConnectionPool(new AddressSet(config.upstreamAllow))
    const passwords = new BasicAuthenticator({ monotonicMs, passwords: deps.passwords })
    const jwt = new JwtVerifier(new IssuerKeys({ requester: connections, logger }), logger, monotonicMs)
    const secrets = new EnvironmentSecrets(unseal)
    const signers = new EnvironmentSigners(unseal)
    const tokens = new UpstreamTokens({ connections, monotonicMs })
    const limiter = deps.limiter ?? new RateLimiter()
    this.#connections = connections
    this.#recorder = new RequestRecorder({
      nowMs,
      monotonicMs,
      logger,
      accessLog: config.accessLog,
      durations,
      traceOf: (request) => tracing.begin(request.headers, () => proxies.sent(request)),
      spans,
      samples: deps.samples,
      nextSequence: deps.nextRequest,
    })
    const sources = { proxies, basic: passwords, jwt, importedKeyId, monotonicMs }
    const authorizer = new Authorizer({ ...sources, limiter, usage })
    const exchanges = new OpenExchanges({
      cell,
      decideCaller: (snapshot, { request, query }, last, atMs) =>
        authorizer.authorizeAgain(snapshot, last, request, query, atMs),
      nowMs,
      mayDecide: deps.mayDecide,
      logger,
    })
    this.#exchanges = exchanges
    const endPreparing = cell.onPrepare(prepareRoutes)
    const { threads = 1 } = config
    const checks =
      deps.health === undefined
        ? new HealthChecks({
            targetsOf: checkedTargets,
            send: async (check, signal) =>
              await sendCheck(connections, check, checkedTls(check, cell.current, secrets, logger), signal),
            logger,
            onChange: deps.onHealth,
            ...(deps.healthClock ?? HEALTH_CLOCK),
          })
        : null
    this.#checks = checks
    const health = deps.health ?? checks
    const balancers = new Balancers((check) => health?.passes(check) ?? true, monotonicMs)
    const { cacheBytes } = config
    const cache =
      cacheBytes === 0 ? null : new ResponseCache(Math.floor(cacheBytes / threads), nowMs, monotonicMs)
    const endReplacing = cell.onReplace((snapshot, records) => {
      exchanges.apply(snapshot, records)
      const live = new LiveVersions(snapshot)
      balancers.prune((record) => live.of(record) !== undefined)
      checks?.apply(snapshot, records)
      cache?.prune((record) => live.of(record))
    })
    this.#endListening = () => {
      endPreparing()
      endReplacing()
    }
    this.#run = {
      steps: {
        cell,
        expressions,
        connections,
        balancers,
        secrets,
        signers,
        tokens,
        passwords,
        jwt,
        nowMs,
        logger,
      },
      slots: new RunSlots(threads),
      compressors: new Compressors(threads),
      exchanges,
      exchange: { connections, secrets, proxies, tunnels: this.#tunnels, balancers, cache, logger },
    }
    const entranceDeps = {
      cell,
      nowMs,
      logger,
      metrics: deps.metrics ?? (async () => await registry.metrics()),
      readiness: () => this.#readiness(),
      mayDecide: deps.mayDecide,
      maxStalenessSeconds: config.maxStalenessSeconds,
      hosts: new HostMap(config.hosts),
      operatorHosts: new OwnHosts(config.operatorHosts),
      otherHosts: otherHosts(config.hosts, config.operatorHosts),
      proxies,
      authorizer,
      requestIds: this.#requestIds,
      recorder: this.#recorder,
    }
    this.#http = makeHttpServer(
      { ...entranceDeps, threads },
      new PipelineEntrance(
        entranceDeps,
        this.#run,
        new OpenApiEndpoint(new CallableDeployments(sources), nowMs),
      ),
      new AuthzEntrance(entranceDeps),
    )
    registerTargetMetrics(
      registry,
      () => balancers.states(),
      () => checks?.states() ?? [],
    )
    registerGatewayGauges(registry, {
      readiness,
      openTunnels: () => this.#tunnels.size,
      runs: this.#run.slots,
      compressions: () => this.#run.compressors.running,
      cache,
    })
  }

  get port(): number {
    return this.#address?.port ?? this.#deps.config.port
  }

  get openExchanges(): number {
    return this.#exchanges.size
  }

  get recent(): RecentRequests {
    return this.#recorder.recent
  }

  get url(): string {
    const address = this.#address?.address ?? this.#deps.config.host
    const host = address === '::' || address === '0.0.0.0' ? 'localhost' : address
    return `http://${isIPv6(host) ? `[${host}]` : host}:${this.port}`
  }

  async listen(): Promise<void> {
    await prepareRoutes(this.#deps.cell.current, 'all')
    this.#checks?.apply(this.#deps.cell.current, 'all')
    const { host, port, threads = 1 } = this.#deps.config
    const { server } = this.#http
    await listenOn(server, { host, port, reusePort: threads > 1 })
    this.#address = server.address() as AddressInfo
  }

  async runScheduled(
    environment: EnvironmentView,
    deployment: DeploymentRecord,
    dueAtMs: number,
    signal: AbortSignal,
  ): Promise<ScheduledOutcome> {
    const requestId = this.#requestIds.fresh()
    const { tracing, spans, nowMs, monotonicMs } = this.#deps
    const trace = tracing.fresh()
    const [startMs, startedMs] = [nowMs(), monotonicMs()]
    const run = { environment, deployment, dueAtMs, requestId, trace, signal }
    const result = await runScheduled(run, this.#run)
    if (spans !== null && trace.isRecorded) {
      spans(runSpan(run, result.outcome, { startMs, durationMs: monotonicMs() - startedMs }))
    }
    return result
  }

  close(graceMs: number = CLOSE_MS): Promise<void> {
    this.#closed ??= this.#close(graceMs)
    return this.#closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  /** Whether this gateway answers calls, which also depends on its own limit and on its end. */
  #readiness(): Readiness {
    const readiness = this.#deps.readiness()
    if (this.#http.drain.isDraining) return notReady(readiness, 'stopping')
    const { maxStalenessSeconds } = this.#deps.config
    const isStale =
      maxStalenessSeconds !== null && (readiness.snapshotAgeSeconds ?? Infinity) > maxStalenessSeconds
    return isStale ? notReady(readiness, 'snapshot_stale') : readiness
  }

  async #close(graceMs: number): Promise<void> {
    try {
      await this.#http.drain.drain(graceMs, () => {
        this.#recorder.stop()
        this.#tunnels.destroyAll()
        this.#http.server.closeAllConnections()
      })
    } finally {
      this.#endListening()
      this.#checks?.[Symbol.dispose]()
      this.#exchanges[Symbol.dispose]()
      this.#tunnels.destroyAll()
      await this.#connections.destroy()
    }
  }
}
