import { createPlan } from '../../../app/plans/create-plan.ts'
import { getPlan, listPlans } from '../../../app/plans/reading.ts'
import { removePlan } from '../../../app/plans/remove-plan.ts'
import { updatePlan } from '../../../app/plans/update-plan.ts'
import { plan, planChange, planChanged, planCreation } from '../../../contract/consumers/plans.ts'
import type { PlanRow } from '../../../store/port/consumers/plans.ts'
import { timestampAnswer } from '../../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'

const all = '/v1/organizations/:organization/environments/:environment/plans'
const one = `${all}/:plan` as const
const access = { permission: 'consumers.write', on: 'environment' } as const

function planAnswer({ name, title, description, environment, rateLimits, createdAtMs, createdBy }: PlanRow) {
  return {
    name,
    title,
    description,
    environment,
    rateLimits: rateLimits.map((limit) => ({ ...limit })),
    createdAt: timestampAnswer(createdAtMs),
    createdBy,
  }
}

export function planRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Plans')

  routes.list(
    { path: all, operationId: 'listPlans', summary: 'List the plans of an environment', item: plan },
    listPlans,
    planAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createPlan',
      access,
      summary: 'Create a plan that consumers can have',
      body: planCreation,
      answer: plan,
    },
    createPlan,
    ({ result }) => planAnswer(result),
  )

  routes.read(
    { path: one, operationId: 'getPlan', summary: 'Read a plan', answer: plan },
    getPlan,
    planAnswer,
  )

  routes.change(
    {
      path: one,
      operationId: 'updatePlan',
      access,
      summary: 'Update a plan for all consumers that have it',
      body: planChange,
      answer: planChanged,
    },
    updatePlan,
    (result) => ({ plan: planAnswer(result.plan) }),
  )

  routes.remove(
    { path: one, operationId: 'removePlan', access, summary: 'Remove a plan that no consumer has' },
    removePlan,
  )
}
