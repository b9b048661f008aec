import { sql } from 'kysely'
import type { Database } from '../database/schema.ts'
import type { AuditCheckpoint, AuditKeyRow, AuditSigning } from '../port/audit/audit-signing.ts'

declare module '../database/schema.ts' {
  interface Schema {
    audit_checkpoints: AuditCheckpointsTable
    audit_keys: AuditKeysTable
  }
}

interface AuditCheckpointsTable {
  organization: string
  sequence: number
  hash: string
  signed_at: number
  key_id: string
  signature: string
}

interface AuditKeysTable {
  number: number
  id: string
  public_key: string
  sealed_private_key: string
  created_at: number
}

/** The one row's number. */
const ONLY_ROW = 1

function checkpointOf(row: AuditCheckpointsTable): AuditCheckpoint {
  const { organization, sequence, hash, signature } = row
  return { organization, sequence, hash, atMs: row.signed_at, keyId: row.key_id, signature }
}

/** @param db its transactions wait for the write lock, which another process may hold */
export function auditSigning(reader: Database, db: Database): AuditSigning {
  const write = async (work: (tx: Database) => Promise<unknown>): Promise<void> => {
    await db.transaction().execute(work)
  }
  const key = async (): Promise<AuditKeyRow | undefined> => {
    // Not through the reader, which may not yet see what another process has just stored.
    const row = await db
      .selectFrom('audit_keys')
      .selectAll()
      .where('number', '=', ONLY_ROW)
      .executeTakeFirst()
    return (
      row && {
        id: row.id,
        publicKey: row.public_key,
        sealedPrivateKey: row.sealed_private_key,
        createdAtMs: row.created_at,
      }
    )
  }
  return {
    key,

    async putKey(row) {
      const values = {
        number: ONLY_ROW,
        id: row.id,
        public_key: row.publicKey,
        sealed_private_key: row.sealedPrivateKey,
        created_at: row.createdAtMs,
      }
      await write((tx) =>
        tx
          .insertInto('audit_keys')
          .values(values)
          .onConflict((conflict) => conflict.column('number').doNothing())
          .execute(),
      )
      return (await key()) ?? row
    },

    async addCheckpoint({ organization, sequence, hash, atMs, keyId, signature }) {
      const values = { organization, sequence, hash, signed_at: atMs, key_id: keyId, signature }
      await write((tx) =>
        tx
          .insertInto('audit_checkpoints')
          .values(values)
          .onConflict((conflict) => conflict.columns(['organization', 'sequence']).doNothing())
          .execute(),
      )
    },

    async checkpoints(organization, after, through) {
      const rows = await reader
        .selectFrom('audit_checkpoints')
        .selectAll()
        .where('organization', '=', organization)
        .where('sequence', '>', after)
        .where('sequence', '<=', through)
        .orderBy('sequence')
        .execute()
      return rows.map(checkpointOf)
    },

    async organizations(afterSlug, limit) {
      const rows = await reader
        .selectFrom('organizations')
        .select('slug')
        .select(
          sql<number>`coalesce((select sequence from audit_events where organization = slug order by sequence desc limit 1), 0)`.as(
            'newest',
          ),
        )
        .select(
          sql<number>`coalesce((select sequence from audit_checkpoints where organization = slug order by sequence desc limit 1), 0)`.as(
            'signed',
          ),
        )
        .select(
          sql<number>`coalesce((select signed_at from audit_checkpoints where organization = slug order by sequence desc limit 1), 0)`.as(
            'signedAt',
          ),
        )
        .where('slug', '>', afterSlug)
        .orderBy('slug')
        .limit(limit)
        .execute()
      return rows.map(({ slug, newest, signed, signedAt }) => ({
        organization: slug,
        newest,
        signed,
        signedAtMs: signedAt,
      }))
    },
  }
}
