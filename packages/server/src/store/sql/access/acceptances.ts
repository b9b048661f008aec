import type { KeyId } from '@sallyport/core'
import { requireDeleted } from '../../database/affected-rows.ts'
import type { UniqueConstraints } from '../../database/conflicts.ts'
import type { Database } from '../../database/schema.ts'
import type { StagedChange } from '../../feed/staged-change.ts'
import type {
  AcceptanceReader,
  AcceptanceRefusalRow,
  AcceptanceScope,
  AcceptanceWriter,
  DecidedExternalKey,
} from '../../port/acceptances.ts'
import { ALL, decideAllowed, type AcceptanceRefusalsTable } from './acceptance-decision.ts'
import { EXTERNAL_KEYS_FEED } from './external-keys.ts'

export const ACCEPTANCE_REFUSALS_CONSTRAINTS: UniqueConstraints = {
  acceptance_refusals_pkey: {
    table: 'acceptance_refusals',
    columns: ['organization', 'key_id', 'partner'],
    detail: 'This acceptance is forbidden already.',
  },
}

function refusalRow(row: AcceptanceRefusalsTable): AcceptanceRefusalRow {
  return {
    organization: row.organization,
    keyId: row.key_id === ALL ? null : (row.key_id as KeyId),
    partner: row.partner === ALL ? null : row.partner,
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }
}

export function acceptanceReader(db: Database): AcceptanceReader {
  const refusals = (organization: string) =>
    db.selectFrom('acceptance_refusals').selectAll().where('organization', '=', organization)

  return {
    async refusalsOf(organization, keyId) {
      const rows = await refusals(organization)
        .where('key_id', 'in', [ALL, keyId])
        .orderBy('key_id')
        .orderBy('partner')
        .execute()
      return rows.map(refusalRow)
    },

    async get({ organization, keyId, partner }) {
      const row = await refusals(organization)
        .where('key_id', '=', keyId ?? ALL)
        .where('partner', '=', partner ?? ALL)
        .executeTakeFirst()
      return row && refusalRow(row)
    },
  }
}

export function acceptanceWriter(db: Database, staged: StagedChange): AcceptanceWriter {
  async function decide(scope: AcceptanceScope): Promise<readonly DecidedExternalKey[]> {
    const decided = await decideAllowed(db, scope)
    for (const row of decided) staged.upsert(EXTERNAL_KEYS_FEED, row.organization, row.id)
    return decided
  }

  return {
    ...acceptanceReader(db),

    async refuse(row) {
      await db
        .insertInto('acceptance_refusals')
        .values({
          organization: row.organization,
          key_id: row.keyId ?? ALL,
          partner: row.partner ?? ALL,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
      return await decide(row)
    },

    async allow(scope) {
      requireDeleted(
        await db
          .deleteFrom('acceptance_refusals')
          .where('organization', '=', scope.organization)
          .where('key_id', '=', scope.keyId ?? ALL)
          .where('partner', '=', scope.partner ?? ALL)
          .executeTakeFirst(),
      )
      return await decide(scope)
    },
  }
}
