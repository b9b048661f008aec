import type { Allowed, Denied, DenyReason, DeploymentRecord, KeyId, SecretUse } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { UseCounts, type RoutedDecision } from './use-counts.ts'

const MINUTE_MS = 60_000
const NOON_MS = 1_790_000_040_000

function deployment(pipeline = 'orders', organization = 'acme'): DeploymentRecord {
  return {
    kind: 'deployment',
    organization,
    environment: 'prod',
    id: `dep_${pipeline}`,
    pipeline,
    project: 'default',
    version: '1.0',
    spec: { trigger: {}, steps: [] } as unknown as DeploymentRecord['spec'],
  }
}

const ORDERS = deployment()

function keyId(index: number): KeyId {
  return `key_${String(index).padStart(16, '0')}`
}

function secret(index: number, sequence = 1, isExternal = false): SecretUse {
  return { keyId: keyId(index), sequence, isExternal, isRolling: false }
}

function allowed(
  used: SecretUse | null,
  consumer: string | null = null,
  of: DeploymentRecord = ORDERS,
): RoutedDecision {
  const organization = used?.isExternal === true ? 'partner' : of.organization
  return {
    kind: 'allow',
    deployment: of,
    principal: { organization, consumer, keyId: used?.keyId ?? null, claims: null },
    secret: used,
    budgets: [],
    basic: null,
    jwt: null,
    endsAtMs: Infinity,
  } satisfies Allowed
}

function refused(reason: DenyReason, used: SecretUse | null = null, consumer: string | null = null) {
  return {
    kind: 'deny',
    reason,
    deployment: ORDERS,
    allowed: [],
    retryAfterMs: 0,
    secret: used,
    consumer,
    budgets: [],
  } satisfies Denied
}

/** What was counted, with the start of the minute as minutes after noon. */
function all(counts: UseCounts): readonly unknown[] {
  counts.close()
  return counts
    .take(Infinity)
    .map(({ keyId: id, secretSequence, consumer, code, requests, minuteMs }) => [
      id === null ? null : Number(id.slice(4)),
      secretSequence,
      consumer,
      code,
      requests,
      (minuteMs - NOON_MS) / MINUTE_MS,
    ])
}

