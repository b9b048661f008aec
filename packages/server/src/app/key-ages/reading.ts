import type { KeyAgeReader, KeyAgeRow } from '../../store/port/keys/key-ages.ts'
import type { EnvironmentReader } from '../../store/port/environments.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'
import { permittedEnvironment } from '../access/permitted-environment.ts'

/** The keys that a policy about age applies to. */
export interface KeyAgeScope {
  readonly organization: string
  /** Null for the keys of the organization without an environment. */
  readonly environment: string | null
}

/** A policy as it is shown, also before it was first set. */
export type ShownKeyAge = Omit<KeyAgeRow, 'updatedAtMs' | 'updatedBy'> & {
  /** Null as long as it was never set. */
  readonly updatedAtMs: number | null
  readonly updatedBy: string | null
}

/** Returns the policy about the age of the keys of an environment, or of the keys without an environment. */
export async function getKeyAge(context: OperationContext, scope: KeyAgeScope): Promise<ShownKeyAge> {
  const { environments, keyAges } = context.store.read
  await permittedScope(context, environments, scope, 'policies.read')
  return await currentKeyAge(keyAges, scope)
}

/**
 * Requires a permission on the keys of a policy.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedScope(
  context: OperationContext,
  environments: EnvironmentReader,
  { organization, environment }: KeyAgeScope,
  permission: 'policies.read' | 'policies.write',
): Promise<void> {
  if (environment === null) requirePermission(context, organization, permission)
  else await permittedEnvironment(context, environments, organization, environment, permission)
}

export async function currentKeyAge(
  keyAges: KeyAgeReader,
  { organization, environment }: KeyAgeScope,
): Promise<ShownKeyAge> {
  const stored = await keyAges.current(organization, environment)
  return (
    stored ?? {
      organization,
      environment,
      rotationReminderDays: null,
      maxLifetimeDays: null,
      version: 0,
      updatedAtMs: null,
      updatedBy: null,
    }
  )
}
