import type { FeedRecord } from '@sallyport/core'
import pino from 'pino'
import { expect, test } from 'vitest'
import { readConfig } from '../config/read-config.ts'
import { ACME, deployment, idOfImported, makeKey } from '../gateway/testing/started-gateway.ts'
import type { ScheduleRuns } from '../schedule/schedule-runs.ts'
import type { Feed } from '../sync/follower.ts'
import type { UsageRow } from '../store/port/usage.ts'
import { followSnapshot } from './followed-snapshot.ts'
import { startGatewayNode } from './gateway.ts'

const logger = pino({ level: 'silent' })

/** The deployments of this test have no schedule. */
const unexpected = (): Promise<never> => Promise.reject(new Error('no schedule is deployed'))
const NO_RUNS: ScheduleRuns = {
  claim: unexpected,
  finish: unexpected,
  standing: unexpected,
  beat: unexpected,
  askToEnd: unexpected,
  abandon: unexpected,
}

/** A feed of plain data: one change with these records. */
function feedOf(records: readonly FeedRecord[]): Feed {
  const change = { revision: 1, hash: 'one', atMs: 0, records }
  return {
    readSnapshot: (use) => use({ revision: 1, hash: 'one', records: oneBatch(records) }),
    changesAfter: (revision) => Promise.resolve(revision < 1 ? [change] : []),
    onChange: () => () => undefined,
  }
}

async function* oneBatch(records: readonly FeedRecord[]): AsyncGenerator<readonly FeedRecord[]> {
  yield await Promise.resolve(records)
}

test('a gateway runs on a feed of plain data, without a store or a control plane', async () => {
  const key = makeKey()
  const reported: UsageRow[] = []
  {
    await using snapshot = await followSnapshot({
      feed: feedOf([...ACME, key.record, deployment()]),
      monotonicMs: () => performance.now(),
      logger,
    })
    await using gateway = await startGatewayNode({
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
      logger,
      nowMs: Date.now,
      monotonicMs: () => performance.now(),
      sealer: { unseal: (sealed) => sealed },
      importedKeyId: idOfImported,
      snapshot,
      reports: {
        addUsage: (rows) => {
          reported.push(...rows)
          return Promise.resolve()
        },
        runs: NO_RUNS,
      },
    })
    const headers = { 'x-api-key': key.token }
    expect((await fetch(`${gateway.url}/acme/prod/orders`, { headers })).status).toBe(200)
    expect((await fetch(`${gateway.url}/acme/prod/orders`)).status).toBe(401)
    expect(await gateway.member.confirm(1, 5000)).toMatchObject({ confirmed: true })
    expect(await gateway.member.confirm(2, 0)).toMatchObject({ confirmed: false })
    await gateway.close(1000)
  }
  // Disposing the gateway has flushed the counted uses.
  expect(reported).toMatchObject([
    { keyId: key.record.id, code: 'valid', requests: 1 },
    { keyId: null, code: 'credential_missing', requests: 1 },
  ])
})
