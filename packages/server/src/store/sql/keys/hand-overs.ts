import type { KeyId } from '@sallyport/core'
import { requireUpdated } from '../../database/affected-rows.ts'
import { createdPage } from '../../database/created-page.ts'
import type { Database } from '../../database/schema.ts'
import type {
  HandOverEnd,
  HandOverReader,
  HandOverRow,
  HandOverState,
  HandOverWriter,
} from '../../port/keys/hand-overs.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    hand_overs: HandOversTable
  }
}

interface HandOversTable {
  organization: string
  id: string
  key_id: string
  environment: string | null
  secret_sequence: number
  state: string
  proof_digest: string
  sealed: string | null
  created_at: number
  created_by: string
  expires_at: number
  ended_at: number | null
  opener_address: string | null
  opener_user_agent: string | null
}

function handOverRow(row: HandOversTable): HandOverRow {
  return {
    organization: row.organization,
    id: row.id,
    key: row.key_id as KeyId,
    environment: row.environment,
    secretSequence: row.secret_sequence,
    state: row.state as HandOverState,
    proofDigest: row.proof_digest,
    sealed: row.sealed,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
    expiresAtMs: row.expires_at,
    endedAtMs: row.ended_at,
    openerAddress: row.opener_address,
    openerUserAgent: row.opener_user_agent,
  }
}

/** The columns that an end replaces. The encrypted token goes. */
function ended({ state, endedAtMs, openerAddress = null, openerUserAgent = null }: HandOverEnd) {
  return {
    state,
    ended_at: endedAtMs,
    sealed: null,
    opener_address: openerAddress,
    opener_user_agent: openerUserAgent,
  }
}

export function handOverReader(db: Database): HandOverReader {
  const all = db.selectFrom('hand_overs').selectAll()
  const handOvers = (organization: string) => all.where('organization', '=', organization)

  return {
    async get(organization, id) {
      const row = await handOvers(organization).where('id', '=', id).executeTakeFirst()
      return row && handOverRow(row)
    },

    async find(id) {
      const row = await all.where('id', '=', id).executeTakeFirst()
      return row && handOverRow(row)
    },

    async list(organization, page) {
      return await createdPage(handOvers(organization), page, 'id', (rows) => rows.map(handOverRow), {
        environment: 'environment',
      })
    },

    async countPending(organization, nowMs) {
      const { pending } = await db
        .selectFrom('hand_overs')
        .select((eb) => eb.fn.countAll<number>().as('pending'))
        .where('organization', '=', organization)
        .where('state', '=', 'pending')
        .where('expires_at', '>', nowMs)
        .executeTakeFirstOrThrow()
      return pending
    },

    async pendingOfKey(organization, key) {
      const rows = await handOvers(organization)
        .where('state', '=', 'pending')
        .where('key_id', '=', key)
        .orderBy('created_at')
        .orderBy('id')
        .execute()
      return rows.map(handOverRow)
    },
  }
}

/** Removes the hand-overs of an organization that have ended, except the newest ones. */
async function removeOldest(db: Database, organization: string, kept: number): Promise<void> {
  const oldest = await db
    .selectFrom('hand_overs')
    .select(['created_at', 'id'])
    .where('organization', '=', organization)
    .where('state', '!=', 'pending')
    .orderBy('created_at', 'desc')
    .orderBy('id', 'desc')
    .offset(kept)
    .limit(1)
    .executeTakeFirst()
  if (oldest === undefined) return
  await db
    .deleteFrom('hand_overs')
    .where('organization', '=', organization)
    .where('state', '!=', 'pending')
    .where((eb) =>
      eb.or([
        eb('created_at', '<', oldest.created_at),
        eb.and([eb('created_at', '=', oldest.created_at), eb('id', '<=', oldest.id)]),
      ]),
    )
    .execute()
}

export function handOverWriter(db: Database): HandOverWriter {
  const update = (organization: string, id: string) =>
    db
      .updateTable('hand_overs')
      .where('organization', '=', organization)
      .where('id', '=', id)
      .where('state', '=', 'pending')

  return {
    ...handOverReader(db),

    async insert(row, endedKept) {
      await removeOldest(db, row.organization, endedKept)
      await db
        .insertInto('hand_overs')
        .values({
          organization: row.organization,
          id: row.id,
          key_id: row.key,
          environment: row.environment,
          secret_sequence: row.secretSequence,
          state: row.state,
          proof_digest: row.proofDigest,
          sealed: row.sealed,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
          expires_at: row.expiresAtMs,
          ended_at: row.endedAtMs,
          opener_address: row.openerAddress,
          opener_user_agent: row.openerUserAgent,
        })
        .execute()
    },

    async end(organization, id, how) {
      requireUpdated(await update(organization, id).set(ended(how)).executeTakeFirst())
    },

    async shorten(organization, id, expiresAtMs) {
      requireUpdated(await update(organization, id).set({ expires_at: expiresAtMs }).executeTakeFirst())
    },

    async endExpired(nowMs, limit) {
      const expired = await db
        .selectFrom('hand_overs')
        .selectAll()
        .where('state', '=', 'pending')
        .where('expires_at', '<=', nowMs)
        .orderBy('expires_at')
        .limit(limit)
        .execute()
      const ids = expired.map(({ id }) => id)
      if (ids.length > 0) {
        await db
          .updateTable('hand_overs')
          .set((eb) => ({ state: 'expired', sealed: null, ended_at: eb.ref('expires_at') }))
          .where('id', 'in', ids)
          .execute()
      }
      return expired.map((row) =>
        handOverRow({ ...row, ...ended({ state: 'expired', endedAtMs: row.expires_at }) }),
      )
    },
  }
}
