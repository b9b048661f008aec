import type { CreateKeyInput, Key, UpdateKeyInput } from '@sallyport/sdk'
import { useMutation } from '@tanstack/react-query'
import { useChange, WAIT_SECONDS } from '../../data/change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'

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
  return useChange(organization, OF_KEYS, async ({ id, name, changes }: Edit) => {
    const { receipt } = await sallyport.updateKey({ ...changes, organization, key: id, wait: WAIT_SECONDS })
    say(t.keys.editDialog.done(changes.name ?? name, t.receipt.on(receipt)))
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
  return useChange(organization, OF_KEYS, async ({ id, name }: Named) => {
    await sallyport.finishRoll({ organization, key: id, wait: WAIT_SECONDS })
    say(t.keys.roll.finished(name))
  })
}

export function useUndoRoll(organization: string) {
  return useChange(organization, OF_KEYS, async ({ id, name }: Named) => {
    await sallyport.undoRoll({ organization, key: id, wait: WAIT_SECONDS })
    say(t.keys.roll.undone(name))
  })
}

export function useSwitchOff(organization: string) {
  return useChange(organization, OF_KEYS, async ({ id, name }: Named) => {
    const { receipt } = await sallyport.updateKey({
      organization,
      key: id,
      status: 'inactive',
      wait: WAIT_SECONDS,
    })
    const confirmed = receipt.gateways.filter((gateway) => gateway.confirmed).length
    say(t.keys.switchOff.done(name, confirmed, Math.round(receipt.elapsedMs)))
  })
}

export function useSwitchOn(organization: string) {
  return useChange(organization, OF_KEYS, async ({ id, name }: Named) => {
    await sallyport.updateKey({ organization, key: id, status: 'active', wait: WAIT_SECONDS })
    say(t.keys.switchOff.on(name))
  })
}

export function useDeleteKey(organization: string) {
  return useChange(
    organization,
    OF_KEYS,
    async ({ id }: Named) => await sallyport.deleteKey({ organization, key: id, wait: WAIT_SECONDS }),
  )
}

export function useWithdraw(organization: string) {
  return useChange(organization, OF_KEYS, async (handOver: string) => {
    await sallyport.withdrawHandOver({ organization, handOver, wait: WAIT_SECONDS })
    say(t.handOver.withdrawn)
  })
}
