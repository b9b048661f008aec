import type { Allowed, Denied, DeploymentRecord, SecretUse } from '@sallyport/core'
import { FairShare, type Tenant } from '../fairness/fair-share.ts'
import { ALLOWED_CODE, USAGE_INTERVALS, type UsageRow } from '../store/port/usage.ts'

/** A decision about a request to a pipeline. */
export type RoutedDecision = Allowed | (Denied & { readonly deployment: DeploymentRecord })

/** Counts of keys and consumers that organizations share. One takes about 300 bytes. */
const COUNTS_MAX = 200_000
/** Counts of pipelines and codes alone, for what an organization uses beyond its share. */
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
}

/**
 * Requests counted in memory, by minute and by everything that reports distinguish. What is counted first is open: it is
 * found by the deployment and then by one short name, so that a request costs two lookups. `close` names it in full, and
 * adds it to what waits to be taken.
 *
 * Memory is bounded, and organizations share it. What an organization has beyond its share is counted without key and
 * consumer, so that the sums of its pipelines stay right.
 */
export class UseCounts {
  readonly #share = new FairShare(COUNTS_MAX)
  readonly #waiting = new Map<string, { row: UsageRow; isShared: boolean }>()
  #open = new Map<DeploymentRecord, Map<string, Count>>()
  #minuteMs = 0
  #coarse = 0
  #withoutKey = 0
  #dropped = 0

  /** Counts that wait to be taken. */
  get waiting(): number {
    return this.#waiting.size
  }

  /** @param atMs in ms since 1970 */
  add(decision: RoutedDecision, atMs: number, address: string | null): void {
    const minuteMs = atMs - (atMs % USAGE_INTERVALS.minute)
    // A decision may have waited for a fact since the minute before.
    if (minuteMs !== this.#minuteMs && minuteMs !== this.#minuteMs - USAGE_INTERVALS.minute) {
      this.close()
      this.#minuteMs = minuteMs
    }
    const { deployment } = decision
    let counts = this.#open.get(deployment)
    if (counts === undefined) {
      counts = new Map()
      this.#open.set(deployment, counts)
    }
    const { secret } = decision
    const isExternal = secret?.isExternal === true
    const consumer = isExternal ? null : consumerOf(decision)
    // Nearly all requests have the first secret of a key, which names the count without a concatenation.
    if (decision.kind === 'allow' && secret !== null && secret.sequence === 1) {
      const usual = counts.get(secret.keyId)
      if (usual?.consumer === consumer) {
        use(usual, atMs, address)
        return
      }
    }
    const count =
      this.#countOf(counts, decision, secret, consumer, isExternal) ?? this.#coarseCountOf(counts, decision)
    if (count === undefined) this.#dropped += 1
    else use(count, atMs, count.isShared ? address : null)
  }

  /** Moves what is open to what waits. */
  close(): void {
    const open = this.#open
    this.#open = new Map()
    for (const [deployment, counts] of open) {
      for (const count of counts.values())
        this.#merge(rowOf(deployment, count, this.#minuteMs), count.isShared)
    }
  }

  /** Removes and returns the counts that have waited longest. */
  take(max: number): UsageRow[] {
    const taken: UsageRow[] = []
    for (const [name, { row, isShared }] of this.#waiting) {
      if (taken.length === max) break
      taken.push(row)
      this.#waiting.delete(name)
      if (isShared) this.#share.give(tenantOf(row))
      else this.#coarse -= 1
    }
    return taken
  }

  /** Adds counts that were taken and could not be stored. */
  giveBack(rows: readonly UsageRow[]): void {
    for (const row of rows) {
      const isShared = this.#share.take(tenantOf(row))
      if (!isShared && this.#coarse >= COARSE_COUNTS_MAX) {
        this.#dropped += row.requests
        continue
      }
      if (!isShared) this.#coarse += 1
      this.#merge(isShared ? row : coarse(row), isShared)
    }
  }

