/*
 * A few hundred keys in one buffer. The garbage collector does not have to visit them one by one, and the buffer can be
 * given to another thread unchanged. A shard is never written after it is built; a change builds its successor.
 *
 *   key rows      16 words each   id (4) · organization · environment + 1 · consumer + 1 · roles · rules · flags
 *                                 · created at (2) · expires at (2) · first secret · number of secrets
 *   secret rows   12 words each   digest (8) · expires at (2) · sequence · created at, in seconds since 1970
 *   slots         half a word each, open addressing from a hash of the id to a key row + 1
 */
/** The length of a key row and of a secret row, in 32-bit words. */
export const KEY_WORDS = 16
export const SECRET_WORDS = 12

// The offsets of the fields in a key row, in words.
export const ID = 0
export const ORGANIZATION = 4
export const ENVIRONMENT = 5
export const CONSUMER = 6
export const ROLES = 7
export const RULES = 8
export const FLAGS = 9
export const CREATED_AT = 10
export const EXPIRES_AT = 12
export const FIRST_SECRET = 14
export const SECRET_COUNT = 15

// The offsets of the fields in a secret row; the digest is at 0.
export const SECRET_EXPIRES_AT = 8
export const SECRET_SEQUENCE = 10
export const SECRET_CREATED_AT = 11

// The bits of the flags.
export const FLAG_PUBLIC = 1
export const FLAG_INACTIVE = 2
export const FLAG_DELETED = 4
export const FLAG_FOREIGN = 8

/** A slot is 16 bits wide, and 0 means free. With 1,024 shards that allows about 67 million keys. */
const KEYS_PER_SHARD_MAX = 65_534

/**
 * The hash of a key id, given as its four words: it selects the shard and the first slot to look in. Ids are random, so
 * mixing their words is enough.
 */
export function mixId(a: number, b: number, c: number, d: number): number {
  const mixed =
    Math.imul(a ^ (c << 7) ^ (c >>> 25), 0x9e3779b1) ^ Math.imul(b ^ (d << 11) ^ (d >>> 21), 0x85ebca6b)
  return (mixed ^ (mixed >>> 15)) >>> 0
}

/** One shard of the key table, see the layout above. */
export class KeyShard {
  readonly keyCount: number
  /** Key rows, then secret rows. */
  readonly words: Uint32Array
  /** The same memory as 64-bit floats, for the times. Row offsets are even, so every time is aligned to 8 bytes. */
  readonly times: Float64Array
  /** The offset of the secret rows, in words. */
  readonly secretsStart: number
  readonly #slots: Uint16Array
  readonly #slotMask: number

  /**
   * Allocates a shard whose rows and slots the caller fills.
   *
   * @throws RangeError when the shard would have more keys than its slots can number
   */
  constructor(keyCount: number, secretCount: number) {
    if (keyCount > KEYS_PER_SHARD_MAX) throw new RangeError('too many keys for one snapshot')
    const wordCount = keyCount * KEY_WORDS + secretCount * SECRET_WORDS
    // At most three quarters of the slots are used, so that a search for an absent key ends soon.
    let slotCount = 4
    while (slotCount * 3 < keyCount * 4) slotCount *= 2
    const buffer = new ArrayBuffer(wordCount * 4 + slotCount * 2)
    this.keyCount = keyCount
    this.words = new Uint32Array(buffer, 0, wordCount)
    this.times = new Float64Array(buffer, 0, wordCount >>> 1)
    this.secretsStart = keyCount * KEY_WORDS
    this.#slots = new Uint16Array(buffer, wordCount * 4, slotCount)
    this.#slotMask = slotCount - 1
  }

  /**
   * The shard with keys added that it does not have, each with another id. What it has is copied once, in whole ranges.
   *
   * @param added the words that `packKey` writes, for each key
   */
  withNew(added: readonly Uint32Array[]): KeyShard {
    const { words, secretsStart } = this
    let secretCount = this.#secretTotal
    const secretsBefore = secretCount
    for (const packed of added) secretCount += packed[SECRET_COUNT] ?? 0

    const next = new KeyShard(this.keyCount + added.length, secretCount)
    next.words.set(words.subarray(0, secretsStart), 0)
    next.words.set(words.subarray(secretsStart), next.secretsStart)
    let at = secretsStart
    let secret = secretsBefore
    for (const packed of added) {
      next.words.set(packed.subarray(0, KEY_WORDS), at)
      next.words[at + FIRST_SECRET] = secret
      next.words.set(packed.subarray(KEY_WORDS), next.secretsStart + secret * SECRET_WORDS)
      at += KEY_WORDS
      secret += packed[SECRET_COUNT] ?? 0
    }

    const hasSameSlots = next.#slotMask === this.#slotMask
    if (hasSameSlots) next.#slots.set(this.#slots)
    for (let row = hasSameSlots ? this.keyCount : 0; row < next.keyCount; row += 1) next.index(row)
    return next
  }

