import {
  type ConsumerRecord,
  planId,
  type PlanLimit,
  type PlanRecord,
  type RateLimit,
  type Trigger,
} from '@sallyport/core'
import { Agent, request } from 'undici'
import { describe, expect, test } from 'vitest'
import { ACME, deployment, makeKey, OPEN, startWith, type StartedGateway } from './testing/started-gateway.ts'

const START_MS = 1_767_225_600_000
const MINUTE_MS = 60_000
const CONNECTIONS = 32

const aMinute = (requests: number, by: RateLimit['by'] = 'consumer'): RateLimit => ({
  requests,
  per: 'minute',
  by,
})

interface Burst {
  /** The number of responses per status. */
  readonly statuses: Readonly<Record<number, number>>
}

/** Sends requests over 32 concurrent connections, each as fast as it receives responses. */
async function burst(url: string, count: number, headers: Record<string, string> = {}): Promise<Burst> {
  const agents = Array.from({ length: CONNECTIONS }, () => new Agent({ connections: 1, pipelining: 1 }))
  const statuses: Record<number, number> = {}
  let left = count
  await Promise.all(
    agents.map(async (dispatcher) => {
      while (left > 0) {
        left -= 1
        const { statusCode, body } = await request(url, { dispatcher, headers })
        await body.dump()
        statuses[statusCode] = (statuses[statusCode] ?? 0) + 1
      }
      await dispatcher.close()
    }),
  )
  return { statuses }
}

function limited(rateLimits: readonly RateLimit[], trigger: Partial<Trigger> = {}) {
  return deployment({ rateLimits, ...trigger })
}

/** A gateway with a clock that the test controls. */
async function frozen(records: Parameters<typeof startWith>[0]): Promise<{
  readonly started: StartedGateway
  readonly clock: { nowMs: number }
}> {
  const clock = { nowMs: START_MS }
  return { started: await startWith(records, { nowMs: () => clock.nowMs }), clock }
}

describe('A limit is exact', () => {
  test('10,000 requests over 32 connections with a limit of 100 a minute: exactly 100 are admitted', async () => {
    const key = makeKey()
    const { started } = await frozen([...ACME, key.record, limited([aMinute(100)])])
    await using gateway = started
    const { statuses } = await burst(`${gateway.url}/acme/prod/orders`, 10_000, { 'x-api-key': key.token })
    expect(statuses).toEqual({ 200: 100, 429: 9900 })
  })

  test('a change of the wall clock neither frees a caller nor blocks one for longer', async () => {
    const key = makeKey()
    const clock = { nowMs: START_MS, monotonicMs: 500 }
    await using gateway = await startWith([...ACME, key.record, limited([aMinute(1)])], {
      nowMs: () => clock.nowMs,
      monotonicMs: () => clock.monotonicMs,
    })
    const call = async (): Promise<number> =>
      (await fetch(`${gateway.url}/acme/prod/orders`, { headers: { 'x-api-key': key.token } })).status
    expect(await call()).toBe(200)
    clock.nowMs += 60 * MINUTE_MS
    expect(await call()).toBe(429)
    clock.nowMs = START_MS - 60 * MINUTE_MS
    expect(await call()).toBe(429)
    clock.monotonicMs += MINUTE_MS
    expect(await call()).toBe(200)
  })

  test("a burst across a minute's boundary is admitted only once", async () => {
    const key = makeKey()
    const { started, clock } = await frozen([...ACME, key.record, limited([aMinute(100)])])
    await using gateway = started
    const url = `${gateway.url}/acme/prod/orders`
    const headers = { 'x-api-key': key.token }
    // Two milliseconds around a full minute: a counter per calendar minute would admit 200.
    clock.nowMs = START_MS + MINUTE_MS - 1
    const before = await burst(url, 150, headers)
    clock.nowMs = START_MS + MINUTE_MS + 1
    const after = await burst(url, 150, headers)
    expect(before.statuses).toEqual({ 200: 100, 429: 50 })
    expect(after.statuses).toEqual({ 429: 150 })
    // One request becomes available every 600 ms, not a millisecond earlier.
    clock.nowMs = START_MS + MINUTE_MS - 1 + 599
    expect((await burst(url, 3, headers)).statuses).toEqual({ 429: 3 })
    clock.nowMs += 1
    expect((await burst(url, 3, headers)).statuses).toEqual({ 200: 1, 429: 2 })
  })

  test('the keys of one consumer share its limit across all routes of the pipeline', async () => {
    const consumer = {
      kind: 'consumer',
      organization: 'acme',
      id: 'con_1',
      name: 'mobile',
      environment: 'prod',
      active: true,
      pipelines: ['orders'],
    } as const
    const keys = [
      makeKey({ consumer: 'con_1', roles: [] }),
      makeKey({ consumer: 'con_1', roles: [] }),
    ] as const
    const { started } = await frozen([
      ...ACME,
      consumer,
      ...keys.map(({ record }) => record),
      limited([aMinute(10)], { paths: ['/orders', '/all-orders'] }),
    ])
    await using gateway = started
    const one = await burst(`${gateway.url}/acme/prod/orders`, 8, { 'x-api-key': keys[0].token })
    const two = await burst(`${gateway.url}/acme/prod/all-orders`, 8, { 'x-api-key': keys[1].token })
    expect([one.statuses, two.statuses]).toEqual([{ 200: 8 }, { 200: 2, 429: 6 }])
  })

  test('a request refused for another reason is not counted', async () => {
    const key = makeKey()
    const { started } = await frozen([...ACME, key.record, limited([aMinute(1)])])
    await using gateway = started
    const url = `${gateway.url}/acme/prod/orders`
    expect((await burst(url, 50)).statuses).toEqual({ 401: 50 })
    expect((await burst(url, 2, { 'x-api-key': key.token })).statuses).toEqual({ 200: 1, 429: 1 })
  })
})

