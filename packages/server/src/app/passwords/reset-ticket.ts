import { createHash } from 'node:crypto'
import { randomBase62, type Grant } from '@sallyport/core'
import { tokenDigest } from '../../crypto/digest.ts'
import type { Reader, Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { customRolesAmong, grantsOfKey } from '../access/roles.ts'

/** 190 random bits, like the secret of an API key. */
const TOKEN_CHARS = 32
/** The links that a person can have at a time. */
export const RESET_LINKS_PER_PERSON_MAX = 5

/** A link to set a new password. */
export interface ResetLink {
  readonly link: string
  readonly expiresAtMs: number
}

type TicketContext = Pick<OperationContext, 'nowMs' | 'randomBytes' | 'publicUrl'>

/**
 * Creates a ticket to set a new password. Its secret is in the fragment of the link, which browsers send to nobody.
 *
 * @param rights the person's rights, as `rightsDigest` returns them, which must not change until the link is used; empty
 *   for a link that only the person gets
 */
export async function insertResetTicket(
  tx: Pick<Writer, 'tickets'>,
  { nowMs, randomBytes, publicUrl }: TicketContext,
  { person, validMs, rights }: { readonly person: string; readonly validMs: number; readonly rights: string },
): Promise<ResetLink> {
  const token = randomBase62(TOKEN_CHARS, randomBytes)
  const expiresAtMs = nowMs() + validMs
  await tx.tickets.insert({
    digest: tokenDigest(token),
    purpose: 'password-reset',
    person,
    sealed: rights,
    expiresAtMs,
  })
  return { link: `${publicUrl()}/reset-password#${token}`, expiresAtMs }
}

/** What a person may do in one of their organizations. */
export interface OrganizationRights {
  readonly organization: string
  readonly roles: readonly string[]
  readonly grants: readonly Grant[]
}

/** What a person may do in each of their organizations, by slug. */
export async function rightsOf(
  { members, roles: roleReader }: Pick<Reader, 'members' | 'roles'>,
  person: string,
): Promise<readonly OrganizationRights[]> {
  const rights: OrganizationRights[] = []
  for (const { organization, roles } of await members.ofPerson(person)) {
    const custom = await customRolesAmong(roleReader, { organization, roles })
    rights.push({ organization, roles, grants: grantsOfKey({ roles, environment: null }, custom) })
  }
  return rights
}

/** SHA-256 of somebody's rights, to notice that they have changed. */
export function rightsDigest(rights: readonly OrganizationRights[]): string {
  const facts = rights.map(({ organization, grants }) => [
    organization,
    ...grants.map((grant) => JSON.stringify(grant)).toSorted(),
  ])
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url')
}
