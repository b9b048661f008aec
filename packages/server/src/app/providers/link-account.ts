import type { ProviderAccount } from '../../identity/providers/sign-in-provider.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { auditPerson } from '../audit/audit-person.ts'

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
  await auditPerson(tx, context, person, 'providers.link', { after: { provider, email } })
  return null
}
