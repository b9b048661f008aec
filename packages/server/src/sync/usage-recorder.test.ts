import type { DeploymentRecord } from '@sallyport/core'
import { expect, test } from 'vitest'
import type { UsageReport, UsageRow } from '../store/port/usage.ts'
import { UsageRecorder } from './usage-recorder.ts'
import type { RoutedDecision } from './use-counts.ts'
import { eventually } from '../../../../test/support/eventually.ts'

const ORDERS: DeploymentRecord = {
  kind: 'deployment',
  organization: 'acme',
  environment: 'prod',
  id: 'dep_1',
  pipeline: 'orders',
  project: 'default',
  version: '1.0',
  spec: { trigger: {}, steps: [] } as unknown as DeploymentRecord['spec'],
}

/** A request with one of 10,000 keys. */
function request(key = 1): RoutedDecision {
  const keyId = `key_${String(key).padStart(16, '0')}` as const
  return {
    kind: 'allow',
    deployment: ORDERS,
    principal: { organization: 'acme', consumer: null, keyId, claims: null },
    secret: { keyId, sequence: 1, isExternal: false, isRolling: false },
    budgets: [],
    basic: null,
    jwt: null,
    endsAtMs: Infinity,
  }
}

/** A recorder whose flushes are kept. @param isUnavailable whether the next flush fails */
function openRecorder(isUnavailable: () => boolean = () => false) {
  const flushes: (readonly UsageRow[])[] = []
  const faults: unknown[] = []
  let failures = 0
  const recorder = new UsageRecorder({
    sink: (rows) => {
      if (isUnavailable()) {
        failures += 1
        return Promise.reject(new Error('the store is unavailable'))
      }
      flushes.push(rows)
      return Promise.resolve()
    },
    onFault: (cause) => faults.push(cause),
    onLoss: () => undefined,
  })
  return { recorder, flushes, faults, failures: () => failures }
}

function requestsOf(flushes: readonly (readonly UsageRow[])[]): number {
  return flushes.flat().reduce((sum, { requests }) => sum + requests, 0)
}

test('sums requests and flushes them in the background', async () => {
  const { recorder, flushes } = openRecorder()
  recorder.record(request(), 10, '192.0.2.1')
  recorder.record(request(), 20, '192.0.2.2')
  await eventually(() => {
    expect(flushes).toMatchObject([[{ requests: 2, lastUsedAtMs: 20, lastUsedAddress: '192.0.2.2' }]])
  })
  await recorder[Symbol.asyncDispose]()
  expect(flushes).toHaveLength(1)
})

test('repeats the counts of a failed flush in the next one', async () => {
  let isUnavailable = true
  const { recorder, flushes, faults } = openRecorder(() => isUnavailable)
  recorder.record(request(), 10, null)
  await eventually(() => {
    expect(faults).toHaveLength(1)
  })
  recorder.record(request(), 30, '192.0.2.3')
  isUnavailable = false
  await recorder[Symbol.asyncDispose]()
  expect(flushes.flat()).toMatchObject([
    { requests: 1, lastUsedAtMs: 10 },
    { requests: 1, lastUsedAtMs: 30, lastUsedAddress: '192.0.2.3' },
  ])
})

test('merges what is counted while the store is unavailable, so that memory lasts', async () => {
  let isUnavailable = true
  const { recorder, flushes, failures } = openRecorder(() => isUnavailable)
  for (let second = 1; second <= 3; second += 1) {
    recorder.record(request(), second, null)
    await eventually(() => {
      expect(failures()).toBe(second)
    })
  }
  isUnavailable = false
  await recorder[Symbol.asyncDispose]()
  expect(flushes.flat().map(({ requests }) => requests)).toEqual([1, 2])
})

test('tells each outage of the store once', async () => {
  let isUnavailable = true
  const { recorder, flushes, faults, failures } = openRecorder(() => isUnavailable)
  recorder.record(request(), 10, null)
  await eventually(() => expect(failures()).toBe(2))
  expect(faults).toHaveLength(1)
  isUnavailable = false
  await eventually(() => expect(requestsOf(flushes)).toBe(1))
  isUnavailable = true
  recorder.record(request(), 20, null)
  await eventually(() => expect(failures()).toBe(3))
  expect(faults).toHaveLength(2)
  await recorder[Symbol.asyncDispose]()
})

test('flushes many counts in batches, and all of them on disposal', async () => {
  const { recorder, flushes } = openRecorder()
  for (let key = 1; key <= 1100; key += 1) recorder.record(request(key), 10, null)
  await recorder[Symbol.asyncDispose]()
  expect(Math.max(...flushes.map(({ length }) => length))).toBeLessThanOrEqual(1000)
  expect(requestsOf(flushes)).toBe(1100)
})

test('does not retry an unavailable store on disposal', async () => {
  const { recorder, failures } = openRecorder(() => true)
  for (let key = 1; key <= 1100; key += 1) recorder.record(request(key), 10, null)
  await recorder[Symbol.asyncDispose]()
  expect(failures()).toBe(1)
})

test('stores what is counted during a flush, once', async () => {
  const { promise: stored, resolve: store } = Promise.withResolvers<undefined>()
  const flushes: (readonly UsageRow[])[] = []
  const recorder = new UsageRecorder({
    sink: async (rows) => {
      flushes.push(rows)
      await stored
    },
    onFault: () => undefined,
    onLoss: () => undefined,
  })
  recorder.record(request(), 10, null)
  await eventually(() => {
    expect(flushes).toHaveLength(1)
  })
  recorder.record(request(), 20, null)
  const disposed = recorder[Symbol.asyncDispose]()
  store(undefined)
  await disposed
  expect(flushes.map(([row]) => row?.requests)).toEqual([1, 1])
})

test('sends a report again as it was, under its number, until it is answered', async () => {
  const reports: { readonly rows: readonly UsageRow[]; readonly report: UsageReport }[] = []
  let losesAnswers = true
  const recorder = new UsageRecorder({
    sink: async (rows, report) => {
      reports.push({ rows: structuredClone(rows), report })
      await Promise.resolve()
      if (losesAnswers) throw new Error('the answer was lost')
    },
    onFault: () => undefined,
    onLoss: () => undefined,
  })
  recorder.record(request(), 10, null)
  await eventually(() => expect(reports).toHaveLength(1))
  // It is not part of what may be counted already.
  recorder.record(request(), 20, null)
  await eventually(() => expect(reports).toHaveLength(2))
  losesAnswers = false
  await eventually(() => expect(reports).toHaveLength(4))
  await recorder[Symbol.asyncDispose]()
  const [first] = reports
  expect(reports.slice(0, 3)).toEqual([first, first, first])
  expect(reports.map(({ report }) => report.number)).toEqual([1, 1, 1, 2])
  expect(new Set(reports.map(({ report }) => report.source)).size).toBe(1)
  expect(reports.map(({ rows }) => rows.map(({ lastUsedAtMs }) => lastUsedAtMs))).toEqual([
    [10],
    [10],
    [10],
    [20],
  ])
})

test('each recorder is a source of its own', async () => {
  const sources = new Set<string>()
  for (const _ of [1, 2]) {
    const recorder = new UsageRecorder({
      sink: async (_rows, { source }) => void (await Promise.resolve(sources.add(source))),
      onFault: () => undefined,
      onLoss: () => undefined,
    })
    recorder.record(request(), 10, null)
    await recorder[Symbol.asyncDispose]()
  }
  expect([...sources].map((source) => /^[0-9a-f]{32}$/.test(source))).toEqual([true, true])
})
