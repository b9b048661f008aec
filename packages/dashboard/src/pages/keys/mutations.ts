import type { CreateKeyInput, Key, UpdateKeyInput } from '@sallyport/sdk'
import { type QueryClient, useMutation, useQueryClient } from '@tanstack/react-query'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/layers/toasts.tsx'
import { t } from '../../texts/texts.ts'

/** How long a change waits for the gateways before it answers, in seconds. */
const WAIT_SECONDS = 5

type Named = Pick<Key, 'id' | 'name'>

/** Reads again what a change of a key concerns. */
export async function refreshKeys(queries: QueryClient, organization: string): Promise<void> {
  await Promise.all(
    ['keys', 'key', 'hand-overs'].map((kind) =>
      queries.invalidateQueries({ queryKey: [kind, organization] }),
    ),
  )
}

/** A change of a key; afterwards, what the pages show of keys is read again. */
function useKeyChange<Input, Output>(organization: string, change: (input: Input) => Promise<Output>) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: () => void refreshKeys(queries, organization),
  })
}

export function useCreateKey(organization: string) {
  return useKeyChange(
    organization,
    async (input: CreateKeyInput) => await sallyport.createKey({ ...input, organization }),
  )
}

interface Edit extends Named {
  readonly changes: Omit<UpdateKeyInput, 'key'>
}

export function useEditKey(organization: string) {
  return useKeyChange(organization, async ({ id, name, changes }: Edit) => {
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
  return useKeyChange(
    organization,
    async ({ id, ...input }: Roll) =>
      await sallyport.rollKey({ organization, key: id, wait: WAIT_SECONDS, ...input }),
  )
}

export function useFinishRoll(organization: string) {
  return useKeyChange(organization, async ({ id, name }: Named) => {
    await sallyport.finishRoll({ organization, key: id, wait: WAIT_SECONDS })
    say(t.keys.roll.finished(name))
  })
}

export function useUndoRoll(organization: string) {
  return useKeyChange(organization, async ({ id, name }: Named) => {
    await sallyport.undoRoll({ organization, key: id, wait: WAIT_SECONDS })
    say(t.keys.roll.undone(name))
  })
}

export function useSwitchOff(organization: string) {
  return useKeyChange(organization, async ({ id, name }: Named) => {
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
  return useKeyChange(organization, async ({ id, name }: Named) => {
    await sallyport.updateKey({ organization, key: id, status: 'active', wait: WAIT_SECONDS })
    say(t.keys.switchOff.on(name))
  })
}

export function useDeleteKey(organization: string) {
  return useKeyChange(
    organization,
    async ({ id }: Named) => await sallyport.deleteKey({ organization, key: id, wait: WAIT_SECONDS }),
  )
}

export function useWithdraw(organization: string) {
  return useKeyChange(organization, async (handOver: string) => {
    await sallyport.withdrawHandOver({ organization, handOver, wait: WAIT_SECONDS })
    say(t.handOver.withdrawn)
  })
}
