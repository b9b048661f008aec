import { hash } from 'node:crypto'
import type { DeploymentRecord } from '@sallyport/core'
import { FairShare, type Tenant } from '../../fairness/fair-share.ts'
import { CachePartition } from './cache-partition.ts'
import type { CacheResult, CacheSpace } from './cache-space.ts'

/** A response may take this part of what the cache may hold. */
const ENTRY_DIVISOR = 4
/** For one response, responses of this many times its size may be removed. */
const TIMES_REMOVED_MAX = 4

/**
 * The stored responses of one gateway, in memory. Each deployment has a part of its own, which ends with it: so no response
 * outlives the rules by which it was asked for, and none is found in another environment. Organizations, and their
 * pipelines, share the bytes. A full share loses what was used longest ago of the deployment with most.
 */
export class ResponseCache implements CacheSpace {
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  /** How many requests were answered in each way. */
  readonly results: Record<CacheResult, number> = { hit: 0, miss: 0, confirmed: 0, stale: 0 }
  readonly #bytesMax: number
  readonly #share: FairShare
  readonly #partitions = new Map<string, CachePartition>()
  readonly #known = new WeakMap<DeploymentRecord, CachePartition>()
  readonly #byOrganization = new Map<string, Set<CachePartition>>()

  /**
   * @param bytesMax what it may hold
   * @param nowMs wall time, which responses name
   * @param monotonicMs for ages
   */
  constructor(bytesMax: number, nowMs: () => number, monotonicMs: () => number) {
    this.#bytesMax = bytesMax
    this.#share = new FairShare(bytesMax)
    this.nowMs = nowMs
    this.monotonicMs = monotonicMs
  }

  /** The bytes that it holds. */
  get bytes(): number {
    return this.#share.used
  }

  /** How many responses it holds. */
  get size(): number {
    let size = 0
    for (const partition of this.#partitions.values()) size += partition.size
    return size
  }

  /** The part of a deployment. */
  of(record: DeploymentRecord, tenant: Tenant): CachePartition {
    const known = this.#known.get(record)
    if (known !== undefined) return known
    // A snapshot that is loaded anew has other records of the same deployments.
    const name = generationOf(record)
    let partition = this.#partitions.get(name)
    if (partition === undefined) {
      partition = new CachePartition(this, record, tenant)
      this.#partitions.set(name, partition)
      const siblings = this.#byOrganization.get(tenant.organization)
      if (siblings === undefined) this.#byOrganization.set(tenant.organization, new Set([partition]))
      else siblings.add(partition)
    }
    this.#known.set(record, partition)
    return partition
  }

  /**
   * Forgets the responses of deployments that are over.
   *
   * @param liveOf the live deployment of the same pipeline and major version
   */
  prune(liveOf: (record: DeploymentRecord) => DeploymentRecord | undefined): void {
    for (const [name, partition] of this.#partitions) {
      const live = liveOf(partition.record)
      if (live === partition.record || (live !== undefined && generationOf(live) === name)) continue
      this.#partitions.delete(name)
      partition.end()
      const { organization } = partition.tenant
      const siblings = this.#byOrganization.get(organization)
      siblings?.delete(partition)
      if (siblings?.size === 0) this.#byOrganization.delete(organization)
    }
  }

  take(tenant: Tenant, bytes: number): boolean {
    if (bytes > this.#bytesMax / ENTRY_DIVISOR) return false
    let removed = 0
    while (!this.#share.take(tenant, bytes)) {
      // An organization above its share shrinks with each response that it wants to store, and not all at once.
      const more = removed > TIMES_REMOVED_MAX * bytes ? 0 : this.#removeOldest(tenant)
      if (more === 0) return false
      removed += more
    }
    return true
  }

  give(tenant: Tenant, bytes: number): void {
    this.#share.give(tenant, bytes)
  }

  count(result: CacheResult): void {
    this.results[result] += 1
  }

  /** Removes from the part of the organization that has most. @returns the bytes that it had; 0 if there was none */
  #removeOldest({ organization }: Tenant): number {
    let largest: CachePartition | null = null
    for (const partition of this.#byOrganization.get(organization) ?? []) {
      if (largest === null || partition.bytes > largest.bytes) largest = partition
    }
    return largest?.removeOldest() ?? 0
  }
}

const generations = new WeakMap<DeploymentRecord, string>()

/** Names a deployment and what it does. */
function generationOf(record: DeploymentRecord): string {
  let generation = generations.get(record)
  if (generation === undefined) {
    const { organization, environment, pipeline, id, version, spec } = record
    const parts = [organization, environment, pipeline, id, version, spec]
    generation = hash('sha256', JSON.stringify(parts), 'base64')
    generations.set(record, generation)
  }
  return generation
}
