import { createEnvironment } from '../../app/environments/create-environment.ts'
import { updateEnvironment } from '../../app/environments/update-environment.ts'
import { getEnvironment, listEnvironments } from '../../app/environments/reading.ts'
import { removeEnvironment } from '../../app/environments/remove-environment.ts'
import {
  environment,
  environmentChange,
  environmentChanged,
  environmentCreation,
} from '../../contract/environments.ts'
import type { EnvironmentRow } from '../../store/port/environments.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'

const all = '/v1/organizations/:organization/environments'
const one = `${all}/:environment` as const

function environmentAnswer({ name, position, requiresPrevious, whenStale, createdAtMs }: EnvironmentRow) {
  return { name, position, requiresPrevious, whenStale, createdAt: timestampAnswer(createdAtMs) }
}

export function environmentRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Environments')

  routes.list(
    {
      path: all,
      operationId: 'listEnvironments',
      summary: 'List the environments in promotion order',
      item: environment,
    },
    listEnvironments,
    environmentAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createEnvironment',
      access: { permission: 'organization.write' },
      summary: 'Create an environment',
      body: environmentCreation,
      answer: environment,
    },
    createEnvironment,
    ({ result }) => environmentAnswer(result),
  )

  routes.read(
    { path: one, operationId: 'getEnvironment', summary: 'Read an environment', answer: environment },
    getEnvironment,
    environmentAnswer,
  )

  routes.change(
    {
      path: one,
      operationId: 'updateEnvironment',
      access: { permission: 'organization.write', on: 'environment' },
      summary: 'Change an environment',
      body: environmentChange,
      answer: environmentChanged,
    },
    updateEnvironment,
    (result) => ({ environment: environmentAnswer(result.environment) }),
  )

  routes.remove(
    {
      path: one,
      operationId: 'removeEnvironment',
      access: { permission: 'organization.write', on: 'environment' },
      summary: 'Remove an unused environment',
    },
    removeEnvironment,
  )
}
