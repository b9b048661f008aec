import { createHmac, hkdfSync } from 'node:crypto'

const SECRET_BYTES = 32
const HKDF_INFO = 'sallyport shared limit counters'
/** 128 bits: two of a trillion counters have the same key with a probability of 1e-15. */
const KEY_CHARACTERS = 22

/**
 * The secret that the names of counters are made with.
 *
 * @param masterKey 32 bytes
 */
export function counterSecret(masterKey: Uint8Array): Uint8Array {
  return new Uint8Array(hkdfSync('sha256', masterKey, '', HKDF_INFO, SECRET_BYTES))
}

/**
 * The names of counters for a store that gateways share, bound to one master key. The HMAC (RFC 2104) keeps installations
 * that use the same store apart, and hides the addresses and ids that a name has.
 *
 * @param secret from `counterSecret`
 * @returns a function from a name to 22 characters of base64url
 */
export function counterKeys(secret: Uint8Array): (name: string) => string {
  return (name) => createHmac('sha256', secret).update(name).digest('base64url').slice(0, KEY_CHARACTERS)
}
