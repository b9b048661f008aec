import { useChange, WAIT_SECONDS } from '../../../data/change.ts'
import { sallyport } from '../../../data/sallyport.ts'

/** Whether other organizations may accept a key: one of them, or all without a rule of their own. */
export interface AcceptanceRule {
  /** The slug of one; undefined for all. */
  readonly partner: string | undefined
  readonly allowed: boolean
}

const KINDS = ['acceptances']

export function useSetAcceptance(organization: string, key: string) {
  return useChange(organization, KINDS, async ({ partner, allowed }: AcceptanceRule) => {
    const input = { organization, key, allowed, wait: WAIT_SECONDS }
    return partner === undefined
      ? await sallyport.setKeyAcceptance(input)
      : await sallyport.setPartnerAcceptance({ ...input, partner })
  })
}

/** Whether other organizations may accept keys of the organization at all. */
export function useSetOrganizationAcceptance(organization: string) {
  return useChange(
    organization,
    KINDS,
    async (allowed: boolean) =>
      await sallyport.setOrganizationAcceptance({ organization, allowed, wait: WAIT_SECONDS }),
  )
}
