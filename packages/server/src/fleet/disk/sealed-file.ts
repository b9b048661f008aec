import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'

const ALGORITHM = 'aes-256-gcm'
const NONCE_BYTES = 12
const TAG_BYTES = 16
/** What sealing adds to a content, in bytes. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES

/**
 * Seals bytes for one place of one file (AES-256-GCM, NIST SP 800-38D). Elsewhere, they do not open.
 *
 * @param key 32 bytes
 * @param place such as `journal 3/17`
 */
export function sealBytes(key: Uint8Array, content: Uint8Array, place: string): Buffer {
  const nonce = randomBytes(NONCE_BYTES)
  const cipher = createCipheriv(ALGORITHM, key, nonce)
  cipher.setAAD(Buffer.from(place))
  return Buffer.concat([nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()])
}

/** @returns undefined if the bytes were not sealed for this place, or were changed */
export function openBytes(key: Uint8Array, sealed: Uint8Array, place: string): Buffer | undefined {
  if (sealed.length < SEAL_BYTES) return undefined
  const end = sealed.length - TAG_BYTES
  const decipher = createDecipheriv(ALGORITHM, key, sealed.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  })
  decipher.setAAD(Buffer.from(place))
  decipher.setAuthTag(sealed.subarray(end))
  try {
    const content = decipher.update(sealed.subarray(NONCE_BYTES, end))
    // In this mode all bytes have come by now: it only checks the tag.
    decipher.final()
    return content
  } catch {
    return undefined
  }
}
