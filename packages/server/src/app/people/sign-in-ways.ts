import type { Reader, Writer } from '../../store/port/store.ts'
import { conflict } from '../refusals.ts'

/** The sign-in providers of the settings. */
export interface KnownProviders {
  has(provider: string): boolean
}

/**
 * How many ways a person has to sign in: the password, each passkey, and each linked provider that the settings still have.
 */
async function countSignInWays(
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

/** Names a way to sign in that can be removed, for the sessions that depend on it. */
export function signInMeans(kind: 'passkey' | 'provider', id: string): string {
  return `${kind}/${id}`
}

/**
 * What follows when a person has lost a way to sign in: another one must be left, and the sessions end that nothing else
 * vouches for. Call it after the removal.
 *
 * @throws Problem `conflict` for the last way
 */
export async function endWithMeans(
  tx: Pick<Writer, 'people' | 'passkeys' | 'providerLinks' | 'sessions'>,
  providers: KnownProviders,
  person: string,
  means: string,
): Promise<void> {
  if ((await countSignInWays(tx, providers, person)) === 0) {
    throw conflict(
      'You would have no way to sign in. Set a password, add another passkey or link another provider first.',
    )
  }
  await tx.sessions.removeDependent(person, means)
}
