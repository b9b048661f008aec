import { expect, test } from 'vitest'
import { delivery } from '../store/testing/examples/deliveries.ts'
import { FIRST_MS } from '../store/testing/examples/example.ts'
import { afterAttempt } from './delivery-states.ts'

const NOW_MS = FIRST_MS + 10
const waiting = delivery('acme', 'whk_1', 1, { givesUpAtMs: FIRST_MS + 3_600_000 })

test('a delivery that is withdrawn has ended, while one that timed out is tried again', () => {
  const attempt = { atMs: NOW_MS, durationMs: 1, status: null }
  expect(afterAttempt(waiting, { ...attempt, error: 'withdrawn' }, NOW_MS, 0.5)).toMatchObject({
    state: 'failed',
    nextAttemptAtMs: null,
    endedAtMs: NOW_MS,
  })
  expect(afterAttempt(waiting, { ...attempt, error: 'timeout' }, NOW_MS, 0.5)).toMatchObject({
    state: 'pending',
    endedAtMs: null,
  })
})
