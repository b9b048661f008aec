import type { Policy } from '@sallyport/sdk'
import { WAIT_SECONDS } from '../../data/change.ts'
import { useGuardedChange } from '../../data/edits/guarded-change.ts'
import { keyAgeQuery, policyQuery } from '../../data/environments.ts'
import { sallyport } from '../../data/sallyport.ts'
import { say } from '../../parts/messages/say.ts'
import { t } from '../../texts/texts.ts'
import { type KeyAgeValues, setKeyAge } from './queries.ts'

/** Sets the mode of an environment. */
export function useSetPolicy(organization: string, environment: string) {
  return useGuardedChange(organization, {
    thing: 'policy',
    query: (_input: Pick<Policy, 'mode'>) => policyQuery(organization, environment),
    kinds: ['policies', 'policy-effect', 'policy-versions', 'conformity'],
    async change({ mode }, options) {
      const input = { organization, environment, mode, wait: WAIT_SECONDS }
      const { receipt } = await sallyport.setPolicy(input, options)
      const confirmed = receipt?.gateways.filter((gateway) => gateway.confirmed).length ?? 0
      say(t.policies.confirm.done(environment, confirmed, Math.round(receipt?.elapsedMs ?? 0)))
    },
  })
}

/** Sets the age of the keys of an environment, or of the organization. */
export function useSetKeyAge(organization: string, environment: string | undefined, where: string) {
  return useGuardedChange(organization, {
    thing: 'key-age',
    query: (_values: KeyAgeValues) => keyAgeQuery(organization, environment),
    kinds: ['key-ages', 'key-age', 'key-age-effect', 'keys', 'key'],
    async change({ rotationReminderDays, maxLifetimeDays }, options) {
      await setKeyAge(organization, environment, { rotationReminderDays, maxLifetimeDays }, false, options)
      say(t.policies.age.done(where))
    },
  })
}
