import type { JwtFact } from './decision.ts'
import type { DenyReason } from './deny.ts'
import type { DeploymentRecord } from './feed.ts'
import { holderOf, stateRefusal } from './judge-key.ts'
import { isKeyId } from './key-text.ts'
import { isAssociated, isOfEnvironment, mayCall } from './may-call.ts'
import type { KeyView } from './snapshot/key-view.ts'
import type { Snapshot } from './snapshot/snapshot.ts'

const JWT_REFUSAL: Readonly<Record<Exclude<JwtFact['kind'], 'valid'>, DenyReason>> = {
  missing: 'token_missing',
  ambiguous: 'credential_ambiguous',
  expired: 'token_expired',
  invalid: 'token_invalid',
}

/**
 * Why a JWT does not do, or null. It ends with the consumer or key that it was minted for, and must belong to the one
 * that the request's other credential belongs to.
 */
export function judgeJwt(
  snapshot: Snapshot,
  jwt: JwtFact,
  key: KeyView | undefined,
  basicConsumer: string | null,
  deployment: DeploymentRecord,
  nowMs: number,
): DenyReason | null {
  if (jwt.kind !== 'valid') return JWT_REFUSAL[jwt.kind]
  const { mintedFor } = jwt
  if (mintedFor === null) return null
  if (!isMinterLive(snapshot, mintedFor, nowMs)) return 'token_invalid'
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

/** Whether the consumer or key that a JWT was minted for is still there and active: a JWT ends with it. */
export function isMinterLive(snapshot: Snapshot, mintedFor: string, nowMs: number): boolean {
  if (!isKeyId(mintedFor)) return snapshot.consumer(mintedFor)?.active === true
  const minter = snapshot.keys.find(mintedFor)
  return (
    minter !== undefined && stateRefusal(minter, holderOf(snapshot, minter), Infinity, nowMs) === undefined
  )
}
