import { useMutation, useQueryClient } from '@tanstack/react-query'
import { WAIT_SECONDS } from '../../../data/change.ts'
import { sallyport } from '../../../data/sallyport.ts'

/** Whether other organizations may accept a key: one of them, or all without a rule of their own. */
export interface AcceptanceRule {
  /** The slug of one; undefined for all. */
  readonly partner: string | undefined
  readonly allowed: boolean
}

export function useSetAcceptance(organization: string, key: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async ({ partner, allowed }: AcceptanceRule) => {
      const input = { organization, key, allowed, wait: WAIT_SECONDS }
      return partner === undefined
        ? await sallyport.setKeyAcceptance(input)
        : await sallyport.setPartnerAcceptance({ ...input, partner })
    },
    onSuccess: async () => await queries.invalidateQueries({ queryKey: ['acceptances', organization, key] }),
  })
}
