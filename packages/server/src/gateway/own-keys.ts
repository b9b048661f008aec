import { Problem, type SigningKeyRecord } from '@sallyport/core'
import { importKeySet, type KeySet } from '../token/key-set.ts'

/** The public halves of environments' signing keys, ready for use; each is made so once. */
export class OwnKeys {
  readonly #sets = new WeakMap<SigningKeyRecord, Promise<KeySet>>()

  /**
   * A set of this one key, bound to its algorithm and its `kid`.
   *
   * @throws Problem `unavailable`, as a rejection, where the record holds no sound key
   */
  setOf(record: SigningKeyRecord): Promise<KeySet> {
    let set = this.#sets.get(record)
    if (set === undefined) {
      set = importOwn(record)
      this.#sets.set(record, set)
    }
    return set
  }
}

async function importOwn({ id, algorithm, publicJwk }: SigningKeyRecord): Promise<KeySet> {
  const set = await importKeySet([{ ...publicJwk, kid: id, alg: algorithm }])
  if (set.keys.length === 0) {
    throw new Problem('unavailable', { cause: new Error(`${id}: ${set.problems.join(' ')}`) })
  }
  return set
}
