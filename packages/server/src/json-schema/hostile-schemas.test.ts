import { describe, expect, test } from 'vitest'
import { compileSchema } from './compile-schema.ts'
import { CHECKS_MIN, HeldSchema } from './held-schema.ts'
import { readValue } from './read-value.ts'

/* Schemas and values that are written to harm the gateway. A time in here is many times what the machine needs. */

const SLOW_MS = 3000

function faultsOf(schema: unknown): readonly string[] {
  const compiled = compileSchema(schema)
  return 'schema' in compiled
    ? []
    : compiled.faults.map(({ path, message }) => `/${path.join('/')} ${message}`)
}

function errorsOf(schema: unknown, text: string): readonly string[] {
  expect(faultsOf(schema)).toEqual([])
  const read = readValue(text)
  if (read === undefined) throw new Error('a number is too long')
  return new HeldSchema(schema)
    .errorsOf(read.value, text.length)
    .map(({ path, message }) => `${path} ${message}`)
}

function timed<T>(run: () => T): T {
  const before = process.threadCpuUsage()
  const result = run()
  // Of the processor, which other processes take no part of.
  const { user, system } = process.threadCpuUsage(before)
  expect((user + system) / 1000).toBeLessThan(SLOW_MS)
  return result
}

const TOO_MUCH = [
  ' This is nested too deeply, or has too much in it, to be checked. Send less in one request.',
]

/** References that double with each line. */
function doubling(lines: number, keyword: string): unknown {
  const definitions = Array.from({ length: lines }, (_, index) => [
    `d${index}`,
    { [keyword]: [{ $ref: `#/$defs/d${index + 1}` }, { $ref: `#/$defs/d${index + 1}` }] },
  ])
  return {
    $ref: '#/$defs/d0',
    $defs: Object.fromEntries([...definitions, [`d${lines}`, { type: 'null' }]]) as unknown,
  }
}

describe('a schema is refused', () => {
  test.each(['allOf', 'anyOf', 'oneOf'])('that doubles its work with each reference, by %s', (keyword) => {
    const faults = timed(() => faultsOf(doubling(40, keyword)))
    expect(faults).toEqual([
      expect.stringMatching(/^\/\$defs\/d\d+ This holds one value against 1000 schemas/),
    ])
    expect(faultsOf(doubling(6, keyword))).toEqual([])
  })

  test.each<[string, unknown]>([
    ['itself', { $ref: '#' }],
    ['itself by allOf', { allOf: [{ $ref: '#' }] }],
    ['itself by not', { not: { $ref: '#' } }],
    ['itself by if', { if: { $ref: '#' } }],
    ['itself by dependentSchemas', { dependentSchemas: { a: { $ref: '#' } } }],
    ['each other', { $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } } }],
    ['itself by an anchor', { $anchor: 'a', anyOf: [{ $dynamicRef: '#a' }] }],
  ])('that refers to %s without end', (_, schema) => {
    expect(faultsOf(schema)).toEqual([
      expect.stringContaining('This leads back to itself for the same value.'),
    ])
  })

  test('that has more levels for one value than fit', () => {
    const chain = (length: number): unknown =>
      Array.from({ length }).reduce<unknown>((inner) => ({ allOf: [inner] }), { type: 'null' })
    expect(faultsOf(chain(49))).toEqual([])
    expect(faultsOf(chain(50))).toEqual([expect.stringMatching(/^\/ This has more than 50 schemas within/)])
  })

  test('that refers to another document, which is never loaded', () => {
    const expected = [expect.stringContaining('/items/$ref Use a reference within this schema')]
    for (const $ref of ['http://127.0.0.1:8080/', 'file:///etc/passwd', '//a', 'other.json#/a', '']) {
      expect(faultsOf({ items: { $ref } })).toEqual(expected)
    }
  })

  test.each([
    '(?=a)',
    '(?<!a)b',
    '(a)\\1',
    '(a{1000}){1000}',
    'a{1001}',
    '(',
    'x'.repeat(1001),
    '(?:\\pL{1,30}){60}',
  ])('with the regular expression %s', (pattern) => {
    expect(timed(() => faultsOf({ pattern }))).toEqual([expect.stringMatching(/^\/pattern Use /)])
    expect(timed(() => faultsOf({ patternProperties: { [pattern]: true } }))).toHaveLength(1)
  })

  test('with more subschemas or regular expressions than fit', () => {
    const many = Object.fromEntries(Array.from({ length: 2001 }, (_, index) => [`a${index}`, true]))
    expect(faultsOf({ properties: many })).toEqual(['/ Use at most 2000 subschemas.'])
    const patterns = Array.from({ length: 101 }, (_, index) => ({ pattern: `a${index}` }))
    expect(faultsOf({ prefixItems: patterns })).toEqual([
      '/prefixItems/100/pattern Use at most 100 regular expressions.',
    ])
  })

  test('with at most 100 faults in the answer', () => {
    const wrong = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`a${index}`, { type: 'txt' }]),
    )
    expect(faultsOf({ properties: wrong })).toHaveLength(100)
  })

  test('with each wrong value, at its place', () => {
    const schema = {
      type: 'strin',
      properties: { a: { items: [true] }, b: 7, c: { minLength: -1, maxLength: 1.5 } },
      required: 'a',
      multipleOf: 0,
      $schema: 'http://json-schema.org/draft-07/schema#',
    }
    expect(faultsOf(schema).map((fault) => fault.split(' ')[0])).toEqual([
      '/type',
      '/properties/a/items',
      '/properties/b',
      '/properties/c/minLength',
      '/properties/c/maxLength',
      '/required',
      '/multipleOf',
      '/$schema',
    ])
  })
})

