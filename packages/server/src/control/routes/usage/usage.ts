import type { z } from 'zod'
import { readUsage } from '../../../app/usage/read-usage.ts'
import { usageFilter, usageSum } from '../../../contract/usage/usage.ts'
import type { UsageSum } from '../../../store/port/usage.ts'
import { timestampAnswer } from '../../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../../routing/resource-routes.ts'

function sumAnswer({ group, atMs, requests, allowed }: UsageSum): z.input<typeof usageSum> {
  return { group, at: timestampAnswer(atMs), requests, allowed, refused: requests - allowed }
}

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
    sumAnswer,
  )
}
