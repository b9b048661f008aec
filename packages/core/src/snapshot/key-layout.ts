/*
 * A key is 7 words (its home at 4, its creation at 5), then those fields that it has: its expiry (2), its consumer's id (3),
 * its rules (1). Each secret follows with 10 words: its digest (8), its number, and the second of its creation. If one of them
 * has an expiry, all have 2 words for it.
 */
export const KEY_PREFIX = 'key_'

export const HOME_AT = 4
export const CREATED_AT = 5
export const FIXED_WORDS = 7

// The offsets of the fields of a secret; the digest is at 0.
export const SECRET_SEQUENCE = 8
export const SECRET_CREATED_AT = 9
export const SECRET_EXPIRES_AT = 10
const SECRET_WORDS = 10
const SECRET_WORDS_WITH_EXPIRY = 12

// The bits of the flags. The upper half is the number of secrets.
export const FLAG_PUBLIC = 1
export const FLAG_INACTIVE = 2
export const FLAG_DELETED = 4
export const FLAG_FOREIGN = 8
export const FLAG_EXPIRES = 16
export const FLAG_CONSUMER = 32
export const FLAG_RULES = 64
export const FLAG_SECRETS_EXPIRE = 128
export const SECRET_COUNT_SHIFT = 8
export const SECRETS_MAX = 255

/** Where the fields of a key are that not every key has. */
export class KeyLayout {
  readonly consumerAt: number
  readonly rulesAt: number
  readonly secretsAt: number
  readonly secretWords: number
  readonly secretCount: number

  constructor(flags: number) {
    this.consumerAt = FIXED_WORDS + ((flags & FLAG_EXPIRES) === 0 ? 0 : 2)
    this.rulesAt = this.consumerAt + ((flags & FLAG_CONSUMER) === 0 ? 0 : 3)
    this.secretsAt = this.rulesAt + ((flags & FLAG_RULES) === 0 ? 0 : 1)
    this.secretWords = (flags & FLAG_SECRETS_EXPIRE) === 0 ? SECRET_WORDS : SECRET_WORDS_WITH_EXPIRY
    this.secretCount = flags >>> SECRET_COUNT_SHIFT
  }

  get doSecretsExpire(): boolean {
    return this.secretWords !== SECRET_WORDS
  }

  /** The length of the row without its texts, in words. */
  get words(): number {
    return this.secretsAt + this.secretCount * this.secretWords
  }
}
