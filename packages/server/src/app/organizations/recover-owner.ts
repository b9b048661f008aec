import type { Slug, Title } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import type { OperationContext } from '../access/context.ts'
import { OWNER } from '../access/last-owner.ts'
import { auditedKey, auditEntry } from '../audit/audit-entry.ts'
import { newKey } from '../keys/new-key.ts'

export interface RecoverOwnerInput {
  readonly organization: Slug
  /** The name of the new key. */
  readonly name: Title
  /** When the new key expires, in ms since 1970; null for never. */
  readonly expiresAtMs: number | null
}

/**
 * Gives an organization one more owner key. The caller of this function has proved to be the operator: by access to the
 * database and to the master key. No quota keeps an owner out.
 *
 * @returns the key and its token, which is shown only once; null if there is no such organization
 */
export async function recoverOwner(
  context: Pick<OperationContext, 'store' | 'nowMs' | 'randomBytes' | 'actor'>,
  { organization, name, expiresAtMs }: RecoverOwnerInput,
): Promise<{ readonly key: KeyRow; readonly token: string } | null> {
  const { value } = await context.store.write(async (tx) => {
    if ((await tx.organizations.get(organization)) === undefined) return null
    const made = newKey(context, {
      organization,
      name,
      type: 'secret',
      roles: [OWNER],
      expiresAtMs,
      age: await tx.keyAges.rules(organization, null),
    })
    const { key } = made
    await tx.keys.insert(key)
    tx.audit(auditEntry(context, organization, 'keys.create', `key/${key.id}`, { after: auditedKey(key) }))
    return made
  })
  return value
}