describe('Responses', () => {
  test('contain the limits and their remaining budgets', async () => {
    const key = makeKey({ rateLimits: [{ requests: 5000, per: 'day', by: 'credential' }] })
    const limits: RateLimit[] = [aMinute(2), { requests: 100, per: 'hour', by: 'credential' }]
    const { started, clock } = await frozen([...ACME, key.record, limited(limits)])
    await using gateway = started
    const call = async (path: string) => {
      const response = await fetch(`${gateway.url}${path}`, { headers: { 'x-api-key': key.token } })
      await response.text()
      return [response.status, response.headers.get('ratelimit'), response.headers.get('retry-after')]
    }
    const policy = '"consumer-minute";q=2;w=60, "credential-hour";q=100;w=3600, "key-day";q=5000;w=86400'
    const first = await fetch(`${gateway.url}/acme/prod/orders`, { headers: { 'x-api-key': key.token } })
    expect(first.headers.get('ratelimit-policy')).toBe(policy)
    expect(first.headers.get('ratelimit')).toBe(
      '"consumer-minute";r=1;t=30, "credential-hour";r=99;t=36, "key-day";r=4999;t=18',
    )
    expect(await call('/authz/acme/prod/orders')).toEqual([
      200,
      '"consumer-minute";r=0;t=60, "credential-hour";r=98;t=72, "key-day";r=4998;t=35',
      null,
    ])
    expect(await call('/acme/prod/orders')).toEqual([
      429,
      '"consumer-minute";r=0;t=60, "credential-hour";r=98;t=72, "key-day";r=4998;t=35',
      '30',
    ])
    clock.nowMs += 29_999
    expect((await call('/acme/prod/orders'))[2]).toBe('1')
    clock.nowMs += 1
    expect((await call('/acme/prod/orders'))[0]).toBe(200)
  })

  test('of a route without limits contain no rate-limit headers', async () => {
    await using gateway = await startWith([...ACME, deployment({ authentication: OPEN })])
    const response = await fetch(`${gateway.url}/acme/prod/orders`)
    expect([
      response.status,
      response.headers.has('ratelimit'),
      response.headers.has('ratelimit-policy'),
    ]).toEqual([200, false, false])
  })
})

