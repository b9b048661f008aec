import { expect, test } from 'vitest'
import { PASSKEY_BYTES, parsePasskeyBytes, type PasskeyBytes } from './passkeys.ts'

const encoded = (count: number) => Buffer.alloc(count, 0xff).toString('base64url')

test('each binary member takes its fewest and most bytes, and not one fewer or more', () => {
  for (const member of Object.keys(PASSKEY_BYTES) as PasskeyBytes[]) {
    const { min, max } = PASSKEY_BYTES[member]
    for (const count of [min, max]) {
      expect(parsePasskeyBytes(member, encoded(count))).toEqual({ ok: true, value: encoded(count) })
    }
    for (const count of [min - 1, max + 1]) {
      expect(parsePasskeyBytes(member, encoded(count))).toEqual({
        ok: false,
        problem: `Send ${min} to ${max} bytes in base64url without padding.`,
      })
    }
  }
})

test('every length has one encoding, which is canonical', () => {
  for (const count of [16, 17, 18]) {
    const text = encoded(count)
    expect(parsePasskeyBytes('credentialId', text).ok).toBe(true)
    expect(parsePasskeyBytes('credentialId', `${text.slice(0, -1)}-`).ok).toBe(count % 3 === 0)
  }
})

test.each(['padding=', 'plus++++', 'slash///', 'space   ', 'line\n\n\n\n', 'é'.repeat(8), 'trailingA'])(
  'rejects %j',
  (end) => {
    expect(parsePasskeyBytes('credentialId', 'A'.repeat(24) + end).ok).toBe(false)
    expect(parsePasskeyBytes('credentialId', 'A'.repeat(32)).ok).toBe(true)
  },
)
