import type { AddExternalKeyInput, ExternalKey, UpdateExternalKeyInput } from '@sallyport/sdk'
import { useChange, WAIT_SECONDS } from '../../../data/change.ts'
import { useGuardedChange } from '../../../data/edits/guarded-change.ts'
import { externalKeyQuery } from '../../../data/external-keys.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { say } from '../../../parts/messages/say.ts'
import { useToldChange } from '../../../parts/messages/use-told-change.ts'
import { t } from '../../../texts/texts.ts'
import { nameOf } from './fits.ts'

const KINDS = ['external-keys', 'external-key']

export function useAddExternalKey(organization: string) {
  return useChange(organization, KINDS, async (input: AddExternalKeyInput) => {
    const added = await sallyport.addExternalKey({ ...input, organization })
    say(t.externalKeys.form.added(nameOf(added)))
    return added
  })
}

export function useEditExternalKey(organization: string) {
  return useGuardedChange(organization, {
    thing: 'external-key',
    query: ({ externalKey }: UpdateExternalKeyInput) => externalKeyQuery(organization, externalKey),
    kinds: KINDS,
    async change({ externalKey: id, label, roles, addressRules }, options) {
      const input = { organization, externalKey: id, label, roles, addressRules, wait: WAIT_SECONDS }
      const { externalKey, receipt } = await sallyport.updateExternalKey(input, options)
      say(t.externalKeys.form.saved(nameOf(externalKey), t.receipt.on(receipt)))
    },
  })
}

/** Switches an external key off or on here. */
export function useSwitchExternalKey(organization: string, status: 'active' | 'inactive') {
  return useToldChange(organization, KINDS, async (key: ExternalKey) => {
    const input = { organization, externalKey: key.id, status, wait: WAIT_SECONDS }
    const { receipt } = await sallyport.updateExternalKey(input)
    const { on, off } = t.externalKeys.switchOff
    return (status === 'active' ? on : off)(nameOf(key), t.receipt.on(receipt))
  })
}

/** Removes an external key. Its details stay as they were, until they are closed. */
export function useRemoveExternalKey(organization: string) {
  return useGuardedChange(organization, {
    thing: 'external-key',
    query: ({ id }: Pick<ExternalKey, 'id'>) => externalKeyQuery(organization, id),
    kinds: ['external-keys'],
    change: async ({ id }, options) =>
      await sallyport.removeExternalKey({ organization, externalKey: id, wait: WAIT_SECONDS }, options),
  })
}
