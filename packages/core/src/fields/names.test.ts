import { describe, expect, test } from 'vitest'
import { isReservedSlug, parseConsumerName, parseResourceName, parseRoleName, parseSlug } from './names.ts'

describe('a slug', () => {
  test.each(['ab', 'a1', 'a-', 'acme', 'a'.repeat(39)])('accepts %j', (text) => {
    expect(parseSlug(text)).toEqual({ ok: true, value: text })
  })

  test.each(['', 'a', 'Acme', '1st', '-a', 'a_b', 'a b', 'ab\n', '../x', 'a'.repeat(40), 'not a slug'])(
    'rejects %j',
    (text) => {
      expect(parseSlug(text)).toEqual({ ok: false, problem: expect.stringContaining('2 to 39') })
    },
  )

  test.each([
    ['authz', true],
    ['v1', true],
    ['metrics', true],
    ['v2', false],
    ['metric', false],
  ])('%s is reserved: %s', (text, isReserved) => {
    const parsed = parseSlug(text)
    expect(parsed.ok && isReservedSlug(parsed.value)).toBe(isReserved)
  })
})

describe('a resource name', () => {
  test.each(['a', 'a1', 'a-b', 'orders', 'a'.repeat(63)])('accepts %j', (text) => {
    expect(parseResourceName(text)).toEqual({ ok: true, value: text })
  })

  test.each(['', 'Orders', '1', '-a', 'a b', 'a/b', 'a\n', 'é', '__proto__', '.well-known', 'a'.repeat(64)])(
    'rejects %j',
    (text) => {
      expect(parseResourceName(text)).toEqual({ ok: false, problem: expect.stringContaining('1 to 63') })
    },
  )
})

describe('a consumer name', () => {
  test.each(['a', '~', 'Mobile app (iOS)', '!'.repeat(128)])('accepts %j', (text) => {
    expect(parseConsumerName(text)).toEqual({ ok: true, value: text })
  })

  test.each(['', ' ', ' a', 'a ', 'a\tb', 'a\r\nx: y', 'Café', '!'.repeat(129)])('rejects %j', (text) => {
    expect(parseConsumerName(text)).toEqual({ ok: false, problem: expect.stringContaining('1 to 128') })
  })
})

describe('a role name', () => {
  test.each(['ab', 'a1', 'a-', 'release-manager', 'a'.repeat(39)])('accepts %j', (text) => {
    expect(parseRoleName(text)).toEqual({ ok: true, value: text })
  })

  test.each(['', 'a', 'Reader', '1st', '-a', 'a_b', 'a b', 'ab\n', '__proto__', 'a'.repeat(40)])(
    'rejects %j',
    (text) => {
      expect(parseRoleName(text)).toEqual({ ok: false, problem: expect.stringContaining('2 to 39') })
    },
  )
})
