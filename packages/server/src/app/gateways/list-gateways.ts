import type { GatewayStatus } from '../../sync/receipts.ts'
import { requirePermission } from '../access/permission-checks.ts'
import type { OperationContext } from '../access/context.ts'

/** The gateways that serve the organization, which are all of the installation. */
export async function listGateways(
  context: Pick<OperationContext, 'actor'>,
  gateways: () => Promise<readonly GatewayStatus[]>,
  { organization }: { readonly organization: string },
): Promise<readonly GatewayStatus[]> {
  requirePermission(context, organization, 'gateways.read')
  return await gateways()
}
