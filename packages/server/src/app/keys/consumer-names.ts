import { permits } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from '../access/context.ts'
import { keyTarget } from '../access/permitted-key.ts'

export interface NamedKeyRow extends KeyRow {
  /** The name of its consumer; null if it has none, or if the actor may not read the consumer. */
  readonly consumerName: string | null
}

/** Adds the names of their consumers to keys of one organization that the actor may read. */
export async function withConsumerNames(
  { actor, store }: OperationContext,
  organization: string,
  rows: readonly KeyRow[],
): Promise<readonly NamedKeyRow[]> {
  const grants = actor.grantsIn(organization) ?? []
  const named = rows.filter(
    (row) => row.consumer !== null && permits(grants, 'consumers.read', keyTarget(row)),
  )
  const names = await store.read.keys.consumerNames(
    organization,
    named.map(({ id }) => id),
  )
  return rows.map((row) => ({ ...row, consumerName: names.get(row.id) ?? null }))
}

/** Adds the name of its consumer to a key that the actor may read. */
export async function withConsumerName(context: OperationContext, row: KeyRow): Promise<NamedKeyRow> {
  const [named = { ...row, consumerName: null }] = await withConsumerNames(context, row.organization, [row])
  return named
}
