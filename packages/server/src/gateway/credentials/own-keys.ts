import { Problem, type SigningKeyRecord } from '@sallyport/core'
import type { Logger } from 'pino'
import { importKeySet, type KeySet } from '../../crypto/key-set.ts'

/** The public halves of environments' signing keys, ready for use; each is made so once. */
export class OwnKeys {
  readonly #logger: Logger
  readonly #sets = new WeakMap<SigningKeyRecord, Promise<KeySet>>()

  constructor(logger: Logger) {
    this.#logger = logger
  }

  /**
   * A set of this one key, bound to its algorithm and its `kid`.
   *
   * @throws Problem `unavailable`, as a rejection, where the record holds no sound key
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
      this.#logger.error({ signingKey: id, problems: set.problems }, 'a signing key cannot be used')
      throw new Problem('unavailable')
    }
    return set
  }
}
