import type { Kysely } from 'kysely'
import type { ColumnTypes } from '../../definition/column-types.ts'
import type { Migration } from '../../definition/migration.ts'
import { table } from '../../definition/table.ts'

/** People belong to the installation, so their tables do not start with an organization. */
async function createPeople(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(
    db,
    'people',
    { id: name, email: name, name: text, created_at: integer },
    { password_hash: text, password_changed_at: integer, email_proven_at: integer },
  )
    .addPrimaryKeyConstraint('people_pkey', ['id'])
    .addUniqueConstraint('people_email', ['email'])
    .modifyEnd(tableEnd)
    .execute()
  await table(
    db,
    'sessions',
    {
      id: name,
      person: name,
      token_digest: name,
      method: text,
      created_at: integer,
      expires_at: integer,
      last_used_at: integer,
      confirmed_at: integer,
    },
    { second_factor_at: integer, address: text, user_agent: text },
  )
    .addPrimaryKeyConstraint('sessions_pkey', ['id'])
    .addUniqueConstraint('sessions_token', ['token_digest'])
    .addForeignKeyConstraint('sessions_person', ['person'], 'people', ['id'])
    .modifyEnd(tableEnd)
    .execute()
  await db.schema
    .createIndex('sessions_of_person')
    .on('sessions')
    .columns(['person', 'created_at', 'id'])
    .execute()
  await db.schema.createIndex('sessions_by_expiry').on('sessions').columns(['expires_at']).execute()
  // What a link or a ceremony in progress refers to, by the digest of its secret; it can be taken once.
  await table(
    db,
    'tickets',
    { digest: name, purpose: name, sealed: text, expires_at: integer },
    { person: name },
  )
    .addPrimaryKeyConstraint('tickets_pkey', ['digest'])
    .addForeignKeyConstraint('tickets_person', ['person'], 'people', ['id'])
    .modifyEnd(tableEnd)
    .execute()
  await db.schema.createIndex('tickets_of_person').on('tickets').columns(['person', 'purpose']).execute()
  await db.schema.createIndex('tickets_by_expiry').on('tickets').columns(['expires_at']).execute()
}

/** What a person signs in with besides a password. */
async function createFactors(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(
    db,
    'authenticators',
    { person: name, sealed_secret: text, created_at: integer },
    { confirmed_at: integer, last_step: integer },
  )
    .addPrimaryKeyConstraint('authenticators_pkey', ['person'])
    .addForeignKeyConstraint('authenticators_person', ['person'], 'people', ['id'])
    .modifyEnd(tableEnd)
    .execute()
  await table(db, 'recovery_codes', { person: name, digest: name })
    .addPrimaryKeyConstraint('recovery_codes_pkey', ['person', 'digest'])
    .addForeignKeyConstraint('recovery_codes_person', ['person'], 'people', ['id'])
    .modifyEnd(tableEnd)
    .execute()
  await table(
    db,
    'passkeys',
    {
      person: name,
      id: name,
      credential_id: name,
      name: text,
      public_key: text,
      sign_count: integer,
      backup_eligible: integer,
      transports_json: text,
      created_at: integer,
    },
    { last_used_at: integer },
  )
    .addPrimaryKeyConstraint('passkeys_pkey', ['person', 'id'])
    .addUniqueConstraint('passkeys_credential', ['credential_id'])
    .addForeignKeyConstraint('passkeys_person', ['person'], 'people', ['id'])
    .modifyEnd(tableEnd)
    .execute()
  await table(
    db,
    'provider_links',
    { person: name, provider: name, subject: name, created_at: integer },
    { email: text },
  )
    .addPrimaryKeyConstraint('provider_links_pkey', ['person', 'provider'])
    .addUniqueConstraint('provider_links_subject', ['provider', 'subject'])
    .addForeignKeyConstraint('provider_links_person', ['person'], 'people', ['id'])
    .modifyEnd(tableEnd)
    .execute()
}

async function createMembers(db: Kysely<unknown>, types: ColumnTypes): Promise<void> {
  const { name, text, integer, tableEnd } = types
  await table(db, 'members', {
    organization: name,
    id: name,
    roles_json: text,
    created_at: integer,
    created_by: text,
  })
    .addPrimaryKeyConstraint('members_pkey', ['organization', 'id'])
    .addForeignKeyConstraint('members_organization', ['organization'], 'organizations', ['slug'])
    .addForeignKeyConstraint('members_person', ['id'], 'people', ['id'])
    .modifyEnd(tableEnd)
    .execute()
  await db.schema
    .createIndex('members_list')
    .on('members')
    .columns(['organization', 'created_at', 'id'])
    .execute()
  await db.schema.createIndex('members_of_person').on('members').columns(['id', 'organization']).execute()
  await table(
    db,
    'invitations',
    {
      organization: name,
      id: name,
      email: name,
      roles_json: text,
      token_digest: name,
      expires_at: integer,
      created_at: integer,
      created_by: text,
    },
    { mailed_digest: name },
  )
    .addPrimaryKeyConstraint('invitations_pkey', ['organization', 'id'])
    .addUniqueConstraint('invitations_email', ['organization', 'email'])
    .addUniqueConstraint('invitations_token', ['token_digest'])
    .addUniqueConstraint('invitations_mailed', ['mailed_digest'])
    .addForeignKeyConstraint('invitations_organization', ['organization'], 'organizations', ['slug'])
    .modifyEnd(tableEnd)
    .execute()
  await db.schema
    .createIndex('invitations_list')
    .on('invitations')
    .columns(['organization', 'created_at', 'id'])
    .execute()
}

/** People who sign in: what they sign in with, their sessions, and the organizations that they belong to. */
export const people: Migration = {
  number: 9,
  name: 'people',
  async up(db, types) {
    await createPeople(db, types)
    await createFactors(db, types)
    await createMembers(db, types)
  },
}