describe('requests are counted', () => {
  test('by secret, consumer and code', () => {
    const counts = new UseCounts()
    const decisions = [
      allowed(secret(1)),
      allowed(secret(1)),
      allowed(secret(1, 2)),
      allowed(secret(2), 'con_a'),
      allowed(secret(1), 'con_b'),
      allowed(null, 'con_b'),
      allowed(null),
      refused('rate_limited', secret(1), 'con_b'),
      refused('rate_limited', secret(1), 'con_b'),
      refused('credential_missing'),
    ]
    for (const decision of decisions) counts.add(decision, NOON_MS + 5, null)
    expect(all(counts)).toEqual([
      [1, 1, null, 'valid', 2, 0],
      [1, 2, null, 'valid', 1, 0],
      [2, 1, 'con_a', 'valid', 1, 0],
      [1, 1, 'con_b', 'valid', 1, 0],
      [null, 0, 'con_b', 'valid', 1, 0],
      [null, 0, null, 'valid', 1, 0],
      [1, 1, 'con_b', 'rate_limited', 2, 0],
      [null, 0, null, 'credential_missing', 1, 0],
    ])
    expect(all(counts)).toEqual([])
  })

  test('by minute; one that was decided late counts in the minute after', () => {
    const counts = new UseCounts()
    const times = [0, 59_999, 60_000, 59_000, 61_000, 120_000, -600_000, 121_000]
    for (const time of times) counts.add(allowed(secret(1)), NOON_MS + time, null)
    expect(all(counts)).toEqual([
      [1, 1, null, 'valid', 2, 0],
      [1, 1, null, 'valid', 3, 1],
      [1, 1, null, 'valid', 1, 2],
      [1, 1, null, 'valid', 1, -10],
      [1, 1, null, 'valid', 1, 2],
    ])
  })

  test('by the facts of the pipeline, and for a key of others without its consumer', () => {
    const counts = new UseCounts()
    counts.add(allowed(secret(1, 1, true), 'con_of_partner'), NOON_MS, '192.0.2.1')
    counts.add({ ...refused('pipeline_not_allowed', secret(1, 1, true), 'con_of_partner') }, NOON_MS, null)
    counts.close()
    const [row, denied] = counts.take(2)
    expect(row).toEqual({
      organization: 'acme',
      environment: 'prod',
      project: 'default',
      pipeline: 'orders',
      version: '1.0',
      code: 'valid',
      consumer: null,
      keyId: keyId(1),
      secretSequence: 1,
      isExternal: true,
      minuteMs: NOON_MS,
      requests: 1,
      lastUsedAtMs: NOON_MS,
      lastUsedAddress: '192.0.2.1',
      sources: [],
    })
    expect(denied).toMatchObject({ isExternal: true, consumer: null })
  })

  test('with the last use and its address', () => {
    const counts = new UseCounts()
    counts.add(allowed(secret(1)), NOON_MS + 1, '192.0.2.1')
    counts.add(allowed(secret(1)), NOON_MS + 2, '192.0.2.2')
    counts.close()
    const last = { requests: 2, lastUsedAtMs: NOON_MS + 2, lastUsedAddress: '192.0.2.2' }
    expect(counts.take(10)).toMatchObject([last])
  })

  test('with where they came from, if the key is rolling: a bounded number of sources', () => {
    const counts = new UseCounts()
    const rolling = { ...secret(1), isRolling: true }
    counts.add(allowed(rolling), NOON_MS + 1, '192.0.2.1', 'curl/8')
    counts.add(allowed(rolling), NOON_MS + 2, '192.0.2.1', '')
    counts.add(allowed(rolling), NOON_MS + 3, '192.0.2.1', 'curl/8')
    for (let index = 0; index < 30; index += 1) {
      counts.add(allowed(rolling), NOON_MS + 4, `198.51.100.${index}`, `${'a'.repeat(1000)}${index}`)
    }
    counts.close()
    const [row] = counts.take(10)
    expect(row?.requests).toBe(33)
    expect(row?.sources).toHaveLength(16)
    expect(row?.sources.slice(0, 3)).toEqual([
      { address: '192.0.2.1', userAgent: 'curl/8', requests: 2, lastUsedAtMs: NOON_MS + 3 },
      { address: '192.0.2.1', userAgent: '', requests: 1, lastUsedAtMs: NOON_MS + 2 },
      { address: '198.51.100.0', userAgent: 'a'.repeat(200), requests: 1, lastUsedAtMs: NOON_MS + 4 },
    ])
  })

  test('and taken in parts, oldest first', () => {
    const counts = new UseCounts()
    for (const index of [1, 2, 3]) counts.add(allowed(secret(index)), NOON_MS, null)
    counts.close()
    for (const index of [4, 1]) counts.add(allowed(secret(index)), NOON_MS, null)
    const take = (max: number): readonly number[] =>
      counts.take(max).map(({ keyId: id }) => Number(id?.slice(4)))
    expect(take(2)).toEqual([1, 2])
    expect(counts.size).toBe(3)
    expect(take(10)).toEqual([3])
    expect(take(10)).toEqual([])
    counts.close()
    counts.close()
    expect(take(10)).toEqual([4, 1])
    expect(counts.size).toBe(0)
  })
})

