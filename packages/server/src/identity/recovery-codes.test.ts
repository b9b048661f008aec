import { createHash, randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { newRecoveryCodes, recoveryCodeDigest } from './recovery-codes.ts'

const CODE = '7k3m-q1x2-04tb-hz5w'

describe('recovery codes', () => {
  test('are ten, in readable groups, and differ', () => {
    const codes = newRecoveryCodes(randomBytes)
    expect(new Set(codes).size).toBe(10)
    for (const code of codes) expect(code).toMatch(/^(?:[0-9a-hjkmnp-tv-z]{4}-){3}[0-9a-hjkmnp-tv-z]{4}$/)
  })

  test('use all symbols, each for eight values of a random byte', () => {
    let next = 0
    const codes = newRecoveryCodes((count) => Uint8Array.from({ length: count }, () => next++))
    const symbols = codes.join('').replaceAll('-', '')
    expect(symbols.slice(0, 32)).toBe('0123456789abcdefghjkmnpqrstvwxyz')
    expect(symbols.slice(128)).toBe(symbols.slice(0, 32))
  })
})

describe('the digest of a recovery code', () => {
  test('is SHA-256 of the person and the code', () => {
    const expected = createHash('sha256').update('per_1/7k3mq1x204tbhz5w').digest('hex')
    expect(recoveryCodeDigest('per_1', CODE)).toBe(expected)
  })

  test.for([
    '7K3M-Q1X2-04TB-HZ5W',
    '7k3mq1x204tbhz5w',
    ' 7k3m q1x2\t04tb hz5w\n',
    '7k3m-qix2-o4tb-hz5w',
    '7k3m-qLx2-O4tb-hz5w',
  ])('is the same for what a person may type: %j', (typed) => {
    expect(recoveryCodeDigest('per_1', typed)).toBe(recoveryCodeDigest('per_1', CODE))
  })

  test('differs for another code and for another person', () => {
    const others = [
      recoveryCodeDigest('per_1', '7k3m-q1x2-04tb-hz5x'),
      recoveryCodeDigest('per_2', CODE),
      recoveryCodeDigest('per_1', CODE),
    ]
    expect(new Set(others).size).toBe(3)
  })

  test.for(['', '123456', '7k3m-q1x2-04tb-hz5', '7k3m-q1x2-04tb-hz5ww', '7k3m-q1x2-04tb-hz5u', `${CODE}!`])(
    'does not exist of %j',
    (typed) => {
      expect(recoveryCodeDigest('per_1', typed)).toBeNull()
    },
  )
})
