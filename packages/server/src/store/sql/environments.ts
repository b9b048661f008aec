import { Problem } from '@sallyport/core'
import { pageOf, placeAfter } from '../database/cursors.ts'
import type { EnvironmentReader, EnvironmentRow, EnvironmentWriter } from '../port/environments.ts'
import type { Database, EnvironmentTable } from '../database/schema.ts'
import { forgetDeployments } from './ended-deployments.ts'
import { removeEnvironmentThings } from './environment-things.ts'
import type { StagedChange } from '../feed/staged-change.ts'
import { freeTombstones } from './tombstones.ts'
import { mustTouch } from '../database/affected-rows.ts'

function environmentRow(row: EnvironmentTable): EnvironmentRow {
  return {
    organization: row.organization,
    name: row.name,
    position: row.position,
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
      const after = placeAfter(page, ['number', 'string'])
      let query = db.selectFrom('environments').selectAll().where('organization', '=', organization)
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
        'The environment still has deployments, consumers or keys: take them down or delete them first.',
    })
  }
}

export function environmentWriter(db: Database, staged: StagedChange): EnvironmentWriter {
  return {
    ...environmentReader(db),

    async insert(row) {
      await db
        .insertInto('environments')
        .values({
          organization: row.organization,
          name: row.name,
          position: row.position,
          created_at: row.createdAtMs,
        })
        .execute()
      staged.touch('environment', row.organization, row.name)
    },

    async move(organization, name, position) {
      // Gateways know nothing of the order of promotion, so they are not told.
      mustTouch(
        await db
          .updateTable('environments')
          .set({ position })
          .where('organization', '=', organization)
          .where('name', '=', name)
          .executeTakeFirst(),
      )
    },

    async remove(organization, name) {
      await refuseWhileInUse(db, organization, name)
      await freeTombstones(db, staged, organization, 'environment', name)
      await forgetDeployments(db, organization, 'environment', name)
      await removeEnvironmentThings(db, staged, organization, name)
      const result = await db
        .deleteFrom('environments')
        .where('organization', '=', organization)
        .where('name', '=', name)
        .executeTakeFirst()
      if (result.numDeletedRows === 0n) throw new Problem('not_found')
      staged.remove('environment', organization, name)
    },
  }
}
