import { readUsage } from '../../../app/usage/read-usage.ts'
import { usageFilter, usageSum } from '../../../contract/usage/usage.ts'
import { usageSumAnswer } from '../../answers/usage-sum-answer.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'

export function usageRoutes(api: ControlApi): void {
  resourceRoutes(api, 'Usage').list(
    {
      path: '/v1/organizations/:organization/usage',
      operationId: 'readUsage',
      summary: 'Read how many requests there were, by time and by key, consumer, pipeline or outcome',
      query: usageFilter,
      item: usageSum,
    },
    readUsage,
    usageSumAnswer,
  )
}
