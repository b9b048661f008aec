import { BASE62_CODES, BASE62_VALUES } from '../keys/base62.ts'

/*
 * An id in three words. Nearly every id is a prefix, which all ids of a table have, and 16 base62 characters. Five of them
 * make a number below 2^30, so three words hold 15 of them, and their two highest bits the last one. No character has the
 * value 63: it marks any other id, of which the words have a hash, and the row the text.
 */

/** How many words an id takes. */
const ID_WORDS = 3

const ID_CHARS = 16
const GROUP_CHARS = 5
const GROUP_MASK = 0x3fffffff

/**
 * Packs an id.
 *
 * @param prefix of the ids of the table, such as `key_`
 * @returns whether the words say it all; otherwise the row also needs the text
 */
export function packId(id: string, prefix: string, words: Uint32Array, at: number): boolean {
  const start = prefix.length
  if (id.length === start + ID_CHARS && id.startsWith(prefix)) {
    const first = groupOf(id, start)
    const second = groupOf(id, start + GROUP_CHARS)
    const third = groupOf(id, start + 2 * GROUP_CHARS)
    const digit = valueOf(id.charCodeAt(start + ID_CHARS - 1))
    if (first >= 0 && second >= 0 && third >= 0 && digit < NO_VALUE) {
      words[at] = first | ((digit & 3) << 30)
      words[at + 1] = second | (((digit >>> 2) & 3) << 30)
      words[at + 2] = third | ((digit >>> 4) << 30)
      return true
    }
  }
  packHash(id, words, at)
  return false
}

/** The value of a character in base62, or `NO_VALUE`. */
function valueOf(code: number): number {
  return code < BASE62_VALUES.length ? (BASE62_VALUES[code] ?? NO_VALUE) : NO_VALUE
}

/** More than the value of any character. */
const NO_VALUE = 62

/** The value of five base62 characters, or -1. */
function groupOf(id: string, at: number): number {
  let value = 0
  for (let index = at; index < at + GROUP_CHARS; index += 1) {
    const digit = valueOf(id.charCodeAt(index))
    if (digit >= NO_VALUE) return -1
    value = value * 62 + digit
  }
  return value
}

/** Whether the words at `at` hold a whole id. */
export function isWholeId(words: Uint32Array, at: number): boolean {
  return ((words[at] ?? 0) & (words[at + 1] ?? 0) & (words[at + 2] ?? 0)) >>> 30 !== 3
}

/** The id that words hold. Only for those that hold a whole id. The text is made at once: each part of one is an object. */
export function unpackId(words: Uint32Array, at: number, prefix: string): string {
  const first = words[at] ?? 0
  const second = words[at + 1] ?? 0
  const third = words[at + 2] ?? 0
  const digit = (first >>> 30) | ((second >>> 30) << 2) | ((third >>> 30) << 4)
  return (
    prefix +
    String.fromCharCode(
      codeAt(first, 62 ** 4),
      codeAt(first, 62 ** 3),
      codeAt(first, 62 ** 2),
      codeAt(first, 62),
      codeAt(first, 1),
      codeAt(second, 62 ** 4),
      codeAt(second, 62 ** 3),
      codeAt(second, 62 ** 2),
      codeAt(second, 62),
      codeAt(second, 1),
      codeAt(third, 62 ** 4),
      codeAt(third, 62 ** 3),
      codeAt(third, 62 ** 2),
      codeAt(third, 62),
      codeAt(third, 1),
      BASE62_CODES[digit] ?? 0,
    )
  )
}

/** The code of the character that stands for this power of 62 in a group. */
function codeAt(word: number, power: number): number {
  return BASE62_CODES[(((word & GROUP_MASK) / power) | 0) % 62] ?? 0
}

/** Where an id belongs in an index. Ids can be consecutive numbers, so every bit of them changes every bit of the hash. */
export function hashOfId(first: number, second: number, third: number): number {
  let hash = Math.imul(first ^ (first >>> 16), 0x85ebca6b) ^ second
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) ^ third
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/** Three hashes by FNV-1a with different starts. The text decides, so they need not be perfect. */
function packHash(id: string, words: Uint32Array, at: number): void {
  for (let word = 0; word < ID_WORDS; word += 1) {
    let hash = 0x811c9dc5 ^ Math.imul(word, 0x9e3779b1)
    for (let index = 0; index < id.length; index += 1) {
      hash = Math.imul(hash ^ id.charCodeAt(index), 0x01000193)
    }
    words[at + word] = hash | ~GROUP_MASK
  }
}
