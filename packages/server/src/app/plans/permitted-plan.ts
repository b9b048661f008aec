import type { Permission } from '@sallyport/core'
import type { PlanReader, PlanRow } from '../../store/port/consumers/plans.ts'
import type { EnvironmentReader } from '../../store/port/environments.ts'
import { notFound } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'

type PlanPermission = Extract<Permission, 'consumers.read' | 'consumers.write'>

/** A plan by the names in its path. */
export interface PlanIdentity {
  readonly organization: string
  readonly environment: string
  /** A plan's name. */
  readonly plan: string
}

/**
 * Demands a permission on the plans of an environment. Plans share the permissions of consumers: who may create consumers
 * and change their plans gains nothing from a change of a plan.
 */
export async function requirePlans(
  context: OperationContext,
  environments: EnvironmentReader,
  { organization, environment }: Pick<PlanIdentity, 'organization' | 'environment'>,
  permission: PlanPermission,
): Promise<void> {
  await permittedEnvironment(context, environments, organization, environment, permission)
}

/**
 * Returns the plan if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedPlan(
  context: OperationContext,
  store: { readonly environments: EnvironmentReader; readonly plans: PlanReader },
  identity: PlanIdentity,
  permission: PlanPermission,
): Promise<PlanRow> {
  const { organization, environment, plan: name } = identity
  await requirePlans(context, store.environments, identity, permission)
  const row = await store.plans.get(organization, environment, name)
  if (row === undefined) throw notFound(`plan "${name}" in ${environment}`)
  return row
}
