import type { KeyId, RotationProblem } from '@sallyport/core'
import { requireDeleted } from '../../database/affected-rows.ts'
import type { Database } from '../../database/schema.ts'
import type {
  PendingRotation,
  RotationReader,
  RotationRow,
  RotationWriter,
} from '../../port/keys/rotations.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    rotations: RotationsTable
  }
}

interface RotationsTable {
  organization: string
  key_id: string
  every_days: number
  webhook: string
  url_digest: string
  hand_over_hours: number | null
  updated_at: number
  updated_by: string
  due_at: number
  failures: number
  problem: string | null
  problem_at: number | null
  rotated_at: number | null
  pending_sequence: number | null
  pending_sealed: string | null
  pending_since: number | null
  pending_until: number | null
  pending_hand_over: string | null
  pending_subject: string | null
}

function pendingOf(row: RotationsTable): PendingRotation | null {
  const { pending_sequence, pending_sealed, pending_since, pending_until, pending_subject } = row
  if (
    pending_sequence === null ||
    pending_sealed === null ||
    pending_since === null ||
    pending_until === null ||
    pending_subject === null
  )
    return null
  return {
    secretSequence: pending_sequence,
    sealed: pending_sealed,
    sinceMs: pending_since,
    untilMs: pending_until,
    handOver: row.pending_hand_over,
    subject: pending_subject,
  }
}

function rotationRow(row: RotationsTable): RotationRow {
  return {
    organization: row.organization,
    key: row.key_id as KeyId,
    everyDays: row.every_days,
    webhook: row.webhook,
    urlDigest: row.url_digest,
    handOverHours: row.hand_over_hours,
    updatedAtMs: row.updated_at,
    updatedBy: row.updated_by,
    dueAtMs: row.due_at,
    failures: row.failures,
    problem: row.problem as RotationProblem | null,
    problemAtMs: row.problem_at,
    rotatedAtMs: row.rotated_at,
    pending: pendingOf(row),
  }
}

/** The columns that are replaced. */
function changeable(row: RotationRow) {
  const { pending } = row
  return {
    every_days: row.everyDays,
    webhook: row.webhook,
    url_digest: row.urlDigest,
    hand_over_hours: row.handOverHours,
    updated_at: row.updatedAtMs,
    updated_by: row.updatedBy,
    due_at: row.dueAtMs,
    failures: row.failures,
    problem: row.problem,
    problem_at: row.problemAtMs,
    rotated_at: row.rotatedAtMs,
    pending_sequence: pending?.secretSequence ?? null,
    pending_sealed: pending?.sealed ?? null,
    pending_since: pending?.sinceMs ?? null,
    pending_until: pending?.untilMs ?? null,
    pending_hand_over: pending?.handOver ?? null,
    pending_subject: pending?.subject ?? null,
  }
}

export function rotationReader(db: Database): RotationReader {
  return {
    async get(organization, key) {
      const row = await db
        .selectFrom('rotations')
        .selectAll()
        .where('organization', '=', organization)
        .where('key_id', '=', key)
        .executeTakeFirst()
      return row && rotationRow(row)
    },

    async due(nowMs, limit) {
      const rows = await db
        .selectFrom('rotations')
        .select(['organization', 'key_id'])
        .where('due_at', '<=', nowMs)
        .orderBy('due_at')
        .limit(limit)
        .execute()
      return rows.map(({ organization, key_id }) => ({ organization, key: key_id as KeyId }))
    },
  }
}

export function rotationWriter(db: Database): RotationWriter {
  return {
    ...rotationReader(db),

    async put(row) {
      const columns = changeable(row)
      await db
        .insertInto('rotations')
        .values({ organization: row.organization, key_id: row.key, ...columns })
        .onConflict((conflict) => conflict.columns(['organization', 'key_id']).doUpdateSet(columns))
        .execute()
    },

    async remove(organization, key) {
      requireDeleted(
        await db
          .deleteFrom('rotations')
          .where('organization', '=', organization)
          .where('key_id', '=', key)
          .executeTakeFirst(),
      )
    },
  }
}

/** Removes the rotation of a key that is deleted. */
export async function removeRotation(db: Database, organization: string, key: KeyId): Promise<void> {
  await db.deleteFrom('rotations').where('organization', '=', organization).where('key_id', '=', key).execute()
}
