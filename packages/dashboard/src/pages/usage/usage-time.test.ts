import { expect, test } from 'vitest'
import { coarsely, intervalsOf, timeOf } from './usage-time.ts'

const NOW_MS = Date.parse('2026-11-27T12:30:00Z')

function iso(search: Parameters<typeof timeOf>[0]) {
  const { fromMs, toMs, interval } = timeOf(search, NOW_MS)
  return [new Date(fromMs).toISOString(), new Date(toMs).toISOString(), interval]
}

test('a week is seven days of UTC up to the hour that it is', () => {
  expect(iso({})).toEqual(['2026-11-21T00:00:00.000Z', '2026-11-27T13:00:00.000Z', 'hour'])
})

test('days of one’s own include the last one', () => {
  expect(iso({ from: '2026-11-01', to: '2026-11-02' })).toEqual([
    '2026-11-01T00:00:00.000Z',
    '2026-11-03T00:00:00.000Z',
    'hour',
  ])
  expect(iso({ from: '2026-09-01', to: '2026-11-02' })[2]).toBe('day')
})

test('days in the wrong order do not count', () => {
  expect(iso({ from: '2026-11-02', to: '2026-11-01' })).toEqual(iso({}))
})

test('an interval is taken only if the time can be shown in it', () => {
  expect(iso({ period: '24h', interval: 'minute' })[2]).toBe('minute')
  expect(iso({ period: '30d', interval: 'minute' })[2]).toBe('day')
  expect(intervalsOf({ fromMs: 0, toMs: 86_400_000 })).toEqual(['minute', 'hour'])
})

test('totals are read by the longest intervals that begin with the time', () => {
  expect(coarsely(timeOf({ period: '7d' }, NOW_MS)).interval).toBe('day')
  expect(coarsely(timeOf({ period: '24h', interval: 'minute' }, NOW_MS)).interval).toBe('hour')
  expect(coarsely(timeOf({ period: '60m' }, NOW_MS)).interval).toBe('minute')
})
