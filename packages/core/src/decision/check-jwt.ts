import type { DeploymentRecord } from '../feed/records.ts'
import { isKeyId, type KeyId } from '../keys/key-text.ts'
import type { KeyView } from '../snapshot/key-view.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { consumerOfKey, keyStateRefusal } from './check-key.ts'
import type { JwtFact } from './decision.ts'
import type { DenyReason } from './deny.ts'
import { consumerMayCall, keyMayCall, keyWorksInEnvironment } from './pipeline-access.ts'

type ValidJwt = Pick<Extract<JwtFact, { kind: 'valid' }>, 'mintedFor' | 'mintedWith'>

const JWT_REFUSAL: Readonly<Record<Exclude<JwtFact['kind'], 'valid'>, DenyReason>> = {
  missing: 'token_missing',
  ambiguous: 'credential_ambiguous',
  expired: 'token_expired',
  invalid: 'token_invalid',
}

/**
 * Why the JWT is rejected, or null. A JWT ends with the consumer or key that it was minted for and with its login key.
 * When the request has an API key or Basic credentials too, all of them must belong to the same consumer.
 *
 * @param key the request's API key, already checked
 * @param basicConsumer the id of the consumer that the request's Basic credentials identify
 * @param nowMs milliseconds since 1970
 */
export function checkJwt(
  snapshot: Snapshot,
  jwt: JwtFact,
  key: KeyView | undefined,
  basicConsumer: string | null,
  deployment: DeploymentRecord,
  nowMs: number,
): DenyReason | null {
  if (jwt.kind !== 'valid') return JWT_REFUSAL[jwt.kind]
  if (!isJwtOwnerActive(snapshot, jwt, nowMs)) return 'token_invalid'
  const { mintedFor } = jwt
  if (mintedFor === null) return null
  const ownerKey = isKeyId(mintedFor) ? snapshot.keys.find(mintedFor) : undefined
  if (ownerKey !== undefined) {
    if (key !== undefined) return key.id === mintedFor ? null : 'token_wrong_consumer'
    if (basicConsumer !== null) return ownerKey.consumer === basicConsumer ? null : 'token_wrong_consumer'
    if (!keyWorksInEnvironment(ownerKey, deployment)) return 'key_wrong_environment'
    const consumer = consumerOfKey(snapshot, ownerKey)
    return keyMayCall(snapshot, ownerKey, consumer, deployment) ? null : 'pipeline_not_allowed'
  }
  // The consumer can belong to another organization whose key has roles in this one.
  const consumer = snapshot.consumer(mintedFor)
  const other = key === undefined ? basicConsumer : (key.consumer ?? key.id)
  if (other !== null) return other === mintedFor ? null : 'token_wrong_consumer'
  return consumerMayCall(consumer, deployment) ? null : 'pipeline_not_allowed'
}

/**
 * Whether the JWT's consumer or key, and its login key, still exist and are active.
 *
 * @param nowMs milliseconds since 1970
 */
export function isJwtOwnerActive(
  snapshot: Snapshot,
  { mintedFor, mintedWith = null }: ValidJwt,
  nowMs: number,
): boolean {
  if (mintedWith !== null && !isKeyActive(snapshot, mintedWith, nowMs)) return false
  if (mintedFor === null) return true
  if (isKeyId(mintedFor)) return isKeyActive(snapshot, mintedFor, nowMs)
  return snapshot.consumer(mintedFor)?.active === true
}

function isKeyActive(snapshot: Snapshot, id: KeyId, nowMs: number): boolean {
  const key = snapshot.keys.find(id)
  return (
    key !== undefined && keyStateRefusal(key, consumerOfKey(snapshot, key), Infinity, nowMs) === undefined
  )
}

/** The id of the key that was used to log in, or null. Its address rules and rate limits apply to the JWT too. */
export function loginKeyOf({ mintedFor, mintedWith = null }: ValidJwt): KeyId | null {
  return mintedFor !== null && isKeyId(mintedFor) ? mintedFor : mintedWith
}
