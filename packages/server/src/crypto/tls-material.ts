import { createPrivateKey, X509Certificate, type KeyObject } from 'node:crypto'
import { pemBlocks, pemText } from '@sallyport/core'

/** Certificates or a key for TLS, or a sentence that says why a text is none. It shows nothing of the text. */
export type TlsMaterial<T> = { readonly value: T; readonly problem?: never } | { readonly problem: string }

/** Certificates, as PEM text and parsed. */
export interface Certificates {
  readonly pem: string
  readonly parsed: readonly [X509Certificate, ...X509Certificate[]]
}

/** Reads one or more certificates from PEM. */
export function readCertificates(text: string): TlsMaterial<Certificates> {
  const blocks = pemBlocks(text)
  if (blocks.length === 0 || blocks.some(({ label }) => label !== 'CERTIFICATE')) {
    return { problem: 'it is not PEM text of certificates alone' }
  }
  try {
    const pems = blocks.map(pemText)
    const [first, ...rest] = pems.map((pem) => new X509Certificate(pem))
    if (first === undefined) return { problem: 'it has no certificate' }
    return { value: { pem: pems.join(''), parsed: [first, ...rest] } }
  } catch {
    return { problem: 'one of its PEM blocks is not a certificate' }
  }
}

/** A signature with a key of 4096 bits takes some ms, and with one of 8192 bits more than fifty. */
const RSA_BITS_MAX = 4096

/** Reads one private key without a passphrase from PEM. */
export function readPrivateKey(text: string): TlsMaterial<KeyObject> {
  if (/ENCRYPTED/.test(text)) {
    return { problem: 'it is encrypted with a passphrase, which must be removed' }
  }
  const keys = pemBlocks(text).filter(({ label }) => label.endsWith('PRIVATE KEY'))
  const [only] = keys
  if (only === undefined || keys.length > 1) return { problem: 'it is not PEM text of one private key' }
  try {
    const value = createPrivateKey(pemText(only))
    // Each handshake signs with it, in the thread of all requests.
    if ((value.asymmetricKeyDetails?.modulusLength ?? 0) > RSA_BITS_MAX) {
      return { problem: `it is an RSA key of more than ${RSA_BITS_MAX} bits` }
    }
    return { value }
  } catch {
    return { problem: 'its PEM block is not a private key' }
  }
}
