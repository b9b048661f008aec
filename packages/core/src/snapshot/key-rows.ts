import type { KeyRecord } from '../feed/records.ts'
import { isUnlabelled, NO_LABELS } from '../labels/labels.ts'
import { isValueField, moveValue, type RowBuffer, rowFlags, rowLength, writeTime } from '../tables/row.ts'
import { CONSUMER_PREFIX } from './consumer-rows.ts'
import { KeyLifetimes } from './key-lifetimes.ts'
import { KeyView } from './key-view.ts'
import type { RecordRows } from './record-table.ts'
import { HOME, RULES } from './shared-values.ts'
import {
  CREATED_AT,
  FIXED_WORDS,
  FLAG_CONSUMER,
  FLAG_DELETED,
  FLAG_EXPIRES,
  FLAG_FOREIGN,
  FLAG_INACTIVE,
  FLAG_PUBLIC,
  FLAG_RULES,
  FLAG_SECRETS_EXPIRE,
  HOME_AT,
  KEY_PREFIX,
  KeyLayout,
  SECRET_COUNT_SHIFT,
  SECRET_CREATED_AT,
  SECRET_EXPIRES_AT,
  SECRET_SEQUENCE,
  SECRETS_MAX,
} from './key-layout.ts'

export { KEY_PREFIX } from './key-layout.ts'

function flagsOf(key: KeyRecord, hasRules: boolean): number {
  return (
    (key.type === 'public' ? FLAG_PUBLIC : 0) |
    (key.active ? 0 : FLAG_INACTIVE) |
    (key.deleted ? FLAG_DELETED : 0) |
    (key.hasForeignToken === true ? FLAG_FOREIGN : 0) |
    (key.expiresAtMs === null ? 0 : FLAG_EXPIRES) |
    (key.consumer === null ? 0 : FLAG_CONSUMER) |
    (hasRules ? FLAG_RULES : 0) |
    (key.secrets.some(({ expiresAtMs }) => expiresAtMs !== null) ? FLAG_SECRETS_EXPIRE : 0) |
    (key.secrets.length << SECRET_COUNT_SHIFT)
  )
}

export const KEY_ROWS: RecordRows<KeyRecord> = {
  prefix: KEY_PREFIX,
  naturalKeyAt: null,

  write(key, row) {
    const { organization, environment, roles, addressRules, rateLimits, labels = NO_LABELS } = key
    if (key.secrets.length > SECRETS_MAX) throw new RangeError(`a key has at most ${SECRETS_MAX} secrets`)
    const hasRules = addressRules.length > 0 || rateLimits.length > 0 || !isUnlabelled(labels)
    const flags = flagsOf(key, hasRules)
    const layout = new KeyLayout(flags)
    row.begin(layout.words)
    row.value(HOME_AT, { organization, environment, names: roles, projects: [], plan: null }, HOME)
    if (hasRules) row.value(layout.rulesAt, { addressRules, rateLimits, labels }, RULES)
    if (key.consumer !== null) row.id(layout.consumerAt, key.consumer, CONSUMER_PREFIX)
    writeTime(row.words, CREATED_AT, key.createdAtMs)
    if (key.expiresAtMs !== null) writeTime(row.words, FIXED_WORDS, key.expiresAtMs)
    writeSecrets(key, row, layout)
    row.end(key.id, KEY_PREFIX, flags)
  },

  read: (words, at, pool) => new KeyView(words, at, pool, KeyLifetimes.NONE).toRecord(),

  isSound(words, at, pool) {
    const flags = rowFlags(words, at)
    const layout = new KeyLayout(flags)
    return (
      rowLength(words, at) >= layout.words &&
      isValueField(words, at, HOME_AT, HOME, pool) &&
      ((flags & FLAG_RULES) === 0 || isValueField(words, at, layout.rulesAt, RULES, pool))
    )
  },
  moveValues(words, at, placeOf) {
    moveValue(words, at, HOME_AT, placeOf)
    const flags = rowFlags(words, at)
    if ((flags & FLAG_RULES) !== 0) moveValue(words, at, new KeyLayout(flags).rulesAt, placeOf)
  },
}

/** The latest second that 32 bits hold: in the year 2106. */
const SECONDS_MAX = 2 ** 32 - 1

function writeSecrets(key: KeyRecord, { words }: RowBuffer, layout: KeyLayout): void {
  let at = layout.secretsAt
  for (const { sequence, digest, expiresAtMs, createdAtMs = key.createdAtMs } of key.secrets) {
    writeDigest(words, at, digest)
    words[at + SECRET_SEQUENCE] = sequence
    words[at + SECRET_CREATED_AT] = Math.min(Math.max(0, Math.floor(createdAtMs / 1000)), SECONDS_MAX)
    if (layout.doSecretsExpire) writeTime(words, at + SECRET_EXPIRES_AT, expiresAtMs ?? Infinity)
    at += layout.secretWords
  }
}

/** Stands for a character that is not a digit; its bits above the fourth are set. */
const NO_DIGIT = 0xff

/** The value of each of the first 128 characters as a lower-case hexadecimal digit. */
const DIGITS = Uint8Array.from({ length: 128 }, (_, code) => {
  const digit = '0123456789abcdef'.indexOf(String.fromCharCode(code))
  return digit < 0 ? NO_DIGIT : digit
})

/** The value of the hexadecimal digit at an index; more than four bits if there is none. */
function digitAt(text: string, index: number): number {
  const code = text.charCodeAt(index)
  return code < 128 ? (DIGITS[code] ?? NO_DIGIT) : NO_DIGIT
}

/** Writes a digest of 64 lower-case hexadecimal digits as 8 words, first byte lowest. */
function writeDigest(words: Uint32Array, at: number, digest: string): void {
  if (digest.length !== 64) throw new RangeError('a digest has 64 hexadecimal digits')
  // One check at the end replaces 64: a digit has no bit above the fourth.
  let seen = 0
  for (let word = 0; word < 8; word += 1) {
    let value = 0
    for (let index = word * 8, shift = 0; shift < 32; index += 2, shift += 8) {
      const high = digitAt(digest, index)
      const low = digitAt(digest, index + 1)
      seen |= high | low
      value |= ((high << 4) | low) << shift
    }
    words[at + word] = value
  }
  if (seen > 0xf) throw new RangeError('a digest has 64 hexadecimal digits')
}
