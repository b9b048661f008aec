import { expect, test } from 'vitest'
import { BODY_VALUES_MAX, bodyText, hasOtherReading } from './body-text.ts'

const json = (content: string | Buffer) => bodyText(Buffer.from(content), 'application/json', undefined)

test.each([
  '{"n":9007199254740993,"m":-0,"l":[1e400,1.50]}',
  '{"__proto__":{"a":1.0}}',
  '"\\u0000"',
  `${'['.repeat(2_000)}1.0${']'.repeat(2_000)}`,
])('%s is passed on as it is', (text) => {
  expect(json(text)).toEqual({ text })
})

test.each([
  ['{"a":\n NaN}', 'The body is not valid JSON. Correct it at this place (line 2, column 2).', ''],
  [
    '{"a":[{"b":1,\n"b":2}]}',
    'An object in the body has two members of this name. Remove one of them (line 2, column 1).',
    '/a/0/b',
  ],
  [
    '{"a~/":"\\ud800"}',
    'A string in the body is not well-formed Unicode. Correct it (line 1, column 8).',
    '/a~0~1',
  ],
  [Buffer.from('{"a":"\u00e9"}', 'latin1'), 'The body is not valid UTF-8. Send JSON in UTF-8.', ''],
])('%s is refused with its place', (content, detail, path) => {
  expect(json(content)).toEqual({ fault: 'json', detail, path })
})

test('a long path is left out', () => {
  const name = 'n'.repeat(1_000)
  expect(json(`{"${name}":1,"${name}":2}`)).toMatchObject({ fault: 'json', path: '' })
})

test('JSON with more values than are read is not parsed, however it is written', () => {
  const most = `[${Array.from({ length: BODY_VALUES_MAX / 2 - 1 }, () => '[]').join()}]`
  expect(json(most)).toEqual({ text: most })
  for (const text of [`[[],${most.slice(1)}`, `[[],[],${most}`])
    expect(json(text)).toEqual({ fault: 'values' })
  const string = JSON.stringify('[],'.repeat(BODY_VALUES_MAX))
  expect(json(string)).toEqual({ text: string })
})

test.each([
  ['shift_jis', '{"a":"\u00c1\\""}'],
  ['utf-7', '{"a":"+ACI-"}'],
  ['"UTF-16"', '{"a":1}'],
  ['iso-8859-1', '{"a":"\u00e9"}'],
  ['utf-8; charset=utf-7', '{"a":1}'],
  ['utf-16be;charset=utf-8', '{"a":1}'],
])('JSON with charset=%s reads differently there: %s', (charset, text) => {
  expect(hasOtherReading(Buffer.from(text), `application/json; charset=${charset}`)).toBe(true)
})

test.each([
  ['application/json', '{"a":"\u00e9"}'],
  ['application/json; charset="utf-8"', '{"a":"\u00e9"}'],
  ['application/json;charset=UTF8', '{"a":"\u00e9"}'],
  ['application/json; charset=iso-8859-1', '{"a":"\\u00e9"}'],
  ['application/problem+json; charset=us-ascii', '{"a":1}'],
  ['text/plain; charset=shift_jis', '\u00c1\\"'],
  [undefined, '{}'],
])('a body of the type %s has one reading: %s', (type, text) => {
  expect(hasOtherReading(Buffer.from(text), type)).toBe(false)
})
