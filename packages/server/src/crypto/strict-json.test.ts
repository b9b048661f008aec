import fc from 'fast-check'
import { expect, test } from 'vitest'
import { JSON_DEPTH_MAX, parseJsonObject } from './strict-json.ts'

const read = (text: string) => parseJsonObject(Buffer.from(text, 'utf8'))

test('rejects a duplicate member at any depth, also if its name is escaped', () => {
  for (const [twice, once] of [
    ['{"a":1,"a":1}', '{"a":1,"b":1}'],
    ['{"a":1,"\\u0061":1}', '{"a":1,"\\u0062":1}'],
    ['{"x":{"a":1,"a":1}}', '{"x":{"a":1},"a":1}'],
    ['{"x":[{"a":1,"b":[],"a":1}]}', '{"x":[{"a":1},{"a":1}]}'],
    ['{"":1,"":2}', '{"":1," ":2}'],
    ['{"\\"":1,"\\u0022":2}', '{"\\"":1,"\\u0021":2}'],
    ['{"\\\\":1,"\\\\":2}', '{"\\\\":1,"\\\\\\\\":2}'],
    ['{"a":"b","b":{},"a":"}"}', '{"a":"{\\"a\\":1,\\"a\\":1}"}'],
    ['{"__proto__":1,"__proto__":2}', '{"__proto__":1}'],
  ]) {
    expect(read(twice ?? ''), twice).toBeUndefined()
    expect(read(once ?? ''), once).toEqual(JSON.parse(once ?? ''))
  }
})

test('rejects nesting deeper than the limit', () => {
  const nested = (levels: number) => `{"x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
  expect(read(nested(JSON_DEPTH_MAX))).toBeDefined()
  expect(read(nested(JSON_DEPTH_MAX + 1))).toBeUndefined()
  expect(read(nested(100_000))).toBeUndefined()
})

test('rejects invalid UTF-8, a byte order mark, a lone surrogate and a value that is not an object', () => {
  for (const bytes of [[0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d], [0xef, 0xbb, 0xbf, 0x7b, 0x7d], []]) {
    expect(parseJsonObject(Uint8Array.from(bytes))).toBeUndefined()
  }
  for (const text of ['{"a":"\\ud83d"}', '{"\\udd11":1}', '[]', 'null', '"a"', '1', '{', '{}{}']) {
    expect(read(text), text).toBeUndefined()
  }
  expect(read('{"a":"\\ud83d\\udd11"}')).toEqual({ a: '\u{1f511}' })
})

test('parses any shallow object unchanged, and rejects it with a repeated member', () => {
  const value = fc.jsonValue({ maxDepth: 5 })
  fc.assert(
    fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), value, { minKeys: 1 }), (object) => {
      const text = JSON.stringify(object)
      expect(read(text)).toEqual(JSON.parse(text))
      const name = JSON.stringify(Object.keys(object)[0])
      expect(read(`${text.slice(0, -1)},${name}:null}`)).toBeUndefined()
    }),
  )
})
