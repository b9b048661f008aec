import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { ShardedMap } from './sharded-map.ts'

const key = fc.oneof(fc.integer({ min: 0, max: 30 }).map(String), fc.string())
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

  test('returns the same object when the removed key is absent', () => {
    const map = ShardedMap.empty<number>().with('a', 1)
    expect(map.without('b')).toBe(map)
    expect(map.without('a')).not.toBe(map)
  })
})
