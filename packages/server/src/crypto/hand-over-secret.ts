import { createCipheriv, hkdfSync } from 'node:crypto'
import { randomBase62 } from '@sallyport/core'
import { tokenDigest } from './digest.ts'

/** 256 random bits: 62^43 is a little more than 2^256. Letters and digits, so that no mail program cuts the link. */
const SECRET_CHARS = 43
const KEY_BYTES = 32
/** The key encrypts once, so any nonce would do (NIST SP 800-38D section 8). */
const NONCE_BYTES = 12
/** Two uses of one secret (RFC 5869 section 3.2), so that the proof tells nothing about the key. */
const KEY_INFO = 'sallyport hand-over key'
const PROOF_INFO = 'sallyport hand-over proof'

/** A token that only the holder of a link can read. */
export interface EncryptedToken {
  /** Part of the link; not stored. */
  readonly secret: string
  /** SHA-256 of the proof that the holder of the link sends to get the ciphertext. */
  readonly proofDigest: string
  /** In base64url. */
  readonly nonce: string
  /** AES-256-GCM with its tag at the end, as WebCrypto takes it; in base64url. */
  readonly ciphertext: string
}

/**
 * Encrypts a token under a new secret, from which HKDF-SHA-256 (RFC 5869) derives an AES-256-GCM key and a proof. The page
 * of the link does the same to decrypt it: `control/pages/hand-over/link.js`.
 *
 * @param id of the hand-over; the additional authenticated data
 */
export function encryptToken(
  token: string,
  id: string,
  randomBytes: (count: number) => Uint8Array,
): EncryptedToken {
  const secret = randomBase62(SECRET_CHARS, randomBytes)
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv('aes-256-gcm', derived(secret, KEY_INFO), nonce)
  cipher.setAAD(Buffer.from(id))
  const ciphertext = Buffer.concat([cipher.update(token), cipher.final(), cipher.getAuthTag()])
  return {
    secret,
    proofDigest: tokenDigest(derived(secret, PROOF_INFO).toString('base64url')),
    nonce: Buffer.from(nonce).toString('base64url'),
    ciphertext: ciphertext.toString('base64url'),
  }
}

function derived(secret: string, info: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', info, KEY_BYTES))
}
