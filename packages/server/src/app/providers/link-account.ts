import type { ProviderAccount } from '../../identity/providers/sign-in-provider.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditEntry } from '../audit/audit-entry.ts'

interface LinkedAccount {
  /** The id of the provider. */
  readonly provider: string
  readonly account: ProviderAccount
  /** The id of the person. */
  readonly person: string
}

/**
 * Links an account at a provider to a person.
 *
 * @returns null, or why it cannot be linked
 */
export async function linkAccount(
  tx: Writer,
  context: OperationContext,
  { provider, account, person }: LinkedAccount,
): Promise<string | null> {
  const { subject, email } = account
  const other = await tx.providerLinks.bySubject(provider, subject)
  if (other?.person === person) return null
  if (other !== undefined) return 'the account is linked to somebody else'
  const own = await tx.providerLinks.ofPerson(person)
  if (own.some((link) => link.provider === provider))
    return 'the person has linked another account of the provider'
  await tx.providerLinks.insert({ person, provider, subject, email, createdAtMs: context.nowMs() })
  await auditProvider(tx, context, person, { action: 'providers.link', after: { provider, email } })
  return null
}

/** Records in the audit log of each organization of a person how they may sign in now. */
export async function auditProvider(
  tx: Pick<Writer, 'members' | 'audit'>,
  context: OperationContext,
  person: string,
  { action, ...states }: { readonly action: string; readonly before?: object; readonly after?: object },
): Promise<void> {
  for (const { organization } of await tx.members.ofPerson(person)) {
    tx.audit(auditEntry(context, organization, action, `member/${person}`, states))
  }
}
