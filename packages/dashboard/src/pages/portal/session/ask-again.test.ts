import { expect, test } from 'vitest'
import { askAgainMs } from './ask-again.ts'

const NOW_MS = Date.parse('2026-11-28T10:00:00Z')

test.each([
  ['an hour', '2026-11-28T11:00:00Z', 30_000],
  ['half a minute and a millisecond', '2026-11-28T10:00:30.001Z', 30_000],
  ['a millisecond less than half a minute', '2026-11-28T10:00:29.999Z', 29_999],
  ['nothing, by a clock that differs', '2026-11-28T09:59:59Z', 1_000],
])('a session with %s left is asked about in time', (_left, expiresAt, pauseMs) => {
  expect(askAgainMs(expiresAt, NOW_MS)).toBe(pauseMs)
})
