import { type EnvironmentRecord, Problem } from '@sallyport/core'
import { requireDeleted, requireUpdated } from '../database/affected-rows.ts'
import type { UniqueConstraints } from '../database/conflicts.ts'
import { isWithin } from '../database/scope-condition.ts'
import { pageOf, startAfter } from '../database/cursors.ts'
import type { Database, Schema } from '../database/schema.ts'
import { headRevision } from '../feed/changes.ts'
import { type EntityFeed, entityFeed } from '../feed/entity-feed.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import type { EnvironmentReader, EnvironmentRow, EnvironmentWriter } from '../port/environments.ts'
import { detachDeletedKeys } from './deleted-keys.ts'
import { deleteEndedDeployments } from './deployments.ts'
import { removeKeyAge } from './keys/key-ages.ts'
import { deleteKeptDeployments } from './history/removed-pipelines.ts'

declare module '../database/schema.ts' {
  interface Schema {
    environments: EnvironmentsTable
  }
}

interface EnvironmentsTable {
  organization: string
  name: string
  position: number
  requires_previous: number
  /** The revision of the change since which it refuses when stale; null if it serves. */
  refuses_since: number | null
  created_at: number
}

export const ENVIRONMENTS_CONSTRAINTS: UniqueConstraints = {
  environments_pkey: {
    table: 'environments',
    columns: ['organization', 'name'],
    detail: 'The organization already has an environment with this name. Choose another name.',
  },
}

export const ENVIRONMENTS_FEED = entityFeed({
  kind: 'environment',
  keyColumns: ['organization', 'name'],
  select: (db) => db.selectFrom('environments').select(['organization', 'name', 'refuses_since']),
  record: (row): EnvironmentRecord => ({
    kind: 'environment',
    organization: row.organization,
    name: row.name,
    ...(row.refuses_since !== null && { whenStale: 'refuse' as const }),
  }),
})

function environmentRow(row: EnvironmentsTable): EnvironmentRow {
  return {
    organization: row.organization,
    name: row.name,
    position: row.position,
    requiresPrevious: row.requires_previous === 1,
    whenStale: row.refuses_since === null ? 'serve' : 'refuse',
    createdAtMs: row.created_at,
  }
}

export function environmentReader(db: Database): EnvironmentReader {
  return {
    async get(organization, name) {
      const row = await db
        .selectFrom('environments')
        .selectAll()
        .where('organization', '=', organization)
        .where('name', '=', name)
        .executeTakeFirst()
      return row && environmentRow(row)
    },

    async list(organization, page) {
      const after = startAfter(page, ['number', 'string'])
      let query = db.selectFrom('environments').selectAll().where('organization', '=', organization)
      if (page.visible !== undefined) query = query.where(isWithin(page.visible, { environment: 'name' }))
      if (after !== undefined) {
        query = query.where((eb) => eb(eb.refTuple('position', 'name'), '>', eb.tuple(...after)))
      }
      const rows = await query
        .orderBy('position')
        .orderBy('name')
        .limit(page.limit + 1)
        .execute()
      return pageOf(
        rows,
        page.limit,
        (row) => [row.position, row.name],
        (kept) => kept.map(environmentRow),
      )
    },

    async staleRefusal(organization) {
      const { all, refusing, newest } = await db
        .selectFrom('environments')
        .select((eb) => [
          eb.fn.countAll<number>().as('all'),
          eb.fn.count<number>('refuses_since').as('refusing'),
          eb.fn.max('refuses_since').as('newest'),
        ])
        .where('organization', '=', organization)
        .executeTakeFirstOrThrow()
      const owner = await db
        .selectFrom('organizations')
        .select('served_until')
        .where('slug', '=', organization)
        .executeTakeFirst()
      return {
        isByAll: refusing === all,
        sinceRevision: Math.max(newest ?? 0, owner?.served_until ?? 0),
      }
    },
  }
}

