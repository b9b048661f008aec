import type { KeyId } from '../keys/key-text.ts'
import type { KeyRecord } from '../feed/records.ts'
import { isUnlabelled, NO_LABELS } from '../labels/labels.ts'
import type { InternedValues, KeyRules } from './interned-values.ts'
import {
  CONSUMER,
  CREATED_AT,
  ENVIRONMENT,
  EXPIRES_AT,
  FLAG_DELETED,
  FLAG_FOREIGN,
  FLAG_INACTIVE,
  FLAG_PUBLIC,
  FLAGS,
  ID,
  KEY_WORDS,
  ORGANIZATION,
  ROLES,
  RULES,
  SECRET_COUNT,
  SECRET_CREATED_AT,
  SECRET_EXPIRES_AT,
  SECRET_SEQUENCE,
  SECRET_WORDS,
} from './key-shard.ts'

/** How many words a packed key takes: its row and the rows of its secrets. */
export function packedWords(key: KeyRecord): number {
  return KEY_WORDS + key.secrets.length * SECRET_WORDS
}

/**
 * Writes a key as `packedWords(key)` words, starting at `at`: its row, then the rows of its secrets. The shard fills in
 * `FIRST_SECRET`, because only the shard knows where it stores the secrets.
 *
 * @throws RangeError when a digest is not 64 lower-case hexadecimal digits
 */
export function packKey(key: KeyRecord, interned: InternedValues, words: Uint32Array, at: number): void {
  const { names, roleLists, ruleSets } = interned
  for (let word = 0; word < 4; word += 1) words[at + ID + word] = idWord(key.id, 4 + word * 4)
  words[at + ORGANIZATION] = names.number(key.organization, key.organization)
  words[at + ENVIRONMENT] = key.environment === null ? 0 : names.number(key.environment, key.environment) + 1
  words[at + CONSUMER] = key.consumer === null ? 0 : names.number(key.consumer, key.consumer) + 1
  words[at + ROLES] = roleLists.number(key.roles, key.roles.length === 0 ? '' : JSON.stringify(key.roles))
  words[at + RULES] = rulesNumber(key, ruleSets)
  words[at + FLAGS] =
    (key.type === 'public' ? FLAG_PUBLIC : 0) |
    (key.active ? 0 : FLAG_INACTIVE) |
    (key.deleted ? FLAG_DELETED : 0) |
    (key.hasForeignToken === true ? FLAG_FOREIGN : 0)
  writeTime(words, at + CREATED_AT, key.createdAtMs)
  writeTime(words, at + EXPIRES_AT, key.expiresAtMs ?? Infinity)
  words[at + SECRET_COUNT] = key.secrets.length
  let start = at + KEY_WORDS
  for (const { sequence, digest, expiresAtMs, createdAtMs = key.createdAtMs } of key.secrets) {
    writeDigest(words, start, digest)
    writeTime(words, start + SECRET_EXPIRES_AT, expiresAtMs ?? Infinity)
    words[start + SECRET_SEQUENCE] = sequence
    words[start + SECRET_CREATED_AT] = Math.min(Math.max(0, Math.floor(createdAtMs / 1000)), SECONDS_MAX)
    start += SECRET_WORDS
  }
}

function rulesNumber(
  { addressRules, rateLimits, labels = NO_LABELS }: KeyRecord,
  ruleSets: InternedValues['ruleSets'],
): number {
  if (addressRules.length === 0 && rateLimits.length === 0 && isUnlabelled(labels)) {
    return ruleSets.number(NO_RULES, '')
  }
  return ruleSets.number(
    { addressRules, rateLimits, labels },
    JSON.stringify([addressRules, rateLimits, labels]),
  )
}

/** A function that changes a packed key row so that it refers to the same values among others. */
export function moveInterned(
  from: InternedValues,
  to: InternedValues,
): (words: Uint32Array, at: number) => void {
  const name = from.names.movingTo(to.names)
  const optionalName = (number: number): number => (number === 0 ? 0 : name(number - 1) + 1)
  const roles = from.roleLists.movingTo(to.roleLists)
  const rules = from.ruleSets.movingTo(to.ruleSets)
  const numbers = [
    [ORGANIZATION, name],
    [ENVIRONMENT, optionalName],
    [CONSUMER, optionalName],
    [ROLES, roles],
    [RULES, rules],
  ] as const
  return (words, at) => {
    for (const [field, moved] of numbers) words[at + field] = moved(words[at + field] ?? 0)
  }
}

/** The latest second that 32 bits hold: in the year 2106. */
const SECONDS_MAX = 2 ** 32 - 1

const NO_RULES: KeyRules = { addressRules: [], rateLimits: [], labels: NO_LABELS }

/** Four ASCII characters of a key id, starting at `at`, as one word. */
export function idWord(id: string, at: number): number {
  return (
    (id.charCodeAt(at) |
      (id.charCodeAt(at + 1) << 8) |
      (id.charCodeAt(at + 2) << 16) |
      (id.charCodeAt(at + 3) << 24)) >>>
    0
  )
}

/** The key id that the four words at `at` spell. */
export function idText(words: Uint32Array, at: number): KeyId {
  let text = ''
  for (let byte = 0; byte < 16; byte += 1) {
    text += String.fromCharCode(((words[at + (byte >>> 2)] ?? 0) >>> ((byte & 3) * 8)) & 0xff)
  }
  return `key_${text}`
}

const timeScratch = new Float64Array(1)
const timeScratchWords = new Uint32Array(timeScratch.buffer)

/** Writes a time in milliseconds as the two words of a 64-bit float, in the machine's byte order. */
function writeTime(words: Uint32Array, at: number, timeMs: number): void {
  timeScratch[0] = timeMs
  words[at] = timeScratchWords[0] ?? 0
  words[at + 1] = timeScratchWords[1] ?? 0
}

/** Stands for a character that is not a digit; its bits above the fourth are set. */
const NO_DIGIT = 0xff

/** The value of each of the first 256 characters as a lower-case hexadecimal digit. */
const DIGITS = Uint8Array.from({ length: 256 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code))
  return digit < 0 ? NO_DIGIT : digit
})

/** Writes a digest of 64 lower-case hexadecimal digits as 8 words, first byte lowest. */
function writeDigest(words: Uint32Array, at: number, digest: string): void {
  if (digest.length !== 64) throw new RangeError('a digest has 64 hexadecimal digits')
  let seen = 0
  for (let word = 0; word < 8; word += 1) {
    let value = 0
    for (let byte = 3; byte >= 0; byte -= 1) {
      const start = word * 8 + byte * 2
      const high = DIGITS[digest.charCodeAt(start)] ?? NO_DIGIT
      const low = DIGITS[digest.charCodeAt(start + 1)] ?? NO_DIGIT
      // One check at the end replaces 64: a digit has no bit above the fourth.
      seen |= high | low
      value = (value << 8) | (high << 4) | low
    }
    words[at + word] = value
  }
  if (seen > 0xf) throw new RangeError('a digest has 64 hexadecimal digits')
}
