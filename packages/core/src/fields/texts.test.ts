import { describe, expect, test } from 'vitest'
import { DESCRIPTION_CHARS_MAX, parseDescription, parseTitle, TITLE_CHARS_MAX } from './texts.ts'

describe('a title', () => {
  test.each([
    ['Acme', 'Acme'],
    [' padded ', 'padded'],
    ['Café', 'Café'],
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
    'a\u2028b',
    '\ud800',
    'x'.repeat(TITLE_CHARS_MAX + 1),
  ])('rejects %j', (text) => {
    expect(parseTitle(text)).toEqual({ ok: false, problem: expect.stringContaining('1 to 128') })
  })
})

describe('a description', () => {
  test.each(['', 'one\ntwo\tthree', 'x'.repeat(DESCRIPTION_CHARS_MAX)])('accepts %j', (text) => {
    expect(parseDescription(text)).toEqual({ ok: true, value: text })
  })

  test.each(['a\rb', 'a\0b', '\u202eevil', '\ud800', 'x'.repeat(DESCRIPTION_CHARS_MAX + 1)])(
    'rejects %j',
    (text) => {
      expect(parseDescription(text)).toEqual({ ok: false, problem: expect.stringContaining('at most 1024') })
    },
  )
})
