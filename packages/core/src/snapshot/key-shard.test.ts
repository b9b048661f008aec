import { describe, expect, test } from 'vitest'
import {
  EMPTY_SHARD,
  FIRST_SECRET,
  KEY_WORDS,
  KeyShard,
  mixId,
  SECRET_COUNT,
  SECRET_SEQUENCE,
  SECRET_WORDS,
} from './key-shard.ts'

/** The row number that stands for a key that the shard does not have yet. */
const NEW_ROW: number = -1

/** The first word of the digest of every secret here. */
const DIGEST = 7777

/** The words of a key; its id is a number. */
function packed(id: number, secretCount = 1): Uint32Array {
  const words = new Uint32Array(KEY_WORDS + secretCount * SECRET_WORDS)
  words[0] = id
  words[SECRET_COUNT] = secretCount
  for (let secret = 0; secret < secretCount; secret += 1) {
    const at = KEY_WORDS + secret * SECRET_WORDS
    words[at] = DIGEST
    words[at + SECRET_SEQUENCE] = secret + 1
  }
  return words
}

function rowOf(shard: KeyShard, id: number): number {
  return shard.find(id, 0, 0, 0, mixId(id, 0, 0, 0))
}

describe('KeyShard', () => {
  test('has as few slots as keep a quarter of them free, so that searches end', () => {
    for (let count = 0; count <= 200; count += 1) {
      const rowBytes = (count * KEY_WORDS + 5 * SECRET_WORDS) * 4
      const slots = (new KeyShard(count, 5).byteLength - rowBytes) / 2
      expect(count).toBeLessThanOrEqual(slots * 0.75)
      if (slots > 4) expect(count).toBeGreaterThan((slots / 2) * 0.75)
    }
  })

  test('refuses more keys than its slots can number', () => {
    expect(new KeyShard(65_534, 0).keyCount).toBe(65_534)
    expect(() => new KeyShard(65_535, 0)).toThrow(new RangeError('too many keys for one snapshot'))
  })

  test('finds every key after each addition, and none that was not added', () => {
    let shard = EMPTY_SHARD
    for (let id = 1; id <= 100; id += 1) {
      shard = shard.with(NEW_ROW, packed(id))
      for (let known = 1; known <= id; known += 1) expect(rowOf(shard, known)).toBe(known - 1)
      expect(rowOf(shard, id + 1)).toBe(-1)
    }
  })

  test('finds every key and its secrets after additions of many at once', () => {
    let shard = EMPTY_SHARD.withNew([])
    for (let id = 1; id <= 100; id += 10) {
      shard = shard.withNew(Array.from({ length: 10 }, (_, index) => packed(id + index, index % 3)))
      for (let known = 1; known < id + 10; known += 1) {
        const row = rowOf(shard, known)
        expect(row).toBe(known - 1)
        const first = shard.words[row * KEY_WORDS + FIRST_SECRET] ?? NaN
        expect(shard.words[row * KEY_WORDS + SECRET_COUNT]).toBe(((known - 1) % 10) % 3)
        // The rows of secrets are in the order of the keys: 9 for each ten of them, as 0, 1, 2, 0, …
        const tens = Math.floor((known - 1) / 10)
        const before = Array.from({ length: (known - 1) % 10 }, (_, index) => index % 3)
        expect(first).toBe(tens * 9 + before.reduce((sum, count) => sum + count, 0))
      }
      expect(rowOf(shard, id + 10)).toBe(-1)
    }
  })

  test('never takes a secret for a key', () => {
    let shard = EMPTY_SHARD
    for (let id = 1; id <= 100; id += 1) {
      shard = shard.with(NEW_ROW, packed(id))
      expect(rowOf(shard, DIGEST)).toBe(-1)
    }
  })

  test('tells ids apart that differ in one word', () => {
    const words = packed(1)
    words.set([1, 2, 3, 4], 0)
    const shard = EMPTY_SHARD.with(NEW_ROW, words)
    const find = (a: number, b: number, c: number, d: number) => shard.find(a, b, c, d, mixId(a, b, c, d))
    expect(find(1, 2, 3, 4)).toBe(0)
    // Of the four slots that a search can start at, one leads to the key.
    for (let other = 5; other < 100; other += 1) {
      expect(find(other, 2, 3, 4)).toBe(-1)
      expect(find(1, other, 3, 4)).toBe(-1)
      expect(find(1, 2, other, 4)).toBe(-1)
      expect(find(1, 2, 3, other)).toBe(-1)
    }
  })

  test('neither grows nor fills up when a key is replaced again and again', () => {
    let shard = EMPTY_SHARD.with(NEW_ROW, packed(1, 2)).with(NEW_ROW, packed(2, 1))
    const { byteLength } = shard
    for (let change = 0; change < 50; change += 1) {
      const secretCount = change % 2 === 0 ? 3 : 2
      shard = shard.with(rowOf(shard, 1), packed(1, secretCount))
      expect(shard.byteLength - byteLength).toBe((secretCount - 2) * SECRET_WORDS * 4)
    }
    expect([rowOf(shard, 1), rowOf(shard, 2), rowOf(shard, 3)]).toEqual([0, 1, -1])
  })
})