describe('a value takes bounded time', () => {
  const NESTED = {
    anyOf: [
      { properties: { a: { $ref: '#' } }, required: ['b'] },
      { properties: { a: { $ref: '#' } }, required: ['c'] },
    ],
  }

  test('against alternatives that double with each level', () => {
    const deep = '{"a":'.repeat(60) + '1' + '}'.repeat(60)
    expect(timed(() => errorsOf(NESTED, deep))).toEqual(TOO_MUCH)
  })

  test('when it is nested without end', () => {
    const list = '['.repeat(1_000_000) + ']'.repeat(1_000_000)
    expect(timed(() => errorsOf({ items: { $ref: '#' } }, list))).toEqual(TOO_MUCH)
    expect(timed(() => errorsOf({ uniqueItems: true }, list))).toEqual(TOO_MUCH)
    expect(timed(() => errorsOf({ const: [] }, list))).toEqual(TOO_MUCH)
    // What no schema looks into may have any depth.
    expect(timed(() => errorsOf({ type: 'array' }, list))).toEqual([])
  })

  test('with many items that must differ', () => {
    const items = Array.from({ length: 10_000 }, (_, index) => index)
    expect(timed(() => errorsOf({ uniqueItems: true }, JSON.stringify(items)))).toEqual([])
    expect(timed(() => errorsOf({ uniqueItems: true }, JSON.stringify([...items, 7])))).toEqual([
      '/10000 Remove this item: an earlier one is equal.',
    ])
  })

  test.each(['^(a+)+$', '^(a|aa)*$', '(x+x+)+y', '^(([a-z])+.)+[A-Z]([a-z])+$'])(
    'against %s, which takes others exponential time',
    (pattern) => {
      const text = JSON.stringify(`${'a'.repeat(50_000)}!`)
      expect(timed(() => errorsOf({ pattern }, text))).toHaveLength(1)
    },
  )

  test('against a long regular expression', () => {
    const schema = { items: { pattern: '(?:a?){300}a{300}$' } }
    const items = Array.from({ length: 1000 }, () => 'a'.repeat(5000))
    expect(timed(() => errorsOf(schema, JSON.stringify(items)))).toEqual(TOO_MUCH)
  })

  test.each(['date-time', 'email', 'uri', 'hostname', 'duration', 'ipv6', 'uuid', 'time', 'date'])(
    'against the format %s',
    (format) => {
      for (const text of [
        '0'.repeat(1e6),
        'a.'.repeat(5e5),
        'a@'.repeat(5e5),
        `a:${'%41'.repeat(3e5)}`,
        `P${'1'.repeat(1e6)}`,
      ]) {
        expect(timed(() => errorsOf({ format }, JSON.stringify(text)))).toHaveLength(1)
      }
    },
  )

  test.each([0.001, 1e-300, 2 ** 52 / 1e9, 0.7])(
    'with exponents of hundreds of digits, against multiples of %d',
    (divisor) => {
      const number = `1e${'9'.repeat(390)}`
      const isMultiple = divisor !== 0.7
      const text = JSON.stringify(Array.from({ length: 17_000 }, () => JSON.rawJSON(number)))
      const errors = timed(() => errorsOf({ items: { multipleOf: divisor } }, text))
      expect(errors).toHaveLength(isMultiple ? 0 : 100)
    },
  )

  test.each([
    ['12345678901234567890', '1.5', { minimum: 1 }],
    ['12345678901234567890', '1', { type: 'integer' }],
    ['1.25', '1.25', { multipleOf: 0.25 }],
  ])('what digits cost is paid for: %s and %s against %j', (number, plain, keyword) => {
    const schema = { items: { allOf: Array.from({ length: 30 }, () => keyword) } }
    const listOf = (item: string): string => `[${Array.from({ length: 1_000 }, () => item).join()}]`
    expect(errorsOf(schema, listOf(number))).toEqual(TOO_MUCH)
    expect(errorsOf({ items: number === plain ? keyword : schema.items }, listOf(plain))).toEqual([])
  })

  test('whatever it costs, in proportion to its size', () => {
    const schema = { items: { allOf: Array.from({ length: 100 }, () => ({ type: 'number' })) } }
    const items = JSON.stringify(Array.from({ length: CHECKS_MIN / 100 }, () => 1))
    expect(timed(() => errorsOf(schema, items))).toEqual(TOO_MUCH)
  })
})

