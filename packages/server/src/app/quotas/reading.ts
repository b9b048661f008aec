import type { QuotaNumbers } from '@sallyport/core'
import type { OperationContext } from '../access/context.ts'
import { requirePermission } from '../access/permission-checks.ts'

export interface QuotasOfOrganization {
  readonly used: QuotaNumbers
  readonly limits: QuotaNumbers
}

/** Returns what an organization has of what quotas limit, and its limits. */
export async function getQuotas(
  context: OperationContext,
  { organization }: { readonly organization: string },
): Promise<QuotasOfOrganization> {
  requirePermission(context, organization, 'organization.read')
  return {
    used: await context.store.read.organizations.quotaUsage(organization),
    limits: context.quotaLimits(organization),
  }
}
