import { describe, expect, test } from 'vitest'
import { EMPTY_SHARD, KEY_WORDS, KeyShard, mixId, SECRET_WORDS } from './key-shard.ts'

/** The row number that stands for a key that the shard does not have yet. */
const NEW_ROW: number = -1

/** The row of a key without secrets; its id is a number. */
function packed(id: number): Uint32Array {
  const words = new Uint32Array(KEY_WORDS)
  words[0] = id
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

  test('does not fill up when a key is replaced again and again', () => {
    let shard = EMPTY_SHARD.with(NEW_ROW, packed(1)).with(NEW_ROW, packed(2))
    const { byteLength } = shard
    for (let change = 0; change < 50; change += 1) shard = shard.with(rowOf(shard, 1), packed(1))
    expect(shard.byteLength).toBe(byteLength)
    expect([rowOf(shard, 1), rowOf(shard, 2), rowOf(shard, 3)]).toEqual([0, 1, -1])
  })
})
