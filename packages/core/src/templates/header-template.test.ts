import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  expandHeaderTemplate,
  headerTemplateParameters,
  headerTemplateSecrets,
  parseHeaderTemplate,
  type HeaderTemplate,
} from './header-template.ts'

/** Any code units, those of Latin-1 more often. The unit "binary" of fast-check takes seconds to make. */
const CODE_UNIT = fc.oneof(fc.nat(0xff), fc.nat(0xffff)).map((code) => String.fromCharCode(code))

const NONE: ReadonlyMap<string, string> = new Map()

function template(text: string): HeaderTemplate {
  const parsed = parseHeaderTemplate(text)
  if (parsed.template === undefined) throw new Error(parsed.problems.join(' '))
  return parsed.template
}

function expand(
  text: string,
  values: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>> = {},
): string | undefined {
  return expandHeaderTemplate(
    template(text),
    new Map(Object.entries(values)),
    new Map(Object.entries(secrets)),
  )
}

describe('parseHeaderTemplate', () => {
  test.each([
    '',
    'plain text',
    '{"json": {"a": 1}}',
    '{}',
    '{{',
    '}{',
    '{ id }',
    '{1}',
    '{a-b}',
    '{secret.A}',
    '{secrets}',
    '{SECRETS.A}',
    '{id',
    'id}',
    '{**}',
  ])('finds no placeholder in %s, except that {secrets} is a parameter', (text) => {
    const value = expandHeaderTemplate(template(text), { get: () => 'x' }, NONE)
    expect(value).toBe(text === '{secrets}' ? 'x' : text)
  })

  test.each([
    ['{secrets.}', '""'],
    ['{secrets.token}', '"token"'],
    ['{secrets.1A}', '"1A"'],
    ['{secrets._A}', '"_A"'],
    ['{secrets.A-B}', '"A-B"'],
    ['{secrets.A }', '"A "'],
    ['{secrets.A.B}', '"A.B"'],
    [`{secrets.${'A'.repeat(65)}}`, 'is not a valid secret name'],
    ['a\r\nb', 'line breaks'],
    ['a\tb', 'line breaks'],
    ['\u00e9', 'printable ASCII'],
  ])('rejects %j', (text, reason) => {
    expect(parseHeaderTemplate(text).problems.join()).toContain(reason)
  })

  test('lists each parameter and each secret once, in order', () => {
    const asked = template('{b}{a}{*}{b} {secrets.B}{secrets.A}{secrets.B}')
    expect(headerTemplateParameters(asked)).toEqual(['b', 'a', '*'])
    expect(headerTemplateSecrets(asked)).toEqual(['B', 'A'])
    expect(headerTemplateSecrets(template(`{secrets.${'A'.repeat(64)}}`))).toHaveLength(1)
  })
})

describe('expandHeaderTemplate', () => {
  test.each([
    ['Bearer {secrets.T}', {}, { T: 'a b~"{id}' }, 'Bearer a b~"{id}'],
    ['{id}', { id: 'a%0d%0ab%2f' }, {}, 'a%0d%0ab%2f'],
    ['{*}', { '*': 'a/b' }, {}, 'a/b'],
    ['{*}', { '*': '' }, {}, ''],
    ['{{id}}', { id: 'x' }, {}, '{x}'],
    ['{"id":"{id}"}', { id: '{secrets.T}' }, { T: 'y' }, '{"id":"{secrets.T}"}'],
  ] as [string, Record<string, string>, Record<string, string>, string][])(
    'expands %s with %j and %j to %s',
    (text, values, secrets, value) => {
      expect(expand(text, values, secrets)).toBe(value)
    },
  )

  test.each([
    ['{id}', {}, {}],
    ['{id}', { id: 'a\r\nx: y' }, {}],
    ['{id}', { id: 'a\n' }, {}],
    ['{id}', { id: 'a b' }, {}],
    ['{id}', { id: 'a\0' }, {}],
    ['{id}', { id: '\u560d\u560a' }, {}],
    ['{id}', { id: '\u00ff' }, {}],
    ['{*}', { id: 'a' }, {}],
    ['{secrets.T}', {}, {}],
    ['{secrets.T}', { T: 'a' }, {}],
    ['{secrets.T}', {}, { T: '' }],
    ['{secrets.T}', {}, { T: 'a\n' }],
    ['{secrets.T}', {}, { T: 'a\r\nx: y' }],
    ['{secrets.T}', {}, { T: 'a\tb' }],
    ['{secrets.T}', {}, { T: '\u00fc' }],
    ['{secrets.T}', {}, { T: '\u{1f600}' }],
    ['{toString}', {}, {}],
  ] as [string, Record<string, string>, Record<string, string>][])(
    'refuses to expand %s with %j and %j',
    (text, values, secrets) => {
      expect(expand(text, values, secrets)).toBeUndefined()
    },
  )

  test('returns only printable ASCII', () => {
    const VALUE = fc.oneof(fc.string({ unit: CODE_UNIT }), fc.string())
    fc.assert(
      fc.property(VALUE, VALUE, (id, secret) => {
        const value = expand('a {id} {secrets.T}', { id }, { T: secret })
        expect(value === undefined || /^[ -~]+$/.test(value)).toBe(true)
        if (value !== undefined) expect(value).toBe(`a ${id} ${secret}`)
      }),
    )
  })
})
