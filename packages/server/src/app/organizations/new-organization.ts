import { isReservedSlug, OWNER_MAILS_DEFAULT, type Slug, type Title } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { PersonRow } from '../../store/port/people/people.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { OWNER } from '../access/last-owner.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import { insertEnvironment } from '../environments/new-environment.ts'
import { newKey } from '../keys/new-key.ts'
import { insertMember } from '../people/insert-member.ts'
import { DEFAULT_PROJECT } from '../projects/create-project.ts'
import { invalidRequest } from '../refusals.ts'
import { newSigningKey, type NewSigningKey } from '../signing-keys/new-signing-key.ts'

export interface NewOrganizationInput {
  readonly slug: Slug
  readonly name: Title
}

export interface NewOrganization {
  readonly organization: OrganizationRow
  /** The key named "Owner". */
  readonly key: KeyRow
  /** The token of the owner key, shown only once. */
  readonly token: string
  /** The person who is its first owner, if there is one. */
  readonly member?: Pick<PersonRow, 'id' | 'email' | 'name'>
}

/** The environments of a new organization, in promotion order. */
const FIRST_ENVIRONMENTS = ['test', 'prod'] as const

/** An environment of a new organization, with the signing key that takes time to generate. */
export interface FirstEnvironment {
  readonly name: string
  readonly signingKey: NewSigningKey
}

/**
 * Prepares the first environments. Call it before the write transaction: generating signing keys within the
 * transaction would block all other writers.
 */
export async function firstEnvironments(context: OperationContext): Promise<FirstEnvironment[]> {
  return await Promise.all(
    FIRST_ENVIRONMENTS.map(async (name) => ({ name, signingKey: await newSigningKey(context) })),
  )
}

/**
 * Refuses a slug that Sallyport uses for paths of its own.
 *
 * @param path the JSON Pointer to the slug in the request
 * @throws Problem `invalid_request`
 */
export function requireUnreservedSlug(path: string, slug: Slug): void {
  if (!isReservedSlug(slug)) return
  throw invalidRequest([{ path, message: `Sallyport itself uses "${slug}". Choose another slug.` }])
}

/**
 * Inserts an organization with its first environments, project and keys. The slug must be free.
 *
 * @param person who becomes its first owner beside the owner key; undefined for nobody
 */
export async function insertOrganization(
  tx: Writer,
  context: OperationContext,
  { slug, name }: NewOrganizationInput,
  environments: readonly FirstEnvironment[],
  person?: PersonRow,
): Promise<NewOrganization> {
  const createdAtMs = context.nowMs()
  const organization: OrganizationRow = {
    slug,
    name,
    founder: person?.id ?? null,
    onLeak: 'notify',
    ownerMails: OWNER_MAILS_DEFAULT,
    color: null,
    createdAtMs,
  }
  await tx.organizations.insert(organization)
  tx.audit(
    auditEntry(context, slug, 'organizations.create', `organization/${slug}`, { after: { slug, name } }),
  )
  for (const [position, first] of environments.entries()) {
    const environment = {
      organization: slug,
      name: first.name,
      position,
      requiresPrevious: false,
      whenStale: 'serve' as const,
      createdAtMs,
    }
    await insertEnvironment(tx, context, environment, first.signingKey)
  }
  await tx.projects.insert({ organization: slug, name: DEFAULT_PROJECT, description: null, createdAtMs })
  const publicKey = newKey(context, { organization: slug, name: 'Default API Key', type: 'public' })
  const owner = newKey(context, { organization: slug, name: 'Owner', type: 'secret', roles: ['owner'] })
  for (const { key } of [publicKey, owner]) {
    await tx.keys.insert(key)
    tx.audit(auditEntry(context, slug, 'keys.create', `key/${key.id}`, { after: auditedKey(key) }))
  }
  if (person === undefined) return { organization, ...owner }
  const { id, email, name: personName } = person
  await insertMember(tx, context, { organization: slug, person, roles: [OWNER] })
  return { organization, ...owner, member: { id, email, name: personName } }
}
