import type { Migration } from '../../definition/migration.ts'

/** When the credential that issued a portal session ends. Earlier sessions have none; they end within 24 hours. */
export const portalIssuers: Migration = {
  number: 27,
  name: 'portal-issuers',
  async up(db, { integer }) {
    await db.schema.alterTable('portal_sessions').addColumn('issuer_ends_at', integer).execute()
  },
}
