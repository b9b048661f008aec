/** Every permission, as `resource.action`. */
export const PERMISSIONS = [
  'pipelines.read',
  'pipelines.write',
  'pipelines.deploy',
  'pipelines.invoke',
  'policies.read',
  'policies.write',
  'consumers.read',
  'consumers.write',
  'consumers.open-portal',
  'keys.read',
  'keys.create',
  'keys.write',
  'keys.roll',
  'keys.roll-self',
  'keys.delete',
  'keys.verify',
  'external-keys.read',
  'external-keys.write',
  'roles.read',
  'roles.write',
  'members.read',
  'members.write',
  'secrets.read',
  'secrets.write',
  'variables.read',
  'variables.write',
  'signing-keys.read',
  'signing-keys.write',
  'webhooks.read',
  'webhooks.write',
  'audit.read',
  'usage.read',
  'gateways.read',
  'organization.read',
  'organization.write',
] as const

/** A permission, as `resource.action`. */
export type Permission = (typeof PERMISSIONS)[number]

/** A permission and its scope: the whole organization unless a field narrows it. */
export interface Grant {
  readonly permission: Permission
  readonly environment?: string
  readonly project?: string
  readonly pipeline?: string
}

/** What an action applies to. A field is left out when the action does not concern one. */
export interface Target {
  readonly environment?: string
  readonly project?: string
  readonly pipeline?: string
}

/** The fields of a target, by which a grant can be narrowed. */
export const TARGET_FIELDS = [
  'environment',
  'project',
  'pipeline',
] as const satisfies readonly (keyof Target)[]

const reads = PERMISSIONS.filter((permission) => permission.endsWith('.read'))
const everything = (permissions: readonly Permission[]): readonly Grant[] =>
  permissions.map((permission) => ({ permission }))

/** The roles that every organization has. */
export const BUILT_IN_ROLES: Readonly<Record<string, readonly Grant[]>> = {
  owner: everything(PERMISSIONS),
  admin: everything(PERMISSIONS.filter((permission) => permission !== 'organization.write')),
  developer: everything([
    'pipelines.read',
    'pipelines.write',
    'pipelines.deploy',
    'pipelines.invoke',
    'policies.read',
    'consumers.read',
    'keys.read',
    'secrets.read',
    'secrets.write',
    'variables.read',
    'variables.write',
    'usage.read',
    'organization.read',
  ]),
  'key-manager': everything([
    'keys.read',
    'keys.create',
    'keys.write',
    'keys.roll',
    'keys.delete',
    'keys.verify',
    'consumers.read',
    'consumers.write',
    'consumers.open-portal',
    'external-keys.read',
    'external-keys.write',
    'pipelines.read',
    'usage.read',
    'organization.read',
  ]),
  'policy-manager': everything([
    'policies.read',
    'policies.write',
    'pipelines.read',
    'audit.read',
    'organization.read',
  ]),
  auditor: everything(reads),
  invoker: everything(['pipelines.invoke']),
}

/** Whether one grant permits the action: each field that narrows the grant must equal the target's. */
function grantPermits(grant: Grant, permission: Permission, target: Target): boolean {
  return (
    grant.permission === permission &&
    (grant.environment === undefined || grant.environment === target.environment) &&
    (grant.project === undefined || grant.project === target.project) &&
    (grant.pipeline === undefined || grant.pipeline === target.pipeline)
  )
}

/** Whether at least one of the grants permits the action on the target. */
export function permits(grants: readonly Grant[], permission: Permission, target: Target): boolean {
  for (const grant of grants) if (grantPermits(grant, permission, target)) return true
  return false
}

/** Narrows grants to one environment, for a key that is bound to it. Grants for other environments are dropped. */
export function narrowToEnvironment(grants: readonly Grant[], environment: string): readonly Grant[] {
  return grants
    .filter((grant) => grant.environment === undefined || grant.environment === environment)
    .map((grant) => ({ ...grant, environment }))
}
