import { getDeployment } from '../../app/deployments/get-deployment.ts'
import { listDeployments } from '../../app/deployments/list-deployments.ts'
import { undeploy } from '../../app/deployments/undeploy.ts'
import { deployment, deploymentFilter, deploymentRead } from '../../contract/deployments.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf } from '../../contract/fields/paging.ts'
import { removedAnswer, waitQuery } from '../../contract/fields/receipt.ts'
import type { ControlApp } from '../routing/control-app.ts'
import type { GatewayLocation } from '../answers/deployment-url.ts'
import { deploymentAnswer, probeAnswer } from '../answers/deployment-answer.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented } from '../routing/route-schema.ts'

const all = '/v1/organizations/:org/deployments'
const one = `${all}/:deployment`

export function deploymentRoutes(app: ControlApp, operations: Operations, gateway: GatewayLocation): void {
  app.get(
    all,
    {
      schema: {
        ...documented('Deployments', 'listDeployments', 'List what is live, or was'),
        params: pathParameters('org'),
        querystring: deploymentFilter,
        response: { 200: pageOf(deployment) },
      },
    },
    async (request) =>
      pageAnswer(
        await listDeployments(operations.reading(request), {
          organization: request.params.org,
          ...request.query,
        }),
        (row) => deploymentAnswer(gateway, row),
      ),
  )

  app.get(
    one,
    {
      schema: {
        ...documented(
          'Deployments',
          'getDeployment',
          'Read a deployment, and what a stranger got at its routes',
        ),
        params: pathParameters('org', 'deployment'),
        response: { 200: deploymentRead },
      },
    },
    async (request) => {
      const known = await getDeployment(operations.reading(request), {
        organization: request.params.org,
        deployment: request.params.deployment,
      })
      return { ...deploymentAnswer(gateway, known.deployment), probe: probeAnswer(known.probe) }
    },
  )

  app.delete(
    one,
    {
      schema: {
        ...documented('Deployments', 'undeploy', 'Take a deployment down'),
        params: pathParameters('org', 'deployment'),
        querystring: waitQuery,
        response: { 200: removedAnswer },
      },
    },
    async (request) => {
      const { receipt } = await operations.change(request, request.query.wait, (context) =>
        undeploy(context, {
          organization: request.params.org,
          deployment: request.params.deployment,
        }),
      )
      return { receipt }
    },
  )
}
