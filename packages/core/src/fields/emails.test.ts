import { describe, expect, test } from 'vitest'
import { EMAIL_CHARS_MAX, parseEmail } from './emails.ts'

const domain = (length: number): string => `${'d'.repeat(61)}.`.repeat(5).slice(0, length - 4) + '.com'

describe('an e-mail address', () => {
  test.each([
    ['ann@example.com', 'ann@example.com'],
    [' Ann.Lee+keys@Example.COM ', 'ann.lee+keys@example.com'],
    ["o'neil@mail.example.co.uk", "o'neil@mail.example.co.uk"],
    ['x@xn--bcher-kva.example', 'x@xn--bcher-kva.example'],
    [`${'l'.repeat(64)}@example.com`, `${'l'.repeat(64)}@example.com`],
  ])('reads %j as %j', (text, value) => {
    expect(parseEmail(text)).toEqual({ ok: true, value })
  })

  test.each([
    '',
    'ann',
    'ann@',
    '@example.com',
    'ann@example',
    'ann@@example.com',
    'ann lee@example.com',
    'ann@exa mple.com',
    'ann@-example.com',
    'ann@example-.com',
    'ann@example..com',
    'ann@bücher.example',
    'ann@example.com\nbcc: bob@example.com',
    '"ann"@example.com',
    'ann,bob@example.com',
    '<ann@example.com>',
    `${'l'.repeat(65)}@example.com`,
  ])('refuses %j', (text) => {
    expect(parseEmail(text)).toEqual({ ok: false, problem: expect.stringContaining('name@example.com') })
  })

  test('has at most 254 characters', () => {
    const longest = `ann@${domain(EMAIL_CHARS_MAX - 4)}`
    expect(longest).toHaveLength(EMAIL_CHARS_MAX)
    expect(parseEmail(longest).ok).toBe(true)
    expect(parseEmail(`x${longest}`).ok).toBe(false)
  })
})