  /** The requests since the last call that were counted without their keys, and those that were not counted. */
  takeLosses(): { readonly withoutKey: number; readonly dropped: number } {
    const losses = { withoutKey: this.#withoutKey, dropped: this.#dropped }
    this.#withoutKey = 0
    this.#dropped = 0
    return losses
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
    if (!this.#share.take(tenantOf(decision.deployment))) return undefined
    const [keyId, secretSequence] = secret === null ? [null, 0] : [secret.keyId, secret.sequence]
    return opened(counts, name, { keyId, secretSequence, isExternal, consumer, code, isShared: true })
  }

  #coarseCountOf(counts: Map<string, Count>, decision: RoutedDecision): Count | undefined {
    this.#withoutKey += 1
    const code = codeOf(decision)
    const name = `${code} coarse`
    const known = counts.get(name)
    if (known !== undefined) return known
    if (this.#coarse >= COARSE_COUNTS_MAX) return undefined
    this.#coarse += 1
    return opened(counts, name, { ...NO_KEY, code, isShared: false })
  }

  /** Adds a count to an equal one that waits, whose place it then needs no longer. */
  #merge(row: UsageRow, isShared: boolean): void {
    const name = nameOf(row)
    const known = this.#waiting.get(name)
    if (known === undefined) {
      this.#waiting.set(name, { row, isShared })
      return
    }
    known.row = sum(known.row, row)
    if (isShared) this.#share.give(tenantOf(row))
    else this.#coarse -= 1
  }
}

const NO_KEY = { keyId: null, secretSequence: 0, isExternal: false, consumer: null } as const

function use(count: Count, atMs: number, address: string | null): void {
  count.requests += 1
  count.lastUsedAtMs = atMs
  count.lastUsedAddress = address
}

function opened(
  counts: Map<string, Count>,
  name: string,
  facts: Omit<Count, 'requests' | 'lastUsedAtMs' | 'lastUsedAddress'>,
): Count {
  const count: Count = { ...facts, requests: 0, lastUsedAtMs: 0, lastUsedAddress: null }
  counts.set(name, count)
  return count
}

function codeOf(decision: RoutedDecision): string {
  return decision.kind === 'allow' ? ALLOWED_CODE : decision.reason
}

function consumerOf(decision: RoutedDecision): string | null {
  if (decision.kind === 'deny') return decision.consumer
  const { principal, deployment } = decision
  return principal.organization === deployment.organization ? principal.consumer : null
}

/** Counts are shared as what they are about: an organization's pipelines. */
function tenantOf({ organization, pipeline }: Tenant): Tenant {
  return { organization, pipeline }
}

function rowOf(deployment: DeploymentRecord, count: Count, minuteMs: number): UsageRow {
  const { organization, environment, project, pipeline, version } = deployment
  const { keyId, secretSequence, isExternal, consumer, code, requests, lastUsedAtMs, lastUsedAddress } = count
  return {
    organization,
    environment,
    project,
    pipeline,
    version,
    code,
    consumer,
    keyId,
    secretSequence,
    isExternal,
    minuteMs,
    requests,
    lastUsedAtMs,
    lastUsedAddress,
  }
}

function coarse(row: UsageRow): UsageRow {
  return { ...row, ...NO_KEY, lastUsedAddress: null }
}

function nameOf(row: UsageRow): string {
  const { organization, environment, pipeline, version, code, consumer, keyId, secretSequence, minuteMs } =
    row
  return `${minuteMs} ${organization} ${environment} ${pipeline} ${version} ${code} ${keyId ?? ''} ${secretSequence} ${consumer ?? ''}`
}

function sum(one: UsageRow, other: UsageRow): UsageRow {
  const newer = other.lastUsedAtMs >= one.lastUsedAtMs ? other : one
  return { ...newer, requests: one.requests + other.requests }
}
