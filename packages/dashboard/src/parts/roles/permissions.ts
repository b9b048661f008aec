import type { ScopedPermission } from '../../data/permissions.ts'
import type { Permission } from '../../data/grants.ts'

/** By which parts of an organization a permission can be limited. */
type Scope = 'nothing' | 'environment' | 'pipeline' | 'deployment'

/** Every permission, by resource, and by what roles can limit it: see "Custom roles" in docs/access.md. */
const SCOPES: Readonly<Record<Permission, Scope>> = {
  'pipelines.read': 'deployment',
  'pipelines.write': 'pipeline',
  'pipelines.deploy': 'deployment',
  'pipelines.invoke': 'deployment',
  'policies.read': 'environment',
  'policies.write': 'environment',
  'consumers.read': 'environment',
  'consumers.write': 'environment',
  'consumers.open-portal': 'environment',
  'keys.read': 'environment',
  'keys.create': 'environment',
  'keys.write': 'environment',
  'keys.roll': 'environment',
  'keys.roll-self': 'environment',
  'keys.delete': 'environment',
  'keys.verify': 'environment',
  'external-keys.read': 'nothing',
  'external-keys.write': 'nothing',
  'roles.read': 'nothing',
  'roles.write': 'nothing',
  'members.read': 'nothing',
  'members.write': 'nothing',
  'secrets.read': 'environment',
  'secrets.write': 'environment',
  'variables.read': 'environment',
  'variables.write': 'environment',
  'signing-keys.read': 'environment',
  'signing-keys.write': 'environment',
  'webhooks.read': 'nothing',
  'webhooks.write': 'nothing',
  'audit.read': 'nothing',
  'usage.read': 'deployment',
  'gateways.read': 'nothing',
  'organization.read': 'environment',
  'organization.write': 'environment',
}

export const PERMISSIONS = Object.keys(SCOPES) as readonly Permission[]

/** Whether roles can limit a permission to an environment. */
export function hasEnvironment(permission: Permission): boolean {
  return SCOPES[permission] === 'environment' || SCOPES[permission] === 'deployment'
}

/** Whether roles can limit a permission to a project or a pipeline. */
export function hasPipeline(permission: Permission): boolean {
  return SCOPES[permission] === 'pipeline' || SCOPES[permission] === 'deployment'
}

/**
 * Whether a role is more than a partner usually needs. Calling pipelines is not, nor is what is limited to one pipeline;
 * anything else shows or changes what belongs to others.
 */
export function isBroad(permissions: readonly ScopedPermission[]): boolean {
  return permissions.some(
    ({ permission, pipeline }) => permission !== 'pipelines.invoke' && pipeline === undefined,
  )
}
