import {
  ownConsumerOf,
  type Allowed,
  type Denied,
  type DeploymentRecord,
  type SecretUse,
} from '@sallyport/core'
import { FairShare } from '../fairness/fair-share.ts'
import { ALLOWED_CODE, USAGE_INTERVALS, type UsageRow, type UseSource } from '../store/port/usage.ts'

/** A decision about a request to a pipeline. */
export type RoutedDecision = Allowed | (Denied & { readonly deployment: DeploymentRecord })

/** Counts of keys and consumers that organizations share. One takes about 300 bytes. */
const COUNTS_MAX = 200_000
/** Counts of pipelines and codes alone, for what an organization uses beyond its share. They are shared as well. */
const COARSE_COUNTS_MAX = 50_000

/** Requests with the same facts in the current minute. */
interface Count {
  readonly keyId: SecretUse['keyId'] | null
  readonly secretSequence: number
  readonly isExternal: boolean
  readonly consumer: string | null
  readonly code: string
  /** Whether it is in the share of its organization. */
  readonly isShared: boolean
  requests: number
  lastUsedAtMs: number
  lastUsedAddress: string | null
  /** Where the requests came from, if the key is rolling: the first ones. */
  readonly sources: Source[]
}

type Source = { -readonly [Member in keyof UseSource]: UseSource[Member] }

/** Sources of one count: of one secret, pipeline and second, unless the store is slow. */
const SOURCES_MAX = 16
/** Sources of all counts, which organizations share. One takes about 400 bytes. */
const SOURCES_TOTAL_MAX = 50_000
const USER_AGENT_CHARS_MAX = 200

/** The requests of a part of one minute, by deployment and then by name. */
interface Generation {
  readonly minuteMs: number
  readonly counts: Map<DeploymentRecord, Map<string, Count>>
}

/**
 * Requests counted in memory, by minute and by everything that reports distinguish. A request costs two lookups: the
 * deployment, and one short name. `close` ends a generation of counts, which can then be taken in parts.
 *
 * Memory is bounded, and organizations share it. What an organization has beyond its share is counted without key and
 * consumer, so that the sums of its pipelines stay right.
 */
export class UseCounts {
  readonly #share = new FairShare(COUNTS_MAX)
  readonly #coarseShare = new FairShare(COARSE_COUNTS_MAX)
  readonly #sourceShare = new FairShare(SOURCES_TOTAL_MAX)
  #open: Generation = { minuteMs: 0, counts: new Map() }
  /** The rows of closed generations, made as they are taken, oldest first. */
  readonly #closed: Iterator<UsageRow>[] = []
  #size = 0
  #withoutKey = 0
  #dropped = 0

  /** Counts in memory. */
  get size(): number {
    return this.#size
  }

  /** @param atMs in ms since 1970 */
  add(decision: RoutedDecision, atMs: number, address: string | null, userAgent: string | null = null): void {
    const minuteMs = atMs - (atMs % USAGE_INTERVALS.minute)
    // A decision may have waited for a fact since the minute before.
    if (minuteMs !== this.#open.minuteMs && minuteMs !== this.#open.minuteMs - USAGE_INTERVALS.minute) {
      this.close()
      this.#open = { minuteMs, counts: new Map() }
    }
    const { deployment } = decision
    let counts = this.#open.counts.get(deployment)
    if (counts === undefined) {
      counts = new Map()
      this.#open.counts.set(deployment, counts)
    }
    const { secret } = decision
    const isExternal = secret?.isExternal === true
    const consumer = isExternal ? null : ownConsumerOf(decision)
    // Nearly all requests have the first secret of a key, which names the count without a concatenation.
    if (decision.kind === 'allow' && secret !== null && secret.sequence === 1) {
      const usual = counts.get(secret.keyId)
      if (usual?.consumer === consumer) {
        this.#use(usual, deployment, atMs, address, userAgent)
        return
      }
    }
    const count =
      this.#countOf(counts, decision, secret, consumer, isExternal) ?? this.#coarseCountOf(counts, decision)
    if (count === undefined) this.#dropped += 1
    else if (count.isShared) this.#use(count, deployment, atMs, address, userAgent)
    else this.#use(count, deployment, atMs, null, null)
  }

