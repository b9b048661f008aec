import { type ExternalKeyRecord, type KeyId, lifetimeEndsAtMs, Problem } from '@sallyport/core'
import { sql } from 'kysely'
import { requireDeleted } from '../../database/affected-rows.ts'
import type { UniqueConstraints } from '../../database/conflicts.ts'
import { createdPage } from '../../database/created-page.ts'
import { rateLimitsFromJson, textsFromJson, toJson } from '../../database/json-columns.ts'
import type { Database } from '../../database/schema.ts'
import { entityFeed } from '../../feed/entity-feed.ts'
import type { StagedChange } from '../../feed/staged-change.ts'
import type {
  ExternalKeyReader,
  ExternalKeyRow,
  ExternalKeyWriter,
  PartnerKeyRow,
} from '../../port/external-keys.ts'
import { decideAllowed } from './acceptance-decision.ts'
import { addHolder, removeHolder } from './role-holders.ts'

declare module '../../database/schema.ts' {
  interface Schema {
    external_keys: ExternalKeysTable
    external_key_usage: ExternalKeyUsageTable
  }
}

interface ExternalKeysTable {
  organization: string
  id: string
  key_id: string
  /** The organization of the key. */
  owner: string
  label: string | null
  roles_json: string
  active: number
  allowed: number
  address_rules_json: string
  rate_limits_json: string
  created_at: number
  created_by: string
}

/** When each external key was last used. It changes every second, so it is kept apart from what writers read. */
interface ExternalKeyUsageTable {
  organization: string
  key_id: string
  last_used_at: number
}

export const EXTERNAL_KEYS_CONSTRAINTS: UniqueConstraints = {
  external_keys_key: {
    table: 'external_keys',
    columns: ['organization', 'key_id'],
    detail: 'The organization has this key already. Change its roles instead.',
  },
}

export const EXTERNAL_KEYS_FEED = entityFeed({
  kind: 'external-key',
  keyColumns: ['organization', 'id'],
  select: (db) =>
    db
      .selectFrom('external_keys')
      .select([
        'organization',
        'id',
        'key_id',
        'roles_json',
        'active',
        'allowed',
        'address_rules_json',
        'rate_limits_json',
      ]),
  record: (row): ExternalKeyRecord => ({
    kind: 'external-key',
    organization: row.organization,
    id: row.id,
    keyId: row.key_id as KeyId,
    roles: textsFromJson(row.roles_json),
    active: row.active === 1 && row.allowed === 1,
    addressRules: textsFromJson(row.address_rules_json),
    rateLimits: rateLimitsFromJson(row.rate_limits_json),
  }),
})

function externalKeyRow(row: ExternalKeysTable): ExternalKeyRow {
  return {
    organization: row.organization,
    id: row.id,
    keyId: row.key_id as KeyId,
    owner: row.owner,
    label: row.label,
    roles: textsFromJson(row.roles_json),
    active: row.active === 1,
    allowed: row.allowed === 1,
    addressRules: textsFromJson(row.address_rules_json),
    rateLimits: rateLimitsFromJson(row.rate_limits_json),
    createdAtMs: row.created_at,
    createdBy: row.created_by,
  }
}

/** The columns that an update replaces. */
function changeable(row: ExternalKeyRow) {
  return {
    label: row.label,
    roles_json: toJson(row.roles),
    active: row.active ? 1 : 0,
    address_rules_json: toJson(row.addressRules),
    rate_limits_json: toJson(row.rateLimits),
  }
}

const holderOf = ({ organization, id, roles }: ExternalKeyRow) =>
  ({ organization, kind: 'external-key', id, environment: null, roles }) as const

