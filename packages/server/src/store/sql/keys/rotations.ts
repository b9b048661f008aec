import { type KeyId, Problem, type RotationProblem } from '@sallyport/core'
import { requireUpdated } from '../../database/affected-rows.ts'
import type { Database } from '../../database/schema.ts'
import type {
  PendingRotation,
  RotationName,
  RotationReader,
  RotationRow,
  RotationWriter,
} from '../../port/keys/rotations.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    rotations: RotationsTable
    rotation_looks: RotationLooksTable
  }
}

/** When to look at a rotation again. */
interface RotationLooksTable {
  organization: string
  key_id: string
  due_at: number
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

function rotationRow(row: RotationsTable & Pick<RotationLooksTable, 'due_at'>): RotationRow {
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
        .innerJoin('rotation_looks', (join) =>
          join
            .onRef('rotation_looks.organization', '=', 'rotations.organization')
            .onRef('rotation_looks.key_id', '=', 'rotations.key_id'),
        )
        .selectAll('rotations')
        .select('rotation_looks.due_at')
        .where('rotations.organization', '=', organization)
        .where('rotations.key_id', '=', key)
        .executeTakeFirst()
      return row && rotationRow(row)
    },
  }
}

export function rotationWriter(db: Database): RotationWriter {
  async function setDue({ organization, key }: RotationName, dueAtMs: number): Promise<void> {
    await db
      .updateTable('rotation_looks')
      .set({ due_at: dueAtMs })
      .where('organization', '=', organization)
      .where('key_id', '=', key)
      .execute()
  }

  return {
    ...rotationReader(db),

    async due(nowMs, limit) {
      const rows = await db
        .selectFrom('rotation_looks')
        .select(['organization', 'key_id'])
        .where('due_at', '<=', nowMs)
        .orderBy('due_at')
        .limit(limit)
        .execute()
      return rows.map(({ organization, key_id }) => ({ organization, key: key_id as KeyId }))
    },

    async delivering(organization, webhook) {
      const rows = await db
        .selectFrom('rotations')
        .select('key_id')
        .where('organization', '=', organization)
        .where('webhook', '=', webhook)
        .where('pending_sequence', 'is not', null)
        .orderBy('key_id')
        .execute()
      return rows.map(({ key_id }) => ({ organization, key: key_id as KeyId }))
    },

    async insert(row) {
      const name = { organization: row.organization, key_id: row.key }
      await db
        .insertInto('rotations')
        .values({ ...name, ...changeable(row) })
        .execute()
      await db
        .insertInto('rotation_looks')
        .values({ ...name, due_at: row.dueAtMs })
        .execute()
    },

    async replace(row) {
      requireUpdated(
        await db
          .updateTable('rotations')
          .set(changeable(row))
          .where('organization', '=', row.organization)
          .where('key_id', '=', row.key)
          .executeTakeFirst(),
      )
      await setDue(row, row.dueAtMs)
    },

    postpone: setDue,

    async remove(organization, key) {
      if ((await removeRotation(db, organization, key)) === 0n) throw new Problem('not_found')
    },
  }
}

/** Removes the rotation of a key. @returns how many it had */
export async function removeRotation(db: Database, organization: string, key: KeyId): Promise<bigint> {
  const [{ numDeletedRows } = { numDeletedRows: 0n }] = await db
    .deleteFrom('rotations')
    .where('organization', '=', organization)
    .where('key_id', '=', key)
    .execute()
  if (numDeletedRows > 0n) {
    await db
      .deleteFrom('rotation_looks')
      .where('organization', '=', organization)
      .where('key_id', '=', key)
      .execute()
  }
  return numDeletedRows
}
