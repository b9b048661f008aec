import { sign, verify, type KeyObject } from 'node:crypto'

/** The header of a refusal that carries the proof. */
export const REMOVAL_HEADER = 'sallyport-removed'
const CONTEXT = 'sallyport removal 1\n'

/**
 * Signs that the gateway with a credential was removed. A gateway believes nothing less: it then refuses every call, and a proxy
 * or a database that was restored must not bring that about.
 *
 * @param credentialDigest see `tokenDigest`
 * @param key of the fleet
 * @returns base64url
 */
export function removalProof(credentialDigest: string, key: KeyObject): string {
  return sign(null, Buffer.from(CONTEXT + credentialDigest), key).toString('base64url')
}

/** @param publicKey of the fleet */
export function isRemovalProof(proof: string, credentialDigest: string, publicKey: KeyObject): boolean {
  return verify(null, Buffer.from(CONTEXT + credentialDigest), publicKey, Buffer.from(proof, 'base64url'))
}
