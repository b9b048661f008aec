import { createPublicKey, type KeyObject, verify } from 'node:crypto'

/** A P-256 signature in DER has at most 72 bytes, which are 96 characters in base64. */
const SIGNATURE = /^[0-9A-Za-z+/]{1,96}={0,2}$/

/** Verifies the signatures of GitHub's secret scanning: ECDSA over P-256 with SHA-256 (FIPS 186-5), in DER and base64. */
export class GitHubSignatures {
  readonly #keys: ReadonlyMap<string, KeyObject>

  /** @param keys by their identifiers; SubjectPublicKeyInfo as PEM */
  constructor(keys: readonly { readonly id: string; readonly publicKey: string }[]) {
    this.#keys = new Map(keys.map(({ id, publicKey }) => [id, createPublicKey(publicKey)]))
  }

  /** Whether it knows any key. */
  get isConfigured(): boolean {
    return this.#keys.size > 0
  }

  /** @param body as received, before it is parsed */
  isValid(body: Uint8Array, keyId: string | undefined, signature: string | undefined): boolean {
    const key = this.#keys.get(keyId ?? '')
    if (key === undefined || signature === undefined || !SIGNATURE.test(signature)) return false
    return verify('sha256', body, { key, dsaEncoding: 'der' }, Buffer.from(signature, 'base64'))
  }
}
