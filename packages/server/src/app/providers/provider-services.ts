import type { SignInProviders } from '../../identity/providers/sign-in-providers.ts'
import { notFound } from '../access/permission-checks.ts'

/** What sign-in with providers needs besides what every operation gets. */
export interface ProviderServices {
  readonly providers: Pick<SignInProviders, 'begin' | 'complete' | 'has' | 'list'>
  /** Domains, in lower case, whose verified e-mail addresses may create an account. */
  readonly signUpDomains: readonly string[]
}

/** @throws Problem `not_found` if there is no such provider */
export function requireProvider({ providers }: ProviderServices, id: string): void {
  if (!providers.has(id)) throw notFound(`sign-in provider "${id}"`)
}
