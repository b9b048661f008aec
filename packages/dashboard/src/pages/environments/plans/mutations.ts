import type { CreatePlanInput, Plan, UpdatePlanInput } from '@sallyport/sdk'
import { useChange, WAIT_SECONDS } from '../../../data/change.ts'
import { useGuardedChange } from '../../../data/edits/guarded-change.ts'
import { planQuery } from '../../../data/plans.ts'
import { sallyport } from '../../../data/sallyport.ts'
import { say } from '../../../parts/messages/say.ts'
import { t } from '../../../texts/texts.ts'

/** A plan by its names. */
type Named = Pick<Plan, 'environment' | 'name'>

export function useCreatePlan(organization: string) {
  return useChange(organization, ['plans'], async (input: CreatePlanInput) => {
    const { name } = await sallyport.createPlan({ ...input, organization })
    say(t.environments.plans.done(name))
  })
}

type PlanChange = Named & Pick<UpdatePlanInput, 'title' | 'description' | 'rateLimits'>

export function useUpdatePlan(organization: string) {
  return useGuardedChange(organization, {
    thing: 'plan',
    query: ({ environment, name }: PlanChange) => planQuery(organization, environment, name),
    kinds: ['plans', 'plan'],
    async change({ environment, name, title, description, rateLimits }, options) {
      const changes = { title, description, rateLimits }
      const input = { organization, environment, plan: name, ...changes, wait: WAIT_SECONDS }
      const { receipt } = await sallyport.updatePlan(input, options)
      say(t.environments.plans.saved(name, t.receipt.on(receipt)))
    },
  })
}

export function useRemovePlan(organization: string) {
  return useGuardedChange(organization, {
    thing: 'plan',
    query: ({ environment, name }: Named) => planQuery(organization, environment, name),
    kinds: ['plans'],
    change: async ({ environment, name }, options) =>
      await sallyport.removePlan({ organization, environment, plan: name, wait: WAIT_SECONDS }, options),
  })
}
