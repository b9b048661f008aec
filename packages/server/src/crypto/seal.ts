import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
/** The form of what is sealed; another one can stand beside it later. */
const FORM = 'v1.'
/** 96 bits, as NIST SP 800-38D section 8.2.2 asks of random ones: 2^32 seals under one key stay safe. */
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** Keeps texts that must be read back, bound to what they are for: `seal` and `unseal` under one master key. */
export interface Sealer {
  seal(text: string, context: string): string
  /** Throws when the text was sealed for another context, or changed. */
  unseal(sealed: string, context: string): string
}

/**
 * Seals a text with AES-256-GCM under the master key.
 *
 * @param context what the text is and whose, such as `idempotency/key_…/abc`: it only opens under the same
 */
export function seal(masterKey: Uint8Array, text: string, context: string): string {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, masterKey, nonce, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(context, 'utf8'))
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return FORM + sealed.toString('base64url')
}

/**
 * Opens what `seal` made.
 *
 * @throws Error when it was sealed under another key or context, or was changed; it says no more than that
 */
export function unseal(masterKey: Uint8Array, sealed: string, context: string): string {
  const bytes = sealed.startsWith(FORM)
    ? Buffer.from(sealed.slice(FORM.length), 'base64url')
    : Buffer.alloc(0)
  if (bytes.length < NONCE_BYTES + TAG_BYTES) throw new Error('This was not sealed here.')
  const tagStart = bytes.length - TAG_BYTES
  const decipher = createDecipheriv(ALGORITHM, masterKey, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(context, 'utf8'))
  decipher.setAuthTag(bytes.subarray(tagStart))
  try {
    return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, tagStart)), decipher.final()]).toString(
      'utf8',
    )
  } catch (cause) {
    throw new Error('This cannot be opened: another master key, another context, or it was changed.', {
      cause,
    })
  }
}
