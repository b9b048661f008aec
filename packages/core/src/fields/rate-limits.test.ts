import { expect, test } from 'vitest'
import type { RateLimit } from '../pipelines/pipeline-spec.ts'
import { parseKeyRateLimits, parseTriggerRateLimits } from './rate-limits.ts'

const perDay: RateLimit = { requests: 1, per: 'day', by: 'credential' }
const perDayByConsumer: RateLimit = { requests: 2, per: 'day', by: 'consumer' }
const perHour: RateLimit = { requests: 3, per: 'hour', by: 'credential' }

test('a key has one limit per window, regardless of `by`', () => {
  expect(parseKeyRateLimits([perDay, perHour])).toEqual({ ok: true, value: [perDay, perHour] })
  expect(parseKeyRateLimits([perDay, perHour, perDayByConsumer, perHour])).toMatchObject({
    ok: false,
    repeated: [2, 3],
  })
})

test('a trigger has one limit per window and way to count', () => {
  const limits = [perDay, perHour, perDayByConsumer]
  expect(parseTriggerRateLimits(limits)).toEqual({ ok: true, value: limits })
  expect(parseTriggerRateLimits([...limits, perDayByConsumer])).toMatchObject({ ok: false, repeated: [3] })
})