describe('numbers keep their digits', () => {
  test.each<[unknown, string, boolean]>([
    [{ maximum: 9007199254740992 }, '9007199254740993', false],
    [{ maximum: 9007199254740992 }, '9007199254740992', true],
    [{ exclusiveMinimum: 0 }, '1e-400', true],
    [{ exclusiveMinimum: 0 }, '0e-400', false],
    [{ type: 'integer' }, '12345678901234567890.0', true],
    [{ type: 'integer' }, '12345678901234567890.5', false],
    [{ type: 'integer' }, '1e400', true],
    [{ multipleOf: 3 }, '12345678901234567890', true],
    [{ multipleOf: 3 }, '12345678901234567891', false],
    [{ multipleOf: 0.01 }, '19.99', true],
    [{ multipleOf: 0.01 }, '0.075', false],
    [{ multipleOf: 0.01 }, `1e${'9'.repeat(300)}`, true],
    [{ multipleOf: 7 }, `1e${'9'.repeat(300)}`, false],
    [{ multipleOf: 7 }, `1e-${'9'.repeat(300)}`, false],
    [{ enum: [100] }, '1.00e2', true],
    [{ const: { a: [1] } }, '{"a":[1.0]}', true],
    [{ const: 1.5 }, '15e-1', true],
    [{ uniqueItems: true }, '[1.5, 1.50]', false],
    [{ uniqueItems: true }, '[0, -0]', false],
    [{ uniqueItems: true }, '[1e400, 10e399]', false],
    [{ uniqueItems: true }, '[1e400, 1e401]', true],
    [{ uniqueItems: true }, '[12345678901234567890, 12345678901234567891]', true],
    [{ uniqueItems: true }, '[12345678901234567890, 1234567890123456789e1]', false],
  ])('%j of %s: %s', (schema, text, isValid) => {
    expect(timed(() => errorsOf(schema, text)).length === 0).toBe(isValid)
  })

  test('a number too long to compare is refused', () => {
    expect(readValue(`[${'9'.repeat(401)}]`)).toBeUndefined()
    expect(readValue(`[${'9'.repeat(400)}]`)).toBeDefined()
  })
})

describe('names that JavaScript has are ordinary', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'length'])('%s', (name) => {
    const text = (value: string): string => `{${JSON.stringify(name)}:${value}}`
    const schema = JSON.parse(
      `{"properties":{${JSON.stringify(name)}:{"type":"number"}},"required":[${JSON.stringify(name)}],"additionalProperties":false}`,
    ) as unknown
    expect(errorsOf(schema, '{}')).toEqual([`/${name} This field is required.`])
    expect(errorsOf(schema, text('"a"'))).toEqual([`/${name} Send a number.`])
    expect(errorsOf(schema, text('1.0'))).toEqual([])
    expect(errorsOf({ additionalProperties: false }, text('1'))).toEqual([`/${name} This field is unknown.`])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })
})

describe('errors', () => {
  test('are all there at once, with their places', () => {
    const schema = {
      type: 'object',
      required: ['name', 'items'],
      properties: {
        name: { type: 'string', maxLength: 3 },
        email: { format: 'email' },
        items: { type: 'array', items: { properties: { count: { type: 'integer', minimum: 1 } } } },
        kind: { enum: ['a', 'b'] },
        owner: { anyOf: [{ type: 'null' }, { type: 'object', required: ['id'] }] },
      },
      additionalProperties: false,
    }
    const text = '{"nam":1,"email":"x","items":[{"count":0},{"count":"a/b"}],"kind":"c","owner":{}}'
    expect(errorsOf(schema, text)).toEqual([
      '/name This field is required.',
      '/nam This field is unknown. Did you mean `name`?',
      '/email Send an e-mail address.',
      '/items/0/count Send a number of at least 1.',
      '/items/1/count Send a whole number.',
      '/kind Send "a" or "b".',
      '/owner/id This field is required.',
    ])
  })

  test('are at most 100, with short paths and no value of the caller', () => {
    const many = JSON.stringify(Array.from({ length: 5000 }, () => 'secret-value'))
    const errors = errorsOf({ items: { type: 'number' } }, many)
    expect(errors).toHaveLength(100)
    expect(errors.join('')).not.toContain('secret-value')
    const long = JSON.stringify({ ['n'.repeat(100_000)]: { a: 1 } })
    expect(errorsOf({ additionalProperties: { type: 'number' } }, long)).toEqual([' Send a number.'])
  })
})
