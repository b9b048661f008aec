/** What an organization can have a limited number of. `versionBytes` is the size of all its versions, in bytes. */
export const QUOTAS = [
  'keys',
  'consumers',
  'pipelines',
  'versions',
  'versionBytes',
  'deployments',
  'routes',
] as const
export type Quota = (typeof QUOTAS)[number]

/** A number for each quota: limits, or what an organization has. */
export type QuotaNumbers = Readonly<Record<Quota, number>>

/** The limits of an organization unless the operator sets others. Deleted keys and ended deployments do not count. */
export const QUOTA_LIMITS_DEFAULT: QuotaNumbers = {
  keys: 1_000_000,
  consumers: 1_000_000,
  pipelines: 10_000,
  versions: 100_000,
  versionBytes: 4 * 1024 * 1024 * 1024,
  deployments: 20_000,
  routes: 100_000,
}

export function isQuota(name: string): name is Quota {
  return (QUOTAS as readonly string[]).includes(name)
}

/**
 * The first quota that an addition exceeds, or undefined. What adds nothing is never refused, so that an organization
 * above a lowered limit can still change and delete what it has.
 */
export function exceededQuota(
  limits: QuotaNumbers,
  used: QuotaNumbers,
  added: Partial<QuotaNumbers>,
): Quota | undefined {
  return QUOTAS.find((quota) => {
    const more = added[quota] ?? 0
    return more > 0 && used[quota] + more > limits[quota]
  })
}