  /** Lets what was counted so far be taken. */
  close(): void {
    if (this.#open.counts.size === 0) return
    this.#closed.push(this.#rowsOf(this.#open))
    this.#open = { minuteMs: this.#open.minuteMs, counts: new Map() }
  }

  /** Removes and returns the oldest counts that were closed. */
  take(max: number): UsageRow[] {
    const taken: UsageRow[] = []
    while (taken.length < max) {
      const next = this.#closed[0]?.next()
      if (next === undefined) break
      if (next.done === true) this.#closed.shift()
      else taken.push(next.value)
    }
    return taken
  }

  /** The requests since the last call that were counted without their keys, and those that were not counted. */
  takeLosses(): { readonly withoutKey: number; readonly dropped: number } {
    const losses = { withoutKey: this.#withoutKey, dropped: this.#dropped }
    this.#withoutKey = 0
    this.#dropped = 0
    return losses
  }

  /** Makes the rows of a generation one by one. Each gives back its place in memory. */
  *#rowsOf({ minuteMs, counts: byDeployment }: Generation): Iterator<UsageRow, undefined> {
    for (const [deployment, counts] of byDeployment) {
      for (const count of counts.values()) {
        this.#size -= 1
        const share = count.isShared ? this.#share : this.#coarseShare
        share.give(deployment)
        if (count.sources.length > 0) this.#sourceShare.give(deployment, count.sources.length)
        yield rowOf(deployment, count, minuteMs)
      }
    }
    return undefined
  }

  #use(
    count: Count,
    deployment: DeploymentRecord,
    atMs: number,
    address: string | null,
    userAgent: string | null,
  ): void {
    count.requests += 1
    // A decision that waited for a fact comes after later ones.
    if (atMs >= count.lastUsedAtMs) {
      count.lastUsedAtMs = atMs
      count.lastUsedAddress = address
    }
    if (userAgent !== null) this.#addSource(count, deployment, atMs, address, userAgent)
  }

  #addSource(
    { sources }: Count,
    deployment: DeploymentRecord,
    atMs: number,
    address: string | null,
    userAgent: string,
  ): void {
    const shown = shortUserAgent(userAgent)
    const known = sources.find((source) => source.address === address && source.userAgent === shown)
    if (known !== undefined) {
      known.requests += 1
      known.lastUsedAtMs = Math.max(known.lastUsedAtMs, atMs)
    } else if (sources.length < SOURCES_MAX && this.#sourceShare.take(deployment)) {
      sources.push({ address, userAgent: shown, requests: 1, lastUsedAtMs: atMs })
    }
  }

  #countOf(
    counts: Map<string, Count>,
    decision: RoutedDecision,
    secret: SecretUse | null,
    consumer: string | null,
    isExternal: boolean,
  ): Count | undefined {
    const code = codeOf(decision)
    const isUsual = code === ALLOWED_CODE && secret?.sequence === 1 && !counts.has(secret.keyId)
    const name = isUsual
      ? secret.keyId
      : `${code} ${secret?.keyId ?? ''} ${secret?.sequence ?? 0} ${consumer ?? ''}`
    const known = counts.get(name)
    if (known !== undefined) return known
    if (!this.#share.take(decision.deployment)) return undefined
    this.#size += 1
    const [keyId, secretSequence] = secret === null ? [null, 0] : [secret.keyId, secret.sequence]
    return opened(counts, name, { keyId, secretSequence, isExternal, consumer, code, isShared: true })
  }

  #coarseCountOf(counts: Map<string, Count>, decision: RoutedDecision): Count | undefined {
    this.#withoutKey += 1
    const code = codeOf(decision)
    const name = `${code} coarse`
    const known = counts.get(name)
    if (known !== undefined) return known
    if (!this.#coarseShare.take(decision.deployment)) return undefined
    this.#size += 1
    return opened(counts, name, { ...NO_KEY, code, isShared: false })
  }
}

const NO_KEY = { keyId: null, secretSequence: 0, isExternal: false, consumer: null } as const

/** A text of its own: a part of a header would keep the whole header in memory. */
function shortUserAgent(userAgent: string): string {
  if (userAgent.length <= USER_AGENT_CHARS_MAX) return userAgent
  return Buffer.from(userAgent.slice(0, USER_AGENT_CHARS_MAX), 'latin1').toString('latin1')
}

function opened(
  counts: Map<string, Count>,
  name: string,
  facts: Omit<Count, 'requests' | 'lastUsedAtMs' | 'lastUsedAddress' | 'sources'>,
): Count {
  const count: Count = { ...facts, requests: 0, lastUsedAtMs: 0, lastUsedAddress: null, sources: [] }
  counts.set(name, count)
  return count
}

function codeOf(decision: RoutedDecision): string {
  return decision.kind === 'allow' ? ALLOWED_CODE : decision.reason
}

function rowOf(deployment: DeploymentRecord, count: Count, minuteMs: number): UsageRow {
  const { organization, environment, project, pipeline, version } = deployment
  const { isShared: _isShared, ...counted } = count
  return { organization, environment, project, pipeline, version, minuteMs, ...counted }
}
