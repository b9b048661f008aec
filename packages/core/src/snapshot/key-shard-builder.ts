import {
  FIRST_SECRET,
  KEY_WORDS,
  KeyShard,
  SECRET_COUNT,
  SECRET_EXPIRES_AT,
  SECRET_SEQUENCE,
  SECRET_WORDS,
} from './key-shard.ts'

/** Room for this many keys at first; it doubles as it fills. */
const KEYS_AT_FIRST = 4

/** One secret on its way into a row. */
export interface PackedSecret {
  readonly sequence: number
  readonly digest: string
  readonly expiresAtMs: number
}

/** Gathers rows and makes a shard of them. Rows are appended; a row that is replaced is simply not copied. */
export class KeyShardBuilder {
  #keys = new Uint32Array(KEYS_AT_FIRST * KEY_WORDS)
  #secrets = new Uint32Array(KEYS_AT_FIRST * SECRET_WORDS)
  #keyCount = 0
  #secretCount = 0

  /**
   * Appends a key.
   *
   * @param row `KEY_WORDS` words, all but the place and number of its secrets filled in
   */
  add(row: Uint32Array, secrets: readonly PackedSecret[]): void {
    const at = this.#appendKey(row, 0)
    this.#keys[at + FIRST_SECRET] = this.#secretCount
    this.#keys[at + SECRET_COUNT] = secrets.length
    for (const secret of secrets) {
      const start = this.#roomForSecrets(1)
      writeDigest(this.#secrets, start, secret.digest)
      writeTime(this.#secrets, start + SECRET_EXPIRES_AT, secret.expiresAtMs)
      this.#secrets[start + SECRET_SEQUENCE] = secret.sequence
    }
  }

  /** Appends every key of a shard but one; -1 leaves none out. */
  copyAllBut(shard: KeyShard, leftOut: number): void {
    const { words } = shard
    for (let row = 0; row < shard.keyCount; row += 1) {
      if (row === leftOut) continue
      const from = row * KEY_WORDS
      const at = this.#appendKey(words, from)
      this.#keys[at + FIRST_SECRET] = this.#secretCount
      const count = words[from + SECRET_COUNT] ?? 0
      const secretsFrom = shard.secretsStart + (words[from + FIRST_SECRET] ?? 0) * SECRET_WORDS
      const start = this.#roomForSecrets(count)
      for (let word = 0; word < count * SECRET_WORDS; word += 1) {
        this.#secrets[start + word] = words[secretsFrom + word] ?? 0
      }
    }
  }

  build(): KeyShard {
    return new KeyShard(this.#keys, this.#keyCount, this.#secrets, this.#secretCount)
  }

  #appendKey(source: Uint32Array, from: number): number {
    const at = this.#keyCount * KEY_WORDS
    if (at === this.#keys.length) this.#keys = doubled(this.#keys)
    for (let word = 0; word < KEY_WORDS; word += 1) this.#keys[at + word] = source[from + word] ?? 0
    this.#keyCount += 1
    return at
  }

  #roomForSecrets(count: number): number {
    const at = this.#secretCount * SECRET_WORDS
    while (at + count * SECRET_WORDS > this.#secrets.length) this.#secrets = doubled(this.#secrets)
    this.#secretCount += count
    return at
  }
}

function doubled(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const larger = new Uint32Array(words.length * 2)
  larger.set(words)
  return larger
}

const timeScratch = new Float64Array(1)
const timeScratchWords = new Uint32Array(timeScratch.buffer)

/** Writes a time in ms as the two words of a 64-bit float, in the machine's byte order. */
export function writeTime(words: Uint32Array, at: number, timeMs: number): void {
  timeScratch[0] = timeMs
  words[at] = timeScratchWords[0] ?? 0
  words[at + 1] = timeScratchWords[1] ?? 0
}

/** Writes a digest of 64 lower-case hexadecimal digits as 8 words, first byte lowest. */
function writeDigest(words: Uint32Array, at: number, digest: string): void {
  if (digest.length !== 64) throw new RangeError('a digest has 64 hexadecimal digits')
  for (let word = 0; word < 8; word += 1) {
    let value = 0
    for (let byte = 3; byte >= 0; byte -= 1) {
      const start = word * 8 + byte * 2
      value = (value << 8) | (nibble(digest.charCodeAt(start)) << 4) | nibble(digest.charCodeAt(start + 1))
    }
    words[at + word] = value >>> 0
  }
}

function nibble(code: number): number {
  if (code >= 48 && code <= 57) return code - 48
  if (code >= 97 && code <= 102) return code - 87
  throw new RangeError('a digest has 64 hexadecimal digits')
}
