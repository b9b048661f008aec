import { SallyportError } from '@sallyport/sdk'
import { expect, test } from 'vitest'
import { isWholeSecret, refusalOf } from './refusal.ts'

const endedAt = '2026-11-28T10:00:00.000Z'

function refused(status: number, code: string, problem = {}): SallyportError {
  return new SallyportError({ code, status, detail: 'No.', problem })
}

test.each(['opened', 'expired', 'withdrawn'])('tells that a link was %s, and when', (state) => {
  expect(refusalOf(refused(410, 'link_invalid', { state, endedAt }))).toEqual({ kind: state, endedAt })
})

test.each([
  ['wrong', refused(410, 'link_invalid')],
  ['wrong', refused(400, 'invalid_request')],
  ['off', refused(409, 'conflict')],
  ['elsewhere', refused(403, 'address_not_allowed')],
  ['busy', refused(429, 'rate_limited')],
  ['unreachable', refused(0, 'network_error')],
  ['unreachable', refused(502, 'unexpected_answer')],
])('tells the refusal %s', (kind, error) => {
  expect(refusalOf(error)).toEqual({ kind })
})

test.each([refused(403, 'cross_origin'), refused(500, 'internal'), new Error('a fault of the page')])(
  'takes another failure for none: %s',
  (error) => {
    expect(refusalOf(error)).toBeUndefined()
  },
)

test('a secret has 32 letters and digits', () => {
  expect(isWholeSecret('a1'.repeat(16))).toBe(true)
  expect(isWholeSecret('a1'.repeat(16).slice(1))).toBe(false)
  expect(isWholeSecret(`${'a1'.repeat(15)}a-`)).toBe(false)
  expect(isWholeSecret(`${'a1'.repeat(16)}a`)).toBe(false)
})
