import type { DeploymentRecord, IssuerRecord, SigningKeyRecord } from '../feed/records.ts'
import { isKeyId, type KeyId } from '../keys/key-text.ts'
import type { EnvironmentView } from '../snapshot/environment.ts'
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
  const { mintedFor, expiresAtMs = Infinity } = jwt
  if (nowMs >= expiresAtMs) return 'token_expired'
  const { organization, environment } = deployment
  if (!isVerifierTrusted(snapshot.environment(organization, environment), jwt, nowMs)) return 'token_invalid'
  if (!isJwtOwnerActive(snapshot, jwt, nowMs)) return 'token_invalid'
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
 * Whether the JWT's consumer or key still exists and is active, and so does its login: the key, the secret and the Basic
 * credential.
 *
 * @param nowMs milliseconds since 1970
 */
export function isJwtOwnerActive(snapshot: Snapshot, jwt: ValidJwt, nowMs: number): boolean {
  const { mintedFor, mintedWith = null, basicCredential = null } = jwt
  const loginKey = loginKeyOf(jwt)
  if (loginKey !== null && !isLoginKeyActive(snapshot, loginKey, jwt, nowMs)) return false
  if (mintedWith !== null && mintedWith !== loginKey && !isKeyActive(snapshot.keys.find(mintedWith), snapshot, Infinity, nowMs)) return false
  if (basicCredential !== null) {
    const credential = snapshot.basicCredentialById(basicCredential)
    if (credential === undefined || snapshot.consumer(credential.consumer)?.active !== true) return false
  }
  return mintedFor === null || mintedFor === loginKey || snapshot.consumer(mintedFor)?.active === true
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
 * When the JWT ends although no record changes, in milliseconds since 1970; `Infinity` for never.
 *
 * @param loginKey the key that was used to log in
 */
export function jwtEndsAtMs(jwt: ValidJwt, loginKey: KeyView | undefined): number {
  const { expiresAtMs = Infinity, verifiedBy } = jwt
  const verifiesUntilMs = verifiedBy?.kind === 'signing-key' ? (verifiedBy.verifiesUntilMs ?? Infinity) : Infinity
  if (loginKey === undefined) return Math.min(expiresAtMs, verifiesUntilMs)
  return Math.min(expiresAtMs, verifiesUntilMs, loginKey.expiresAtMs, loginSecretEndsAtMs(loginKey, jwt))
}

/** Whether the environment still trusts the signing key or issuer that verified the JWT. */
export function isVerifierTrusted(
  environment: EnvironmentView | undefined,
  { verifiedBy }: ValidJwt,
  nowMs: number,
): boolean {
  if (verifiedBy === undefined) return true
  if (verifiedBy.kind === 'issuer') {
    const current = environment?.issuers.get(verifiedBy.id)
    return current !== undefined && (current === verifiedBy || isSameIssuer(current, verifiedBy))
  }
  const current = environment?.signingKeys.get(verifiedBy.id)
  if (current === undefined || nowMs >= (current.verifiesUntilMs ?? Infinity)) return false
  return current === verifiedBy || isSameSigningKey(current, verifiedBy)
}

/** A loaded snapshot has new objects for unchanged records. */
function isSameSigningKey(one: SigningKeyRecord, other: SigningKeyRecord): boolean {
  return one.algorithm === other.algorithm && isSameJson(one.publicJwk, other.publicJwk)
}

function isSameIssuer(one: IssuerRecord, other: IssuerRecord): boolean {
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
