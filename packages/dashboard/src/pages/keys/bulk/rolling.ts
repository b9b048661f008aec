import type { ListedKey } from '@sallyport/sdk'
import { csv } from '../../../format/csv.ts'
import { t } from '../../../texts/texts.ts'
import type { AboutKey, RefusedKey } from './refusal.ts'

/** More keys than these are not rolled at once: their secrets are given to people, and shown only once. */
export const ROLLED_MAX = 100

/** A key that was rolled. */
export interface NewSecret extends AboutKey {
  /** A token, or a link that shows it once. */
  readonly secret: string
  /** When the old secret ends; null if it has ended. */
  readonly oldEndsAt: string | null
}

/** What has become of a key that was to be rolled. */
export type RolledKey = NewSecret | (AboutKey & RefusedKey)

/** Why a key cannot be rolled now; undefined for one that can. */
export type Obstacle = 'rolling' | 'inactive' | 'expired' | 'deleted' | 'forbidden'

export function obstacleOf({ state }: ListedKey, mayRoll: boolean): Obstacle | undefined {
  if (state !== 'active') return state
  return mayRoll ? undefined : 'forbidden'
}

export function isNewSecret(rolled: RolledKey): rolled is NewSecret {
  return 'secret' in rolled
}

/** The new secrets as a file for a spreadsheet or a program. */
export function secretsFile(secrets: readonly NewSecret[], way: 'here' | 'link'): string {
  const { fileColumns } = t.keys.bulk.roll
  return csv([
    [...fileColumns.about, fileColumns[way], fileColumns.oldEnds],
    ...secrets.map(({ id, name, consumerName, environment, secret, oldEndsAt }) => [
      id,
      name,
      consumerName,
      environment,
      secret,
      oldEndsAt,
    ]),
  ])
}
