import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** Labels of keys and consumers. Earlier rows have none, so none of them is rewritten, and no index is filled. */
export const labels: Migration = {
  number: 22,
  name: 'labels',
  async up(db, types) {
    const { name, text, tableEnd } = types
    for (const owner of ['keys', 'consumers']) {
      await db.schema.alterTable(owner).addColumn('labels_json', text).execute()
    }
    await table(db, 'consumer_labels', { organization: name, consumer: name, term: name })
      .addPrimaryKeyConstraint('consumer_labels_pkey', ['organization', 'consumer', 'term'])
      .addForeignKeyConstraint('consumer_labels_consumer', ['organization', 'consumer'], 'consumers', [
        'organization',
        'id',
      ])
      .modifyEnd(tableEnd)
      .execute()
    await db.schema
      .createIndex('consumer_labels_of_term')
      .on('consumer_labels')
      .columns(['organization', 'term', 'consumer'])
      .execute()
  },
}
