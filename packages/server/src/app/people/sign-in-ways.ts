import type { Reader } from '../../store/port/store.ts'

/** The sign-in providers of the settings. */
export interface KnownProviders {
  has(provider: string): boolean
}

/**
 * How many ways a person has to sign in: the password, each passkey, and each linked provider that the settings still have.
 */
export async function countSignInWays(
  { people, passkeys, providerLinks }: Pick<Reader, 'people' | 'passkeys' | 'providerLinks'>,
  providers: KnownProviders,
  id: string,
): Promise<number> {
  const person = await people.get(id)
  const links = await providerLinks.ofPerson(id)
  const linked = links.filter(({ provider }) => providers.has(provider)).length
  const passwords = (person?.passwordHash ?? null) === null ? 0 : 1
  return passwords + linked + (await passkeys.ofPerson(id)).length
}
