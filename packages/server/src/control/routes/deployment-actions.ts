import type { FastifyReply, FastifyRequest } from 'fastify'
import type { OperationContext } from '../../app/access/context.ts'
import { deploy } from '../../app/deployments/deploy.ts'
import type { Deployed } from '../../app/deployments/go-live.ts'
import { probeDeployment } from '../../app/deployments/probe-deployment.ts'
import type { Prober } from '../../app/deployments/prober.ts'
import { promote } from '../../app/deployments/promote.ts'
import { redeploy } from '../../app/deployments/redeploy.ts'
import { rollBack } from '../../app/deployments/roll-back.ts'
import { deploymentCreated, deploymentCreation, promotion, repetition } from '../../contract/deployments.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import type { ProbeRow } from '../../store/port/probes.ts'
import type { ControlApp } from '../routing/control-app.ts'
import type { GatewayLocation } from '../answers/deployment-url.ts'
import { deployedAnswer } from '../answers/deployment-answer.ts'
import type { Made, Operations } from '../routing/operations.ts'
import { documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:org/deployments'
const response = { 200: deploymentCreated, 201: deploymentCreated }

/** Every way in which a version goes live. */
export function goingLiveRoutes(
  app: ControlApp,
  operations: Operations,
  { gateway, prober }: { readonly gateway: GatewayLocation; readonly prober: Prober },
): void {
  /** Probes the deployment as an anonymous caller. A failed probe does not undo the deployment. */
  async function probed(
    request: FastifyRequest,
    { made, receipt }: Made<Deployed>,
  ): Promise<ProbeRow | null> {
    const { deployment } = made
    const { id } = deployment
    if (id === null || receipt === undefined) return null
    const input = { deployment: { ...deployment, id }, revision: receipt.revision }
    try {
      return await probeDeployment(operations.reading(request), prober, input)
    } catch (err) {
      request.log.error({ err, deployment: id }, 'a deployment could not be probed')
      return null
    }
  }

  async function answer(
    request: FastifyRequest,
    reply: FastifyReply,
    dryRun: boolean,
    operate: (context: OperationContext) => Promise<Deployed>,
  ) {
    if (dryRun) return deployedAnswer(gateway, await operate(operations.reading(request)), null)
    const created = await operations.create(request, reply, operate)
    return deployedAnswer(gateway, created.made, await probed(request, created))
  }

  app.post(
    all,
    {
      schema: {
        ...documentedCreation('Deployments', 'deploy', 'Put a version live, or try whether it may be'),
        params: pathParameters('org'),
        body: deploymentCreation,
        response,
      },
    },
    async (request, reply) => {
      const input = { organization: request.params.org, ...request.body }
      return await answer(request, reply, input.dryRun, (context) => deploy(context, input))
    },
  )

  app.post(
    `${all}/:deployment/promote`,
    {
      schema: {
        ...documentedCreation('Deployments', 'promote', 'Put the same version live in another environment'),
        params: pathParameters('org', 'deployment'),
        body: promotion,
        response,
      },
    },
    async (request, reply) => {
      const { org: organization, deployment } = request.params
      const input = { organization, deployment, ...request.body }
      return await answer(request, reply, input.dryRun, (context) => promote(context, input))
    },
  )

  const REPEATS = {
    rollback: { operate: rollBack, summary: 'Put the version live again that was live before' },
    redeploy: { operate: redeploy, summary: 'Put the same version live again where it was' },
  } as const
  for (const name of ['rollback', 'redeploy'] as const) {
    const { operate, summary } = REPEATS[name]
    app.post(
      `${all}/:deployment/${name}`,
      {
        schema: {
          ...documentedCreation('Deployments', name, summary),
          params: pathParameters('org', 'deployment'),
          body: repetition,
          response,
        },
      },
      async (request, reply) => {
        const { org: organization, deployment } = request.params
        const dryRun = request.body?.dryRun ?? false
        const input = { organization, deployment, dryRun }
        return await answer(request, reply, dryRun, (context) => operate(context, input))
      },
    )
  }
}
