import type { KeyId, Target } from '@sallyport/core'
import type { Page, PageRequest } from './pages/paging.ts'

/** `code` of requests that were let in; any other is the code of the refusal. */
export const ALLOWED_CODE = 'valid'

/** How many requests with the same facts came in one minute, since the last report. */
export interface UsageRow {
  /** The organization of the pipeline. */
  readonly organization: string
  readonly environment: string
  readonly project: string
  readonly pipeline: string
  /** Of the pipeline, such as `1.0`. */
  readonly version: string
  /** What was decided: `ALLOWED_CODE`, or the code of the refusal. */
  readonly code: string
  /** The id of a consumer of the organization; null if none was identified. */
  readonly consumer: string | null
  /** The key that was sent, or that the JWT was obtained with; null if there was none. */
  readonly keyId: KeyId | null
  /** Of the key's secret; 0 without a key. */
  readonly secretSequence: number
  /** Whether the key belongs to another organization. */
  readonly isExternal: boolean
  /** The start of the minute, in ms since 1970. */
  readonly minuteMs: number
  readonly requests: number
  /** When the last of these requests came, in ms since 1970. */
  readonly lastUsedAtMs: number
  readonly lastUsedAddress: string | null
  /** Where requests came from, while the key has two live secrets; otherwise empty. */
  readonly sources: readonly UseSource[]
}

/**
 * Which report of counts this is, so that it is counted once, however often it arrives: the answer to the first one may have been lost.
 * A source sends a report again, as it was, until it is answered, and only then the next one.
 */
export interface UsageReport {
  /** What counts, such as a thread of a gateway from its start on: 128 random bits, as 32 hexadecimal digits. */
  readonly source: string
  /** From 1 on, one more for each report. */
  readonly number: number
}

/** Where requests with a secret came from. */
export interface UseSource {
  readonly address: string | null
  /** What the caller calls itself; empty if it does not. */
  readonly userAgent: string
  readonly requests: number
  /** In ms since 1970. */
  readonly lastUsedAtMs: number
}

/** A value that requests with a secret had, such as an address. */
export interface SeenValue {
  readonly value: string
  readonly requests: number
  readonly lastUsedAtMs: number
}

/** The use of one secret while its key is rolling. */
export interface RollUse {
  readonly sequence: number
  /** In the last hour, in all organizations. */
  readonly requestsLastHour: number
  /** The last ones, the newest first. */
  readonly addresses: readonly SeenValue[]
  readonly userAgents: readonly SeenValue[]
}

/** The lengths of the intervals that requests are summed over. Days are those of UTC. */
export const USAGE_INTERVALS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 } as const
export type UsageInterval = keyof typeof USAGE_INTERVALS

/** What requests are summed by. */
export type UsageGroup = 'key' | 'secret' | 'consumer' | 'environment' | 'pipeline' | 'version' | 'code'

/** Only requests with these facts are summed. */
export interface UsageFilter {
  readonly environment?: string | undefined
  readonly project?: string | undefined
  readonly pipeline?: string | undefined
  readonly version?: string | undefined
  readonly code?: string | undefined
  readonly key?: string | undefined
  /** A consumer's id. With groups of keys or secrets: only keys that belong to the consumer. */
  readonly consumer?: string | undefined
}

export interface UsageQuery extends PageRequest, UsageFilter {
  readonly interval: UsageInterval
  /** A multiple of the interval, in ms since 1970. */
  readonly fromMs: number
  /** The first instant after the period, a multiple of the interval. */
  readonly toMs: number
  /** All requests of an interval are one group unless given. */
  readonly groupBy?: UsageGroup | undefined
  /** Only requests within one of these scopes; left out for all. */
  readonly visible?: readonly Target[] | undefined
}

/** The requests of one group in one interval. There is no row for none. */
export interface UsageSum {
  /**
   * The id of the key or consumer, `key_…/2` for a secret, the name of the environment or pipeline, `orders/1.0` for a
   * version, or the code. Null without a key or a consumer, and without groups.
   */
  readonly group: string | null
  /** The start of the interval, in ms since 1970. */
  readonly atMs: number
  readonly requests: number
  readonly allowed: number
}

/** What is kept. */
export interface UsageLimits {
  /** How long the sums of an interval are kept, in days. */
  readonly days: Readonly<Record<UsageInterval, number>>
  /** The sums of keys and outcomes that an organization keeps for each length of intervals. The oldest go first. */
  readonly rows: number
}

export interface UsageReader {
  /**
   * Sums up requests, by time and then by group. A page reads a bounded number of rows, so it can have fewer items than
   * its limit, or none, although another page follows.
   */
  sums(organization: string, query: UsageQuery): Promise<Page<UsageSum>>
  /** The use of each secret of a key. @param organization the key's own */
  rollUses(organization: string, keyId: KeyId, nowMs: number): Promise<readonly RollUse[]>
}
