import { type ListedKey, SallyportError } from '@sallyport/sdk'
import { Overtaken } from '../../../data/edits/overtaken.ts'
import { keys as words } from '../../../texts/keys.ts'

/** What is shown of a key that was to be changed with others. */
export type AboutKey = Pick<ListedKey, 'id' | 'name' | 'environment' | 'consumerName'>

/** A key that was not changed. */
export interface RefusedKey {
  /** Why, as the server says, or because it has changed. */
  readonly refusal: string
}

/** Why the server did not change this key, if it would change others; undefined for what holds up all of them. */
export function refusalOf(error: unknown): string | undefined {
  if (error instanceof Overtaken) return words.bulk.overtaken
  if (!(error instanceof SallyportError)) return undefined
  const isOfKey = [400, 404, 409, 422].includes(error.status) || error.code === 'permission_missing'
  return isOfKey ? error.detail : undefined
}
