import { Problem, type KeyId } from '@sallyport/core'
import type { SharedFleetKeys } from '../../crypto/derived/fleet-keys.ts'
import { importedKeyId } from '../../crypto/derived/imported-key-id.ts'
import { counterKeys } from '../../crypto/derived/counter-key.ts'
import { unseal } from '../../crypto/seal.ts'
import type { Greeting } from '../stream/stream-functions.ts'

type SentKeys = Pick<Greeting, 'counters' | 'importedKeyIds' | 'records'>

/** The secrets of its fleet as a gateway has got them. */
export class SharedKeys {
  #keys: SharedFleetKeys | undefined

  /** @param keys in base64url */
  set({ records, importedKeyIds, counters }: SentKeys): void {
    this.#keys = {
      records: Buffer.from(records, 'base64url'),
      importedKeyIds: Buffer.from(importedKeyIds, 'base64url'),
      counters: Buffer.from(counters, 'base64url'),
    }
  }

  /** Opens what the fleet has sealed for its gateways. */
  unseal(sealed: string, context: string): string {
    return unseal(this.known.records, sealed, context)
  }

  /** The id of the key that was imported with a token of this SHA-256. */
  importedKeyId(digest: Uint8Array): KeyId {
    return importedKeyId(this.known.importedKeyIds, digest)
  }

  /** The name of a counter in a store that gateways share; see `counterKeys`. */
  counterKey(name: string): string {
    return counterKeys(this.known.counters)(name)
  }

  /** @throws Problem `unavailable` before the first stream of the process's life */
  get known(): SharedFleetKeys {
    if (this.#keys === undefined) throw new Problem('unavailable')
    return this.#keys
  }
}
