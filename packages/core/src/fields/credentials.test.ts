import { describe, expect, test } from 'vitest'
import { SECRET_VALUE_CHARS_MAX } from '../templates/environment-secret.ts'
import { isDotSegment, parseSecretName, parseSecretValue, parseUsername } from './credentials.ts'

describe('a username', () => {
  test.each(['a', '!', '~', 'erp.example.com/42', '...', 'x'.repeat(100)])('accepts %j', (text) => {
    expect(parseUsername(text)).toEqual({ ok: true, value: text })
  })

  test.each(['', 'a:b', ':', 'a b', ' a', 'a\n', 'a\0', 'a\x7f', 'é', 'x'.repeat(101)])(
    'rejects %j',
    (text) => {
      expect(parseUsername(text)).toEqual({ ok: false, problem: expect.stringContaining('1 to 100') })
    },
  )

  test.each([
    ['.', true],
    ['..', true],
    ['...', false],
    ['.a', false],
  ])('%s is a dot segment: %s', (text, isDots) => {
    const parsed = parseUsername(text)
    expect(parsed.ok && isDotSegment(parsed.value)).toBe(isDots)
  })
})

describe("a secret's name", () => {
  test.each(['A', 'ORDERS_TOKEN', 'A1', 'A'.repeat(64)])('accepts %j', (text) => {
    expect(parseSecretName(text)).toEqual({ ok: true, value: text })
  })

  test.each(['', 'a', '1A', '_A', 'A-B', 'A B', 'A\n', 'A'.repeat(65)])('rejects %j', (text) => {
    expect(parseSecretName(text)).toMatchObject({ ok: false, problem: expect.any(String) })
  })
})

describe("a secret's value", () => {
  test.each(['x', 'a b', 'x'.repeat(SECRET_VALUE_CHARS_MAX)])('accepts a valid value', (text) => {
    expect(parseSecretValue(text)).toEqual({ ok: true, value: text })
  })

  test.each([
    '',
    ' hidden',
    'hidden ',
    'hid\nden',
    'hid\tden',
    'hiddén',
    'x'.repeat(SECRET_VALUE_CHARS_MAX + 1),
  ])('rejects an invalid value without repeating it', (text) => {
    const parsed = parseSecretValue(text)
    expect(parsed.ok).toBe(false)
    expect(JSON.stringify(parsed)).not.toContain('hid')
  })
})
