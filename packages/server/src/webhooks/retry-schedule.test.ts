import { WEBHOOK_RETRIED_MS } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { DeliveryAttempt, DeliveryRow } from '../store/port/webhooks/deliveries.ts'
import { afterAttempt, dueDeliveries, isDelivered, newDelivery, nextDueMs } from './delivery-states.ts'
import { retryDelayMs } from './retry-schedule.ts'

const queue = { organization: 'acme', webhook: 'whk_1' }
const event = { type: 'key.created', subject: 'key/1', data: {} } as const
const refused: DeliveryAttempt = { atMs: 0, durationMs: 1, status: 500, error: null }
const accepted: DeliveryAttempt = { ...refused, status: 204 }

describe('the pause before the next attempt', () => {
  test('doubles from 10 seconds to an hour', () => {
    const seconds = Array.from({ length: 11 }, (_, index) => retryDelayMs(index + 1, 0) / 1000)
    expect(seconds).toEqual([10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600, 3600])
    expect(retryDelayMs(1_000_000, 0)).toBe(3_600_000)
  })

  test('is shorter by a random part of up to a half', () => {
    expect([0, 0.5, 1].map((random) => retryDelayMs(1, random))).toEqual([10_000, 7_500, 5_000])
  })
})

test.each([
  [199, false],
  [200, true],
  [299, true],
  [300, false],
  [302, false],
  [404, false],
  [null, false],
])('the status %s is a delivery: %s', (status, expected) => {
  expect(isDelivered({ status })).toBe(expected)
})

test('an event is tried for three days, and then given up', () => {
  let delivery = newDelivery(queue, { sequence: 1, atMs: 0 }, event, 5)
  expect(delivery).toMatchObject({ state: 'pending', nextAttemptAtMs: 5, givesUpAtMs: WEBHOOK_RETRIED_MS })
  const times: number[] = []
  while (delivery.state === 'pending') {
    const nowMs = delivery.nextAttemptAtMs ?? Number.NaN
    times.push(nowMs)
    delivery = afterAttempt(delivery, refused, nowMs, 0)
  }
  expect(delivery).toMatchObject({ state: 'failed', nextAttemptAtMs: null, endedAtMs: times.at(-1) })
  expect(times.at(-1)).toBeLessThan(WEBHOOK_RETRIED_MS)
  expect(times.at(-1)).toBeGreaterThan(WEBHOOK_RETRIED_MS - 3_600_000)
  expect([times.length, delivery.attemptCount, delivery.attempts.length]).toEqual([80, 80, 20])
})

test('a delivered event has no further attempt', () => {
  const before = newDelivery(queue, { sequence: 1, atMs: 0 }, event, 5)
  expect(afterAttempt(before, accepted, 9, 0)).toEqual({
    ...before,
    state: 'delivered',
    attempts: [accepted],
    attemptCount: 1,
    nextAttemptAtMs: null,
    endedAtMs: 9,
  })
})

test('an event that waited for three days is given up without an attempt', () => {
  const at = (nowMs: number) => newDelivery(queue, { sequence: 1, atMs: 7 }, event, nowMs)
  expect(at(7 + WEBHOOK_RETRIED_MS - 1).state).toBe('pending')
  expect(at(7 + WEBHOOK_RETRIED_MS)).toMatchObject({ state: 'failed', nextAttemptAtMs: null, attempts: [] })
})

test('of each subject only the oldest event may be attempted', () => {
  const row = (sequence: number, subject: string, nextAttemptAtMs: number): DeliveryRow => ({
    ...newDelivery(queue, { sequence, atMs: 0 }, { ...event, subject }, 0),
    nextAttemptAtMs,
  })
  const pending = [row(1, 'a', 30), row(2, 'b', 20), row(3, 'a', 0), row(4, 'c', 10)]
  const due = (nowMs: number) => dueDeliveries(pending, nowMs).map(({ sequence }) => sequence)
  expect([due(9), due(10), due(30)]).toEqual([[], [4], [4, 2, 1]])
  expect([nextDueMs(pending), nextDueMs([])]).toEqual([10, null])
})
