import { TARGET_FIELDS, type Target } from '@sallyport/core'
import { redactTokens } from '../telemetry/redact-tokens.ts'
import { RequestRing } from './request-ring.ts'
import { reportedRequest, type KeptRequest } from './kept-request.ts'
import type { RequestRecord } from './request-record.ts'

/**
 * The requests of one organization that are kept at most: of those let in, and of those refused, each. So a caller that is
 * refused in a loop displaces no request that was let in, and the other way round.
 */
export const REQUESTS_PER_OUTCOME_MAX = 1_000
/** The requests of all organizations that are kept at most. With the longest id, one takes 630 bytes, and all 32 MB. */
export const REQUESTS_MAX = 50_000
/** How many stay when there are too many: each list keeps its newest, as many as all can keep. */
const REQUESTS_LEFT = 45_000

/** Only requests with these facts. */
export interface RequestFilter {
  readonly requestId?: string | undefined
  readonly key?: string | undefined
  readonly consumer?: string | undefined
  readonly pipeline?: string | undefined
  readonly code?: string | undefined
  /** In ms since 1970: requests that arrived then or later. */
  readonly from?: number | undefined
  /** In ms since 1970: requests that arrived before. */
  readonly to?: number | undefined
}

export interface RecentQuery extends RequestFilter {
  readonly limit: number
  /** Only requests that were kept before the one with this number; left out for the newest. */
  readonly before?: number | undefined
  /** Only requests within one of these scopes; left out for all. */
  readonly visible?: readonly Target[] | undefined
}

export interface RecentPage {
  /** Names what has kept these requests: another one has other numbers. */
  readonly gateway: string
  /** The ids of the gateways that have seen the requests which are kept there. */
  readonly gateways: readonly string[]
  readonly records: readonly RequestRecord[]
  /** `before` of the next page; null on the last one. */
  readonly next: number | null
}

/** A kept request with its number. */
export interface FoundRequest {
  readonly sequence: number
  readonly record: RequestRecord
}

/** The requests that a query found, the last that ended first. */
export interface FoundRequests {
  readonly found: readonly FoundRequest[]
  /** Whether there are more. */
  readonly hasMore: boolean
}

/** Finds the kept requests of one thread. Plain data, so that it can cross threads. */
export type FindRequests = (organization: string, query: RecentQuery) => Promise<FoundRequests>

/** Reads the recent requests that a gateway has seen. Arguments and results are plain data, so that they can cross threads. */
export interface RequestWindow {
  recentRequests(organization: string, query: RecentQuery): Promise<RecentPage>
}

/** Gateways that have reported requests, whose ids are remembered: the last ones. */
const GATEWAYS_MAX = 10_000

/** A window that other gateways can report requests to. */
export interface SharedWindow extends RequestWindow {
  /** Keeps requests that another gateway has seen. */
  addRequests(gateway: string, records: readonly RequestRecord[]): void
}

/**
 * The window of one process.
 *
 * @param hasGateway whether the process has a gateway, whose id is also the given one
 * @param otherThreads find what the other threads of the gateway keep, which number their requests together with this one
 */
export function windowOf(
  id: string,
  recent: Pick<RecentRequests, 'add' | 'find'>,
  hasGateway = true,
  otherThreads: readonly FindRequests[] = [],
): SharedWindow {
  const others = new Set<string>()
  return {
    async recentRequests(organization, query) {
      const own = recent.find(organization, query)
      const all = [
        own,
        ...(await Promise.all(otherThreads.map(async (find) => await find(organization, query)))),
      ]
      return {
        gateway: id,
        gateways: [...(hasGateway ? [id] : []), ...others],
        ...pageOf(all, query.limit),
      }
    },
    addRequests(gateway, records) {
      others.delete(gateway)
      others.add(gateway)
      for (const oldest of others) {
        if (others.size <= GATEWAYS_MAX) break
        others.delete(oldest)
      }
      for (const record of records) recent.add(reportedRequest(record))
    },
  }
}

/** One page of what several threads have found. */
function pageOf(all: readonly FoundRequests[], limit: number): Pick<RecentPage, 'next' | 'records'> {
  const found = all.flatMap((one) => one.found).toSorted((left, right) => right.sequence - left.sequence)
  const taken = found.slice(0, limit)
  const hasMore = found.length > limit || all.some((one) => one.hasMore)
  return {
    records: taken.map(({ record }) => record),
    next: hasMore ? (taken.at(-1)?.sequence ?? null) : null,
  }
}

/** The kept requests of one organization, by their outcome. */
interface Kept {
  readonly letIn: RequestRing
  readonly refused: RequestRing
}

