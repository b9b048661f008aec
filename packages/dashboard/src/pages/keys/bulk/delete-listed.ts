import { etagOf, type Key, type ListedKey } from '@sallyport/sdk'
import { WAIT_SECONDS } from '../../../data/change.ts'
import { Overtaken } from '../../../data/edits/overtaken.ts'
import { hasCode, isNotFound } from '../../../data/failures.ts'
import { sallyport } from '../../../data/sallyport.ts'

/** What people set of a key, which the list has too. Uses and rolls change by themselves. */
const SET = [
  'name',
  'environment',
  'consumer',
  'roles',
  'status',
  'expiresAt',
  'addressRules',
  'rateLimits',
  'labels',
] as const satisfies readonly (keyof Key & keyof ListedKey)[]

/**
 * Deletes a key that was chosen in the list, unless another person was faster. A list has no ETags, so the key is read
 * alone, compared with the list, and deleted if nothing changes after that either.
 *
 * @throws Overtaken if it is not as it is in the list any more
 */
export async function deleteListed(organization: string, listed: ListedKey): Promise<object> {
  const key = listed.id
  try {
    const now = await sallyport.getKey({ organization, key })
    if (now.state === 'deleted') return {}
    const isSame = SET.every((name) => JSON.stringify(now[name]) === JSON.stringify(listed[name]))
    if (!isSame) throw new Overtaken('key', listed, now)
    return await sallyport.deleteKey({ organization, key, wait: WAIT_SECONDS }, { ifMatch: etagOf(now) })
  } catch (error) {
    if (isNotFound(error)) return {}
    if (hasCode(error, 'precondition_failed')) throw new Overtaken('key', listed, null)
    throw error
  }
}
