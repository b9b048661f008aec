import type { z } from 'zod'
import type { PublicJwk } from '@sallyport/core'
import { signingKeyState, type SigningKeyFacts } from '../../app/signing-keys/signing-key-fields.ts'
import type { publicJwk, signingKey } from '../../contract/signing-keys.ts'
import { momentAnswer, momentAnswerOrNull } from './timestamp.ts'

/** A signing key in an answer, in the state in which it is at `nowMs`. */
export function signingKeyAnswer(row: SigningKeyFacts, nowMs: number): z.output<typeof signingKey> {
  return {
    id: row.id,
    algorithm: row.algorithm,
    state: signingKeyState(row, nowMs),
    createdAt: momentAnswer(row.createdAtMs),
    createdBy: row.createdBy,
    verifiesUntil: momentAnswerOrNull(row.verifiesUntilMs),
    publicJwk: publicJwkAnswer(row.publicJwk),
  }
}

/** A public key in an answer, member by member, so that nothing else that stood beside them can come along. */
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
