import type { EnvironmentView, SigningKeyRecord } from '@sallyport/core'
import { signingKeyContext } from '../../crypto/seal-contexts.ts'
import { importSigner, type PrivateJwk, type Signer } from '../../crypto/signing-keys.ts'
import type { Unseal } from './environment-secrets.ts'

/** The keys that environments sign with, opened on first use. */
export class EnvironmentSigners {
  readonly #unseal: Unseal
  readonly #signers = new WeakMap<SigningKeyRecord, Promise<Signer>>()

  constructor(unseal: Unseal) {
    this.#unseal = unseal
  }

  /**
   * The key that an environment signs with now; undefined where it has none. The promise rejects where the key cannot
   * be opened, which is a fault on our side.
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
      signer = this.#open(record)
      this.#signers.set(record, signer)
    }
    return signer
  }

  async #open(record: SigningKeyRecord): Promise<Signer> {
    const text = this.#unseal(record.sealedPrivateJwk, signingKeyContext(record))
    return await importSigner(parseJwk(text), record.algorithm, record.id)
  }
}

function parseJwk(text: string): PrivateJwk {
  try {
    return JSON.parse(text) as PrivateJwk
  } catch {
    // The cause quotes the text, and errors are logged.
    throw new Error('The signing key is no JSON.')
  }
}
