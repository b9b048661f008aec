import type { EnvironmentReader } from '../../store/port/environments.ts'
import type { IssuerReader, IssuerRow } from '../../store/port/issuers.ts'
import { notFound } from './permission-checks.ts'
import type { OperationContext } from './context.ts'
import { permittedEnvironment } from './permitted-environment.ts'

type IssuerPermission = 'signing-keys.read' | 'signing-keys.write'

/**
 * Demands a permission on the issuers of an environment. Issuers share the permissions of signing keys: both decide
 * whose tokens an environment accepts.
 */
export async function requireIssuers(
  context: OperationContext,
  environments: EnvironmentReader,
  organization: string,
  environment: string,
  permission: IssuerPermission,
): Promise<void> {
  await permittedEnvironment(context, environments, organization, environment, permission)
}

/**
 * Returns the issuer if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedIssuer(
  context: OperationContext,
  store: { readonly environments: EnvironmentReader; readonly issuers: IssuerReader },
  identity: { readonly organization: string; readonly environment: string; readonly issuer: string },
  permission: IssuerPermission,
): Promise<IssuerRow> {
  const { organization, environment, issuer: id } = identity
  await requireIssuers(context, store.environments, organization, environment, permission)
  const row = await store.issuers.get(organization, id)
  if (row?.environment !== environment) throw notFound(`issuer "${id}" in ${environment}`)
  return row
}
