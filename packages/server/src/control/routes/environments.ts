import { createEnvironment } from '../../app/environments/create-environment.ts'
import { listEnvironments } from '../../app/environments/list-environments.ts'
import { moveEnvironment } from '../../app/environments/move-environment.ts'
import { removeEnvironment } from '../../app/environments/remove-environment.ts'
import {
  environment,
  environmentChange,
  environmentChanged,
  environmentCreation,
} from '../../contract/environments.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf, pageQuery } from '../../contract/fields/paging.ts'
import { removedAnswer, waitQuery } from '../../contract/fields/receipt.ts'
import type { EnvironmentRow } from '../../store/port/environments.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { momentAnswer } from '../answers/timestamp.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented, documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:org/environments'
const one = `${all}/:env`
const params = pathParameters('org', 'env')

function environmentAnswer({ name, position, createdAtMs }: EnvironmentRow) {
  return { name, position, createdAt: momentAnswer(createdAtMs) }
}

export function environmentRoutes(app: ControlApp, operations: Operations): void {
  app.get(
    all,
    {
      schema: {
        ...documented('Environments', 'listEnvironments', 'List the environments in promotion order'),
        params: pathParameters('org'),
        querystring: pageQuery,
        response: { 200: pageOf(environment) },
      },
    },
    async (request) =>
      pageAnswer(
        await listEnvironments(operations.reading(request), {
          organization: request.params.org,
          ...request.query,
        }),
        environmentAnswer,
      ),
  )

  app.post(
    all,
    {
      schema: {
        ...documentedCreation('Environments', 'createEnvironment', 'Make an environment'),
        params: pathParameters('org'),
        body: environmentCreation,
        response: { 201: environment },
      },
    },
    async (request, reply) => {
      const { made } = await operations.create(request, reply, (context) =>
        createEnvironment(context, { organization: request.params.org, ...request.body }),
      )
      return environmentAnswer(made)
    },
  )

  app.patch(
    one,
    {
      schema: {
        ...documented('Environments', 'moveEnvironment', 'Move an environment in the promotion order'),
        params,
        querystring: waitQuery,
        body: environmentChange,
        response: { 200: environmentChanged },
      },
    },
    async (request) => {
      const { changed, receipt } = await operations.change(request, request.query.wait, (context) =>
        moveEnvironment(context, {
          organization: request.params.org,
          environment: request.params.env,
          position: request.body.position,
        }),
      )
      return { environment: environmentAnswer(changed.environment), receipt }
    },
  )

  app.delete(
    one,
    {
      schema: {
        ...documented('Environments', 'removeEnvironment', 'Remove an empty environment'),
        params,
        querystring: waitQuery,
        response: { 200: removedAnswer },
      },
    },
    async (request) => {
      const { receipt } = await operations.change(request, request.query.wait, (context) =>
        removeEnvironment(context, { organization: request.params.org, environment: request.params.env }),
      )
      return { receipt }
    },
  )
}
