import { listGateways } from '../../app/gateways/list-gateways.ts'
import { pageOf } from '../../contract/fields/paging.ts'
import { gateway } from '../../contract/gateways.ts'
import type { GatewayStatus } from '../../sync/receipts.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { pathParameters } from '../routing/path-parameters.ts'
import type { ControlApi } from '../routing/resource-routes.ts'
import { documented } from '../routing/route-schema.ts'

const path = '/v1/organizations/:organization/gateways' as const

function gatewayAnswer({
  id,
  role,
  name,
  revision,
  seenAtMs,
  isStale,
  isPast,
  wasAttached,
  needsUpgrade,
  ...facts
}: GatewayStatus) {
  const { version, threads, openExchanges, clockOffsetMs } = facts
  return {
    id,
    role,
    name,
    revision,
    seenAt: timestampAnswer(seenAtMs),
    stale: isStale,
    lease: isPast ? ('over' as const) : ('held' as const),
    attached: wasAttached,
    needsUpgrade,
    version,
    threads,
    openExchanges,
    clockOffsetMs,
  }
}

export function gatewayRoutes({ app, operations, deps }: ControlApi): void {
  app.get(
    path,
    {
      schema: {
        ...documented('Watching', 'listGateways', 'List the gateways'),
        params: pathParameters(path),
        response: { 200: pageOf(gateway) },
      },
    },
    async (request) => {
      const { organization } = request.params
      const gateways = await listGateways(operations.contextOf(request), () => deps.receipts.gateways(), {
        organization,
      })
      return { items: gateways.map(gatewayAnswer), next: null }
    },
  )
}
