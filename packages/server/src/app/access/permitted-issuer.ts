import type { EnvironmentReader } from '../../store/port/environments.ts'
import type { IssuerReader, IssuerRow } from '../../store/port/issuers.ts'
import { notFound } from './permission-checks.ts'
import type { OperationContext } from './context.ts'
import { permittedEnvironment } from './permitted-environment.ts'

type IssuerPermission = 'signing-keys.read' | 'signing-keys.write'

/**
 * Demands a permission on the issuers of an environment. Issuers have no resource of their own among the permissions:
 * whoever says which keys sign for an environment says as well whose keys it believes.
 */
export async function requireIssuers(
  context: OperationContext,
  environments: EnvironmentReader,
  organization: string,
  environment: string,
  permission: IssuerPermission,
): Promise<void> {
  await permittedEnvironment(
    context,
    environments,
    organization,
    environment,
    permission,
    'signing-keys.read',
  )
}

/**
 * The issuer of that id in that environment, if the actor has the permission on it.
 *
 * @throws Problem `not_found`, `permission_missing`
 */
export async function permittedIssuer(
  context: OperationContext,
  store: { readonly environments: EnvironmentReader; readonly issuers: IssuerReader },
  place: { readonly organization: string; readonly environment: string; readonly issuer: string },
  permission: IssuerPermission,
): Promise<IssuerRow> {
  const { organization, environment, issuer: id } = place
  await requireIssuers(context, store.environments, organization, environment, permission)
  const row = await store.issuers.get(organization, id)
  if (row?.environment !== environment) throw notFound(`issuer "${id}" in ${environment}`)
  return row
}
