import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkClaims, CLOCK_SKEW_MS, readClaims, type ClaimRules } from './jwt-claims.ts'

const rules: ClaimRules = { issuer: 'i', audiences: ['a', 'b'], own: false }

function check(claims: object, nowMs: number, changed: Partial<ClaimRules> = {}): string {
  const read = readClaims(Buffer.from(JSON.stringify(claims)))
  return read === undefined ? 'unreadable' : checkClaims(read, { ...rules, ...changed }, nowMs)
}

test('accepts a token from 30 s before its start until 30 s after its end, to the millisecond', () => {
  const seconds = fc.integer({ min: 0, max: 4_000_000_000 })
  fc.assert(
    fc.property(seconds, fc.integer({ min: 1, max: 31_536_000 }), (start, lifetime) => {
      for (const begin of [{ nbf: start }, { iat: start }, { iat: start, nbf: start }]) {
        const claims = { iss: 'i', aud: 'b', exp: start + lifetime, ...begin }
        const startMs = start * 1000 - CLOCK_SKEW_MS
        const endMs = (start + lifetime) * 1000 + CLOCK_SKEW_MS
        expect(check(claims, startMs - 1)).toBe('invalid')
        expect(check(claims, startMs)).toBe('valid')
        expect(check(claims, endMs - 1)).toBe('valid')
        expect(check(claims, endMs)).toBe('expired')
      }
    }),
  )
})

test('reports "expired" only if nothing else is wrong', () => {
  const old = { iss: 'i', aud: ['x', 'a'], exp: 1 }
  const nowMs = 1_000_000
  expect(check(old, nowMs)).toBe('expired')
  expect(check({ ...old, iss: 'I' }, nowMs)).toBe('invalid')
  expect(check({ ...old, aud: ['x'] }, nowMs)).toBe('invalid')
  expect(check({ ...old, nbf: 1031 }, nowMs)).toBe('invalid')
  expect(check(old, nowMs, { own: true })).toBe('invalid')
  expect(check({ ...old, sub: 's', iat: 1, jti: 'j' }, nowMs, { own: true })).toBe('expired')
})

test('rejects an empty audience, in the token and in the rules', () => {
  const claims = { iss: 'i', aud: [], exp: 100 }
  expect(check(claims, 0)).toBe('invalid')
  expect(check({ ...claims, aud: 'a' }, 0, { audiences: [] })).toBe('invalid')
})

test('reads claims named after built-in object members like any others', () => {
  const claims = readClaims(Buffer.from('{"__proto__":{"iss":"i","exp":1},"constructor":1}'))
  expect(claims).toMatchObject({ iss: undefined, exp: undefined, aud: [] })
  expect(Object.keys(claims?.all ?? {})).toEqual(['__proto__', 'constructor'])
})
