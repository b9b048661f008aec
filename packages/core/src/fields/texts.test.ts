import { describe, expect, test } from 'vitest'
import { parseUsername } from './credentials.ts'
import { parseConsumerName } from './names.ts'
import { DESCRIPTION_CHARS_MAX, parseDescription, parseTitle, TITLE_CHARS_MAX } from './texts.ts'

describe('a title', () => {
  test.each([
    ['Acme', 'Acme'],
    [' padded ', 'padded'],
    ['Café', 'Café'],
    ['Cafe\u0301', 'Caf\u00e9'],
    ['می\u200cخواهم ', 'می\u200cخواهم'],
    ['x'.repeat(TITLE_CHARS_MAX), 'x'.repeat(TITLE_CHARS_MAX)],
  ])('reads %j as %j', (text, value) => {
    expect(parseTitle(text)).toEqual({ ok: true, value })
  })

  test.each([
    '',
    '  ',
    'line\nbreak',
    'a\tb',
    '\u202eevil',
    'ad\u200dmin',
    '\u3164',
    'a\u2028b',
    '\ud800',
    'x'.repeat(TITLE_CHARS_MAX + 1),
  ])('rejects %j', (text) => {
    expect(parseTitle(text)).toEqual({ ok: false, problem: expect.stringContaining('1 to 128') })
  })
})

describe('a description', () => {
  test.each(['', 'one\ntwo\tthree', 'می\u200cخواهم\n👩\u200d🚀', 'x'.repeat(DESCRIPTION_CHARS_MAX)])(
    'accepts %j',
    (text) => {
      expect(parseDescription(text)).toEqual({ ok: true, value: text })
    },
  )

  test.each([
    'a\rb',
    'a\0b',
    '\u202eevil',
    'a\nad\u200dmin',
    '\ud800',
    'x'.repeat(DESCRIPTION_CHARS_MAX + 1),
  ])('rejects %j', (text) => {
    expect(parseDescription(text)).toEqual({ ok: false, problem: expect.stringContaining('at most 1024') })
  })
})

const TOKEN = `sp_sk_4fT0Qm2ZrX9bLk7A_${'0'.repeat(38)}`

test.each([
  ['a title', parseTitle],
  ['a description', parseDescription],
  ['a consumer name', parseConsumerName],
  ['a username', parseUsername],
])('%s with a token in it is refused', (_kind, parse) => {
  for (const text of [TOKEN, `of-${TOKEN}`, TOKEN.slice(0, -8), TOKEN.replace('sk', 'pk')]) {
    expect(parse(text)).toEqual({ ok: false, problem: expect.stringContaining('Do not put a token here') })
  }
  expect(parse('sp_sk_4fT0Qm2ZrX9bLk7A').ok).toBe(true)
})
