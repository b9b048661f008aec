import type { KeyView } from '../snapshot/key-view.ts'
import type { ValidJwt } from './decision.ts'

/**
 * How long before its `iat` a JWT can have been decided: the longest pipeline and the tolerated differences between
 * clocks, with room to spare. In milliseconds.
 */
const LOGIN_MS_MAX = 10 * 60_000

/**
 * When the secret ends that a JWT was obtained with: in milliseconds since 1970, `Infinity` for the current secret, and
 * `-Infinity` for one that the key no longer has.
 *
 * A JWT of an earlier release does not name its secret. It ends with the first secret of the key that was in use at its
 * `iat` or later, since that one may be its own: such a JWT does not survive a roll.
 *
 * @param key the key that was used to log in
 */
export function loginSecretEndsAtMs(
  key: KeyView,
  { secretSequence = null, issuedAtMs = -Infinity }: ValidJwt,
): number {
  let endsAtMs = secretSequence === null ? Infinity : -Infinity
  for (let index = 0; index < key.secretCount; index += 1) {
    const secretEndsAtMs = key.secretEndsAtMs(index)
    if (secretSequence === null) {
      if (secretEndsAtMs > issuedAtMs - LOGIN_MS_MAX) endsAtMs = Math.min(endsAtMs, secretEndsAtMs)
    } else if (key.secretSequence(index) === secretSequence) endsAtMs = secretEndsAtMs
  }
  return endsAtMs
}
