import type { Policy } from '@sallyport/sdk'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { WAIT_SECONDS } from '../../data/change.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'
import { type KeyAgeValues, setKeyAge } from './queries.ts'

/** Sets the mode of an environment. */
export function useSetPolicy(organization: string, environment: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (mode: Policy['mode']) => {
      const { receipt } = await sallyport.setPolicy({ organization, environment, mode, wait: WAIT_SECONDS })
      const confirmed = receipt?.gateways.filter((gateway) => gateway.confirmed).length ?? 0
      say(t.policies.confirm.done(environment, confirmed, Math.round(receipt?.elapsedMs ?? 0)))
    },
    onSuccess: () => {
      for (const kind of ['policies', 'policy-effect', 'policy-versions', 'conformity']) {
        void queries.invalidateQueries({ queryKey: [kind, organization] })
      }
    },
  })
}

/** Sets the age of the keys of an environment, or of the organization. */
export function useSetKeyAge(organization: string, environment: string | undefined, where: string) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async (values: KeyAgeValues) => {
      await setKeyAge(organization, environment, values, false)
      say(t.policies.age.done(where))
    },
    onSuccess: () => {
      for (const kind of ['key-ages', 'key-age', 'key-age-effect', 'keys', 'key']) {
        void queries.invalidateQueries({ queryKey: [kind, organization] })
      }
    },
  })
}