describe('A plan', () => {
  const GOLD = planId('prod', 'gold')
  const plan = (rateLimits: readonly PlanLimit[], id = GOLD): PlanRecord => ({
    kind: 'plan',
    organization: 'acme',
    environment: 'prod',
    id,
    rateLimits,
  })
  const consumer = (fields: Partial<ConsumerRecord> = {}): ConsumerRecord => ({
    kind: 'consumer',
    organization: 'acme',
    id: 'con_1',
    name: 'mobile',
    environment: 'prod',
    active: true,
    pipelines: ['orders', 'invoices'],
    ...fields,
  })
  const aDay = (requests: number, scope: PlanLimit['scope'] = 'environment'): PlanLimit => ({
    requests,
    per: 'day',
    scope,
  })
  const pipelines = [
    deployment(),
    deployment({ paths: ['/invoices'], rateLimits: [aMinute(2)] }, undefined, { pipeline: 'invoices' }),
  ]

  async function open(rateLimits: readonly PlanLimit[], fields: Partial<ConsumerRecord> = {}) {
    const key = makeKey({ consumer: 'con_1', roles: [] })
    const records = [...ACME, plan(rateLimits), consumer({ plan: GOLD, ...fields }), key.record, ...pipelines]
    const { started } = await frozen(records)
    const call = async (pipeline = 'orders'): Promise<readonly (number | string | null)[]> => {
      const url = `${started.url}/acme/prod/${pipeline}`
      const { status, headers } = await fetch(url, { headers: { 'x-api-key': key.token } })
      return [status, headers.get('ratelimit'), headers.get('retry-after')]
    }
    return { started, call }
  }

  test('limits its consumers over all pipelines and for each, beside the limits of triggers', async () => {
    const { started, call } = await open([aDay(4), aDay(2, 'pipeline')])
    await using _ = started
    expect(await call()).toEqual([200, '"plan-day";r=3;t=21600, "plan-pipeline-day";r=1;t=43200', null])
    expect((await call())[0]).toBe(200)
    expect(await call()).toEqual([429, '"plan-day";r=2;t=43200, "plan-pipeline-day";r=0;t=86400', '43200'])
    expect(await call('invoices')).toEqual([
      200,
      '"consumer-minute";r=1;t=30, "plan-day";r=1;t=64800, "plan-pipeline-day";r=1;t=43200',
      null,
    ])
    expect((await call('invoices'))[0]).toBe(200)
    expect((await call('invoices'))[2]).toBe('43200')
  })

  test('is in force at once when it changes, when its consumer gets another one, and when it ends', async () => {
    const { started, call } = await open([aDay(10)])
    await using _ = started
    for (let used = 0; used < 3; used += 1) expect((await call())[0]).toBe(200)
    started.apply([plan([aDay(3)])])
    expect((await call())[0]).toBe(429)
    started.apply([plan([aDay(100)], 'prod/silver'), consumer({ plan: 'prod/silver' })])
    expect(await call()).toEqual([200, expect.stringContaining('r=96;'), null])
    started.apply([consumer({ plan: GOLD })])
    expect((await call())[0]).toBe(429)
    started.apply([consumer()])
    expect(await call()).toEqual([200, null, null])
    started.apply([consumer({ plan: GOLD })])
    expect((await call())[0]).toBe(429)
    started.apply([plan([])])
    expect(await call()).toEqual([200, null, null])
  })

  test('does not limit consumers that do not have it, nor keys without a consumer', async () => {
    const { started, call } = await open([aDay(1)], { plan: 'test/gold' })
    await using gateway = started
    for (let used = 0; used < 3; used += 1) expect(await call()).toEqual([200, null, null])
    const key = makeKey()
    gateway.apply([key.record])
    const { statuses } = await burst(`${gateway.url}/acme/prod/orders`, 3, { 'x-api-key': key.token })
    expect(statuses).toEqual({ 200: 3 })
  })

  test('is exact over concurrent requests to several pipelines with several keys', async () => {
    const { started } = await open([aDay(100)])
    await using gateway = started
    const more = makeKey({ consumer: 'con_1', roles: [] })
    gateway.apply([more.record])
    const bursts = await Promise.all(
      Array.from({ length: 2 }, () =>
        burst(`${gateway.url}/acme/prod/orders`, 300, { 'x-api-key': more.token }),
      ),
    )
    expect(bursts.reduce((sum, { statuses }) => sum + (statuses[200] ?? 0), 0)).toBe(100)
  })
})
