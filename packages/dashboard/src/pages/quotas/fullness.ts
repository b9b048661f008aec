import type { Quotas } from '@sallyport/sdk'

export type QuotaName = keyof Quotas
export type Fullness = 'free' | 'near' | 'full'

/** From this share on, a limit is near. */
const NEAR = 0.8

/** A quota, with how much of it is used. */
export interface ShownQuota {
  readonly name: QuotaName
  readonly used: number
  readonly limit: number
  /** From 0; more than 1 above a lowered limit. Nothing fits into a limit of 0. */
  readonly share: number
  readonly fullness: Fullness
}

function fullnessOf(share: number): Fullness {
  if (share >= 1) return 'full'
  return share >= NEAR ? 'near' : 'free'
}

/** The quotas, the fullest first. */
export function byFullness(quotas: Quotas): readonly ShownQuota[] {
  const names = Object.keys(quotas) as QuotaName[]
  return names
    .map((name): ShownQuota => {
      const { used, limit } = quotas[name]
      const share = limit === 0 ? 1 : used / limit
      return { name, used, limit, share, fullness: fullnessOf(share) }
    })
    .toSorted((one, other) => other.share - one.share)
}
