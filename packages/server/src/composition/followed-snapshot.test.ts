import type { EnvironmentRecord, FeedRecord, WhenStale } from '@sallyport/core'
import pino from 'pino'
import { expect, test } from 'vitest'
import { eventually } from '../../../../test/support/eventually.ts'
import { readConfig } from '../config/read-config.ts'
import { deployment, idOfImported } from '../gateway/testing/started-gateway.ts'
import type { ScheduleRuns } from '../schedule/schedule-runs.ts'
import type { DecisionLease } from '../sync/decision-lease.ts'
import { type FollowedSnapshot, followSnapshot } from './followed-snapshot.ts'
import { startGatewayNode } from './gateway.ts'

const logger = pino({ level: 'silent' })
const ORGANIZATION: FeedRecord = { kind: 'organization', slug: 'acme' }

function environment(name: string, whenStale: WhenStale = 'serve'): EnvironmentRecord {
  const record = { kind: 'environment', organization: 'acme', name } as const
  return whenStale === 'serve' ? record : { ...record, whenStale }
}

/** A lease that the test ends, and a snapshot of these records that follows nothing. */
async function followed(records: readonly FeedRecord[], whenOver: DecisionLease['whenOver']) {
  let isOver = false
  const time = { nowMs: 0 }
  const snapshot = await followSnapshot({
    feed: {
      readSnapshot: async (use) => await use({ revision: 1, hash: 'one', records: oneBatch(records) }),
      changesAfter: async () => await Promise.resolve([]),
      onChange: () => () => undefined,
    },
    monotonicMs: () => time.nowMs,
    logger,
    lease: {
      whenOver,
      isOver: () => isOver,
      renew: async () => await Promise.resolve(false),
      end: async () => await Promise.resolve(),
    },
  })
  return {
    snapshot,
    time,
    end: () => (isOver = true),
    renew: () => (isOver = false),
    [Symbol.asyncDispose]: async () => await snapshot[Symbol.asyncDispose](),
  }
}

async function* oneBatch(records: readonly FeedRecord[]): AsyncGenerator<readonly FeedRecord[]> {
  yield await Promise.resolve(records)
}

/** The environments of `acme` for which the gateway may decide; `-` is none. */
function decided({ mayDecide }: FollowedSnapshot): string {
  const names = ['test', 'prod', 'new'].filter((name) => mayDecide('acme', name))
  return [...names, ...(mayDecide(undefined, undefined) ? ['-'] : [])].join(' ')
}

test('past the lease of a stream, an environment that serves is served, and the gateway is ready', async () => {
  await using gateway = await followed(
    [ORGANIZATION, environment('test'), environment('prod', 'refuse')],
    'by-environment',
  )
  const { snapshot, time, end, renew } = gateway
  expect([decided(snapshot), snapshot.readiness().ready]).toEqual(['test prod new -', true])
  end()
  time.nowMs = 90_000
  expect(decided(snapshot)).toBe('test')
  expect(snapshot.readiness()).toEqual({ ready: true, revision: 1, snapshotAgeSeconds: expect.any(Number) })
  snapshot.cell.replace(
    snapshot.cell.current.apply({ revision: 2, atMs: 0, records: [environment('test', 'refuse')] }),
    'all',
  )
  expect(decided(snapshot)).toBe('')
  expect(snapshot.readiness()).toMatchObject({ ready: false, reason: 'snapshot_stale', revision: 2 })
  renew()
  expect([decided(snapshot), snapshot.readiness().ready]).toEqual(['test prod new -', true])
})

test('past the lease of a stream, a gateway without an environment is not ready', async () => {
  await using gateway = await followed([ORGANIZATION], 'by-environment')
  const { snapshot, end } = gateway
  expect(snapshot.readiness().ready).toBe(true)
  end()
  expect(snapshot.readiness()).toMatchObject({ ready: false, reason: 'snapshot_stale' })
})

test('past a lease of the database, nothing is served', async () => {
  await using gateway = await followed([ORGANIZATION, environment('test')], 'refuse-all')
  const { snapshot, end } = gateway
  expect(decided(snapshot)).toBe('test prod new -')
  end()
  expect(decided(snapshot)).toBe('')
  expect(snapshot.readiness()).toMatchObject({ ready: false, reason: 'snapshot_stale' })
})

test('past the lease of a stream, a scheduled run starts only where the environment serves', async () => {
  const scheduled = (name: string): FeedRecord =>
    deployment({ kind: 'schedule', paths: [], methods: [], schedule: '* * * * *' }, undefined, {
      environment: name,
      id: `dep_${name}`,
    })
  const records = [environment('test'), environment('prod', 'refuse'), scheduled('test'), scheduled('prod')]
  await using gateway = await followed([ORGANIZATION, ...records], 'by-environment')
  const { snapshot, end, renew } = gateway
  const claimed: string[] = []
  const log: string[] = []
  const asked: string[] = []
  const unused = async (): Promise<never> => await Promise.reject(new Error('not needed'))
  const runs: ScheduleRuns = {
    claim: async (run) => {
      claimed.push(run.environment)
      return await Promise.resolve(true)
    },
    standing: async (schedule, _deployment, nowMs) => {
      asked.push(schedule.environment)
      const standing = { deployedAtMs: nowMs - 60_000, isTaken: false, lastDueAtMs: null, running: null }
      return await Promise.resolve(standing)
    },
    finish: async () => await Promise.resolve(),
    beat: unused,
    askToEnd: unused,
    abandon: unused,
  }
  end()
  await using node = await startGatewayNode({
    config: {
      gateway: { host: '127.0.0.1', port: 0 },
      hosts: [],
      controlHosts: [],
      gatewayUrl: null,
      trustedProxies: [],
      upstreamAllow: [],
      maxStalenessSeconds: null,
      accessLog: 'none',
      cacheBytes: 0,
      gatewayThreads: 1,
      telemetry: readConfig({}).telemetry,
    },
    logger: pino({ level: 'error' }, { write: (line: string) => log.push(line) }),
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
    sealer: { unseal: (sealed) => sealed },
    importedKeyId: idOfImported,
    snapshot,
    reports: { addUsage: async () => await Promise.resolve(), runs },
  })
  const refusal = expect.stringMatching(
    /"environment":"prod".*snapshot_stale|snapshot_stale.*"environment":"prod"/,
  )
  await eventually(() => expect([claimed.join(' '), log.join('')]).toEqual(['test', refusal]))
  const ready = await fetch(`${node.url}/readyz`)
  expect([ready.status, await ready.json()]).toEqual([
    200,
    { ready: true, revision: 1, snapshotAgeSeconds: expect.any(Number) },
  ])
  expect(asked.toSorted()).toEqual(['prod', 'test'])
  renew()
  await eventually(() => expect(claimed).toContain('prod'))
})
