import { QUOTAS } from '@sallyport/core'
import type { z } from 'zod'
import { getQuotas, type QuotasOfOrganization } from '../../app/quotas/reading.ts'
import { quotas } from '../../contract/quotas.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

function quotasAnswer({ used, limits }: QuotasOfOrganization): z.input<typeof quotas> {
  return Object.fromEntries(
    QUOTAS.map((quota) => [quota, { used: used[quota], limit: limits[quota] }]),
  ) as z.input<typeof quotas>
}

export function quotaRoutes(api: ControlApi): void {
  resourceRoutes(api, 'Quotas').read(
    {
      path: '/v1/organizations/:organization/quotas',
      operationId: 'getQuotas',
      summary: 'Read the quotas of an organization and how much of each is used',
      answer: quotas,
    },
    getQuotas,
    quotasAnswer,
  )
}
