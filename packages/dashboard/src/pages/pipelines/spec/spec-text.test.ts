import { describe, expect, test } from 'vitest'
import { changed, parseSpec, placeOf, setAt, writeSpec } from './spec-text.ts'

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
      problems: [{ message: expect.stringContaining('Unresolved alias'), from: 17, to: 19 }],
    })
    const lists = Array.from({ length: 6 }, (_, level) =>
      level === 0 ? 'a0: &a0 [x]' : `a${level}: &a${level} [${`*a${level - 1},`.repeat(9)}]`,
    )
    expect(parseSpec(lists.join('\n'))).toMatchObject({ ok: false, problems: [{ from: 0 }] })
  })

  test.each(['- 1', '', 'text'])('reads %j as YAML that is no object', (text) => {
    expect(parseSpec(text)).toEqual({ ok: false, problems: [] })
  })
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
