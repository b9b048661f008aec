import type { Migration } from '../../definition/migration.ts'

/** Environments that take only versions which are live in the environment before them. */
export const promotionOrder: Migration = {
  number: 21,
  name: 'promotion-order',
  async up(db, { integer }) {
    await db.schema
      .alterTable('environments')
      .addColumn('requires_previous', integer, (column) => column.notNull().defaultTo(0))
      .execute()
  },
}
