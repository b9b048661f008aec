import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'

/**
 * Lists the gateways that serve the organization, which are all gateways of the installation.
 *
 * @param gateways reads them; asked only for a permitted actor
 */
export async function listGateways<Gateway>(
  context: Pick<OperationContext, 'actor'>,
  gateways: () => Promise<readonly Gateway[]>,
  { organization }: { readonly organization: string },
): Promise<readonly Gateway[]> {
  requirePermission(context, organization, 'gateways.read')
  return await gateways()
}