/**
 * The last requests of each organization, in memory. Organizations share the memory: when it is full, those with the most
 * requests lose their oldest, so that a busy organization displaces no request of one that has few.
 */
export class RecentRequests {
  readonly #organizations = new Map<string, Kept>()
  readonly #nextSequence: () => number
  #size = 0

  /** @param nextSequence a larger number with each call; 1, 2 and so on unless given */
  constructor(nextSequence?: () => number) {
    let sequence = 0
    this.#nextSequence = nextSequence ?? (() => (sequence += 1))
  }

  /** How many requests are kept. */
  get size(): number {
    return this.#size
  }

  /** Keeps a request that has ended; one that addressed no organization is of no use to any. */
  add(entry: KeptRequest): void {
    const { organization } = entry
    if (organization === null) return
    let kept = this.#organizations.get(organization)
    if (kept === undefined) {
      kept = {
        letIn: new RequestRing(REQUESTS_PER_OUTCOME_MAX),
        refused: new RequestRing(REQUESTS_PER_OUTCOME_MAX),
      }
      this.#organizations.set(organization, kept)
    }
    entry.sequence = this.#nextSequence()
    const isMore = (entry.isRefused ? kept.refused : kept.letIn).add(entry)
    if (!isMore) return
    this.#size += 1
    if (this.#size > REQUESTS_MAX) this.#shrink()
  }

  /** Finds requests of one organization, the last that ended first. */
  find(organization: string, query: RecentQuery): FoundRequests {
    const kept = this.#organizations.get(organization)
    const found: FoundRequest[] = []
    if (kept === undefined) return { found, hasMore: false }
    const requestId = query.requestId === undefined ? undefined : redactTokens(query.requestId)
    const entries = [...kept.letIn.entries(), ...kept.refused.entries()].toSorted(
      (left, right) => right.sequence - left.sequence,
    )
    for (const entry of entries) {
      if (!fits(entry, query, requestId)) continue
      if (found.length === query.limit) return { found, hasMore: true }
      found.push({ sequence: entry.sequence, record: entry.toRecord() })
    }
    return { found, hasMore: false }
  }

  /** Shortens the longest lists to one length, with which all together leave room. */
  #shrink(): void {
    const rings = [...this.#organizations.values()].flatMap(({ letIn, refused }) => [letIn, refused])
    const length = lengthThatFits(rings, REQUESTS_LEFT)
    for (const ring of rings) this.#size -= ring.shortenTo(length)
    // More organizations than requests: the one that has been known the longest loses its last one.
    for (const [organization, { letIn, refused }] of this.#organizations) {
      if (this.#size <= REQUESTS_LEFT) break
      this.#size -= letIn.length + refused.length
      this.#organizations.delete(organization)
    }
  }
}

/** The greatest length, at least 1, with which lists that are cut to it hold at most `max` entries together. */
function lengthThatFits(rings: readonly RequestRing[], max: number): number {
  const lists = new Array<number>(REQUESTS_PER_OUTCOME_MAX + 1).fill(0)
  for (const { length } of rings) lists[length] = (lists[length] ?? 0) + 1
  let longer = rings.length - (lists[0] ?? 0)
  let held = longer
  let length = 1
  for (; length < REQUESTS_PER_OUTCOME_MAX; length += 1) {
    longer -= lists[length] ?? 0
    if (held + longer > max) break
    held += longer
  }
  return length
}

function fits(entry: KeptRequest, query: RecentQuery, requestId: string | undefined): boolean {
  const { key, consumer, pipeline, code, from = -Infinity, to = Infinity, before = Infinity } = query
  return (
    entry.sequence < before &&
    (requestId === undefined || entry.requestId === requestId) &&
    (key === undefined || entry.keyId === key) &&
    (consumer === undefined || entry.consumer === consumer) &&
    (pipeline === undefined || entry.pipeline === pipeline) &&
    (code === undefined || entry.code === code) &&
    entry.atMs >= from &&
    entry.atMs < to &&
    (query.visible === undefined || query.visible.some((scope) => isWithin(entry, scope)))
  )
}

/** A request that matched no pipeline is in the scope of its environment. */
function isWithin(entry: KeptRequest, scope: Target): boolean {
  const own: Target = {
    ...(entry.environment === null ? {} : { environment: entry.environment }),
    ...(entry.project === null ? {} : { project: entry.project }),
    ...(entry.pipeline === null ? {} : { pipeline: entry.pipeline }),
  }
  return TARGET_FIELDS.every((field) => scope[field] === undefined || scope[field] === own[field])
}
