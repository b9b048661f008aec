import { putSecret } from '../../app/secrets/put-secret.ts'
import { getSecret, listSecrets } from '../../app/secrets/reading.ts'
import { removeSecret } from '../../app/secrets/remove-secret.ts'
import type { SecretFacts } from '../../app/secrets/secret-facts.ts'
import { secret, secretChange, secretPath, secretPut } from '../../contract/secrets.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

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
    {
      path: one,
      operationId: 'getSecret',
      summary: 'Read a secret, without its value',
      unseen: ({ sealedValue }) => sealedValue,
      answer: secret,
    },
    getSecret,
    secretAnswer,
  )

  routes.put(
    {
      path: one,
      operationId: 'putSecret',
      access: { permission: 'secrets.write', on: 'environment' },
      summary: 'Create a secret, or replace its value',
      params: secretPath,
      body: secretChange,
      answer: secretPut,
    },
    putSecret,
    ({ secret: row }) => ({ secret: secretAnswer(row) }),
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
