import { describe, expect, test } from 'vitest'
import { changed, isLong, parseSpec, placeOf, setAt, writeSpec } from './spec-text.ts'

const TEXT = `# Orders of the shop.
trigger:
  kind: http # any content
  path: /orders
  authentication:
    apiKey: false
steps:
  - respond: { status: 200 }
`

/** What stands at a pointer. */
function at(pointer: string, text = TEXT): string {
  const parsed = parseSpec(text)
  if (!parsed.ok) throw new Error('not YAML')
  const { from, to } = placeOf(parsed.document, pointer)
  return text.slice(from, to)
}

describe('reading', () => {
  test('reads what the server would', () => {
    const parsed = parseSpec('trigger: { kind: on, at: 2026-01-31 }')
    expect(parsed).toMatchObject({ ok: true, spec: { trigger: { kind: 'on', at: '2026-01-31' } } })
  })

  test.each(['trigger: [', 'a: 1\na: 2'])('says where %j is wrong', (text) => {
    const parsed = parseSpec(text)
    expect(parsed.ok ? [] : parsed.problems.map(({ from }) => from >= 0)).toEqual([true])
  })

  test('says where an alias has no anchor, and when there are too many', () => {
    expect(parseSpec('a: &b 1\nc: *b\nd: *e')).toEqual({
      ok: false,
      problems: [{ message: expect.stringContaining('There is no &e before this line'), from: 17, to: 19 }],
    })
    const lists = Array.from({ length: 6 }, (_, level) =>
      level === 0 ? 'a0: &a0 [x]' : `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`,
    )
    expect(parseSpec(lists.join('\n'))).toMatchObject({ ok: false, problems: [{ from: 0 }] })
  })

  test.each([
    ['%YAML 1.1\n---\na: yes', 'begin with %'],
    ['a: !!binary aGk=', 'Remove the tag'],
    ['a: !secret x', 'Remove the tag'],
    ['a: !!str 1', 'Remove the tag'],
    ['a: { b: .nan }', 'cannot be kept exactly'],
    ['a: -.inf', 'cannot be kept exactly'],
    ['a: 9007199254740993', 'cannot be kept exactly'],
    ['a: 0.1000000000000000055511151231257827', 'cannot be kept exactly'],
    ['a: 1e400', 'cannot be kept exactly'],
    ['a: 1e-400', 'cannot be kept exactly'],
    ['a: 0x20000000000001', 'cannot be kept exactly'],
    ['b: &b { c: 1 }\na:\n  <<: *b', 'no merge keys'],
    ['? [a, b]\n: c', 'Write a text as the name'],
    ['a: &a\n  b: *a', 'within the value that it means'],
    ['steps: &s\n  - c: [*s]', 'within the value that it means'],
    ['a: 1\n---\nb: 2', 'one document'],
    ['a:\n\tb: 1', 'spaces instead of tabs'],
    ['a: 1\na: 2', 'This name is there twice'],
    [`a: ${'['.repeat(5000)}`, 'within each other'],
    [`a: ${'x'.repeat(2 * 1024 * 1024)}`, 'too long'],
  ])('refuses %j, which the server would not get or refuse', (text, message) => {
    const parsed = parseSpec(text)
    expect(parsed.ok ? [] : parsed.problems.map((problem) => problem.message)).toEqual(
      expect.arrayContaining([expect.stringContaining(message)]),
    )
  })

  test.each([
    ['a: 9007199254740992', { a: 2 ** 53 }],
    ['a: -0x1F', { a: '-0x1F' }],
    ['a: [0o17, 1.50, 1e3, "9007199254740993"]', { a: [15, 1.5, 1000, '9007199254740993'] }],
    ['1: a\n"<<": b', { 1: 'a', '<<': 'b' }],
    ['a: &x [b]\nc: *x', { a: ['b'], c: ['b'] }],
    ['--- # start\na: 1\n...', { a: 1 }],
  ])('reads %j as the server does', (text, spec) => {
    expect(parseSpec(text)).toMatchObject({ ok: true, spec })
  })

  test.each(['- 1', '', 'text'])('reads %j as YAML that is no object', (text) => {
    expect(parseSpec(text)).toEqual({ ok: false, problems: [] })
  })
})

test('a text is long from a number of lines or characters on, and is read all the same', () => {
  const lines = (count: number): string =>
    Array.from({ length: count }, (_, line) => `a${line}: 1`).join('\n')
  expect(isLong(lines(4_000))).toBe(false)
  expect(isLong(lines(4_001))).toBe(true)
  expect(isLong('x'.repeat(512 * 1024))).toBe(false)
  expect(isLong('x'.repeat(512 * 1024 + 1))).toBe(true)
  expect(parseSpec(lines(4_001)).ok).toBe(true)
})

