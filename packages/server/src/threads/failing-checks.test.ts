import { expect, test } from 'vitest'
import { FailingChecks } from './failing-checks.ts'

test('threads learn of what changes, also while they start', () => {
  const checks = new FailingChecks()
  checks.note('early', false)
  checks.note('recovers', false)
  checks.note('passes', true)
  const known = checks.names
  expect(known).toEqual(['early', 'recovers'])
  // Here the other threads start, which takes a while.
  checks.note('recovers', true)
  checks.note('late', false)
  checks.note('flaps', false)
  checks.note('flaps', true)
  const told: [string, boolean][] = []
  checks.tell(known, (check, passes) => told.push([check, passes]))
  expect(told).toEqual([
    ['late', false],
    ['recovers', true],
  ])
  checks.note('early', true)
  checks.note('recovers', false)
  expect(told.slice(2)).toEqual([
    ['early', true],
    ['recovers', false],
  ])
  expect(checks.names).toEqual(['late', 'recovers'])
})
