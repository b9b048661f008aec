import { listGateways } from '../../app/gateways/list-gateways.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf } from '../../contract/fields/paging.ts'
import { gateway } from '../../contract/gateways.ts'
import type { GatewayStatus } from '../../sync/receipts.ts'
import { momentAnswer } from '../answers/timestamp.ts'
import type { ControlApp } from '../routing/control-app.ts'
import type { ControlDeps } from '../routing/dependencies.ts'
import type { Operations } from '../routing/operations.ts'
import { documented } from '../routing/route-schema.ts'

function gatewayAnswer({ id, role, revision, seenAtMs, isStale }: GatewayStatus) {
  return { id, role, revision, seenAt: momentAnswer(seenAtMs), stale: isStale }
}

export function gatewayRoutes(
  app: ControlApp,
  operations: Operations,
  { receipts }: Pick<ControlDeps, 'receipts'>,
): void {
  app.get(
    '/v1/organizations/:org/gateways',
    {
      schema: {
        ...documented('Watching', 'listGateways', 'List the gateways'),
        params: pathParameters('org'),
        response: { 200: pageOf(gateway) },
      },
    },
    async (request) => {
      const gateways = await listGateways(operations.reading(request), () => receipts.gateways(), {
        organization: request.params.org,
      })
      return { items: gateways.map(gatewayAnswer), next: null }
    },
  )
}
