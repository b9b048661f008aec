import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ShardedMap } from './sharded-map.ts'

// Few keys, so that most changes replace or remove an entry.
const key = fc.oneof(fc.integer({ min: 0, max: 7 }).map(String), fc.string())
const operation = fc.record({ key, value: fc.option(fc.integer()) })

const sorted = (values: Iterable<number>) => [...values].toSorted((one, other) => one - other)

describe('ShardedMap', () => {
  test('behaves like a Map and leaves earlier maps unchanged', () => {
    fc.assert(
      fc.property(fc.array(operation), (operations) => {
        let map = ShardedMap.empty<number>()
        const model = new Map<string, number>()
        const earlier: { map: ShardedMap<number>; values: number[] }[] = []
        for (const { key: name, value } of operations) {
          earlier.push({ map, values: [...map.values()] })
          map = value === null ? map.without(name) : map.with(name, value)
          if (value === null) model.delete(name)
          else model.set(name, value)
          expect(map.get(name)).toBe(model.get(name))
          expect(map.size).toBe(model.size)
        }
        expect(sorted(map.values())).toEqual(sorted(model.values()))
        expect(sorted(ShardedMap.from(model).values())).toEqual(sorted(model.values()))
        expect(ShardedMap.from(model).size).toBe(model.size)
        for (const each of earlier) expect([...each.map.values()]).toEqual(each.values)
      }),
    )
  })

  test('counts an entry that is replaced once, and one that is removed no longer', () => {
    const map = ShardedMap.empty<number>().with('a', 1).with('b', 2).with('a', 3)
    expect([map.size, map.without('a').size, map.without('a').without('b').size]).toEqual([2, 1, 0])
  })

  test('spreads keys that differ at their end, so that a change copies few entries', () => {
    const count = 10_000
    const names = (prefix: string) =>
      new Map(Array.from({ length: count }, (_, index) => [`${prefix}${index.toString(36)}`, index]))
    for (const prefix of ['', 'con_0000000000']) {
      // The values of a shard come in the order of their addition, so each shard is a run of growing numbers.
      const runs: number[] = []
      let last = Infinity
      for (const value of ShardedMap.from(names(prefix)).values()) {
        if (value < last) runs.push(0)
        runs.push((runs.pop() ?? 0) + 1)
        last = value
      }
      expect(runs.length).toBeGreaterThan(240)
      expect(Math.max(...runs)).toBeLessThan(count / 50)
    }
  })

  test('returns the same object when the removed key is absent', () => {
    const map = ShardedMap.empty<number>().with('a', 1)
    expect(map.without('b')).toBe(map)
    expect(map.without('a')).not.toBe(map)
  })
})
