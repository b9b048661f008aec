import { createBasicCredential } from '../../app/basic-credentials/create-basic-credential.ts'
import { listBasicCredentials } from '../../app/basic-credentials/list-basic-credentials.ts'
import { removeBasicCredential } from '../../app/basic-credentials/remove-basic-credential.ts'
import {
  basicCredential,
  basicCredentialCreated,
  basicCredentialCreation,
} from '../../contract/basic-credentials.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf, pageQuery } from '../../contract/fields/paging.ts'
import { removedAnswer, waitQuery } from '../../contract/fields/receipt.ts'
import type { BasicCredentialRow } from '../../store/port/basic-credentials.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { momentAnswer } from '../answers/timestamp.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented, documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:org/consumers/:consumer/basic-credentials'
const one = `${all}/:username`
const params = pathParameters('org', 'consumer')

function basicCredentialAnswer({
  username,
  createdAtMs,
  createdBy,
}: Pick<BasicCredentialRow, 'username' | 'createdAtMs' | 'createdBy'>) {
  return { username, createdAt: momentAnswer(createdAtMs), createdBy }
}

export function basicCredentialRoutes(app: ControlApp, operations: Operations): void {
  app.get(
    all,
    {
      schema: {
        ...documented('Consumers', 'listBasicCredentials', 'List the Basic credentials of a consumer'),
        params,
        querystring: pageQuery,
        response: { 200: pageOf(basicCredential) },
      },
    },
    async (request) =>
      pageAnswer(
        await listBasicCredentials(operations.reading(request), {
          organization: request.params.org,
          consumer: request.params.consumer,
          ...request.query,
        }),
        basicCredentialAnswer,
      ),
  )

  app.post(
    all,
    {
      schema: {
        ...documentedCreation('Consumers', 'createBasicCredential', 'Make a Basic credential for a consumer'),
        params,
        body: basicCredentialCreation,
        response: { 201: basicCredentialCreated },
      },
    },
    async (request, reply) => {
      const { made } = await operations.create(request, reply, (context) =>
        createBasicCredential(context, {
          organization: request.params.org,
          consumer: request.params.consumer,
          ...request.body,
        }),
      )
      return { ...basicCredentialAnswer(made), password: made.password }
    },
  )

  app.delete(
    one,
    {
      schema: {
        ...documented('Consumers', 'removeBasicCredential', 'Remove a Basic credential of a consumer'),
        params: pathParameters('org', 'consumer', 'username'),
        querystring: waitQuery,
        response: { 200: removedAnswer },
      },
    },
    async (request) => {
      const { receipt } = await operations.change(request, request.query.wait, (context) =>
        removeBasicCredential(context, {
          organization: request.params.org,
          consumer: request.params.consumer,
          username: request.params.username,
        }),
      )
      return { receipt }
    },
  )
}
