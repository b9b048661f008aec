import type { DeploymentRecord, IssuerRecord, SigningKeyRecord } from '../feed/records.ts'
import { isKeyId, type KeyId } from '../keys/key-text.ts'
import type { KeyView } from '../snapshot/key-view.ts'
import type { Snapshot } from '../snapshot/snapshot.ts'
import { consumerOfKey, keyStateRefusal } from './check-key.ts'
import type { JwtFact, ValidJwt } from './decision.ts'
import type { DenyReason } from './deny.ts'
import { loginSecretEndsAtMs } from './login-secret.ts'
import { consumerMayCall, keyMayCall, keyWorksInEnvironment } from './pipeline-access.ts'

const JWT_REFUSAL: Readonly<Record<Exclude<JwtFact['kind'], 'valid'>, DenyReason>> = {
  missing: 'token_missing',
  ambiguous: 'credential_ambiguous',
  expired: 'token_expired',
  invalid: 'token_invalid',
}

/**
 * Why the JWT is rejected, or null. A JWT ends with the signing key or issuer that verified it, with the consumer or key
 * that it was minted for, and with its login: the key, the secret and the Basic credential. When the request has an API
 * key or Basic credentials too, all of them must belong to the same consumer.
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
  const refusal = jwtRefusal(snapshot, jwt, deployment, nowMs)
  if (refusal !== null) return refusal
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

/** The environment for which a JWT was verified. */
type Place = Pick<DeploymentRecord, 'organization' | 'environment'>

/**
 * Why a verified JWT is no longer valid, or null: its age, the record that verified it, its consumer or key, or its login.
 *
 * @param nowMs milliseconds since 1970
 */
export function jwtRefusal(
  snapshot: Snapshot,
  jwt: ValidJwt,
  place: Place,
  nowMs: number,
): 'token_expired' | 'token_invalid' | null {
  if (nowMs >= (jwt.expiresAtMs ?? Infinity)) return 'token_expired'
  const isValid = nowMs < verifierEndsAtMs(snapshot, jwt, place) && isJwtOwnerActive(snapshot, jwt, nowMs)
  return isValid ? null : 'token_invalid'
}

/** When a valid JWT ends although no record changes, in milliseconds since 1970; `Infinity` for never. */
export function jwtEndsAtMs(snapshot: Snapshot, jwt: ValidJwt, place: Place): number {
  const endsAtMs = Math.min(jwt.expiresAtMs ?? Infinity, verifierEndsAtMs(snapshot, jwt, place))
  const id = loginKeyOf(jwt)
  const key = id === null ? undefined : snapshot.keys.find(id)
  return key === undefined ? endsAtMs : Math.min(endsAtMs, key.endsAtMs, loginSecretEndsAtMs(key, jwt))
}

/** Whether the JWT's consumer or key exists and is active, and its login: the key, the secret, the Basic credential. */
function isJwtOwnerActive(snapshot: Snapshot, jwt: ValidJwt, nowMs: number): boolean {
  const { mintedFor, mintedWith = null, basicCredential = null } = jwt
  const loginKey = loginKeyOf(jwt)
  if (loginKey !== null && !isLoginKeyActive(snapshot, loginKey, jwt, nowMs)) return false
  if (mintedWith !== null && mintedWith !== loginKey) {
    if (!isKeyActive(snapshot.keys.find(mintedWith), snapshot, Infinity, nowMs)) return false
  }
  if (basicCredential !== null && !isCredentialActive(snapshot, basicCredential)) return false
  return mintedFor === null || mintedFor === loginKey || snapshot.consumer(mintedFor)?.active === true
}

/** Whether a Basic credential still exists and its consumer is active. */
export function isCredentialActive(snapshot: Snapshot, id: string): boolean {
  const credential = snapshot.basicCredentialById(id)
  return credential !== undefined && snapshot.consumer(credential.consumer)?.active === true
}

function isLoginKeyActive(snapshot: Snapshot, id: KeyId, jwt: ValidJwt, nowMs: number): boolean {
  const key = snapshot.keys.find(id)
  return key !== undefined && isKeyActive(key, snapshot, loginSecretEndsAtMs(key, jwt), nowMs)
}

function isKeyActive(
  key: KeyView | undefined,
  snapshot: Snapshot,
  secretEndsAtMs: number,
  nowMs: number,
): boolean {
  return (
    key !== undefined &&
    keyStateRefusal(key, consumerOfKey(snapshot, key), secretEndsAtMs, nowMs) === undefined
  )
}

/** The id of the key that was used to log in, or null. Its address rules and rate limits apply to the JWT too. */
export function loginKeyOf({ mintedFor, mintedWith = null }: ValidJwt): KeyId | null {
  return mintedFor !== null && isKeyId(mintedFor) ? mintedFor : mintedWith
}

/**
 * When the environment stops trusting the signing key or issuer that verified the JWT, in milliseconds since 1970;
 * `-Infinity` if it does not trust it now.
 */
function verifierEndsAtMs(
  snapshot: Snapshot,
  { verifiedBy }: ValidJwt,
  { organization, environment }: Place,
): number {
  if (verifiedBy === undefined) return Infinity
  const view = snapshot.environment(organization, environment)
  if (verifiedBy.kind === 'issuer') {
    const issuer = view?.issuers.get(verifiedBy.id)
    return issuer !== undefined && isSameIssuer(issuer, verifiedBy) ? Infinity : -Infinity
  }
  const key = view?.signingKeys.get(verifiedBy.id)
  return key !== undefined && isSameSigningKey(key, verifiedBy)
    ? (key.verifiesUntilMs ?? Infinity)
    : -Infinity
}

/** A loaded snapshot has new objects for unchanged records. */
function isSameSigningKey(one: SigningKeyRecord, other: SigningKeyRecord): boolean {
  if (one === other) return true
  return one.algorithm === other.algorithm && isSameJson(one.publicJwk, other.publicJwk)
}

function isSameIssuer(one: IssuerRecord, other: IssuerRecord): boolean {
  if (one === other) return true
  return (
    one.issuer === other.issuer &&
    one.jwksUrl === other.jwksUrl &&
    isSameJson(one.audiences, other.audiences) &&
    isSameJson(one.jwks, other.jwks)
  )
}

/** A different order of members counts as a difference: the caller must then log in again. */
function isSameJson(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
