import type { ResourceTexts } from './operation-text.ts'

const path = { role: 'orders-caller' }

export const ROLES: ResourceTexts = {
  tag: {
    name: 'Roles',
    description:
      'A role is a named set of permissions for keys. Some roles are built in, others belong to one organization.',
  },
  parameters: { role: 'The name of the role.' },
  operations: {
    listRoles: {
      description: 'Lists the built-in roles, then the custom ones, each by name.',
      permissions: ['roles.read'],
      example: { query: { limit: '200' }, after: ['createRole'] },
    },
    createRole: {
      description:
        'Creates a role with 1 to 200 permissions, each of which an environment, a project or a pipeline can limit. You can only give permissions that you have yourself; others get 403 `permission_missing`. A name that is taken gets 409 `conflict`.',
      permissions: ['roles.write'],
      example: {
        body: {
          name: 'orders-caller',
          permissions: [
            { permission: 'pipelines.invoke', environment: 'prod', project: 'default' },
            { permission: 'keys.read', environment: 'prod' },
          ],
        },
      },
    },
    getRole: {
      description:
        'Answers with a role and the keys and external keys that have it, of those that you may read.',
      permissions: ['roles.read'],
      example: { path, after: ['createRole'] },
    },
    updateRole: {
      description:
        'Replaces the permissions of a custom role. Every key that has it has the new permissions from its next request, and gateways apply them as soon as the receipt is confirmed. You cannot add a permission that you lack, nor any to a role that you have yourself: 403 `permission_missing`. A built-in role gets 409 `conflict`.',
      permissions: ['roles.write'],
      example: {
        path,
        body: { permissions: [{ permission: 'pipelines.invoke', environment: 'prod' }] },
        after: ['createRole'],
      },
    },
    removeRole: {
      description:
        'Removes a custom role. While a key that is not deleted, or an external key, has it, the answer is 409 `conflict`, and `usedBy` lists them. A built-in role gets 409 `conflict`.',
      permissions: ['roles.write'],
      example: { path, after: ['listRoles', 'getRole', 'updateRole', 'previewRoles'] },
    },
    previewRoles: {
      description:
        'Answers with what a key with these roles may do: each permission once, without those that a wider one includes. It changes nothing.',
      permissions: ['roles.read'],
      example: { body: { roles: ['invoker', 'orders-caller'] }, after: ['createRole'] },
    },
  },
}
