import { randomBytes } from 'node:crypto'
import { Secret, TOTP, URI } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { acceptedStep, newTotpSecret, totpUri } from './totp.ts'

/** RFC 6238 appendix B: the secret of its SHA-1 rows, and the last six of the eight digits of each. */
const RFC_SECRET = Secret.fromLatin1('12345678901234567890').base32
const RFC_ROWS = [
  [59, '287082', 0x1],
  [1_111_111_109, '081804', 0x23523ec],
  [1_111_111_111, '050471', 0x23523ed],
  [1_234_567_890, '005924', 0x273ef07],
  [2_000_000_000, '279037', 0x3f940aa],
  [20_000_000_000, '353130', 0x27bc86aa],
] as const

const STEP_MS = 30_000
/** The first millisecond of a step. */
const NOW_MS = 1_700_000_010_000
const STEP = NOW_MS / STEP_MS

const codeAt = (secret: string, timestamp: number) =>
  TOTP.generate({ secret: Secret.fromBase32(secret), timestamp })

describe('a code of an authenticator app', () => {
  test.for(RFC_ROWS)('is that of RFC 6238 at %d seconds', ([seconds, code, step]) => {
    const authenticator = { secret: RFC_SECRET, lastStep: null }
    expect(acceptedStep(authenticator, code, seconds * 1_000)).toBe(step)
    const neighbour = code.slice(0, 5) + String((Number(code.at(-1)) + 1) % 10)
    expect(acceptedStep(authenticator, neighbour, seconds * 1_000)).toBeNull()
  })

  test('is accepted in its step, the one before and the one after, to the millisecond', () => {
    const secret = newTotpSecret(randomBytes)
    const code = codeAt(secret, NOW_MS)
    const at = (nowMs: number) => acceptedStep({ secret, lastStep: null }, code, nowMs)
    expect(at(NOW_MS - STEP_MS)).toBe(STEP)
    expect(at(NOW_MS)).toBe(STEP)
    expect(at(NOW_MS + 2 * STEP_MS - 1)).toBe(STEP)
    expect(at(NOW_MS - STEP_MS - 1)).toBeNull()
    expect(at(NOW_MS + 2 * STEP_MS)).toBeNull()
  })

  test('is accepted once, and no earlier code after it', () => {
    const secret = newTotpSecret(randomBytes)
    const code = codeAt(secret, NOW_MS)
    const after = (lastStep: number) => acceptedStep({ secret, lastStep }, code, NOW_MS)
    expect(after(STEP - 1)).toBe(STEP)
    expect(after(STEP)).toBeNull()
    expect(after(STEP + 1)).toBeNull()
  })

  test('that two steps share cannot be used in both', () => {
    // Found by search: the first two neighbouring steps of this secret that have the same code.
    const [first, second] = [910_737, 910_738]
    const code = '911617'
    for (const step of [first, second]) expect(codeAt(RFC_SECRET, step * STEP_MS)).toBe(code)
    const accepted = acceptedStep({ secret: RFC_SECRET, lastStep: null }, code, first * STEP_MS)
    expect(accepted).toBe(second)
    expect(acceptedStep({ secret: RFC_SECRET, lastStep: accepted }, code, second * STEP_MS)).toBeNull()
  })

  test('of another secret is wrong', () => {
    const code = codeAt(newTotpSecret(randomBytes), NOW_MS)
    expect(acceptedStep({ secret: RFC_SECRET, lastStep: null }, code, NOW_MS)).toBeNull()
  })

  test('in any other form is wrong', () => {
    const authenticator = { secret: RFC_SECRET, lastStep: null }
    const right = '287082'
    expect(acceptedStep(authenticator, right, 59_000)).toBe(1)
    for (const other of [
      '',
      '28708',
      '2870820',
      `${right} `,
      '94287082',
      '２８７０８２',
      '28708é',
      'abcdef',
    ]) {
      expect([other, acceptedStep(authenticator, other, 59_000)]).toEqual([other, null])
    }
  })
})

describe('the secret of an authenticator app', () => {
  test('is 20 bytes of the random source, in base32', () => {
    const secret = newTotpSecret((count) => new Uint8Array(count).fill(0xff))
    expect(secret).toBe('7'.repeat(32))
    const pool = Buffer.alloc(64, 1)
    expect(Secret.fromBase32(newTotpSecret((count) => pool.subarray(8, 8 + count))).bytes).toHaveLength(20)
    expect(newTotpSecret(randomBytes)).not.toBe(newTotpSecret(randomBytes))
  })

  test('is in the URI of its QR code, with issuer and account', () => {
    const uri = totpUri(RFC_SECRET, 'ada+test@acme.example')
    expect(uri).toBe(
      `otpauth://totp/Sallyport:ada%2Btest%40acme.example?issuer=Sallyport&secret=${RFC_SECRET}` +
        '&algorithm=SHA1&digits=6&period=30',
    )
    const parsed = URI.parse(uri)
    expect(parsed).toBeInstanceOf(TOTP)
    expect(parsed.label).toBe('ada+test@acme.example')
    expect(parsed.secret.base32).toBe(RFC_SECRET)
  })
})
