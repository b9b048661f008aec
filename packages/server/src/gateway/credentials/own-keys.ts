import { Problem, type SigningKeyRecord } from '@sallyport/core'
import type { Logger } from 'pino'
import { importKeySet, type KeySet } from '../../crypto/key-set.ts'

/** The public halves of environments' signing keys, imported once per record. */
export class OwnKeys {
  readonly #logger: Logger
  readonly #sets = new WeakMap<SigningKeyRecord, Promise<KeySet>>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /**
   * A key set with this one key, bound to its algorithm and `kid`.
   *
   * @throws Problem `unavailable`, as a rejection, when the record's key is invalid
   */
  setOf(record: SigningKeyRecord): Promise<KeySet> {
    let set = this.#sets.get(record)
    if (set === undefined) {
      set = this.#import(record)
      this.#sets.set(record, set)
    }
    return set
  }

  async #import({ id, algorithm, publicJwk }: SigningKeyRecord): Promise<KeySet> {
    const set = await importKeySet([{ ...publicJwk, kid: id, alg: algorithm }])
    if (set.keys.length === 0) {
      this.#logger.error({ signingKey: id, problems: set.problems }, 'a signing key cannot be imported')
      throw new Problem('unavailable')
    }
    return set
  }
}
