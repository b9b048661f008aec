import { expect, test } from 'vitest'
import { bucketsOf, groupsOf, lastIntervals } from './usage-sums.ts'

const NOON_MS = Date.parse('2026-11-27T12:00:00Z')

test('the last hours end with the hour that it is', () => {
  const { fromMs, toMs } = lastIntervals(NOON_MS + 1, 'hour', 24)
  expect(new Date(fromMs).toISOString()).toBe('2026-11-26T13:00:00.000Z')
  expect(new Date(toMs).toISOString()).toBe('2026-11-27T13:00:00.000Z')
  expect(lastIntervals(NOON_MS - 1, 'hour', 24).toMs).toBe(NOON_MS)
})

test('the last days are those of UTC', () => {
  const { fromMs } = lastIntervals(NOON_MS, 'day', 7)
  expect(new Date(fromMs).toISOString()).toBe('2026-11-21T00:00:00.000Z')
})

test('an interval without requests is zero, and sums of groups are added', () => {
  const period = lastIntervals(NOON_MS, 'hour', 3)
  const at = '2026-11-27T12:00:00.000Z'
  const buckets = bucketsOf(period, [
    { group: 'valid', at, requests: 5, allowed: 5, refused: 0 },
    { group: 'key_expired', at, requests: 2, allowed: 0, refused: 2 },
    { group: null, at: '2026-11-27T09:00:00.000Z', requests: 9, allowed: 9, refused: 0 },
  ])
  expect(buckets.map(({ allowed, refused }) => [allowed, refused])).toEqual([
    [0, 0],
    [0, 0],
    [5, 2],
  ])
})

test('the group with the most requests comes first', () => {
  const at = '2026-11-27T12:00:00.000Z'
  const sum = (group: string | null, requests: number) => ({ group, at, requests, allowed: requests, refused: 0 })
  expect(groupsOf([sum('a', 1), sum(null, 3), sum('a', 4)]).map(({ group, requests }) => [group, requests])).toEqual([
    ['a', 5],
    [null, 3],
  ])
})
