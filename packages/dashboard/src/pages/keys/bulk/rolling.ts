import { type ListedKey, SallyportError } from '@sallyport/sdk'
import { csv } from '../../../format/csv.ts'
import { t } from '../../../texts/texts.ts'

/** More keys than these are not rolled at once: their secrets are given to people, and shown only once. */
export const ROLLED_MAX = 100

/** What has become of a key that was to be rolled. */
export type RolledKey = Pick<ListedKey, 'id' | 'name' | 'environment' | 'consumerName'> &
  (
    | {
        /** A token, or a link that shows it once. */
        readonly secret: string
        /** When the old secret ends; null if it has ended. */
        readonly oldEndsAt: string | null
      }
    | {
        /** Why it was not rolled. */
        readonly refusal: string
      }
  )

export type NewSecret = Extract<RolledKey, { readonly secret: string }>

/** Why a key cannot be rolled now; undefined for one that can. */
export type Obstacle = 'rolling' | 'inactive' | 'expired' | 'deleted' | 'forbidden'

export function obstacleOf({ state }: ListedKey, mayRoll: boolean): Obstacle | undefined {
  if (state !== 'active') return state
  return mayRoll ? undefined : 'forbidden'
}

/** Why the server did not roll this key, if it would roll others; undefined for what holds up all of them. */
export function refusalOf(error: unknown): string | undefined {
  if (!(error instanceof SallyportError)) return undefined
  const isOfKey = [400, 404, 409, 422].includes(error.status) || error.code === 'permission_missing'
  return isOfKey ? error.detail : undefined
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
