import { getSecret } from '../../app/secrets/get-secret.ts'
import { listSecrets } from '../../app/secrets/list-secrets.ts'
import { putSecret } from '../../app/secrets/put-secret.ts'
import { removeSecret } from '../../app/secrets/remove-secret.ts'
import type { SecretFacts } from '../../app/secrets/secret-fields.ts'
import { pathParameters } from '../../contract/fields/names.ts'
import { pageOf, pageQuery } from '../../contract/fields/paging.ts'
import { removedAnswer, waitQuery } from '../../contract/fields/receipt.ts'
import { secret, secretChange, secretPlace, secretPut } from '../../contract/secrets.ts'
import type { ControlApp } from '../routing/control-app.ts'
import { momentAnswer } from '../answers/timestamp.ts'
import type { Operations } from '../routing/operations.ts'
import { pageAnswer } from '../answers/page-answer.ts'
import { documented } from '../routing/route-schema.ts'

const all = '/v1/organizations/:org/environments/:env/secrets'
const one = `${all}/:name`
const params = pathParameters('org', 'env', 'name')

function secretAnswer({ name, createdAtMs, updatedAtMs, updatedBy }: SecretFacts) {
  return { name, createdAt: momentAnswer(createdAtMs), updatedAt: momentAnswer(updatedAtMs), updatedBy }
}

export function secretRoutes(app: ControlApp, operations: Operations): void {
  app.get(
    all,
    {
      schema: {
        ...documented('Secrets', 'listSecrets', 'List the secrets of an environment, without their values'),
        params: pathParameters('org', 'env'),
        querystring: pageQuery,
        response: { 200: pageOf(secret) },
      },
    },
    async (request) =>
      pageAnswer(
        await listSecrets(operations.reading(request), {
          organization: request.params.org,
          environment: request.params.env,
          ...request.query,
        }),
        secretAnswer,
      ),
  )

  app.get(
    one,
    {
      schema: {
        ...documented('Secrets', 'getSecret', 'Read what is known of a secret beside its value'),
        params,
        response: { 200: secret },
      },
    },
    async (request) =>
      secretAnswer(
        await getSecret(operations.reading(request), {
          organization: request.params.org,
          environment: request.params.env,
          name: request.params.name,
        }),
      ),
  )

  app.put(
    one,
    {
      schema: {
        ...documented('Secrets', 'putSecret', 'Set a secret, new or in place of its value'),
        params: secretPlace,
        querystring: waitQuery,
        body: secretChange,
        response: { 200: secretPut, 201: secretPut },
      },
    },
    async (request, reply) => {
      const { changed, receipt } = await operations.change(request, request.query.wait, (context) =>
        putSecret(context, {
          organization: request.params.org,
          environment: request.params.env,
          name: request.params.name,
          value: request.body.value,
        }),
      )
      void reply.code(changed.isNew ? 201 : 200)
      return { secret: secretAnswer(changed.secret), receipt }
    },
  )

  app.delete(
    one,
    {
      schema: {
        ...documented('Secrets', 'removeSecret', 'Remove a secret that nothing live needs'),
        params,
        querystring: waitQuery,
        response: { 200: removedAnswer },
      },
    },
    async (request) => {
      const { receipt } = await operations.change(request, request.query.wait, (context) =>
        removeSecret(context, {
          organization: request.params.org,
          environment: request.params.env,
          name: request.params.name,
        }),
      )
      return { receipt }
    },
  )
}
