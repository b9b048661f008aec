import { putSecret } from '../../app/secrets/put-secret.ts'
import { getSecret, listSecrets } from '../../app/secrets/reading.ts'
import { removeSecret } from '../../app/secrets/remove-secret.ts'
import type { SecretFacts } from '../../app/secrets/secret-facts.ts'
import { waitQuery } from '../../contract/receipt.ts'
import { secret, secretChange, secretPath, secretPut } from '../../contract/secrets.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'
import { documented } from '../routing/route-schema.ts'

const all = '/v1/organizations/:organization/environments/:environment/secrets'
const one = `${all}/:name` as const

function secretAnswer({ name, createdAtMs, updatedAtMs, updatedBy }: SecretFacts) {
  return {
    name,
    createdAt: timestampAnswer(createdAtMs),
    updatedAt: timestampAnswer(updatedAtMs),
    updatedBy,
  }
}

export function secretRoutes(api: ControlApi): void {
  const { app, operations } = api
  const routes = resourceRoutes(api, 'Secrets')

  routes.list(
    {
      path: all,
      operationId: 'listSecrets',
      summary: 'List the secrets of an environment, without their values',
      item: secret,
    },
    listSecrets,
    secretAnswer,
  )

  routes.read(
    { path: one, operationId: 'getSecret', summary: 'Read a secret, without its value', answer: secret },
    getSecret,
    secretAnswer,
  )

  app.put(
    one,
    {
      config: { access: { permission: 'secrets.write', on: 'environment' } },
      schema: {
        ...documented('Secrets', 'putSecret', 'Create a secret, or replace its value'),
        params: secretPath,
        querystring: waitQuery,
        body: secretChange,
        response: { 200: secretPut, 201: secretPut },
      },
    },
    async (request, reply) => {
      const { result, receipt } = await operations.change(request, request.query.wait, (context) =>
        putSecret(context, { ...request.body, ...request.params }),
      )
      void reply.code(result.isNew ? 201 : 200)
      return { secret: secretAnswer(result.secret), receipt }
    },
  )

  routes.remove(
    {
      path: one,
      operationId: 'removeSecret',
      access: { permission: 'secrets.write', on: 'environment' },
      summary: 'Remove a secret that no live deployment uses',
    },
    removeSecret,
  )
}
