import { deploy, type Deployed } from '../../app/deploy.ts'
import { listDeployments } from '../../app/list-deployments.ts'
import { undeploy } from '../../app/undeploy.ts'
import {
  deployment,
  deploymentCreated,
  deploymentCreation,
  deploymentFilter,
} from '../../contract/deployments.ts'
import { pathParameters } from '../../contract/names.ts'
import { pageOf } from '../../contract/paging.ts'
import { removedAnswer, waitQuery } from '../../contract/receipt.ts'
import type { ControlApp } from '../control-app.ts'
import type { GatewayPlace } from '../dependencies.ts'
import { deploymentUrl } from '../deployment-url.ts'
import { momentAnswer } from '../moment-answer.ts'
import type { Operations } from '../operations.ts'
import { pageAnswer } from '../page-answer.ts'
import { documented, documentedCreation } from '../route-schema.ts'

const all = '/v1/organizations/:org/deployments'

function deploymentAnswer<Id extends string | null>(
  gateway: GatewayPlace,
  row: Omit<Deployed['deployment'], 'id'> & { readonly id: Id },
) {
  return {
    id: row.id,
    pipeline: row.pipeline,
    project: row.project,
    version: `${row.major}.${row.minor}`,
    environment: row.environment,
    url: deploymentUrl(gateway, row),
    createdAt: momentAnswer(row.createdAtMs),
    createdBy: row.createdBy,
  }
}

export function deploymentRoutes(app: ControlApp, operations: Operations, gateway: GatewayPlace): void {
  const createdAnswer = ({ deployment: row, replaced, warnings }: Deployed) => ({
    ...deploymentAnswer(gateway, row),
    replaced,
    warnings: warnings.map((warning) => ({ ...warning })),
  })

  app.get(
    all,
    {
      schema: {
        ...documented('Deployments', 'listDeployments', 'List what is live'),
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

  app.post(
    all,
    {
      schema: {
        ...documentedCreation('Deployments', 'deploy', 'Put a version live, or try whether it may be'),
        params: pathParameters('org'),
        body: deploymentCreation,
        response: { 200: deploymentCreated, 201: deploymentCreated },
      },
    },
    async (request, reply) => {
      const input = { organization: request.params.org, ...request.body }
      if (input.dryRun) return createdAnswer(await deploy(operations.reading(request), input))
      const { made } = await operations.create(request, reply, (context) => deploy(context, input))
      return createdAnswer(made)
    },
  )

  app.delete(
    `${all}/:deployment`,
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
