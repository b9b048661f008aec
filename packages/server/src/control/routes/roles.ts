import type { Grant } from '@sallyport/core'
import { createRole } from '../../app/roles/create-role.ts'
import { previewRoles } from '../../app/roles/preview-roles.ts'
import { getRole, listRoles } from '../../app/roles/reading.ts'
import { removeRole } from '../../app/roles/remove-role.ts'
import type { RoleFacts } from '../../app/roles/role-facts.ts'
import { updateRole } from '../../app/roles/update-role.ts'
import {
  role,
  roleChange,
  roleChanged,
  roleCreation,
  rolePreview,
  roleRead,
  rolesPreviewed,
} from '../../contract/roles.ts'
import { timestampAnswer } from '../answers/timestamp.ts'
import { pathParameters } from '../routing/path-parameters.ts'
import { type ControlApi, resourceRoutes } from '../routing/resource-routes.ts'
import { documentedCreation } from '../routing/route-schema.ts'

const all = '/v1/organizations/:organization/roles'
const one = `${all}/:role` as const
const preview = `${all}/preview` as const

function permissionsAnswer(grants: readonly Grant[]) {
  return grants.map((grant) => ({ ...grant }))
}

function roleAnswer(facts: RoleFacts) {
  const { name, builtIn, permissions, createdAtMs, createdBy, updatedAtMs, updatedBy } = facts
  return {
    name,
    builtIn,
    permissions: permissionsAnswer(permissions),
    createdAt: createdAtMs === null ? null : timestampAnswer(createdAtMs),
    createdBy,
    updatedAt: updatedAtMs === null ? null : timestampAnswer(updatedAtMs),
    updatedBy,
  }
}

export function roleRoutes(api: ControlApi): void {
  const routes = resourceRoutes(api, 'Roles')

  routes.list(
    { path: all, operationId: 'listRoles', summary: 'List the built-in and custom roles', item: role },
    listRoles,
    roleAnswer,
  )

  routes.create(
    {
      path: all,
      operationId: 'createRole',
      access: { permission: 'roles.write' },
      summary: 'Create a custom role',
      body: roleCreation,
      answer: role,
    },
    createRole,
    ({ result }) => roleAnswer(result),
  )

  routes.read(
    {
      path: one,
      operationId: 'getRole',
      summary: 'Read a role and who has it',
      observed: ['holders', 'holderCount'],
      answer: roleRead,
    },
    getRole,
    ({ holders, holderCount, ...facts }) => ({
      ...roleAnswer(facts),
      holders: holders.map((holder) => ({ ...holder })),
      holderCount,
    }),
  )

  routes.change(
    {
      path: one,
      operationId: 'updateRole',
      access: { permission: 'roles.write', on: 'role' },
      summary: 'Replace the permissions of a custom role',
      body: roleChange,
      answer: roleChanged,
    },
    updateRole,
    (result) => ({ role: roleAnswer(result.role) }),
  )

  routes.remove(
    {
      path: one,
      operationId: 'removeRole',
      access: { permission: 'roles.write', on: 'role' },
      summary: 'Remove a custom role that no key has',
    },
    removeRole,
  )
}

/** A preview changes nothing, so a repeated request needs no stored response. */
export function rolePreviewRoutes({ app, operations }: ControlApi): void {
  app.post(
    preview,
    {
      config: { access: { permission: 'roles.read' } },
      schema: {
        ...documentedCreation('Roles', 'previewRoles', 'Show what a set of roles permits'),
        params: pathParameters(preview),
        body: rolePreview,
        response: { 200: rolesPreviewed },
      },
    },
    async (request) => {
      const input = { ...request.body, ...request.params }
      const permissions = await previewRoles(operations.contextOf(request), input)
      return { permissions: permissionsAnswer(permissions) }
    },
  )
}