describe('writing', () => {
  test('puts lists of words on one line and nothing else', () => {
    expect(writeSpec({ trigger: { methods: ['GET', 'PUT'] }, steps: [{ respond: { body: 'ok' } }] })).toBe(
      'trigger:\n  methods: [GET, PUT]\nsteps:\n  - respond:\n      body: ok',
    )
  })

  test('what was written is read as it was', () => {
    const spec = { trigger: { kind: 'rest', path: '/a/:b' }, steps: [{ assert: { that: '$a = "yes: no"' } }] }
    expect(parseSpec(writeSpec(spec))).toMatchObject({ ok: true, spec })
  })
})

describe('changing', () => {
  test('keeps comments and order', () => {
    const after = changed(TEXT, (document) => setAt(document, ['trigger', 'authentication', 'apiKey'], true))
    expect(after).toBe(TEXT.replace('apiKey: false', 'apiKey: true'))
  })

  test('makes what is missing around a value', () => {
    const text = 'trigger:\n  authentication:\nsteps: []\n'
    const after = changed(text, (document) => setAt(document, ['trigger', 'authentication', 'jwt'], true))
    expect(after).toBe('trigger:\n  authentication:\n    jwt: true\nsteps: []\n')
  })

  test('removes a value', () => {
    expect(changed(TEXT, (document) => setAt(document, ['trigger', 'path'], undefined))).not.toContain(
      '/orders',
    )
    expect(changed(TEXT, (document) => setAt(document, ['trigger', 'nothing'], undefined))).toBe(TEXT)
  })

  test('sets only what differs of an object, so that comments inside stay', () => {
    const text = 'schema:\n  # An order.\n  type: object\n  required: [ id ] # for now\n  old: 1\nafter: {}\n'
    const set = (value: unknown): string => changed(text, (document) => setAt(document, ['schema'], value))
    expect(set({ type: 'object', required: ['name'], properties: { name: true } })).toBe(
      'schema:\n  # An order.\n  type: object\n  required: [ name ] # for now\n  properties:\n    name: true\nafter: {}\n',
    )
    expect(set({})).toBe('schema: {}\nafter: {}\n')
    expect(set('text')).toBe('schema: text\nafter: {}\n')
    expect(set({ required: [] })).toBe('schema:\n  # An order.\n  required: []\nafter: {}\n')
    expect(changed(text, (document) => setAt(document, ['after'], { a: [1, 2] }))).toContain(
      'after:\n  a: [ 1, 2 ]',
    )
    expect(changed(text, (document) => setAt(document, ['after', 'a'], { b: 1 }))).toContain(
      'after:\n  a:\n    b: 1',
    )
  })

  test('leaves a text alone that is not YAML', () => {
    expect(changed('trigger: [', (document) => setAt(document, ['a'], 1))).toBe('trigger: [')
  })
})

describe('places', () => {
  test('a value stands with its name', () => {
    expect(at('/trigger/authentication/apiKey')).toBe('apiKey: false')
    expect(at('/steps/0/respond/status')).toBe('status: 200')
    expect(at('/steps/0')).toBe('respond: { status: 200 }\n')
  })

  test('a value that is not there stands where the nearest around it is', () => {
    expect(at('/trigger/authentication/jwt')).toMatch(/^authentication:/)
    expect(at('/steps/4')).toMatch(/^steps:/)
    expect(at('')).toBe('')
  })
})

describe('a text whose values are meant at several places', () => {
  const text = `trigger:
  authentication: &keys # both
    apiKey: true
    jwt: true
  routes:
    - authentication: *keys
steps:
  - proxy: &first { url: https://a.example }
  - proxy: *first
`
  const specAfter = (change: Parameters<typeof changed>[1]): unknown => {
    const parsed = parseSpec(changed(text, change))
    return parsed.ok ? parsed.spec : parsed.problems
  }

  test('keeps the others when the form changes one, wherever its value is written', () => {
    const spec = {
      trigger: {
        authentication: { apiKey: true, jwt: true },
        routes: [{ authentication: { apiKey: true, jwt: true } }],
      },
      steps: [{ proxy: { url: 'https://a.example' } }, { proxy: { url: 'https://a.example' } }],
    }
    expect(specAfter((document) => setAt(document, ['trigger', 'authentication', 'jwt'], false))).toEqual({
      ...spec,
      trigger: { ...spec.trigger, authentication: { apiKey: true, jwt: false } },
    })
    const ofRoute = ['trigger', 'routes', 0, 'authentication', 'basic']
    expect(specAfter((document) => setAt(document, ofRoute, true))).toEqual({
      ...spec,
      trigger: { ...spec.trigger, routes: [{ authentication: { apiKey: true, jwt: true, basic: true } }] },
    })
    expect(specAfter((document) => setAt(document, ['trigger', 'authentication'], undefined))).toEqual({
      ...spec,
      trigger: { routes: spec.trigger.routes },
    })
    expect(changed(text, (document) => setAt(document, ['trigger', 'path'], '/a'))).toContain('# both')
  })
})
