import { createHmac, hkdfSync } from 'node:crypto'
import { makeKeyId, type KeyId } from '@sallyport/core'

const SECRET_BYTES = 32
const HKDF_INFO = 'sallyport imported key id'

/**
 * The secret that ids of imported keys are derived under.
 *
 * @param masterKey 32 bytes
 */
export function importedKeyIdSecret(masterKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, '', HKDF_INFO, SECRET_BYTES))
}

/**
 * The id of the key that was imported with a token, so that a gateway finds the key of a foreign token in the same table
 * as any other. An id may be published; the HMAC (RFC 2104) keeps it from confirming a guess of a short token.
 *
 * @param secret from `importedKeyIdSecret`
 * @param digest SHA-256 of the token, 32 bytes
 */
export function importedKeyId(secret: Uint8Array, digest: Uint8Array): KeyId {
  let block = digest
  // One block is nearly always enough.
  return makeKeyId(() => (block = createHmac('sha256', secret).update(block).digest()))
}

/**
 * `importedKeyId` bound to one master key.
 *
 * @param masterKey 32 bytes
 */
export function importedKeyIds(masterKey: Uint8Array): (digest: Uint8Array) => KeyId {
  const secret = importedKeyIdSecret(masterKey)
  return (digest) => importedKeyId(secret, digest)
}
