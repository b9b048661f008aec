import type { PublicJwk } from '@sallyport/core'
import { importKeySet, KEYS_MAX, unusableReason } from '../../crypto/key-set.ts'
import type { FieldError } from '../refusals.ts'

/** The most characters of a `kid`. */
const KID_CHARS_MAX = 500

/** What of a key is kept: what makes it, what names it and what binds it. A certificate beside it says nothing to us. */
const KEPT_MEMBERS = ['kty', 'kid', 'alg', 'use', 'crv', 'x', 'y', 'n', 'e'] as const

export interface ReadJwks {
  readonly jwks: { readonly keys: readonly PublicJwk[] }
  readonly errors: readonly FieldError[]
}

/**
 * Reads keys that a person gives for an issuer. A key that could not be used is refused, each with its reason, where
 * of a set that is fetched it would be left out: a person can mend it. A private or a symmetric key is refused too,
 * and nothing of it is kept or repeated.
 */
export async function readPastedJwks(path: string, keys: readonly unknown[]): Promise<ReadJwks> {
  if (keys.length < 1 || keys.length > KEYS_MAX) {
    return {
      jwks: { keys: [] },
      errors: [{ path: `${path}/keys`, message: `A set has 1 to ${KEYS_MAX} keys.` }],
    }
  }
  const errors: FieldError[] = []
  for (const [index, key] of keys.entries()) {
    const reason = (await unusableReason(key)) ?? longKid(key)
    if (reason !== undefined) {
      errors.push({ path: `${path}/keys/${index}`, message: `The key cannot be used: ${reason}.` })
    }
  }
  if (errors.length > 0) return { jwks: { keys: [] }, errors }
  // Each is sound by itself; two of one name may still leave open which is meant.
  const { problems } = await importKeySet(keys)
  return {
    jwks: { keys: keys.map(keptMembers) },
    errors: problems.map((message) => ({ path: `${path}/keys`, message })),
  }
}

/** @param key one that is an object */
function longKid(key: unknown): string | undefined {
  const { kid } = key as { readonly kid?: unknown }
  return typeof kid === 'string' && kid.length > KID_CHARS_MAX
    ? `its "kid" has more than ${KID_CHARS_MAX} characters`
    : undefined
}

/** @param key one that can be used: of its members those that we know are texts */
function keptMembers(key: unknown): PublicJwk {
  const members = key as PublicJwk
  return Object.fromEntries(
    KEPT_MEMBERS.flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]]])),
  ) as unknown as PublicJwk
}
