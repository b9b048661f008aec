import { parseEmail, parseTitle } from '@sallyport/core'
import type { ProviderAccount } from '../../identity/providers/sign-in-provider.ts'
import type { Writer } from '../../store/port/store.ts'
import type { OperationContext } from '../access/context.ts'
import { newId } from '../new-id.ts'
import { linkAccount } from './link-account.ts'
import type { ProviderServices } from './provider-services.ts'

interface SignUpInput {
  /** The id of the provider. */
  readonly provider: string
  /** An account that is linked to nobody. */
  readonly account: ProviderAccount
}

/**
 * Creates a person for an account whose verified address is in one of the domains that may sign up. An address that
 * somebody has already creates nobody.
 *
 * @returns the id of the person, or undefined if there is none
 */
export async function signUp(
  tx: Writer,
  context: OperationContext,
  { signUpDomains }: ProviderServices,
  { provider, account }: SignUpInput,
): Promise<string | undefined> {
  const email = account.emailVerified ? parseEmail(account.email ?? '') : undefined
  if (email?.ok !== true) return undefined
  const [, domain = ''] = email.value.split('@')
  if (!signUpDomains.includes(domain)) return undefined
  if ((await tx.people.byEmail(email.value)) !== undefined) return undefined
  const id = newId('mem', context.randomBytes)
  const name = parseTitle(account.name ?? '')
  await tx.people.insert({
    id,
    email: email.value,
    name: name.ok ? name.value : email.value.slice(0, email.value.indexOf('@')),
    passwordHash: null,
    passwordChangedAtMs: null,
    emailProvenAtMs: context.nowMs(),
    createdAtMs: context.nowMs(),
  })
  await linkAccount(tx, context, { provider, account, person: id })
  return id
}
