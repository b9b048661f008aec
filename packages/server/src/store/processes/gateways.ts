import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import type { GatewayLeases } from '../port/gateways.ts'

declare module '../database/schema.ts' {
  interface Schema {
    gateways: GatewaysTable
  }
}

interface GatewaysTable {
  id: string
  role: string
  process: string
  revision: number
  hash: string
  renewal: number
  lease_ms: number
  seen_at: number
}

/** @param db runs each statement in a transaction of its own, without the write lock */
export function gatewayLeases(db: Database): GatewayLeases {
  return {
    async register({ leaseMs, seenAtMs, ...row }) {
      await db
        .insertInto('gateways')
        .values({ ...row, renewal: 1, lease_ms: leaseMs, seen_at: seenAtMs })
        .execute()
    },

    async renew({ id, revision, hash, leaseMs, seenAtMs }) {
      const row = await db
        .updateTable('gateways')
        .set({
          revision,
          hash,
          lease_ms: leaseMs,
          seen_at: seenAtMs,
          renewal: sql<number>`renewal + 1`,
        })
        .where('id', '=', id)
        .returning(
          sql<number>`(select count(*) from gateways as other where other.id <> ${id} and other.lease_ms > 0)`.as(
            'others',
          ),
        )
        .executeTakeFirst()
      return row?.others
    },

    async end(id) {
      await db.updateTable('gateways').set({ lease_ms: 0 }).where('id', '=', id).execute()
    },

    async all() {
      const rows = await db
        .selectFrom('gateways')
        .leftJoin('changes', 'changes.revision', 'gateways.revision')
        .selectAll('gateways')
        .select('changes.hash as history_hash')
        .orderBy('gateways.id')
        .execute()
      return rows.map(({ lease_ms, seen_at, history_hash, ...row }) => ({
        ...row,
        leaseMs: lease_ms,
        seenAtMs: seen_at,
        isOnHistory: row.revision === 0 || history_hash === row.hash,
      }))
    },

    async remove(id, renewal) {
      const { numDeletedRows } = await db
        .deleteFrom('gateways')
        .where('id', '=', id)
        .where('renewal', '=', renewal)
        .executeTakeFirst()
      return numDeletedRows > 0n
    },
  }
}
