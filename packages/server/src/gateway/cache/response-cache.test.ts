import type { DeploymentRecord } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { deployment } from '../testing/started-gateway.ts'
import type { CacheKey, CachePartition } from './cache-partition.ts'
import { ResponseCache } from './response-cache.ts'
import { storedResponse } from './stored-response.ts'

const MIB = 1024 * 1024
const FRESHNESS = {
  lifetimeSeconds: 60,
  initialAgeSeconds: 0,
  receivedAtMs: 0,
  sentAtMs: 0,
  mustRevalidate: false,
  staleIfErrorSeconds: 0,
}

function cacheOf(bytes: number): ResponseCache {
  return new ResponseCache(
    bytes,
    () => 0,
    () => 0,
  )
}

function partitionOf(cache: ResponseCache, organization = 'acme', pipeline = 'orders'): CachePartition {
  const record = recordOf(organization, pipeline)
  return cache.of(record, { organization, pipeline: `prod ${pipeline}` })
}

function recordOf(organization: string, pipeline: string): DeploymentRecord {
  return deployment({}, [], { organization, pipeline, id: pipeline })
}

function keyOf(number: number): CacheKey {
  return { text: `key ${number}`, group: `group ${number}` }
}

/** Stores a response of this size. */
function store(partition: CachePartition, number: number, bytes: number): boolean {
  const { space, tenant } = partition
  if (!space.take(tenant, bytes)) return false
  const raw = ['content-type', 'application/json', 'etag', `"${number}"`]
  const body = Buffer.allocUnsafeSlow(bytes)
  return partition.store(keyOf(number), storedResponse({ status: 200 }, raw, body, FRESHNESS), bytes)
}

function responseOf(partition: CachePartition, number: number) {
  const found = partition.find(keyOf(number))
  return found === undefined || found === 'unstorable' ? expect.fail() : found
}

describe('The bytes of the cache', () => {
  test('are given back when all responses are gone', () => {
    const cache = cacheOf(10 * MIB)
    const partition = partitionOf(cache)
    for (let number = 0; number < 100; number += 1) store(partition, number, 1000)
    store(partition, 7, 5000)
    partition.noteUnstorable(keyOf(8))
    partition.invalidate('group 9')
    expect(cache.size).toBe(99)
    expect(cache.bytes).toBeGreaterThan(100_000)
    partition.end()
    expect([cache.size, cache.bytes]).toEqual([0, 0])
    expect(store(partition, 1, 1000)).toBe(false)
    expect(cache.bytes).toBe(0)
  })

  test('hold whatever is asked for: what was used longest ago goes first', () => {
    const cache = cacheOf(MIB)
    const partition = partitionOf(cache)
    for (let number = 0; number < 20_000; number += 1) {
      store(partition, number, 100)
      if (number % 50 === 0) responseOf(partition, 0)
    }
    expect(cache.bytes).toBeLessThan(MIB)
    expect(cache.size).toBeGreaterThan(200)
    expect(responseOf(partition, 0).response.etag).toBe('"0"')
    expect(partition.find(keyOf(10_000))).toBeUndefined()
  })

  test('are not taken by one response', () => {
    const cache = cacheOf(MIB)
    const partition = partitionOf(cache)
    store(partition, 1, 1000)
    expect(store(partition, 2, MIB / 4 + 1)).toBe(false)
    expect(cache.size).toBe(1)
  })

  test('are shared: a full organization leaves room for others, and keeps what it has', () => {
    const cache = cacheOf(4 * MIB)
    const [greedy, sibling] = [partitionOf(cache), partitionOf(cache, 'acme', 'second')]
    const rival = partitionOf(cache, 'rival')
    for (let number = 0; number < 4000; number += 1) store(greedy, number, 2000)
    const alone = greedy.size
    for (let number = 0; number < 100; number += 1) {
      expect(store(rival, number, 2000)).toBe(true)
      expect(store(sibling, number, 2000)).toBe(true)
    }
    expect([rival.size, sibling.size]).toEqual([100, 100])
    expect(greedy.size).toBeGreaterThan(alone / 2)
    for (let number = 0; number < 4000; number += 1) store(greedy, number, 2000)
    expect(rival.size).toBe(100)
  })

  test('count a response that a caller still gets', () => {
    const cache = cacheOf(MIB)
    const partition = partitionOf(cache)
    store(partition, 1, 1000)
    const { bytes } = cache
    const releases = [responseOf(partition, 1).hold(), responseOf(partition, 1).hold()]
    partition.remove(keyOf(1))
    expect([cache.size, cache.bytes]).toEqual([0, bytes])
    releases[0]?.()
    releases[0]?.()
    expect(cache.bytes).toBe(bytes)
    releases[1]?.()
    expect(cache.bytes).toBe(0)
  })

  test('are about what the memory takes', () => {
    const cache = cacheOf(512 * MIB)
    const partition = partitionOf(cache)
    const before = process.memoryUsage()
    for (let number = 0; number < 40_000; number += 1) store(partition, number, 100)
    const after = process.memoryUsage()
    const taken = after.heapUsed + after.external - before.heapUsed - before.external
    expect(cache.size).toBe(40_000)
    expect(taken).toBeLessThan(1.5 * cache.bytes)
  })
})

describe('A deployment', () => {
  test('loses its part when it ends or changes, and keeps it when it is read anew', () => {
    const cache = cacheOf(MIB)
    const record = recordOf('acme', 'orders')
    const part = partitionOf(cache)
    store(part, 1, 10)
    cache.prune(() => record)
    expect([cache.size, partitionOf(cache) === part]).toEqual([1, true])
    cache.prune(() => ({ ...record, version: '1.1' }))
    expect([cache.size, partitionOf(cache) === part]).toEqual([0, false])
    store(partitionOf(cache), 1, 10)
    cache.prune(() => undefined)
    expect([cache.size, cache.bytes]).toEqual([0, 0])
  })

  test('is its id and what it does, in its environment and organization', () => {
    const cache = cacheOf(MIB)
    const record = recordOf('acme', 'orders')
    const others = [
      record,
      { ...record },
      { ...record, id: 'other' },
      { ...record, environment: 'test' },
      { ...record, organization: 'rival' },
      { ...record, spec: { ...record.spec, steps: [], trigger: { ...record.spec.trigger, timeoutMs: 1 } } },
    ]
    const parts = others.map((other) => cache.of(other, { organization: other.organization, pipeline: 'p' }))
    expect(new Set(parts).size).toBe(others.length - 1)
  })
})
