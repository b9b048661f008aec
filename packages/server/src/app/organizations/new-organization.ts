import type { EnvironmentRow } from '../../store/port/environments.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { OrganizationRow } from '../../store/port/organizations.ts'
import type { Writer } from '../../store/port/store.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import type { OperationContext } from '../access/context.ts'
import {
  freshSigningKey,
  insertFirstSigningKey,
  type FreshSigningKey,
} from '../signing-keys/fresh-signing-key.ts'
import type { FieldError } from '../refusals.ts'
import { slugErrors, titleErrors } from '../names.ts'
import { newKey } from '../keys/new-key.ts'

export interface FoundOrganizationInput {
  readonly slug: string
  readonly name: string
}

export interface FoundedOrganization {
  readonly organization: OrganizationRow
  /** The key named "Owner". */
  readonly key: KeyRow
  /** The owner key's token, shown this once. */
  readonly token: string
}

/** The stages that every organization starts with, in the order of promotion. */
const FIRST_ENVIRONMENTS = ['test', 'prod'] as const

/** The project that every organization has. */
export const DEFAULT_PROJECT = 'default'

/** What is wrong with a new organization's fields, which stand under `path` in the request. */
export function organizationErrors(path: string, input: FoundOrganizationInput): FieldError[] {
  return [...slugErrors(`${path}/slug`, input.slug), ...titleErrors(`${path}/name`, input.name)]
}

/** An environment that a new organization gets, with what takes a while to make. */
export interface FirstEnvironment {
  readonly name: string
  readonly signingKey: FreshSigningKey
}

/** Makes what `foundOrganization` needs and should not be waited for within its transaction. */
export async function firstEnvironments(context: OperationContext): Promise<FirstEnvironment[]> {
  return await Promise.all(
    FIRST_ENVIRONMENTS.map(async (name) => ({ name, signingKey: await freshSigningKey(context) })),
  )
}

/** Makes an organization with all that it starts with. The slug must be free. */
export async function foundOrganization(
  tx: Writer,
  context: OperationContext,
  { slug, name }: FoundOrganizationInput,
  environments: readonly FirstEnvironment[],
): Promise<FoundedOrganization> {
  const createdAtMs = context.nowMs()
  const organization: OrganizationRow = { slug, name, createdAtMs }
  await tx.organizations.insert(organization)
  tx.audit(
    auditEntry(context, slug, 'organizations.create', `organization/${slug}`, { after: { slug, name } }),
  )
  for (const [position, first] of environments.entries()) {
    const environment = { organization: slug, name: first.name, position, createdAtMs }
    await insertEnvironment(tx, context, environment, first.signingKey)
  }
  await tx.projects.insert({ organization: slug, name: DEFAULT_PROJECT, description: null, createdAtMs })
  const publicKey = newKey(context, { organization: slug, name: 'Default API Key', type: 'public' })
  const owner = newKey(context, { organization: slug, name: 'Owner', type: 'secret', roles: ['owner'] })
  for (const { key } of [publicKey, owner]) {
    await tx.keys.insert(key)
    tx.audit(auditEntry(context, slug, 'keys.create', `key/${key.id}`, { after: auditedKey(key) }))
  }
  return { organization, ...owner }
}

/**
 * Makes an environment with the first version of its policy, which demands nothing, and with the key that signs for
 * it, so that a login pipeline can go live at once.
 */
export async function insertEnvironment(
  tx: Writer,
  context: OperationContext,
  environment: EnvironmentRow,
  signingKey: FreshSigningKey,
): Promise<void> {
  const { organization, name, position, createdAtMs } = environment
  await tx.environments.insert(environment)
  await tx.policies.insert({
    organization,
    environment: name,
    version: 1,
    mode: 'any',
    createdAtMs,
    createdBy: context.actor.id,
  })
  tx.audit(
    auditEntry(context, organization, 'environments.create', `environment/${name}`, {
      after: { name, position, policy: 'any' },
    }),
  )
  await insertFirstSigningKey(tx, context, signingKey, { organization, environment: name })
}