describe('memory is bounded', () => {
  test('beyond its share an organization is counted by pipeline and code alone; others are not affected', () => {
    const counts = new UseCounts()
    for (let index = 0; index < 250_000; index += 1) counts.add(allowed(secret(index)), NOON_MS, '192.0.2.1')
    const other = deployment('orders', 'other')
    for (let index = 0; index < 1000; index += 1)
      counts.add(allowed(secret(index), null, other), NOON_MS, null)
    counts.close()
    const { withoutKey, dropped } = counts.takeLosses()
    expect(dropped).toBe(0)
    expect(withoutKey).toBeGreaterThan(50_000)
    expect(counts.takeLosses()).toEqual({ withoutKey: 0, dropped: 0 })
    const rows = counts.take(Infinity)
    const sum = (organization: string): number =>
      rows
        .filter((row) => row.organization === organization)
        .reduce((total, { requests }) => total + requests, 0)
    expect(sum('acme')).toBe(250_000)
    expect(rows.filter(({ organization }) => organization === 'other')).toHaveLength(1000)
    expect(rows).toHaveLength(250_000 - withoutKey + 1 + 1000)
    const rest = rows.find(({ organization, keyId: id }) => organization === 'acme' && id === null)
    expect(rest).toMatchObject({
      requests: withoutKey,
      secretSequence: 0,
      consumer: null,
      lastUsedAddress: null,
    })
  })

  test('also for sources, of which no organization takes those of others', () => {
    const counts = new UseCounts()
    const add = (index: number, of: DeploymentRecord): void => {
      for (let source = 0; source < 16; source += 1) {
        counts.add(
          allowed({ ...secret(index), isRolling: true }, null, of),
          NOON_MS,
          `192.0.2.${source}`,
          'a',
        )
      }
    }
    for (let round = 0; round < 2; round += 1) {
      for (let index = 0; index < 10_000; index += 1) add(index, ORDERS)
      add(0, deployment('orders', 'other'))
      counts.close()
      const rows = counts.take(Infinity)
      const sources = rows.reduce((total, row) => total + row.sources.length, 0)
      expect(sources).toBeGreaterThan(25_000)
      expect(sources).toBeLessThanOrEqual(50_000)
      expect(rows.find(({ organization }) => organization === 'other')?.sources).toHaveLength(16)
      expect(rows.reduce((total, { requests }) => total + requests, 0)).toBe(160_016)
    }
  })

  test('beyond all shares an organization does not take the counts of others', () => {
    const counts = new UseCounts()
    const pipelines = Array.from({ length: 1000 }, (_, index) => deployment(`p${index}`))
    for (let minute = 0; minute < 300; minute += 1) {
      for (const of of pipelines) counts.add(allowed(secret(1), null, of), NOON_MS + minute * MINUTE_MS, null)
    }
    expect(counts.takeLosses().dropped).toBeGreaterThan(0)
    const other = deployment('orders', 'other')
    for (let index = 0; index < 10_000; index += 1) {
      counts.add(allowed(secret(index), null, other), NOON_MS + 300 * MINUTE_MS, null)
    }
    expect(counts.takeLosses()).toMatchObject({ dropped: 0 })
  })

  test('a late decision does not move the last use back', () => {
    const counts = new UseCounts()
    counts.add(allowed(secret(1)), NOON_MS + 5, '192.0.2.5')
    counts.add(allowed(secret(1)), NOON_MS + 1, '192.0.2.1')
    counts.close()
    expect(counts.take(1)).toMatchObject([{ lastUsedAtMs: NOON_MS + 5, lastUsedAddress: '192.0.2.5' }])
  })

  test('what was taken makes room', () => {
    const counts = new UseCounts()
    for (let round = 0; round < 4; round += 1) {
      for (let index = 0; index < 100_000; index += 1) counts.add(allowed(secret(index)), NOON_MS, null)
      counts.close()
      expect(counts.take(Infinity)).toHaveLength(100_000)
    }
    expect(counts.takeLosses()).toEqual({ withoutKey: 0, dropped: 0 })
  })

  test('while nothing can be stored, minute after minute, requests are dropped at last', () => {
    const counts = new UseCounts()
    const pipelines = Array.from({ length: 1000 }, (_, index) => deployment(`p${index}`))
    let requests = 0
    for (let minute = 0; minute < 300; minute += 1) {
      for (const pipeline of pipelines)
        counts.add(allowed(secret(1), null, pipeline), NOON_MS + minute * MINUTE_MS, null)
      requests += pipelines.length
      counts.close()
    }
    const { withoutKey, dropped } = counts.takeLosses()
    expect(dropped).toBeGreaterThan(0)
    expect(counts.size).toBeLessThanOrEqual(250_000)
    const stored = counts.take(Infinity).reduce((total, row) => total + row.requests, 0)
    expect(stored + dropped).toBe(requests)
    expect(withoutKey).toBeGreaterThan(dropped)
  })
})
