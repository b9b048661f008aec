import { exceededQuota, Problem, type Quota, type QuotaNumbers } from '@sallyport/core'
import type { OrganizationReader } from '../../store/port/organizations.ts'
import type { OperationContext } from '../access/context.ts'

/** What an organization has of what a quota limits, in a sentence. */
const NOUNS: Readonly<Record<Quota, string>> = {
  keys: 'keys',
  consumers: 'consumers',
  pipelines: 'pipelines',
  versions: 'versions of pipelines',
  versionBytes: 'bytes of pipeline versions',
  deployments: 'live deployments',
  routes: 'routes of live deployments',
}

/**
 * Requires that an organization may have that much more. In a write transaction the result still holds at the commit. Its
 * cost does not depend on what the organization has.
 *
 * @throws Problem `quota_exceeded` with the first exceeded quota in `quota`, and its `used` and `limit`
 */
export async function requireQuota(
  { quotaLimits }: Pick<OperationContext, 'quotaLimits'>,
  tx: { readonly organizations: OrganizationReader },
  organization: string,
  added: Partial<QuotaNumbers>,
): Promise<void> {
  const usage = await tx.organizations.quotaUsage(organization)
  const limits = quotaLimits(organization)
  const quota = exceededQuota(limits, usage, added)
  if (quota === undefined) return
  const { [quota]: used } = usage
  const { [quota]: limit } = limits
  throw new Problem('quota_exceeded', {
    detail: `The organization has ${used} ${NOUNS[quota]}, and at most ${limit} are allowed. Delete what you no longer need, or ask the operator to raise the quota "${quota}".`,
    extensions: { quota, used, limit },
  })
}
