import { expect, test } from 'vitest'
import { type FirstSpec, firstSpec, keepsDigits } from './first-spec.ts'

const FORM: FirstSpec = {
  path: '',
  methods: [],
  required: { apiKey: true, jwt: false, basic: false },
  step: 'respond',
  url: '',
  body: '',
}

test('what has its default is left out', () => {
  expect(firstSpec(FORM)).toEqual({
    trigger: { kind: 'http', authentication: { apiKey: true } },
    steps: [{ respond: { status: 200, body: '' } }],
  })
  expect(firstSpec({ ...FORM, required: { apiKey: false, jwt: false, basic: false } }).trigger).toEqual({
    kind: 'http',
  })
})

test('the rest is in the spec', () => {
  expect(
    firstSpec({ ...FORM, path: '/a/:id', methods: ['GET'], step: 'proxy', url: 'https://a.example/{id}' }),
  ).toEqual({
    trigger: { kind: 'http', path: '/a/:id', methods: ['GET'], authentication: { apiKey: true } },
    steps: [{ proxy: { url: 'https://a.example/{id}' } }],
  })
})

test('an answer is JSON if it can be', () => {
  const bodyOf = (body: string): unknown => firstSpec({ ...FORM, body }).steps[0]?.respond?.body
  expect(bodyOf('{"ok": true}')).toEqual({ ok: true })
  expect(bodyOf('hello')).toBe('hello')
})

test.each([
  ['{"ok": 1.50}', true],
  ['9007199254740993 is text', true],
  ['"9007199254740993"', true],
  ['{"id": 9007199254740993}', false],
  ['1e400', false],
])('an answer %s keeps its digits: %s', (body, expected) => {
  expect(keepsDigits(body)).toBe(expected)
})
