import { sql } from 'kysely'
import type { Database } from '../../database/schema.ts'
import type { JsonRows } from '../../database/json-rows.ts'
import type {
  AttachedGateway,
  GatewayAttachments,
  GatewayFacts,
  GatewayProgress,
} from '../../port/fleet/attachments.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    control_nodes: ControlNodesTable
  }
}

interface ControlNodesTable {
  id: string
  renewal: number
  lease_ms: number
  seen_at: number
}

/** The columns of a report, in the order of `jsonRows`. */
const REPORTED = {
  gateway: 'text',
  attached: 'bigint',
  reached: 'bigint',
  reached_hash: 'text',
  reported_at: 'bigint',
  facts: 'text',
} as const

/**
 * @param reader sees what was committed
 * @param db its transactions write without the write lock
 */
export function gatewayAttachments(reader: Database, db: Database, jsonRows: JsonRows): GatewayAttachments {
  return {
    async registerNode({ id, leaseMs, seenAtMs }) {
      await db
        .insertInto('control_nodes')
        .values({ id, renewal: 1, lease_ms: leaseMs, seen_at: seenAtMs })
        .execute()
    },

    async renewNode(id, renewal, seenAtMs) {
      const { numUpdatedRows } = await db
        .updateTable('control_nodes')
        .set({ renewal: renewal + 1, seen_at: seenAtMs })
        .where('id', '=', id)
        .where('renewal', '=', renewal)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async endNode(id) {
      await db.deleteFrom('control_nodes').where('id', '=', id).execute()
    },

    async nodes() {
      const rows = await db.selectFrom('control_nodes').selectAll().orderBy('id').execute()
      return rows.map(({ id, renewal, lease_ms, seen_at }) => ({
        id,
        renewal,
        leaseMs: lease_ms,
        seenAtMs: seen_at,
      }))
    },

    async removeNode(id, renewal) {
      return await db.transaction().execute(async (tx) => {
        const { numDeletedRows } = await tx
          .deleteFrom('control_nodes')
          .where('id', '=', id)
          .where('renewal', '=', renewal)
          .executeTakeFirst()
        if (numDeletedRows === 0n) return false
        await tx
          .updateTable('enrolled_gateways')
          .set({ node: '', is_past: 1 })
          .where('node', '=', id)
          .execute()
        return true
      })
    },

    async attach(gateway, node, seenAtMs) {
      const row = await db
        .updateTable('enrolled_gateways')
        .set({
          node,
          attachment: sql<number>`attachment + 1`,
          is_past: 0,
          revision: 0,
          hash: '',
          seen_at: seenAtMs,
        })
        .where('id', '=', gateway)
        .where((eb) =>
          eb.exists(eb.selectFrom('control_nodes').select('control_nodes.id').where('id', '=', node)),
        )
        .returning('attachment')
        .executeTakeFirst()
      return row?.attachment
    },

    async report(positions) {
      if (positions.length === 0) return
      const json = JSON.stringify(
        positions.map(({ id, attachment, revision, hash, seenAtMs, facts }) => [
          id,
          attachment,
          revision,
          hash,
          seenAtMs,
          JSON.stringify(facts),
        ]),
      )
      await sql`
        update enrolled_gateways
        set revision = reached, hash = reached_hash, seen_at = reported_at, facts_json = facts
        from ${jsonRows(json, REPORTED)}
        where enrolled_gateways.id = gateway and enrolled_gateways.attachment = attached
      `.execute(db)
    },

    async markPast(gateway, attachment) {
      await db
        .updateTable('enrolled_gateways')
        .set({ node: '', is_past: 1 })
        .where('id', '=', gateway)
        .where('attachment', '=', attachment)
        .execute()
    },

    async all() {
      return (await selectGateways(reader).execute()).map(gatewayOf)
    },

    async progress() {
      return (await selectProgress(reader).execute()).map(progressOf)
    },

    async behind(revision) {
      const rows = await selectProgress(reader)
        .where((eb) =>
          eb.or([
            eb('enrolled_gateways.revision', '<', revision),
            eb('changes.hash', 'is', null),
            eb('changes.hash', '<>', eb.ref('enrolled_gateways.hash')),
          ]),
        )
        .execute()
      return rows.map(progressOf)
    },
  }
}

/** The part of it that receipts need, which they read many times for many gateways. */
function selectProgress(reader: Database) {
  return reader
    .selectFrom('enrolled_gateways')
    .leftJoin('changes', 'changes.revision', 'enrolled_gateways.revision')
    .select([
      'enrolled_gateways.id',
      'enrolled_gateways.role',
      'enrolled_gateways.attachment',
      'enrolled_gateways.is_past',
      'enrolled_gateways.revision',
      'enrolled_gateways.seen_at',
    ])
    .select(
      sql<number>`case when enrolled_gateways.revision = 0 or changes.hash = enrolled_gateways.hash then 1 else 0 end`.as(
        'is_on_history',
      ),
    )
    .orderBy('enrolled_gateways.id')
}

type ProgressColumns = Awaited<ReturnType<ReturnType<typeof selectProgress>['execute']>>[number]

function progressOf({
  id,
  role,
  revision,
  attachment,
  is_past,
  is_on_history,
  seen_at,
}: ProgressColumns): GatewayProgress {
  return {
    id,
    role,
    revision,
    wasAttached: attachment > 0,
    isPast: is_past === 1,
    isOnHistory: is_on_history === 1,
    seenAtMs: seen_at,
  }
}

/** Each enrolled gateway with the hash that the database's history has at its revision. */
function selectGateways(reader: Database) {
  return reader
    .selectFrom('enrolled_gateways')
    .leftJoin('changes', 'changes.revision', 'enrolled_gateways.revision')
    .select([
      'enrolled_gateways.id',
      'enrolled_gateways.name',
      'enrolled_gateways.role',
      'enrolled_gateways.enrolled_at',
      'enrolled_gateways.node',
      'enrolled_gateways.attachment',
      'enrolled_gateways.is_past',
      'enrolled_gateways.revision',
      'enrolled_gateways.hash',
      'enrolled_gateways.seen_at',
      'enrolled_gateways.facts_json',
      'changes.hash as history_hash',
    ])
    .orderBy('enrolled_gateways.id')
}

type GatewayColumns = Awaited<ReturnType<ReturnType<typeof selectGateways>['execute']>>[number]

function gatewayOf({
  enrolled_at,
  is_past,
  seen_at,
  facts_json,
  history_hash,
  ...row
}: GatewayColumns): AttachedGateway {
  return {
    ...row,
    enrolledAtMs: enrolled_at,
    wasAttached: row.attachment > 0,
    isPast: is_past === 1,
    seenAtMs: seen_at,
    isOnHistory: row.revision === 0 || history_hash === row.hash,
    facts: JSON.parse(facts_json) as GatewayFacts,
  }
}
