import type { AcceptanceRefusalRow, AcceptedKeyRow, ForbiddingRule } from '../../store/port/acceptances.ts'
import type { Page, PageRequest } from '../../store/port/pages/paging.ts'
import type { Reader } from '../../store/port/store.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from '../access/context.ts'
import { requirePermission, visibleScopes } from '../access/permission-checks.ts'
import { permittedKey } from '../access/permitted-key.ts'

/** What another organization may do with a key, and does. */
export interface Acceptance {
  /** The slug of the other organization. */
  readonly partner: string
  /** Its name; null if it has not added the key, so that a guessed slug reveals nothing. */
  readonly name: string | null
  /** Which rules forbid it; empty if it is allowed. */
  readonly forbiddenBy: readonly ForbiddingRule[]
  /** Since when it has the key as an external key, in ms since 1970; null if it does not. */
  readonly addedAtMs: number | null
  /** Whether it has the key switched on; false if it does not have it. */
  readonly active: boolean
}

export interface GetAcceptancesInput {
  readonly organization: string
  /** A key's id. */
  readonly key: string
}

export interface Acceptances {
  /** Whether organizations may accept the key for which there is no rule of their own. */
  readonly allowed: boolean
  /** Whether the organization lets its keys be accepted at all. */
  readonly allowedForOrganization: boolean
  /** By partner: those that have the key, and those that may not accept it. */
  readonly items: readonly Acceptance[]
}

/** Which organizations accept a key, and which may not. */
export async function getAcceptances(
  context: OperationContext,
  { organization, key: id }: GetAcceptancesInput,
): Promise<Acceptances> {
  const { read } = context.store
  const key = await permittedKey(context, read.keys, organization, id, 'keys.read')
  return await acceptancesOf(read, key)
}

export interface ListAcceptancesInput extends PageRequest {
  readonly organization: string
}

/** Lists where keys that the actor may read are accepted: by the key's id, and then by the other organization. */
export async function listAcceptances(
  context: OperationContext,
  { organization, ...page }: ListAcceptancesInput,
): Promise<Page<AcceptedKeyRow>> {
  const visible = visibleScopes(context, organization, 'keys.read', ['environment'])
  return await context.store.read.acceptances.list(organization, { ...page, visible })
}

/** Whether an organization lets others accept its keys at all. */
export async function getOrganizationAcceptance(
  context: OperationContext,
  { organization }: { readonly organization: string },
): Promise<{ readonly allowed: boolean }> {
  requirePermission(context, organization, 'keys.read')
  const refusal = await context.store.read.acceptances.get({ organization, keyId: null, partner: null })
  return { allowed: refusal === undefined }
}

function ruleOf({ keyId, partner }: AcceptanceRefusalRow): ForbiddingRule {
  if (keyId === null) return 'organization'
  return partner === null ? 'key' : 'partner'
}

async function acceptancesOf(
  { acceptances, externalKeys }: Pick<Reader, 'acceptances' | 'externalKeys'>,
  { organization, id }: KeyRow,
): Promise<Acceptances> {
  const refusals = await acceptances.refusalsOf(organization, id)
  const rows = await externalKeys.acceptedBy(organization, id)
  const added = new Map(rows.map((row) => [row.partner, row]))
  const refused = refusals.flatMap(({ partner }) => partner ?? [])
  const partners = [...new Set([...added.keys(), ...refused])].toSorted()
  const allowedForOrganization = !refusals.some(({ keyId }) => keyId === null)
  return {
    allowedForOrganization,
    allowed: !refusals.some(({ keyId, partner }) => keyId !== null && partner === null),
    items: partners.map((partner) => {
      const row = added.get(partner)
      return {
        partner,
        name: row?.partnerName ?? null,
        forbiddenBy: refusals
          .filter((refusal) => refusal.partner === null || refusal.partner === partner)
          .map(ruleOf),
        addedAtMs: row?.createdAtMs ?? null,
        active: row?.active ?? false,
      }
    }),
  }
}
