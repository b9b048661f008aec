import type { UpstreamTlsSettings } from './upstream-tls.ts'

/** Which requests a target of their own is for: those that meet every condition. */
export interface TargetCondition {
  /** Exact values of headers, by name. */
  readonly headers: Readonly<Record<string, string>>
  /** Names of consumers, of which one must have sent the request; empty for any caller. */
  readonly consumers: readonly string[]
}

/** One of several servers that can answer the requests of a step. It has its own origin, and the path of the step's URL. */
export interface UpstreamTarget {
  /** Scheme, host and port, with variables as in a URL. */
  readonly origin: string
  /** Its share, relative to the weights of the others. */
  readonly weight: number
  /** Null for a target of all requests. */
  readonly when: TargetCondition | null
  /** Whether it gets requests only while no other target is available. */
  readonly isBackup: boolean
}

/** How a gateway asks a target whether it works, without a request of a caller. */
export interface HealthCheck {
  /** Path and query of a GET. */
  readonly path: string
  /** From the end of one check to the beginning of the next, in ms. */
  readonly intervalMs: number
  /** The time for a connection and the head of a response, in ms. */
  readonly timeoutMs: number
  /** After how many passed checks in a row a target that had failed gets requests again. */
  readonly healthyAfter: number
  /** After how many failed checks in a row a target gets no requests. */
  readonly unhealthyAfter: number
  /** The statuses that pass; null for any from 200 to 299. */
  readonly statuses: readonly number[] | null
}

/** How requests are shared among the targets, and when they are sent again. */
export interface Balance {
  /** Whether each request is shared out by itself, or all requests of a caller go to one target. */
  readonly by: 'request' | 'caller'
  /** How many further attempts a request has. */
  readonly retries: number
  /** The methods whose requests may be sent again after an upstream may have received them. */
  readonly retryMethods: readonly string[]
  /** After how many failures in a row a target gets no requests for a while. */
  readonly failures: number
  /** How long that is for the first time, in ms; it doubles with each further time. */
  readonly ejectionMs: number
  /** Left out without checks. */
  readonly health?: HealthCheck
}

/** What `proxy` and `call` have in common besides their URL. Left out in specs that were saved before the fields existed. */
export interface UpstreamOptions {
  /** The time for a new connection, in ms. */
  readonly connectTimeoutMs?: number
  /** The time from the sent request to the first byte of the response, in ms. */
  readonly firstByteTimeoutMs?: number
  readonly targets?: readonly UpstreamTarget[]
  readonly balance?: Balance
  readonly tls?: UpstreamTlsSettings
}

/** No connection to an upstream is waited for longer, in ms, whatever a step says. */
export const CONNECT_TIMEOUT_MS_MAX = 10_000

export const BALANCE_DEFAULT: Balance = {
  by: 'request',
  retries: 1,
  retryMethods: ['GET', 'HEAD', 'OPTIONS'],
  failures: 5,
  ejectionMs: 10_000,
}

/** The methods whose requests may be repeated, because several have the effect of one (RFC 9110 section 9.2.2). */
export const IDEMPOTENT_METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'] as const
export const TARGETS_MAX = 16
export const TARGET_WEIGHT_MAX = 1000
export const RETRIES_MAX = 3
export const FAILURES_MAX = 100
export const EJECTION_MS_MAX = 300_000
export const HEALTH_INTERVAL_MS_MIN = 1000
export const HEALTH_INTERVAL_MS_MAX = 300_000
export const HEALTH_TIMEOUT_MS_MAX = 60_000
export const HEALTH_THRESHOLD_MAX = 10
