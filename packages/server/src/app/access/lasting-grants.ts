import { isKeyId, keyLifetimeEndsAtMs, keyRefusal, type Grant } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { Reader } from '../../store/port/store.ts'
import { externalKeyIn, isConsumerActive } from './authenticate.ts'
import type { OperationContext } from './context.ts'
import { customRolesAmong, grantsOfKey } from './roles.ts'

/** The readers that find a person or a key by its id, without a credential. */
export type HolderReaders = Pick<Reader, 'keys' | 'consumers' | 'externalKeys' | 'members' | 'roles'>

/**
 * What a person or a key may do in an organization now, as far as it may give that away for good: a key that works only for
 * some time, from some addresses or so often gives nothing without these bounds.
 *
 * @param id of the person or key
 * @returns undefined for one that does not belong to the organization, no longer works there, or has such bounds
 */
export async function lastingGrants(
  context: Pick<OperationContext, 'nowMs'>,
  readers: HolderReaders,
  organization: string,
  id: string,
): Promise<readonly Grant[] | undefined> {
  const holder = await holderOf(context, readers, organization, id)
  return holder && grantsOfKey(holder, await customRolesAmong(readers.roles, { organization, ...holder }))
}

interface Holder {
  readonly roles: readonly string[]
  readonly environment: string | null
}

async function holderOf(
  { nowMs }: Pick<OperationContext, 'nowMs'>,
  readers: HolderReaders,
  organization: string,
  id: string,
): Promise<Holder | undefined> {
  if (!isKeyId(id)) {
    const member = await readers.members.get(organization, id)
    return member && { roles: member.roles, environment: null }
  }
  const key = await readers.keys.find(id)
  if (key === undefined || key.expiresAtMs !== null || isBounded(key)) return undefined
  const isActive = key.active && (await isConsumerActive(readers, key))
  if (
    keyRefusal(key.deletedAtMs !== null, isActive, keyLifetimeEndsAtMs(key), Infinity, nowMs()) !== undefined
  )
    return undefined
  if (key.organization === organization) return key
  const external = await externalKeyIn(readers, key, organization)
  if (external === undefined || isBounded(external)) return undefined
  return { roles: external.roles, environment: null }
}

function isBounded({ addressRules, rateLimits }: Pick<KeyRow, 'addressRules' | 'rateLimits'>): boolean {
  return addressRules.length > 0 || rateLimits.length > 0
}
