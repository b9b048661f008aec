import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OperationContext } from '../../app/access/context.ts'
import { deploy } from '../../app/deployments/deploy.ts'
import type { Deployed } from '../../app/deployments/go-live.ts'
import { probeDeployment } from '../../app/deployments/probe-deployment.ts'
import { promote } from '../../app/deployments/promote.ts'
import { getDeployment, listDeployments } from '../../app/deployments/reading.ts'
import { redeploy } from '../../app/deployments/redeploy.ts'
import { rollBack } from '../../app/deployments/roll-back.ts'
import { undeploy } from '../../app/deployments/undeploy.ts'
import {
  deployment,
  deploymentCreated,
  deploymentCreation,
  deploymentFilter,
  deploymentRead,
  promotion,
  repetition,
} from '../../contract/deployments.ts'
import { waitQuery } from '../../contract/receipt.ts'
import type { ProbeRow } from '../../store/port/probes.ts'
import { deployedAnswer, deploymentAnswer, probeAnswer } from '../answers/deployment-answer.ts'
import { receiptAnswer } from '../answers/receipt-answer.ts'
import type { Outcome } from '../routing/operations.ts'
import { pathParameters } from '../routing/path-parameters.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'
import { documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:organization/deployments'
const one = `${all}/:deployment` as const

export function deploymentRoutes(api: ControlApi): void {
  const { gateway } = api.deps
  const routes = resourceRoutes(api, 'Deployments')

  routes.list(
    {
      path: all,
      operationId: 'listDeployments',
      summary: 'List live or ended deployments',
      query: deploymentFilter,
      item: deployment,
    },
    listDeployments,
    (row) => deploymentAnswer(gateway, row),
  )

  routes.read(
    {
      path: one,
      operationId: 'getDeployment',
      summary: 'Read a deployment with its probe results',
      observed: ['probe'],
      answer: deploymentRead,
    },
    getDeployment,
    (result) => ({ ...deploymentAnswer(gateway, result.deployment), probe: probeAnswer(result.probe) }),
  )

  routes.remove(
    {
      path: one,
      operationId: 'undeploy',
      access: { permission: 'pipelines.deploy', on: 'deployment' },
      summary: 'Remove a live deployment',
    },
    undeploy,
  )
}

/** Every way to deploy a version. */
export function deployRoutes({ app, operations, deps }: ControlApi): void {
  const { gateway, prober } = deps
  const response = { 200: deploymentCreated, 201: deploymentCreated }

  /** Probes a new deployment anonymously. A failed probe does not affect the deployment. */
  async function probed(
    request: FastifyRequest,
    { result, receipt }: Outcome<Deployed>,
  ): Promise<ProbeRow | null> {
    const { id } = result.deployment
    if (id === null || receipt === undefined) return null
    const input = { deployment: { ...result.deployment, id }, revision: receipt.revision }
    try {
      return await probeDeployment(operations.followUpContextOf(request), prober, input)
    } catch (err) {
      request.log.error({ err, deployment: id }, 'probing a deployment failed')
      return null
    }
  }

  async function answer(
    request: FastifyRequest<{ Querystring: { wait: number } }>,
    reply: FastifyReply,
    dryRun: boolean,
    operate: (context: OperationContext) => Promise<Deployed>,
  ) {
    if (dryRun) return deployedAnswer(gateway, await operate(operations.contextOf(request)), null)
    const outcome = await operations.create(request, reply, operate, request.query.wait)
    const { result, receipt } = outcome
    return {
      ...deployedAnswer(gateway, result, await probed(request, outcome)),
      ...(receipt === undefined ? {} : { receipt: receiptAnswer(receipt) }),
    }
  }

  app.post(
    all,
    {
      config: { access: { permission: 'pipelines.deploy' } },
      schema: {
        ...documentedCreation(
          'Deployments',
          'deploy',
          'Deploy a version, or check whether it may be deployed',
        ),
        params: pathParameters(all),
        querystring: waitQuery,
        body: deploymentCreation,
        response,
      },
    },
    async (request, reply) => {
      const input = { ...request.body, ...request.params }
      return await answer(request, reply, input.dryRun, (context) => deploy(context, input))
    },
  )

  const promotePath = `${one}/promote` as const
  app.post(
    promotePath,
    {
      config: { access: { permission: 'pipelines.deploy', on: 'deployment' } },
      schema: {
        ...documentedCreation('Deployments', 'promote', 'Deploy the same version in another environment'),
        params: pathParameters(promotePath),
        querystring: waitQuery,
        body: promotion,
        response,
      },
    },
    async (request, reply) => {
      const input = { ...request.body, ...request.params }
      return await answer(request, reply, input.dryRun, (context) => promote(context, input))
    },
  )

  const REPETITIONS = {
    rollback: { operate: rollBack, summary: 'Deploy the version that was live before' },
    redeploy: { operate: redeploy, summary: 'Deploy the same version again in the same environment' },
  } as const
  for (const name of ['rollback', 'redeploy'] as const) {
    const { operate, summary } = REPETITIONS[name]
    const path = `${one}/${name}` as const
    app.post(
      path,
      {
        config: { access: { permission: 'pipelines.deploy', on: 'deployment' } },
        schema: {
          ...documentedCreation('Deployments', name, summary),
          params: pathParameters(path),
          querystring: waitQuery,
          body: repetition,
          response,
        },
      },
      async (request, reply) => {
        const input = { dryRun: request.body?.dryRun ?? false, ...request.params }
        return await answer(request, reply, input.dryRun, (context) => operate(context, input))
      },
    )
  }
}
