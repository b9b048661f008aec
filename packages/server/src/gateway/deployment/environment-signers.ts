import type { EnvironmentView, SigningKeyRecord } from '@sallyport/core'
import { signingKeyContext } from '../../crypto/seal-contexts.ts'
import { importSigner, type PrivateJwk, type Signer } from '../../crypto/signing-keys.ts'
import type { Unseal } from './environment-secrets.ts'

/** The keys that environments sign with, decrypted on first use. */
export class EnvironmentSigners {
  readonly #unseal: Unseal
  readonly #signers = new WeakMap<SigningKeyRecord, Promise<Signer>>()

  constructor(unseal: Unseal) {
    this.#unseal = unseal
  }

  /**
   * The current signing key of an environment; undefined if it has none.
   *
   * @throws Error, as a rejection, when the key cannot be decrypted
   */
  signerOf({ signingKeys }: EnvironmentView): Promise<Signer> | undefined {
    for (const record of signingKeys.values()) {
      if (record.verifiesUntilMs === null) return this.#signer(record)
    }
    return undefined
  }

  #signer(record: SigningKeyRecord): Promise<Signer> {
    let signer = this.#signers.get(record)
    if (signer === undefined) {
      signer = this.#decrypt(record)
      this.#signers.set(record, signer)
    }
    return signer
  }

  async #decrypt(record: SigningKeyRecord): Promise<Signer> {
    const text = this.#unseal(record.sealedPrivateJwk, signingKeyContext(record))
    return await importSigner(parseJwk(text), record.algorithm, record.id)
  }
}

function parseJwk(text: string): PrivateJwk {
  try {
    return JSON.parse(text) as PrivateJwk
  } catch {
    // No cause: it would quote the private key, and errors are logged.
    throw new Error('The signing key is not valid JSON.')
  }
}
