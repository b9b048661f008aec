import { describe, expect, test } from 'vitest'
import { GRACE_SECONDS_MAX, HAND_OVER_HOURS_MAX } from '../keys/key-bounds.ts'
import {
  ENVIRONMENTS_MAX,
  OVERLAP_SECONDS_MAX,
  parseEnvironmentPosition,
  parseGraceSeconds,
  parseHandOverHours,
  parseOverlapSeconds,
} from './numbers.ts'

describe.each([
  ['a grace period', parseGraceSeconds, GRACE_SECONDS_MAX],
  ['an overlap', parseOverlapSeconds, OVERLAP_SECONDS_MAX],
  ['a position', parseEnvironmentPosition, ENVIRONMENTS_MAX - 1],
] as const)('%s', (_name, parse, max) => {
  test.each([0, 1, max])('accepts %d', (value) => {
    expect(parse(value)).toEqual({ ok: true, value })
  })

  test.each([-1, 0.5, max + 1, Number.NaN, Infinity])('rejects %d', (value) => {
    expect(parse(value)).toEqual({ ok: false, problem: expect.stringContaining(`from 0 to ${max}`) })
  })
})

describe('the time of a hand-over link', () => {
  test.each([1, HAND_OVER_HOURS_MAX])('can be %d hours', (value) => {
    expect(parseHandOverHours(value)).toEqual({ ok: true, value })
  })

  test.each([0, 1.5, HAND_OVER_HOURS_MAX + 1, Number.NaN])('cannot be %d hours', (value) => {
    expect(parseHandOverHours(value)).toEqual({
      ok: false,
      problem: 'The time of a hand-over link is a whole number from 1 to 168 hours.',
    })
  })
})
