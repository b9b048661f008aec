import type { Permission, Target } from './permissions.ts'

type Scope = readonly (keyof Target)[]

const ORGANIZATION: Scope = []
const ENVIRONMENT: Scope = ['environment']
const PIPELINE: Scope = ['project', 'pipeline']
const DEPLOYMENT: Scope = ['environment', ...PIPELINE]

/**
 * What each permission can be limited to: the members that its targets have. A grant with another member permits
 * nothing.
 */
export const PERMISSION_SCOPES: Readonly<Record<Permission, Scope>> = {
  'pipelines.read': DEPLOYMENT,
  'pipelines.write': PIPELINE,
  'pipelines.deploy': DEPLOYMENT,
  'pipelines.invoke': DEPLOYMENT,
  'policies.read': ENVIRONMENT,
  'policies.write': ENVIRONMENT,
  'consumers.read': ENVIRONMENT,
  'consumers.write': ENVIRONMENT,
  'consumers.open-portal': ENVIRONMENT,
  'keys.read': ENVIRONMENT,
  'keys.create': ENVIRONMENT,
  'keys.write': ENVIRONMENT,
  'keys.roll': ENVIRONMENT,
  'keys.roll-self': ENVIRONMENT,
  'keys.delete': ENVIRONMENT,
  'keys.verify': ENVIRONMENT,
  'external-keys.read': ORGANIZATION,
  'external-keys.write': ORGANIZATION,
  'roles.read': ORGANIZATION,
  'roles.write': ORGANIZATION,
  'members.read': ORGANIZATION,
  'members.write': ORGANIZATION,
  'secrets.read': ENVIRONMENT,
  'secrets.write': ENVIRONMENT,
  'variables.read': ENVIRONMENT,
  'variables.write': ENVIRONMENT,
  'signing-keys.read': ENVIRONMENT,
  'signing-keys.write': ENVIRONMENT,
  'webhooks.read': ORGANIZATION,
  'webhooks.write': ORGANIZATION,
  'audit.read': ORGANIZATION,
  'usage.read': DEPLOYMENT,
  'gateways.read': ORGANIZATION,
  'organization.read': ENVIRONMENT,
  'organization.write': ENVIRONMENT,
}
