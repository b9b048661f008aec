import { expect, test } from 'vitest'
import { parameterNames, readQueryKeys, stripQueryKeys, withoutParameters } from './query-key.ts'

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
  ['%zz&apikey=a+b%zz+c', ['a b%zz c']],
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

test.each([
  [null, ['a'], null],
  ['', ['a'], ''],
  ['b=a', ['a'], 'b=a'],
  ['a=1&b=%zz&a&%61=2&c', ['a', 'c'], 'b=%zz'],
  ['x+y=1&x%20y=2&xy=3', ['x y'], 'xy=3'],
  ['b=1&a=2&c=3', ['a'], 'b=1&c=3'],
  ['a=1', ['a'], null],
  ['a=1', [], 'a=1'],
  // An unnamed parameter is one too.
  ['&a', [''], 'a'],
])('%s without the parameters %j is %s', (query, names, rest) => {
  expect(withoutParameters(query, new Set(names))).toBe(rest)
})

test.each([
  ['', []],
  ['a', ['a']],
  ['a=1&b%5B%5D=2&a+c', ['a', 'b[]', 'a c']],
  ['=1', ['']],
])('"%s" has parameters with the names %j', (query, names) => {
  expect(parameterNames(query)).toEqual(names)
})
