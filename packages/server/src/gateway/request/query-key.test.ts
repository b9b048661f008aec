import { expect, test } from 'vitest'
import { readQueryKeys, stripQueryKeys } from './query-key.ts'

test.each([
  [null, []],
  ['', []],
  ['a=b', []],
  ['apikey=k', ['k']],
  ['a=b&apikey=k&c', ['k']],
  ['apikey=k&apikey=l', ['k', 'l']],
  ['apikey=', ['']],
  ['apikey', ['']],
  ['api%6bey=sp%5Fsk', ['sp_sk']],
  ['APIKEY=k', []],
  ['xapikey=k', []],
  ['apikeyx=k', []],
  ['a=apikey=k', []],
  ['%zz&apikey=a+b%zz', ['a b%zz']],
])('%s contains %j', (query, keys) => {
  expect(readQueryKeys(query)).toEqual(keys)
})

test.each([
  [null, true, null],
  ['', true, ''],
  ['a=b', true, 'a=b'],
  ['a=b&apikey=k&c=%zz', true, 'a=b&c=%zz'],
  ['apikey=k', true, null],
  ['api%6Bey=k&a', true, 'a'],
  ['apikey=other', false, 'apikey=other'],
  ['apikey=sp_sk_x&a', false, 'a'],
  ['apikey=%73p_sk_x&a', false, 'a'],
  ['a=sp_sk_x', false, 'a=sp_sk_x'],
])('%s, with the key read from it: %s, is forwarded as %s', (query, readsKey, stripped) => {
  expect(stripQueryKeys(query, readsKey)).toBe(stripped)
})