  /**
   * The shard with one key replaced, or added when `row` is -1. Everything else is copied in whole ranges: with a
   * thousand keys in the shard this takes 25 µs, and copying row by row took 30 times as long.
   *
   * @param packed the words that `packKey` writes
   */
  with(row: number, packed: Uint32Array): KeyShard {
    if (row < 0) return this.withNew([packed])
    const { words, secretsStart } = this
    const at = row * KEY_WORDS
    const first = words[at + FIRST_SECRET] ?? 0
    const countBefore = words[at + SECRET_COUNT] ?? 0
    const count = packed[SECRET_COUNT] ?? 0
    const cut = secretsStart + first * SECRET_WORDS

    const next = new KeyShard(this.keyCount, this.#secretTotal - countBefore + count)
    const nextCut = next.secretsStart + first * SECRET_WORDS
    next.words.set(words.subarray(0, secretsStart), 0)
    next.words.set(words.subarray(secretsStart, cut), next.secretsStart)
    next.words.set(packed.subarray(KEY_WORDS), nextCut)
    next.words.set(words.subarray(cut + countBefore * SECRET_WORDS), nextCut + count * SECRET_WORDS)
    if (count !== countBefore) next.#moveSecrets(first + countBefore, count - countBefore)
    next.words.set(packed.subarray(0, KEY_WORDS), at)
    next.words[at + FIRST_SECRET] = first

    next.#slots.set(this.#slots)
    return next
  }

  /**
   * A copy with other key rows.
   *
   * @param edit may change the row at an offset of the words, but not its id or its secrets
   */
  withRows(edit: (words: Uint32Array, at: number) => void): KeyShard {
    const next = new KeyShard(this.keyCount, this.#secretTotal)
    next.words.set(this.words)
    next.#slots.set(this.#slots)
    for (let at = 0; at < this.secretsStart; at += KEY_WORDS) edit(next.words, at)
    return next
  }

  get #secretTotal(): number {
    return (this.words.length - this.secretsStart) / SECRET_WORDS
  }

  /** Updates the keys whose first secret is at row `from` or later: their secrets have moved by `distance` rows. */
  #moveSecrets(from: number, distance: number): void {
    const { words } = this
    for (let at = FIRST_SECRET; at < this.secretsStart; at += KEY_WORDS) {
      const first = words[at] ?? 0
      if (first >= from) words[at] = first + distance
    }
  }

  /** Adds the key in a row to the slots. Only for code that fills a new shard. */
  index(row: number): void {
    const { words } = this
    const at = row * KEY_WORDS
    let slot =
      (mixId(words[at] ?? 0, words[at + 1] ?? 0, words[at + 2] ?? 0, words[at + 3] ?? 0) >>> 10) &
      this.#slotMask
    while (this.#slots[slot] !== 0) slot = (slot + 1) & this.#slotMask
    this.#slots[slot] = row + 1
  }

  /** The row of the key whose id is these four words, or -1. `mixed` is `mixId` of the same words. */
  find(a: number, b: number, c: number, d: number, mixed: number): number {
    const { words } = this
    let slot = (mixed >>> 10) & this.#slotMask
    for (;;) {
      const entry = this.#slots[slot] ?? 0
      if (entry === 0) return -1
      const at = (entry - 1) * KEY_WORDS
      if (words[at] === a && words[at + 1] === b && words[at + 2] === c && words[at + 3] === d)
        return entry - 1
      slot = (slot + 1) & this.#slotMask
    }
  }

  /** The size of the shard in bytes. */
  get byteLength(): number {
    return this.words.buffer.byteLength
  }
}

export const EMPTY_SHARD = new KeyShard(0, 0)
