import type { KeyId } from '@sallyport/core'
import { AddressSet } from '../../address/address-set.ts'
import { conflict } from '../refusals.ts'
import type { OperationContext } from './context.ts'

/**
 * Refuses address rules with which the key that acts could not even take them back.
 *
 * @param key the key whose rules they are
 * @throws Problem `conflict`
 */
export function requireStillReachable(
  { actor }: Pick<OperationContext, 'actor'>,
  key: KeyId,
  addressRules: readonly string[],
): void {
  const { address } = actor
  if (key !== actor.id || address === undefined || addressRules.length === 0) return
  if (new AddressSet(addressRules).has(address)) return
  throw conflict(
    `With these address rules, the key that you use would no longer work from your address, ${address}. Include it, or make the change with another key.`,
  )
}
