import type { CreateKeyInput, Key, UpdateKeyInput } from '@sallyport/sdk'
import { useMutation } from '@tanstack/react-query'
import { useChange, WAIT_SECONDS } from '../../data/change.ts'
import { useGuardedChange } from '../../data/edits/guarded-change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { useToldChange } from '../../parts/messages/use-told-change.ts'
import { t } from '../../texts/texts.ts'
import { keyQuery } from './queries.ts'

type Named = Pick<Key, 'id' | 'name'>

/** What a change of a key concerns. */
export const OF_KEYS = ['keys', 'key', 'hand-overs', 'leaks', 'leaked-keys']

export function useCreateKey(organization: string) {
  return useChange(
    organization,
    OF_KEYS,
    async (input: CreateKeyInput) => await sallyport.createKey({ ...input, organization }),
  )
}

interface Edit extends Named {
  readonly changes: Omit<UpdateKeyInput, 'key'>
}

export function useEditKey(organization: string) {
  return useGuardedChange(organization, {
    thing: 'key',
    query: ({ id }: Edit) => keyQuery(organization, id),
    kinds: OF_KEYS,
    async change({ id, name, changes }, options) {
      const input = { ...changes, organization, key: id, wait: WAIT_SECONDS }
      const { receipt } = await sallyport.updateKey(input, options)
      say(t.keys.editDialog.done(changes.name ?? name, t.receipt.on(receipt)))
    },
  })
}

/** Asks whose key a token is; the answer is forgotten with the dialog. */
export function useLookUp(organization: string) {
  return useMutation({
    mutationFn: async (token: string) => await sallyport.lookUpKey({ organization, token }),
  })
}

interface Roll {
  readonly id: string
  readonly graceSeconds: number
  /** For a link instead of the token. */
  readonly handOver?: { readonly expiresInHours: number }
}

export function useRollKey(organization: string) {
  return useChange(
    organization,
    OF_KEYS,
    async ({ id, ...input }: Roll) =>
      await sallyport.rollKey({ organization, key: id, wait: WAIT_SECONDS, ...input }),
  )
}

export function useFinishRoll(organization: string) {
  return useToldChange(organization, OF_KEYS, async ({ id, name }: Named) => {
    await sallyport.finishRoll({ organization, key: id, wait: WAIT_SECONDS })
    return t.keys.roll.finished(name)
  })
}

export function useUndoRoll(organization: string) {
  return useToldChange(organization, OF_KEYS, async ({ id, name }: Named) => {
    await sallyport.undoRoll({ organization, key: id, wait: WAIT_SECONDS })
    return t.keys.roll.undone(name)
  })
}

export function useSwitchOff(organization: string) {
  return useToldChange(organization, OF_KEYS, async ({ id, name }: Named) => {
    const { receipt } = await sallyport.updateKey({
      organization,
      key: id,
      status: 'inactive',
      wait: WAIT_SECONDS,
    })
    const confirmed = receipt.gateways.filter((gateway) => gateway.confirmed).length
    return t.keys.switchOff.done(name, confirmed, Math.round(receipt.elapsedMs))
  })
}

export function useSwitchOn(organization: string) {
  return useToldChange(organization, OF_KEYS, async ({ id, name }: Named) => {
    await sallyport.updateKey({ organization, key: id, status: 'active', wait: WAIT_SECONDS })
    return t.keys.switchOff.on(name)
  })
}

export function useDeleteKey(organization: string) {
  return useGuardedChange(organization, {
    thing: 'key',
    query: ({ id }: Pick<Key, 'id'>) => keyQuery(organization, id),
    kinds: OF_KEYS,
    change: async ({ id }, options) =>
      await sallyport.deleteKey({ organization, key: id, wait: WAIT_SECONDS }, options),
  })
}

export function useWithdraw(organization: string) {
  return useChange(organization, OF_KEYS, async (handOver: string) => {
    await sallyport.withdrawHandOver({ organization, handOver, wait: WAIT_SECONDS })
    say(t.handOver.withdrawn)
  })
}
