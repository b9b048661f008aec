import { expect, test } from 'vitest'
import { NaturalKeyMap } from './natural-key-map.ts'

interface Credential {
  readonly id: string
  readonly username: string
}

const empty = NaturalKeyMap.empty<Credential>(({ username }) => username)
const first = { id: 'bas_1', username: 'app' }
const second = { id: 'bas_2', username: 'app' }

test('finds a record by its id and by its natural key', () => {
  const map = empty.with(first)
  expect([map.get('app'), map.find('bas_1')]).toEqual([first, first])
  expect([map.get('bas_1'), map.find('app'), map.find('bas_2')]).toEqual([undefined, undefined, undefined])
})

test('does not find a record by its id once another record has taken over its natural key', () => {
  const map = empty.with(first).with(second)
  expect(map.get('app')).toBe(second)
  expect(map.find('bas_1')).toBeUndefined()
  expect(map.find('bas_2')).toBe(second)
  expect([...map.without('bas_1').values()]).toEqual([second])
})

test('replaces a record with the same id, under the same natural key and under another one', () => {
  const changed = { ...first, id: 'bas_1' }
  expect(empty.with(first).with(changed).get('app')).toBe(changed)
  const moved = { id: 'bas_1', username: 'erp' }
  const map = empty.with(first).with(moved)
  expect([map.get('app'), map.get('erp'), map.find('bas_1')]).toEqual([undefined, moved, moved])
  expect([...map.values()]).toEqual([moved])
})

test('is the same object when there is nothing to remove', () => {
  const map = empty.with(first)
  expect(map.without('bas_2')).toBe(map)
  expect(map.without('bas_1')).not.toBe(map)
  expect(map.without('bas_1').get('app')).toBeUndefined()
})
