import type { Store } from '../../store/port/store.ts'

/**
 * From which revision on a gateway whose lease is over lets nothing in that a change is about; see `EnrolledGateways`. A change
 * is about the organizations of its records, and about those that have keys of them as external keys.
 *
 * @returns undefined if an environment of one of them serves, or if the change is no longer stored
 */
export async function refusesFrom(
  { feed, read }: Pick<Store, 'feed' | 'read'>,
  revision: number,
): Promise<number | undefined> {
  const changes = await feed.changesAfter(revision - 1, 1)
  if (typeof changes === 'string') return undefined
  const [change] = changes
  if (change?.revision !== revision) return undefined
  const owners = new Set(
    change.records.map((record) => ('organization' in record ? record.organization : record.slug)),
  )
  const partners = await Promise.all([...owners].map((owner) => read.externalKeys.partnersOf(owner)))
  let from = 0
  for (const organization of new Set([...owners, ...partners.flat()])) {
    const { isByAll, sinceRevision } = await read.environments.staleRefusal(organization)
    if (!isByAll) return undefined
    from = Math.max(from, sinceRevision)
  }
  return from
}
