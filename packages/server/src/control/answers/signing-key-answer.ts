import type { z } from 'zod'
import type { PublicJwk } from '@sallyport/core'
import { signingKeyState, type SigningKeyFacts } from '../../app/signing-keys/signing-key-facts.ts'
import type { publicJwk, signingKey } from '../../contract/signing-keys.ts'
import { timestampAnswer, timestampAnswerOrNull } from './timestamp.ts'

/** A signing key in a response, with its state at `atMs`. */
export function signingKeyAnswer(row: SigningKeyFacts, atMs: number): z.output<typeof signingKey> {
  return {
    id: row.id,
    algorithm: row.algorithm,
    state: signingKeyState(row, atMs),
    createdAt: timestampAnswer(row.createdAtMs),
    createdBy: row.createdBy,
    verifiesUntil: timestampAnswerOrNull(row.verifiesUntilMs),
    publicJwk: publicJwkAnswer(row.publicJwk),
  }
}

/** A public key in a response, member by member, so that no other stored member is exposed. */
export function publicJwkAnswer({
  kty,
  kid,
  alg,
  use,
  crv,
  x,
  y,
  n,
  e,
}: PublicJwk): z.output<typeof publicJwk> {
  return { kty, kid, alg, use, crv, x, y, n, e }
}
