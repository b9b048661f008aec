import type { LimitFact } from '@sallyport/core'
import type { Config } from '../config/config.ts'
import type { GatewayKeys } from '../crypto/derived/gateway-secrets.ts'
import type { EvaluationRequest, EvaluationResult } from '../expression/expressions.ts'
import type { Tenant } from '../fairness/fair-share.ts'
import type { LimiterMemory } from '../gateway/credentials/rate-limiter.ts'
import type { RateLimitedRequest } from '../gateway/credentials/request-limits.ts'
import type { FoundRequests, RecentQuery } from '../requests/recent-requests.ts'
import type { RequestRecord } from '../requests/request-record.ts'
import type { DecisionLease } from '../sync/decision-lease.ts'
import type { SnapshotPart } from '../sync/snapshot-parts.ts'
import type { ThreadMetrics } from '../telemetry/thread-metrics.ts'
import type { UsageSink } from '../sync/usage-recorder.ts'
import type { FinishedSpan } from '../telemetry/tracing/finished-span.ts'

/** What a further thread of a gateway starts with. Plain data. */
export interface GatewayThreadData {
  /** Its number among the threads of the gateway; the first one is 0. */
  readonly thread: number
  readonly config: Config
  /** The port that the first thread listens on. */
  readonly port: number
  /** See `GatewayState`. */
  readonly state: SharedArrayBuffer
  /** What the gateway does when its lease is over, unless it was removed; null if it has none. */
  readonly whenOver: DecisionLease['whenOver'] | null
  readonly keys: GatewayKeys
  /** Where limits are counted; null if the first thread counts over a store. */
  readonly limiter: LimiterMemory | null
  /** The names of the checks that targets fail. */
  readonly failing: readonly string[]
  readonly exportsSpans: boolean
  readonly reportsRequests: boolean
}

/** A request to count, as plain data. */
export interface DescribedRequest extends Omit<RateLimitedRequest, 'address'> {
  readonly clientAddress: string
}

/** What the first thread asks a further one. */
export interface GatewayThreadCalls {
  /** See `FollowedThread`. */
  apply(part: SnapshotPart): Promise<void>
  /** Listens. @throws errors of listening */
  start(): Promise<void>
  metrics(): Promise<ThreadMetrics>
  findRequests(organization: string, query: RecentQuery): FoundRequests
  /** Tells whether targets pass a check. */
  setHealth(check: string, passes: boolean): void
  /** Stops accepting requests, and waits at most `drainMs` for those in progress. */
  close(drainMs: number): Promise<void>
  /** Ends everything that was started, and hands over what was counted. */
  end(): Promise<void>
}

/** What a further thread asks the first one, which has what a process needs once. */
export interface FirstThreadCalls {
  readonly addUsage: UsageSink
  addRequests(records: readonly RequestRecord[]): Promise<void>
  /** Counts a request over the store of limits. @param nowMs by the clock of the process */
  consume(request: DescribedRequest, nowMs: number): Promise<LimitFact>
  addSpan(span: FinishedSpan): void
  evaluate(request: EvaluationRequest): Promise<EvaluationResult>
  verifyPassword(tenant: Tenant, password: string, hash: string): Promise<boolean>
  /** The metrics of all threads as the text for Prometheus. */
  metrics(): Promise<string>
  /** Writes lines to the log of the process. */
  log(lines: string): void
}
