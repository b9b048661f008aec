import type { KeyRefusal } from '@sallyport/core'
import { keyRefusal, parseToken, Problem, PROBLEMS } from '@sallyport/core'
import type { KeyRow } from '../../store/port/keys.ts'
import { digestsEqual, tokenDigest } from '../../crypto/digest.ts'
import type { Actor, AnonymousContext } from './context.ts'
import { grantsOf } from './roles.ts'

export interface Authenticated {
  readonly actor: Actor
  readonly key: KeyRow
}

/**
 * Says whose token this is. A public key is somebody too, with no permission at all.
 *
 * @throws Problem `unauthenticated`, whose detail names why the token does not go on
 */
export async function authenticate(
  deps: Pick<AnonymousContext, 'nowMs'> & { readonly store: Pick<AnonymousContext['store'], 'read'> },
  token: string,
): Promise<Authenticated> {
  const parsed = parseToken(token)
  if (parsed === undefined) throw refused('credential_invalid')
  const key = await deps.store.read.keys.find(parsed.keyId)
  const digest = tokenDigest(token)
  const secret = key?.secrets.find((candidate) => digestsEqual(candidate.digest, digest))
  if (key === undefined || secret === undefined) throw refused('credential_invalid')
  const refusal = keyRefusal(
    key.deletedAtMs !== null,
    key.active && (await consumerIsActive(deps.store, key)),
    key.expiresAtMs ?? Infinity,
    secret.expiresAtMs ?? Infinity,
    deps.nowMs(),
  )
  if (refusal !== undefined) throw refused(refusal)
  const grants = key.type === 'public' ? [] : grantsOf(key)
  return { actor: { id: key.id, organization: key.organization, grants }, key }
}

async function consumerIsActive(
  store: Pick<AnonymousContext['store'], 'read'>,
  key: KeyRow,
): Promise<boolean> {
  if (key.consumer === null) return true
  const consumer = await store.read.consumers.get(key.organization, key.consumer)
  return consumer?.active === true
}

function refused(reason: KeyRefusal | 'credential_invalid'): Problem {
  const { title, advice } = PROBLEMS[reason]
  return new Problem('unauthenticated', { detail: `${title} (${reason}). ${advice}` })
}
