import { Problem, type KeyId } from '@sallyport/core'
import type { SharedFleetKeys } from '../../crypto/fleet-keys.ts'
import { importedKeyId } from '../../crypto/imported-key-id.ts'
import { unseal } from '../../crypto/seal.ts'

/** The secrets of its fleet as a gateway has got them. */
export class SharedKeys {
  #keys: SharedFleetKeys | undefined

  set(keys: SharedFleetKeys): void {
    this.#keys = keys
  }

  /** Opens what the fleet has sealed for its gateways. */
  unseal(sealed: string, context: string): string {
    return unseal(this.#known.records, sealed, context)
  }

  /** The id of the key that was imported with a token of this SHA-256. */
  importedKeyId(digest: Uint8Array): KeyId {
    return importedKeyId(this.#known.importedKeyIds, digest)
  }

  get #known(): SharedFleetKeys {
    if (this.#keys === undefined) throw new Problem('unavailable')
    return this.#keys
  }
}
