import { type LabelFilter, labelFilterTerm, labelTerms } from '@sallyport/core'
import type { Database } from '../../database/schema.ts'
import type { ConsumerRow } from '../../port/consumers.ts'
import { termRange } from '../key-lists/conditions.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    consumer_labels: ConsumerLabelsTable
  }
}

/** What lists of consumers filter by: one row for each label. The labels themselves are in the row of the consumer. */
interface ConsumerLabelsTable {
  organization: string
  consumer: string
  /** Of `labelTerms`. */
  term: string
}

/** A query for the ids of the consumers that a filter finds. */
export function labelledConsumers(db: Database, organization: string, filter: LabelFilter) {
  const { term, isPrefix } = labelFilterTerm(filter)
  const labels = db.selectFrom('consumer_labels').select('consumer').where('organization', '=', organization)
  if (!isPrefix) return labels.where('term', '=', term)
  const { low, high } = termRange({ term, isPrefix })
  return labels.where('term', '>=', low).where('term', '<', high)
}

/** Indexes the labels of a consumer that has no indexed ones. */
export async function addConsumerLabels(db: Database, row: ConsumerRow): Promise<void> {
  const { organization, id: consumer } = row
  const rows = labelTerms(row.labels).map((term) => ({ organization, consumer, term }))
  if (rows.length > 0) await db.insertInto('consumer_labels').values(rows).execute()
}

/** Removes the labels of a consumer from the index. */
export async function removeConsumerLabels(
  db: Database,
  organization: string,
  consumer: string,
): Promise<void> {
  await db
    .deleteFrom('consumer_labels')
    .where('organization', '=', organization)
    .where('consumer', '=', consumer)
    .execute()
}
