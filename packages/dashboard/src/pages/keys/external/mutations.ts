import type { AddExternalKeyInput, ExternalKey, UpdateExternalKeyInput } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { WAIT_SECONDS } from '../../../data/change.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { say } from '../../../parts/messages/say.ts'
import { t } from '../../../texts/texts.ts'
import { nameOf } from './fits.ts'

/** A change of an external key; afterwards, what the pages show of such keys is read again. */
function useExternalKeyChange<Input, Output>(
  organization: string,
  change: (input: Input) => Promise<Output>,
  kinds: readonly string[] = ['external-keys', 'external-key'],
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      await Promise.all(kinds.map((kind) => queries.invalidateQueries({ queryKey: [kind, organization] })))
    },
  })
}

export function useAddExternalKey(organization: string) {
  return useExternalKeyChange(organization, async (input: AddExternalKeyInput) => {
    const added = await sallyport.addExternalKey({ ...input, organization })
    say(t.externalKeys.form.added(nameOf(added)))
    return added
  })
}

export function useEditExternalKey(organization: string) {
  return useExternalKeyChange(organization, async (input: UpdateExternalKeyInput) => {
    const { externalKey, receipt } = await sallyport.updateExternalKey({
      ...input,
      organization,
      wait: WAIT_SECONDS,
    })
    say(t.externalKeys.form.saved(nameOf(externalKey), t.receipt.on(receipt)))
  })
}

/** Switches an external key off or on here. */
export function useSwitchExternalKey(organization: string, status: 'active' | 'inactive') {
  return useExternalKeyChange(organization, async (key: ExternalKey) => {
    const input = { organization, externalKey: key.id, status, wait: WAIT_SECONDS }
    const { receipt } = await sallyport.updateExternalKey(input)
    const { on, off } = t.externalKeys.switchOff
    say((status === 'active' ? on : off)(nameOf(key), t.receipt.on(receipt)))
  })
}

/** Removes an external key. Its details stay as they were, until they are closed. */
export function useRemoveExternalKey(organization: string) {
  return useExternalKeyChange(
    organization,
    async ({ id }: ExternalKey) =>
      await sallyport.removeExternalKey({ organization, externalKey: id, wait: WAIT_SECONDS }),
    ['external-keys'],
  )
}
