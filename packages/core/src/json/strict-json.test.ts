import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseStrictJson, type StrictJsonOptions } from './strict-json.ts'

const faultOf = (text: string, options: StrictJsonOptions = {}): string | null =>
  parseStrictJson(text, options).fault

const VECTORS = JSON.parse(
  readFileSync(new URL('../../../../vectors/json-texts.json', import.meta.url), 'utf8'),
) as Readonly<Record<'accepted' | 'refused' | 'unsafe', readonly (readonly [about: string, text: string])[]>>

describe('parseStrictJson, by vectors/json-texts.json', () => {
  test.each([...VECTORS.accepted, ...VECTORS.unsafe])('accepts %s: %s', (_about, text) => {
    expect(parseStrictJson(text, { exactNumbers: true })).toEqual({ fault: null, value: JSON.parse(text) })
  })

  test.each(VECTORS.refused)('refuses %s: %s', (_about, text) => {
    expect(faultOf(text, { exactNumbers: true })).not.toBeNull()
  })
})

describe('parseStrictJson', () => {
  test.each([
    ['{"a":1,"a":1}', '{"a":1,"b":1}'],
    ['{"a":1,"\\u0061":1}', '{"a":1,"\\u0062":1}'],
    ['{"\\u0061":1,"\\u0061":1}', '{"\\u0061":1,"\\u0041":1}'],
    ['{"x":{"a":1,"a":1}}', '{"x":{"a":1},"a":1}'],
    ['{"x":[{"a":1,"b":[],"a":1}]}', '{"x":[{"a":1},{"a":1}]}'],
    ['{"":1,"":2}', '{"":1," ":2}'],
    ['{"\\"":1,"\\u0022":2}', '{"\\"":1,"\\u0021":2}'],
    ['{"\\\\":1,"\\\\":2}', '{"\\\\":1,"\\\\\\\\":2}'],
    ['{"a":"b","b":{},"a":"}"}', '{"a":"{\\"a\\":1,\\"a\\":1}"}'],
    ['{"__proto__":1,"__proto__":2}', '{"__proto__":1}'],
    ['{"__proto__":1,"\\u005f_proto__":2}', '{"__proto__":1,"\\u005f_proto_":2}'],
    ['{"a\\/b":1,"a/b":2}', '{"a\\\\/b":1,"a/b":2}'],
    ['{"\u00e9":1,"\\u00e9":2}', '{"\u00e9":1,"e\u0301":2}'],
    ['[[{"a":{"b":1,"b":1}}]]', '[[{"a":{"b":1},"b":1}]]'],
    ['{"a" : 1 ,\n"a"\t: 2}', '{"a" : ":" ,\n"b"\t: ":"}'],
  ])('refuses the duplicate name in %s, and accepts %s', (twice, once) => {
    expect(faultOf(twice)).toBe('duplicate')
    expect(parseStrictJson(once)).toEqual({ fault: null, value: JSON.parse(once) })
  })

  test('locates and names the second of two equal members', () => {
    expect(parseStrictJson('{"a": {"b": 1,\n "b": 2}}')).toEqual({ fault: 'duplicate', index: 16, name: 'b' })
  })

  test.each([
    '{',
    '',
    '{}{}',
    "{'a':1}",
    '{"a":1,}',
    '[1,]',
    '\ufeff{}',
    'NaN',
    '01',
    '"\t"',
    '{"a":1 "b":2}',
  ])('refuses %j, which is not JSON', (text) => expect(faultOf(text)).toBe('syntax'))

  test('refuses a lone surrogate in a name or value', () => {
    for (const text of ['{"a":"\\ud83d"}', '{"\\udd11":1}', '"\\ud83d\\ud83d"', '["\\\\","\\ud800"]']) {
      expect([text, faultOf(text)]).toEqual([text, 'surrogate'])
    }
    expect(faultOf('"\\ud83d\\udd11"')).toBeNull()
    expect(faultOf('"\\\\ud83d"')).toBeNull()
  })

  test('limits the depth only if asked to', () => {
    const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)
    expect(faultOf(nested(3), { depthMax: 3 })).toBeNull()
    expect(faultOf(nested(4), { depthMax: 3 })).toBe('depth')
    expect(faultOf(nested(5000))).toBeNull()
    expect(faultOf('[[],[],[],{"a":[]}]', { depthMax: 3 })).toBeNull()
  })

  test.each([
    ['9007199254740991', '9007199254740993'],
    ['-9007199254740992', '-9007199254740993'],
    ['100000000000000000000', '100000000000000000001'],
    [`1${'0'.repeat(22)}`, `1${'0'.repeat(23)}`],
    ['1e23', `1${'0'.repeat(22)}1`],
    ['1.5e300', `1${'0'.repeat(400)}`],
    ['1e308', '1e309'],
    ['"9007199254740993"', '9007199254740993'],
    ['0.1234567890123456', '0.12345678901234567890'],
    ['-1.5E-3', '1e-400'],
  ])('accepts %s and refuses the digits of %s, if asked to', (exact, lossy) => {
    for (const wrap of [(text: string) => text, (text: string) => `{"a": [1, ${text} ]}`]) {
      expect(faultOf(wrap(exact), { exactNumbers: true })).toBeNull()
      expect(faultOf(wrap(lossy), { exactNumbers: true })).toBe('digits')
      expect(faultOf(wrap(lossy))).toBeNull()
    }
  })

  test('parses any value unchanged, and refuses it with a repeated member', () => {
    const value = fc.jsonValue({ maxDepth: 5 })
    fc.assert(
      fc.property(
        fc.dictionary(fc.string({ unit: 'grapheme' }), value, { minKeys: 1 }),
        fc.nat(3),
        (object, spaces) => {
          const text = JSON.stringify(object, null, spaces)
          expect(parseStrictJson(text)).toEqual({ fault: null, value: JSON.parse(text) })
          const name = JSON.stringify(Object.keys(object)[0])
          expect(faultOf(`[${text.slice(0, -1)},${name}:null}]`)).toBe('duplicate')
        },
      ),
    )
  })
})
