import { sql } from 'kysely'
import type { Database } from '../../database/schema.ts'
import type { FleetRole, GatewayEnrolments } from '../../port/fleet/enrolments.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    enrolment_tokens: EnrolmentTokensTable
    enrolled_gateways: EnrolledGatewaysTable
    removed_gateways: RemovedGatewaysTable
  }
}

interface EnrolmentTokensTable {
  digest: string
  name: string
  role: FleetRole
  uses_left: number
  created_at: number
  expires_at: number
}

interface EnrolledGatewaysTable {
  id: string
  name: string
  role: FleetRole
  credential_digest: string
  enrolled_at: number
  /** Empty without one. */
  node: string
  attachment: number
  is_past: number
  revision: number
  hash: string
  seen_at: number
  facts_json: string
}

/** Others have used a token up meanwhile. */
class UsedUp extends Error {}

interface RemovedGatewaysTable {
  credential_digest: string
  removed_at: number
}

/**
 * @param reader sees what was committed
 * @param db its transactions write without the write lock
 */
export function gatewayEnrolments(reader: Database, db: Database): GatewayEnrolments {
  return {
    async addToken({ digest, name, role, usesLeft, createdAtMs, expiresAtMs }) {
      await db
        .insertInto('enrolment_tokens')
        .values({ digest, name, role, uses_left: usesLeft, created_at: createdAtMs, expires_at: expiresAtMs })
        .execute()
    },

    async roleOfToken(tokenDigest) {
      const token = await reader
        .selectFrom('enrolment_tokens')
        .select('role')
        .where('digest', '=', tokenDigest)
        .executeTakeFirst()
      return token?.role
    },

    async enrol(tokenDigest, { id, credentialDigest }, nowMs) {
      const enrolling = db.transaction().execute(async (tx) => {
        const token = await tx
          .selectFrom('enrolment_tokens')
          .select(['name', 'role'])
          .where('digest', '=', tokenDigest)
          .where('uses_left', '>', 0)
          .where('expires_at', '>', nowMs)
          .executeTakeFirst()
        if (token === undefined) return undefined
        const { name, role } = token
        await tx
          .insertInto('enrolled_gateways')
          .values({
            id,
            name,
            role,
            credential_digest: credentialDigest,
            enrolled_at: nowMs,
            node: '',
            attachment: 0,
            // It has never held a lease.
            is_past: 1,
            revision: 0,
            hash: '',
            seen_at: 0,
            facts_json: '{}',
          })
          .execute()
        // Last, because those that enrol with the same token wait for each other from here to the commit.
        const { numUpdatedRows } = await tx
          .updateTable('enrolment_tokens')
          .set({ uses_left: sql<number>`uses_left - 1` })
          .where('digest', '=', tokenDigest)
          .where('uses_left', '>', 0)
          .where('expires_at', '>', nowMs)
          .executeTakeFirst()
        if (numUpdatedRows === 0n) throw new UsedUp()
        return { id, name, role }
      })
      return await enrolling.catch((error: unknown) => {
        if (error instanceof UsedUp) return undefined
        throw error
      })
    },

    async find(credentialDigest) {
      return await reader
        .selectFrom('enrolled_gateways')
        .select(['id', 'name', 'role'])
        .where('credential_digest', '=', credentialDigest)
        .executeTakeFirst()
    },

    async replaceCredential(id, fromDigest, toDigest) {
      const { numUpdatedRows } = await db
        .updateTable('enrolled_gateways')
        .set({ credential_digest: toDigest })
        .where('id', '=', id)
        .where('credential_digest', '=', fromDigest)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },

    async remove(id, nowMs) {
      return await db.transaction().execute(async (tx) => {
        const removed = await tx
          .deleteFrom('enrolled_gateways')
          .where('id', '=', id)
          .returning('credential_digest')
          .executeTakeFirst()
        if (removed === undefined) return false
        await tx
          .insertInto('removed_gateways')
          .values({ credential_digest: removed.credential_digest, removed_at: nowMs })
          .onConflict((conflict) => conflict.column('credential_digest').doNothing())
          .execute()
        return true
      })
    },

    async isRemoved(credentialDigest) {
      const row = await reader
        .selectFrom('removed_gateways')
        .select('removed_at')
        .where('credential_digest', '=', credentialDigest)
        .executeTakeFirst()
      return row !== undefined
    },

    async prune(nowMs) {
      await db.deleteFrom('enrolment_tokens').where('expires_at', '<=', nowMs).execute()
    },
  }
}
