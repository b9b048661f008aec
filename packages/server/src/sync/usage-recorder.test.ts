import { expect, test, vi } from 'vitest'
import { UsageRecorder, type SecretUsage } from './usage-recorder.ts'

const KEY = 'key_4fT0Qm2ZrX9bLk7A'

test('sums the uses of each secret and flushes them in the background', async () => {
  const kept: SecretUsage[] = []
  const recorder = new UsageRecorder({
    sink: (rows) => Promise.resolve(void kept.push(...rows)),
    onFault: () => undefined,
    onDropped: () => undefined,
  })
  recorder.record(KEY, 1, 10, '192.0.2.1')
  recorder.record(KEY, 1, 20, '192.0.2.2')
  recorder.record(KEY, 2, 15, null)
  await vi.waitFor(() => {
    expect(kept).toEqual([
      {
        keyId: KEY,
        secretSequence: 1,
        usedIn: null,
        requests: 2,
        lastUsedAtMs: 20,
        lastUsedAddress: '192.0.2.2',
      },
      { keyId: KEY, secretSequence: 2, usedIn: null, requests: 1, lastUsedAtMs: 15, lastUsedAddress: null },
    ])
  }, 5000)
  await recorder[Symbol.asyncDispose]()
})

test('counts the uses of a secret in each organization apart', async () => {
  const kept: SecretUsage[] = []
  const recorder = new UsageRecorder({
    sink: (rows) => Promise.resolve(void kept.push(...rows)),
    onFault: () => undefined,
    onDropped: () => undefined,
  })
  for (const usedIn of [null, 'acme', 'acme', 'rival']) recorder.record(KEY, 1, 10, null, usedIn)
  await recorder[Symbol.asyncDispose]()
  expect(kept.map(({ usedIn, requests }) => [usedIn, requests])).toEqual([
    [null, 1],
    ['acme', 2],
    ['rival', 1],
  ])
})

test('adds the counts of a failed flush to the next one', async () => {
  const kept: SecretUsage[] = []
  const faults: unknown[] = []
  let isUnavailable = true
  const recorder = new UsageRecorder({
    sink: (rows) => {
      if (isUnavailable) return Promise.reject(new Error('the store is unavailable'))
      kept.push(...rows)
      return Promise.resolve()
    },
    onFault: (cause) => {
      faults.push(cause)
      recorder.record(KEY, 1, 30, '192.0.2.3')
      isUnavailable = false
    },
    onDropped: () => undefined,
  })
  recorder.record(KEY, 1, 10, null)
  await vi.waitFor(() => {
    expect(faults).toHaveLength(1)
  }, 5000)
  await recorder[Symbol.asyncDispose]()
  expect(kept).toEqual([
    {
      keyId: KEY,
      secretSequence: 1,
      usedIn: null,
      requests: 2,
      lastUsedAtMs: 30,
      lastUsedAddress: '192.0.2.3',
    },
  ])
})

test('flushes on disposal', async () => {
  const kept: SecretUsage[] = []
  const recorder = new UsageRecorder({
    sink: (rows) => Promise.resolve(void kept.push(...rows)),
    onFault: () => undefined,
    onDropped: () => undefined,
  })
  recorder.record(KEY, 1, 10, null)
  await recorder[Symbol.asyncDispose]()
  expect(kept).toHaveLength(1)
})

test('flushes many secrets in batches, and all of them on disposal', async () => {
  const flushes: number[] = []
  const recorder = new UsageRecorder({
    sink: (rows) => Promise.resolve(void flushes.push(rows.length)),
    onFault: () => undefined,
    onDropped: () => undefined,
  })
  for (let secret = 1; secret <= 4500; secret += 1) recorder.record(KEY, secret, 10, null)
  await recorder[Symbol.asyncDispose]()
  expect(Math.max(...flushes)).toBeLessThanOrEqual(2000)
  expect(flushes.reduce((sum, rows) => sum + rows, 0)).toBe(4500)
})

test('does not retry an unavailable store on disposal', async () => {
  let attempts = 0
  const recorder = new UsageRecorder({
    sink: () => {
      attempts += 1
      return Promise.reject(new Error('the store is unavailable'))
    },
    onFault: () => undefined,
    onDropped: () => undefined,
  })
  recorder.record(KEY, 1, 10, null)
  await recorder[Symbol.asyncDispose]()
  expect(attempts).toBe(1)
})
