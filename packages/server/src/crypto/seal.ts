import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
/** The format version, so that another format can be added later. */
const VERSION_PREFIX = 'v1.'
/** 96 random bits (NIST SP 800-38D section 8.2.2): safe for 2^32 seals under one key. */
const NONCE_BYTES = 12
/** The full tag of GCM, which is also what Node.js makes unless told otherwise. */
const TAG_BYTES = 16

/** `seal` and `unseal` bound to one master key. A sealed text opens only under the context it was sealed for. */
export interface Sealer {
  seal(text: string, context: string): string
  /** Throws if the text was sealed for another context or modified. */
  unseal(sealed: string, context: string): string
}

/**
 * Seals a text with AES-256-GCM under the master key.
 *
 * @param context the kind and owner of the text, such as `idempotency/key_…/abc`; the additional authenticated data
 */
export function seal(masterKey: Uint8Array, text: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, masterKey, nonce)
  cipher.setAAD(Buffer.from(context))
  const sealed = Buffer.concat([nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()])
  return VERSION_PREFIX + sealed.toString('base64url')
}

/**
 * Opens a text that `seal` returned.
 *
 * @throws Error if it was sealed under another key or context or was modified; never quotes the text
 */
export function unseal(masterKey: Uint8Array, sealed: string, context: string): string {
  const bytes = sealed.startsWith(VERSION_PREFIX)
    ? Buffer.from(sealed.slice(VERSION_PREFIX.length), 'base64url')
    : Buffer.alloc(0)
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('The value is not a sealed text.')
  const tagStart = bytes.length - TAG_BYTES
  const decipher = createDecipheriv(ALGORITHM, masterKey, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(context))
  decipher.setAuthTag(bytes.subarray(tagStart))
  try {
    const text = Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, tagStart)), decipher.final()])
    return text.toString()
  } catch (cause) {
    throw new Error(
      'The sealed text cannot be opened: the master key or the context differs, or the text was modified.',
      { cause },
    )
  }
}
