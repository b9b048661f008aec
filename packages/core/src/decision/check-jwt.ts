import type { JwtFact } from './decision.ts'
import type { DenyReason } from './deny.ts'
import type { DeploymentRecord } from '../feed/records.ts'
import { holderOf, stateRefusal } from './check-key.ts'
import { isKeyId, type KeyId } from '../keys/key-text.ts'
import { isAssociated, isOfEnvironment, mayCall } from './may-call.ts'
import type { KeyView } from '../snapshot/key-view.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'

type ValidJwt = Pick<Extract<JwtFact, { kind: 'valid' }>, 'mintedFor' | 'mintedWith'>

const JWT_REFUSAL: Readonly<Record<Exclude<JwtFact['kind'], 'valid'>, DenyReason>> = {
  missing: 'token_missing',
  ambiguous: 'credential_ambiguous',
  expired: 'token_expired',
  invalid: 'token_invalid',
}

/**
 * Why a JWT does not do, or null. It ends with the consumer or key that it was minted for and with the key that logged
 * in, and must belong to the one that the request's other credential belongs to.
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
  if (!isMinterLive(snapshot, jwt, nowMs)) return 'token_invalid'
  const { mintedFor } = jwt
  if (mintedFor === null) return null
  const minter = isKeyId(mintedFor) ? snapshot.keys.find(mintedFor) : undefined
  if (minter !== undefined) {
    if (key !== undefined) return key.id === mintedFor ? null : 'token_wrong_consumer'
    if (basicConsumer !== null) return minter.consumer === basicConsumer ? null : 'token_wrong_consumer'
    if (!isOfEnvironment(minter, deployment)) return 'key_wrong_environment'
    return mayCall(snapshot, minter, holderOf(snapshot, minter), deployment) ? null : 'pipeline_not_allowed'
  }
  // The consumer may be another organization's, for whose key this one has roles.
  const consumer = snapshot.consumer(mintedFor)
  const other = key === undefined ? basicConsumer : (key.consumer ?? key.id)
  if (other !== null) return other === mintedFor ? null : 'token_wrong_consumer'
  return isAssociated(consumer, deployment) ? null : 'pipeline_not_allowed'
}

/** Whether whom a JWT was minted for, and the key that logged in, are still there and active: a JWT ends with them. */
export function isMinterLive(
  snapshot: Snapshot,
  { mintedFor, mintedWith = null }: ValidJwt,
  nowMs: number,
): boolean {
  if (mintedWith !== null && !isKeyLive(snapshot, mintedWith, nowMs)) return false
  if (mintedFor === null) return true
  if (isKeyId(mintedFor)) return isKeyLive(snapshot, mintedFor, nowMs)
  return snapshot.consumer(mintedFor)?.active === true
}

function isKeyLive(snapshot: Snapshot, id: KeyId, nowMs: number): boolean {
  const key = snapshot.keys.find(id)
  return key !== undefined && stateRefusal(key, holderOf(snapshot, key), Infinity, nowMs) === undefined
}

/**
 * The id of the key by which a JWT was got, null where there was none: its rules hold for the JWT, so that logging in is
 * no way around them.
 */
export function loginKeyOf({ mintedFor, mintedWith = null }: ValidJwt): KeyId | null {
  return mintedFor !== null && isKeyId(mintedFor) ? mintedFor : mintedWith
}
