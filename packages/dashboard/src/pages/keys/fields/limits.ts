import type { CreateKeyInput, Key } from '@sallyport/sdk'

export const PERIODS = ['second', 'minute', 'hour', 'day', 'month'] as const
export type Period = (typeof PERIODS)[number]
/** The most limits of a key. */
export const LIMITS_MAX = 10

/** A rate limit in a form. */
export interface Limit {
  /** Tells the rows of the form apart. */
  readonly id: number
  readonly requests: number | ''
  readonly per: Period
}

/** What a new row of a form begins with. */
export const NEW_LIMIT: Omit<Limit, 'id'> = { requests: '', per: 'minute' }

export function limitsOf({ rateLimits }: Pick<Key, 'rateLimits'>): readonly Limit[] {
  return rateLimits.map(({ requests, per }, id) => ({
    id,
    requests,
    per: PERIODS.find((period) => period === per) ?? 'minute',
  }))
}

export function areComplete(limits: readonly Limit[]): boolean {
  return limits.every(({ requests }) => requests !== '')
}

/** What the API takes for them. */
export function limitsInput(limits: readonly Limit[]): NonNullable<CreateKeyInput['rateLimits']> {
  return limits.flatMap(({ requests, per }) => (requests === '' ? [] : [{ requests, per }]))
}
