import type { Kysely } from 'kysely'
import type { Schema } from '../database/schema.ts'
import type { ColumnTypes } from './definition/column-types.ts'
import type { Migration } from './definition/migration.ts'
import { spine } from './steps/000x/0001-spine.ts'
import { governance } from './steps/000x/0002-governance.ts'
import { deploymentHistory } from './steps/000x/0003-deployment-history.ts'
import { gatewaysAndHistories } from './steps/000x/0004-gateways-and-histories.ts'
import { liveDeploymentsAndQuotas } from './steps/000x/0005-live-deployments-and-quotas.ts'
import { liveClaims } from './steps/000x/0006-live-claims.ts'
import { roles } from './steps/000x/0007-roles.ts'
import { externalKeys } from './steps/000x/0008-external-keys.ts'
import { people } from './steps/000x/0009-people.ts'
import { usage } from './steps/001x/0010-usage.ts'
import { peopleFacts } from './steps/001x/0011-people-facts.ts'
import { auditSearch } from './steps/001x/0012-audit-search.ts'
import { secretSources } from './steps/001x/0014-secret-sources.ts'
import { keyLists } from './steps/001x/0015-key-lists.ts'
import { webhooks } from './steps/001x/0016-webhooks.ts'
import { handOvers } from './steps/001x/0017-hand-overs.ts'
import { leaks } from './steps/001x/0018-leaks.ts'
import { history } from './steps/001x/0019-history.ts'
import { variables } from './steps/002x/0020-variables.ts'
import { promotionOrder } from './steps/002x/0021-promotion-order.ts'
import { labels } from './steps/002x/0022-labels.ts'
import { portalSessions } from './steps/002x/0023-portal-sessions.ts'
import { imports } from './steps/002x/0024-imports.ts'
import { keyAge } from './steps/002x/0025-key-age.ts'
import { rotations } from './steps/002x/0026-rotations.ts'
import { portalIssuers } from './steps/002x/0027-portal-issuers.ts'
import { organizationColors } from './steps/002x/0029-organization-colors.ts'
import { versionComments } from './steps/003x/0030-version-comments.ts'
import { scheduleOverlaps } from './steps/003x/0031-schedule-overlaps.ts'
import { consumerProjects } from './steps/003x/0034-consumer-projects.ts'
import { fleet } from './steps/003x/0035-fleet.ts'
import { consumerTitles } from './steps/003x/0032-consumer-titles.ts'
import { plans } from './steps/003x/0033-plans.ts'
import { whenStale } from './steps/003x/0036-when-stale.ts'
import { usageLog } from './steps/003x/0038-usage-log.ts'
import { removedGateways } from './steps/003x/0039-removed-gateways.ts'
import { usageReports } from './steps/004x/0040-usage-reports.ts'
import { ownerMails } from './steps/002x/0028-owner-mails.ts'

/** Every migration, in order. */
export const MIGRATIONS: readonly Migration[] = [
  spine,
  governance,
  deploymentHistory,
  gatewaysAndHistories,
  liveDeploymentsAndQuotas,
  liveClaims,
  roles,
  externalKeys,
  people,
  usage,
  peopleFacts,
  auditSearch,
  secretSources,
  keyLists,
  webhooks,
  handOvers,
  leaks,
  history,
  variables,
  promotionOrder,
  labels,
  portalSessions,
  imports,
  keyAge,
  rotations,
  portalIssuers,
  ownerMails,
  organizationColors,
  versionComments,
  scheduleOverlaps,
  consumerTitles,
  plans,
  consumerProjects,
  fleet,
  whenStale,
  usageLog,
  removedGateways,
  usageReports,
]

/**
 * Runs the migrations that the database does not have, in one transaction. A second process that starts at the same
 * time waits for the write lock, then has nothing to do.
 *
 * @param db its transactions hold the write lock
 * @throws Error when a newer version of Sallyport has migrated the database
 */
export async function migrate(
  db: Kysely<Schema>,
  types: ColumnTypes,
  nowMs: () => number,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await tx.schema
      .createTable('migrations')
      .ifNotExists()
      .addColumn('number', types.integer, (column) => column.notNull())
      .addColumn('name', types.text, (column) => column.notNull())
      .addColumn('applied_at', types.integer, (column) => column.notNull())
      .addPrimaryKeyConstraint('migrations_pkey', ['number'])
      .modifyEnd(types.tableEnd)
      .execute()
    for (const migration of await missingMigrations(tx, migrations)) {
      // A migration sees the tables of its time, which the current Schema does not describe.
      await migration.up(tx as unknown as Kysely<unknown>, types)
      await tx
        .insertInto('migrations')
        .values({ number: migration.number, name: migration.name, applied_at: nowMs() })
        .execute()
    }
  })
}

/**
 * Requires that the database has every migration, and runs none: another process may use the database with an older version.
 *
 * @throws Error when a migration is missing, or a newer version of Sallyport has migrated the database
 */
export async function requireMigrated(
  db: Kysely<Schema>,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<void> {
  const tables = await db.introspection.getTables()
  if (!tables.some(({ name }) => name === 'migrations')) {
    throw new Error('The database is empty: no server has started on it. Correct the setting.')
  }
  const [missing] = await missingMigrations(db, migrations)
  if (missing === undefined) return
  throw new Error(
    `The database does not have migration ${missing.number} (${missing.name}): it is of an older version of Sallyport. ` +
      'Use that version, or start the server of this version, which migrates the database.',
  )
}

/** @throws Error when the database has a migration that is not among these */
async function missingMigrations(
  db: Kysely<Schema>,
  migrations: readonly Migration[],
): Promise<readonly Migration[]> {
  const applied = await db.selectFrom('migrations').select(['number', 'name']).orderBy('number').execute()
  for (const [index, { number, name }] of applied.entries()) {
    const known = migrations[index]
    if (known === undefined || known.number !== number || known.name !== name) {
      throw new Error(
        `The database has migration ${number} (${name}), which this version of Sallyport does not know. ` +
          'Start the version that wrote it, or a later one.',
      )
    }
  }
  return migrations.slice(applied.length)
}
