import type { KeyRefusal } from '@sallyport/core'
import { keyRefusal, parseToken, Problem, PROBLEMS } from '@sallyport/core'
import { digestsEqual, tokenDigest } from '../../crypto/digest.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import type { Store } from '../../store/port/store.ts'
import { actorOfOrganization, type Actor } from './actor.ts'
import { grantsOfKey } from './roles.ts'

interface AuthenticateDeps {
  readonly store: Pick<Store, 'read'>
  readonly nowMs: () => number
}

/**
 * Authenticates an API key for the management API. A public key authenticates too, without any permission.
 *
 * @throws Problem `unauthenticated`, whose detail names why the key is refused
 */
export async function authenticate(deps: AuthenticateDeps, token: string): Promise<Actor> {
  const parsed = parseToken(token)
  if (parsed === undefined) throw refused('credential_invalid')
  const key = await deps.store.read.keys.find(parsed.keyId)
  const digest = tokenDigest(token)
  const secret = key?.secrets.find((candidate) => digestsEqual(candidate.digest, digest))
  if (key === undefined || secret === undefined) throw refused('credential_invalid')
  const refusal = keyRefusal(
    key.deletedAtMs !== null,
    key.active && (await isConsumerActive(deps.store, key)),
    key.expiresAtMs ?? Infinity,
    secret.expiresAtMs ?? Infinity,
    deps.nowMs(),
  )
  if (refusal !== undefined) throw refused(refusal)
  const grants = key.type === 'public' ? [] : grantsOfKey(key)
  return actorOfOrganization('key', key.id, key.organization, grants)
}

async function isConsumerActive({ read }: Pick<Store, 'read'>, key: KeyRow): Promise<boolean> {
  if (key.consumer === null) return true
  const consumer = await read.consumers.get(key.organization, key.consumer)
  return consumer?.active === true
}

function refused(reason: KeyRefusal | 'credential_invalid'): Problem {
  const { title, advice } = PROBLEMS[reason]
  return new Problem('unauthenticated', { detail: `${title} (${reason}). ${advice}` })
}
