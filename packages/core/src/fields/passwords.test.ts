import { describe, expect, test } from 'vitest'
import { normalizePassword, parsePassword, PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN } from './passwords.ts'

describe('a password', () => {
  test.each([
    'correct horse battery staple',
    'x7-Kq!9z',
    '1357924680',
    'my password is long',
    'ñandú-ñandú',
    '🔑🔒🔑🔒🗝️🗝️',
    'ab'.repeat(PASSWORD_CHARS_MAX / 2),
  ])('accepts %j', (text) => {
    expect(parsePassword(text)).toEqual({ ok: true, value: text.normalize('NFC') })
  })

  test.each(['', '1234567', 'x7-Kq!9', '🔑🔒🔑🔒🔑🔒🔑', 'ab'.repeat(PASSWORD_CHARS_MAX / 2 + 1)])(
    'refuses %j for its length',
    (text) => {
      const range = `${PASSWORD_CHARS_MIN} to ${PASSWORD_CHARS_MAX} characters`
      expect(parsePassword(text)).toEqual({ ok: false, problem: expect.stringContaining(range) })
    },
  )

  test.each([
    'password',
    'PassWord123',
    'sallyport2026',
    '12345678',
    '1234567890',
    '9876543210',
    'abcdefghij',
    'aaaaaaaaaa',
  ])('refuses %j, which is easy to guess', (text) => {
    expect(parsePassword(text)).toEqual({
      ok: false,
      problem: 'This password is easy to guess. Choose another one.',
    })
  })

  test('is the same in each form of Unicode', () => {
    const composed = 'caf\u00e9 au lait'
    const decomposed = 'cafe\u0301 au lait'
    expect(parsePassword(decomposed)).toEqual({ ok: true, value: composed })
    expect(normalizePassword(decomposed)).toBe(composed)
    // Seven characters however they are written.
    expect(parsePassword('e\u0301'.repeat(7)).ok).toBe(false)
  })
})