export function externalKeyReader(db: Database): ExternalKeyReader {
  const rows = (organization: string) =>
    db.selectFrom('external_keys').selectAll().where('organization', '=', organization)

  return {
    async get(organization, id) {
      const row = await rows(organization).where('id', '=', id).executeTakeFirst()
      return row && externalKeyRow(row)
    },

    async find(organization, keyId) {
      const row = await rows(organization).where('key_id', '=', keyId).executeTakeFirst()
      return row && externalKeyRow(row)
    },

    async list(organization, page) {
      return await createdPage(rows(organization), page, 'id', (found) => found.map(externalKeyRow))
    },

    async countOfOrganization(organization) {
      const { count } = await db
        .selectFrom('external_keys')
        .select((eb) => eb.fn.countAll<number>().as('count'))
        .where('organization', '=', organization)
        .executeTakeFirstOrThrow()
      return count
    },

    async acceptedBy(owner, keyId) {
      const found = await db
        .selectFrom('external_keys')
        .innerJoin('organizations', 'organizations.slug', 'external_keys.organization')
        .select([
          'organizations.slug',
          'organizations.name',
          'external_keys.active',
          'external_keys.created_at',
        ])
        .where('owner', '=', owner)
        .where('key_id', '=', keyId)
        .orderBy('organizations.slug')
        .execute()
      return found.map((row) => ({
        partner: row.slug,
        partnerName: row.name,
        active: row.active === 1,
        createdAtMs: row.created_at,
      }))
    },

    async partnersOf(owner) {
      const found = await db
        .selectFrom('external_keys')
        .select('organization')
        .distinct()
        .where('owner', '=', owner)
        .orderBy('organization')
        .execute()
      return found.map(({ organization }) => organization)
    },

    async partnerKeys(keyIds) {
      if (keyIds.length === 0) return []
      const found = await db
        .selectFrom('keys')
        .innerJoin('organizations', 'organizations.slug', 'keys.organization')
        .leftJoin('consumers', (join) =>
          join
            .onRef('consumers.organization', '=', 'keys.organization')
            .onRef('consumers.id', '=', 'keys.consumer'),
        )
        .innerJoin('key_index', (join) =>
          join
            .onRef('key_index.organization', '=', 'keys.organization')
            .onRef('key_index.id', '=', 'keys.id'),
        )
        .leftJoin('key_ages', (join) =>
          join
            .onRef('key_ages.organization', '=', 'keys.organization')
            .on(sql<boolean>`key_ages.id = coalesce(keys.environment, '')`),
        )
        .select([
          'keys.id',
          'keys.organization',
          'keys.type',
          'organizations.name',
          'keys.active',
          'keys.consumer',
          'consumers.active as consumer_active',
          'keys.expires_at',
          'keys.deleted_at',
          'key_index.secret_created_at',
          'key_ages.max_lifetime_days',
        ])
        .where('keys.id', 'in', keyIds)
        .execute()
      return found.map((row): PartnerKeyRow => ({
        keyId: row.id as KeyId,
        owner: row.organization,
        ownerName: row.name,
        isPublic: row.type === 'public',
        active: row.active === 1 && (row.consumer === null || row.consumer_active === 1),
        endsAtMs: Math.min(
          row.expires_at ?? Infinity,
          lifetimeEndsAtMs(row.secret_created_at, row.max_lifetime_days),
        ),
        deletedAtMs: row.deleted_at,
      }))
    },

    async lastUses(organization, keyIds) {
      if (keyIds.length === 0) return new Map()
      const found = await db
        .selectFrom('external_key_usage')
        .select(['key_id', 'last_used_at'])
        .where('organization', '=', organization)
        .where('key_id', 'in', keyIds)
        .execute()
      return new Map(found.map((row) => [row.key_id as KeyId, row.last_used_at]))
    },
  }
}

export function externalKeyWriter(db: Database, staged: StagedChange): ExternalKeyWriter {
  const reader = externalKeyReader(db)
  return {
    ...reader,

    async insert(row) {
      await db
        .insertInto('external_keys')
        .values({
          ...changeable(row),
          organization: row.organization,
          id: row.id,
          key_id: row.keyId,
          owner: row.owner,
          allowed: 1,
          created_at: row.createdAtMs,
          created_by: row.createdBy,
        })
        .execute()
      await decideAllowed(db, { organization: row.owner, keyId: row.keyId, partner: row.organization })
      await addHolder(db, holderOf(row))
      staged.upsert(EXTERNAL_KEYS_FEED, row.organization, row.id)
    },

    async update(row) {
      const before = await reader.get(row.organization, row.id)
      if (before === undefined) throw new Problem('not_found')
      await db
        .updateTable('external_keys')
        .set(changeable(row))
        .where('organization', '=', row.organization)
        .where('id', '=', row.id)
        .execute()
      await removeHolder(db, holderOf(before))
      await addHolder(db, holderOf(row))
      staged.upsert(EXTERNAL_KEYS_FEED, row.organization, row.id)
    },

    async remove(organization, id) {
      const before = await reader.get(organization, id)
      if (before === undefined) throw new Problem('not_found')
      await removeHolder(db, holderOf(before))
      requireDeleted(
        await db
          .deleteFrom('external_keys')
          .where('organization', '=', organization)
          .where('id', '=', id)
          .executeTakeFirst(),
      )
      staged.removeExternalKey({ organization, keyId: before.keyId })
      staged.remove(EXTERNAL_KEYS_FEED, organization, id)
    },
  }
}
