import type { KeyId } from '@sallyport/core'
import { type RawBuilder, sql, type SqlBool } from 'kysely'
import { requireDeleted } from '../../database/affected-rows.ts'
import type { UniqueConstraints } from '../../database/conflicts.ts'
import { pageOf, startAfter } from '../../database/cursors.ts'
import type { Database } from '../../database/schema.ts'
import { isWithin } from '../../database/scope-condition.ts'
import type { StagedChange } from '../../feed/staged-change.ts'
import type {
  AcceptanceReader,
  AcceptanceRefusalRow,
  AcceptanceScope,
  AcceptanceWriter,
  DecidedExternalKey,
  ForbiddingRule,
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

const RULES: readonly ForbiddingRule[] = ['organization', 'key', 'partner']

/** Whether the owner of an external key has a refusal with this scope: 0 or 1. */
function hasRefusal(keyId: RefusalPart, partner: RefusalPart) {
  return sql<number>`case when exists (
    select 1 from acceptance_refusals as refusal
    where refusal.organization = external_keys.owner
      and refusal.key_id = ${keyId}
      and refusal.partner = ${partner}
  ) then 1 else 0 end`
}

type RefusalPart = typeof ALL | RawBuilder<string>
const OF_KEY = sql<string>`external_keys.key_id`
const OF_PARTNER = sql<string>`external_keys.organization`

export function acceptanceReader(db: Database): AcceptanceReader {
  const refusals = (organization: string) =>
    db.selectFrom('acceptance_refusals').selectAll().where('organization', '=', organization)

  return {
    async list(owner, page) {
      const after = startAfter(page, ['string', 'string'])
      let query = db
        .selectFrom('external_keys')
        .innerJoin('keys', (join) =>
          join
            .onRef('keys.organization', '=', 'external_keys.owner')
            .onRef('keys.id', '=', 'external_keys.key_id'),
        )
        .innerJoin('organizations', 'organizations.slug', 'external_keys.organization')
        .leftJoin('external_key_usage', (join) =>
          join
            .onRef('external_key_usage.organization', '=', 'external_keys.organization')
            .onRef('external_key_usage.key_id', '=', 'external_keys.key_id'),
        )
        .select([
          'external_keys.key_id',
          'keys.name as key_name',
          'external_keys.organization as partner',
          'organizations.name as partner_name',
          'external_keys.active',
          'external_keys.created_at',
          'external_key_usage.last_used_at',
          hasRefusal(ALL, ALL).as('by_organization'),
          hasRefusal(OF_KEY, ALL).as('by_key'),
          hasRefusal(OF_KEY, OF_PARTNER).as('by_partner'),
        ])
        .where('external_keys.owner', '=', owner)
        .where('keys.deleted_at', 'is', null)
      if (page.visible !== undefined)
        query = query.where(isWithin(page.visible, { environment: 'keys.environment' }))
      if (after !== undefined)
        query = query.where(sql<SqlBool>`(${OF_KEY}, ${OF_PARTNER}) > (${after[0]}, ${after[1]})`)
      const rows = await query
        .orderBy('external_keys.key_id')
        .orderBy('external_keys.organization')
        .limit(page.limit + 1)
        .execute()
      return pageOf(
        rows,
        page.limit,
        (row) => [row.key_id, row.partner],
        (kept) =>
          kept.map((row) => ({
            keyId: row.key_id as KeyId,
            keyName: row.key_name,
            partner: row.partner,
            partnerName: row.partner_name,
            active: row.active === 1,
            forbiddenBy: RULES.filter((rule) => row[`by_${rule}`] === 1),
            createdAtMs: row.created_at,
            lastUsedAtMs: row.last_used_at,
          })),
      )
    },

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
