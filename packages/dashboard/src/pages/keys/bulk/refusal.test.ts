import { SallyportError } from '@sallyport/sdk'
import { expect, test } from 'vitest'
import { refusalOf } from './refusal.ts'

test.each([
  [409, 'roll_pending', 'why'],
  [409, 'key_not_rollable', 'why'],
  [404, 'not_found', 'why'],
  [403, 'permission_missing', 'why'],
  [403, 'step_up_required', undefined],
  [401, 'unauthenticated', undefined],
  [429, 'rate_limited', undefined],
  [503, 'unavailable', undefined],
  [0, 'network_error', undefined],
])('a refusal with %i %s concerns this key alone: %s', (status, code, refusal) => {
  expect(refusalOf(new SallyportError({ status, code, detail: 'why' }))).toBe(refusal)
})

test('what is no answer of the server concerns all keys', () => {
  expect(refusalOf(new TypeError('broken'))).toBeUndefined()
})
