import type { Tenant } from '../../fairness/fair-share.ts'

/** How requests were answered, for metrics. */
export type CacheResult = 'hit' | 'miss' | 'confirmed' | 'stale'

/** The bytes of a cache, which organizations share. */
export interface CacheSpace {
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  /** @returns false if there is no room, even without the entries that the tenant's organization used longest ago */
  take(tenant: Tenant, bytes: number): boolean
  give(tenant: Tenant, bytes: number): void
  count(result: CacheResult): void
}
