import { createBasicCredential } from '../../app/basic-credentials/create-basic-credential.ts'
import { listBasicCredentials } from '../../app/basic-credentials/reading.ts'
import { removeBasicCredential } from '../../app/basic-credentials/remove-basic-credential.ts'
import {
  basicCredential,
  basicCredentialCreated,
  basicCredentialCreation,
} from '../../contract/basic-credentials.ts'
import type { BasicCredentialRow } from '../../store/port/basic-credentials.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

const all = '/v1/organizations/:organization/consumers/:consumer/basic-credentials'

function basicCredentialAnswer({
  username,
  createdAtMs,
  createdBy,
}: Pick<BasicCredentialRow, 'username' | 'createdAtMs' | 'createdBy'>) {
  return { username, createdAt: timestampAnswer(createdAtMs), createdBy }
}

export function basicCredentialRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Consumers')

  routes.list(
    {
      path: all,
      operationId: 'listBasicCredentials',
      summary: 'List the Basic credentials of a consumer',
      item: basicCredential,
    },
    listBasicCredentials,
    basicCredentialAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createBasicCredential',
      access: { permission: 'consumers.write', on: 'consumer' },
      summary: 'Create a Basic credential for a consumer',
      body: basicCredentialCreation,
      answer: basicCredentialCreated,
    },
    createBasicCredential,
    ({ result }) => ({ ...basicCredentialAnswer(result), password: result.password }),
  )

  routes.remove(
    {
      path: `${all}/:username`,
      operationId: 'removeBasicCredential',
      access: { permission: 'consumers.write', on: 'consumer' },
      summary: 'Remove a Basic credential of a consumer',
    },
    removeBasicCredential,
  )
}
