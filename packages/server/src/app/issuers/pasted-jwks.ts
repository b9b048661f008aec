import { ISSUER_KEYS_MAX, type PublicJwk } from '@sallyport/core'
import { importKeySet, unusableReason } from '../../crypto/key-set.ts'
import type { FieldError } from '../refusals.ts'

/** The most characters of a `kid`. */
const KID_CHARS_MAX = 500

/** The stored members of a key: its material, its id and its use. Certificates are ignored. */
const KEPT_MEMBERS = ['kty', 'kid', 'alg', 'use', 'crv', 'x', 'y', 'n', 'e'] as const

export interface ReadJwks {
  readonly jwks: { readonly keys: readonly PublicJwk[] }
  readonly errors: readonly FieldError[]
}

/**
 * Reads the keys that a person pasted for an issuer. Every unusable key is refused with its reason, because the person
 * can correct it; in a fetched set, such a key is skipped. Private and symmetric keys are refused, never stored and
 * never repeated in the problem.
 */
export async function readPastedJwks(path: string, keys: readonly unknown[]): Promise<ReadJwks> {
  if (keys.length < 1 || keys.length > ISSUER_KEYS_MAX) {
    return {
      jwks: { keys: [] },
      errors: [{ path: `${path}/keys`, message: `A key set has 1 to ${ISSUER_KEYS_MAX} keys.` }],
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
  // Each key is usable; two keys with the same id can still be ambiguous.
  const { problems } = await importKeySet(keys)
  return {
    jwks: { keys: keys.map(keptMembers) },
    errors: problems.map((message) => ({ path: `${path}/keys`, message })),
  }
}

/** @param key an object */
function longKid(key: unknown): string | undefined {
  const { kid } = key as { readonly kid?: unknown }
  return typeof kid === 'string' && kid.length > KID_CHARS_MAX
    ? `its "kid" has more than ${KID_CHARS_MAX} characters`
    : undefined
}

/** @param key a usable key: its known members are strings */
function keptMembers(key: unknown): PublicJwk {
  const members = key as PublicJwk
  return Object.fromEntries(
    KEPT_MEMBERS.flatMap((name) => (members[name] === undefined ? [] : [[name, members[name]]])),
  ) as unknown as PublicJwk
}