async function refuseWhileInUse(db: Database, organization: string, environment: string): Promise<void> {
  const live = await db
    .selectFrom('deployments')
    .select('id')
    .where('organization', '=', organization)
    .where('environment', '=', environment)
    .where('ended_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  const consumer = await db
    .selectFrom('consumers')
    .select('id')
    .where('organization', '=', organization)
    .where('environment', '=', environment)
    .limit(1)
    .executeTakeFirst()
  const key = await db
    .selectFrom('keys')
    .select('id')
    .where('organization', '=', organization)
    .where('environment', '=', environment)
    .where('deleted_at', 'is', null)
    .limit(1)
    .executeTakeFirst()
  if (live ?? consumer ?? key) {
    throw new Problem('conflict', {
      detail:
        'The environment still has live deployments, consumers or keys. ' +
        'Take down the deployments and delete the consumers and keys first.',
    })
  }
}

type TableWith<Columns> = {
  [Table in keyof Schema]: Schema[Table] extends Columns ? Table : never
}[keyof Schema]

interface EnvironmentColumns {
  readonly organization: string
  readonly environment: string
}

/** A table whose rows are removed with their environment, and their feed if gateways receive them. */
export type EnvironmentContents =
  | { readonly table: TableWith<EnvironmentColumns>; readonly feed: null }
  | { readonly table: TableWith<EnvironmentColumns & { readonly id: string }>; readonly feed: EntityFeed }

/** Deletes the environment's rows of one table. */
async function deleteContents(
  db: Database,
  staged: StagedChange,
  { table, feed }: EnvironmentContents,
  organization: string,
  environment: string,
): Promise<void> {
  const deletion = db
    .deleteFrom(table)
    .where('organization', '=', organization)
    .where('environment', '=', environment)
  if (feed === null) {
    await deletion.execute()
    return
  }
  const deleted = await deletion.returning('id').execute()
  for (const id of deleted.map((row) => row.id).toSorted()) staged.remove(feed, organization, id)
}

/** @param contents what is removed with an environment, in this order */
export function environmentWriter(
  db: Database,
  staged: StagedChange,
  contents: readonly EnvironmentContents[],
): EnvironmentWriter {
  const update = async (
    organization: string,
    name: string,
    columns: Partial<Pick<EnvironmentsTable, 'position' | 'requires_previous' | 'refuses_since'>>,
  ): Promise<void> =>
    requireUpdated(
      await db
        .updateTable('environments')
        .set(columns)
        .where('organization', '=', organization)
        .where('name', '=', name)
        .executeTakeFirst(),
    )
  const reader = environmentReader(db)
  // What the transaction has staged gets the next revision, as it holds the write lock.
  const ownRevision = async (): Promise<number> => (await headRevision(db)) + 1
  return {
    ...reader,

    async insert(row) {
      await db
        .insertInto('environments')
        .values({
          organization: row.organization,
          name: row.name,
          position: row.position,
          requires_previous: row.requiresPrevious ? 1 : 0,
          refuses_since: row.whenStale === 'refuse' ? await ownRevision() : null,
          created_at: row.createdAtMs,
        })
        .execute()
      staged.upsert(ENVIRONMENTS_FEED, row.organization, row.name)
    },

    // Gateways use neither the promotion order nor what it requires, so nothing is staged.
    async move(organization, name, position) {
      await update(organization, name, { position })
    },

    async setRequiresPrevious(organization, name, requiresPrevious) {
      await update(organization, name, { requires_previous: requiresPrevious ? 1 : 0 })
    },

    async setWhenStale(organization, name, whenStale) {
      if ((await reader.get(organization, name))?.whenStale === whenStale) return
      await update(organization, name, {
        refuses_since: whenStale === 'refuse' ? await ownRevision() : null,
      })
      staged.upsert(ENVIRONMENTS_FEED, organization, name)
    },

    async remove(organization, name) {
      await refuseWhileInUse(db, organization, name)
      const isServing = (await reader.get(organization, name))?.whenStale === 'serve'
      await detachDeletedKeys(db, staged, organization, 'environment', name)
      await deleteEndedDeployments(db, organization, 'environment', name)
      await deleteKeptDeployments(db, organization, name)
      for (const each of contents) await deleteContents(db, staged, each, organization, name)
      await removeKeyAge(db, staged, organization, name)
      requireDeleted(
        await db
          .deleteFrom('environments')
          .where('organization', '=', organization)
          .where('name', '=', name)
          .executeTakeFirst(),
      )
      staged.remove(ENVIRONMENTS_FEED, organization, name)
      // A gateway that has not heard of the removal still serves the environment.
      if (!isServing) return
      await db
        .updateTable('organizations')
        .set({ served_until: await ownRevision() })
        .where('slug', '=', organization)
        .execute()
    },
  }
}
