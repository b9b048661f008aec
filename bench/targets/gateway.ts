import { importedKeyIds } from '../../packages/server/src/crypto/imported-key-id.ts'
import { createExpressions } from '../../packages/server/src/expression/expressions.ts'
import { startGateway } from '../../packages/server/src/gateway/gateway.ts'
import { keepRequestsYoung } from '../../packages/server/src/startup/garbage-collection.ts'
import { SnapshotCell } from '../../packages/server/src/sync/snapshot-cell.ts'
import { UsageRecorder } from '../../packages/server/src/sync/usage-recorder.ts'
import { createLogger, openLog } from '../../packages/server/src/telemetry/logger.ts'
import { RequestDurations } from '../../packages/server/src/telemetry/request-durations.ts'
import { Tracing } from '../../packages/server/src/telemetry/tracing/request-trace.ts'
import { syntheticSnapshot } from '../synthetic/records.ts'
import { authVariantRecords } from '../synthetic/auth-variants.ts'
import { serveParent } from './parent.ts'

/*
 * Sallyport's gateway as `serve` runs it, but with a synthetic snapshot and without storing usage counts. Arguments: the
 * number of keys and, optionally, the upstream's port.
 */
const [, , keys = '1000', upstreamPort = '9'] = process.argv

keepRequestsYoung()
const cell = new SnapshotCell()
const upstream = `http://127.0.0.1:${upstreamPort}`
cell.replace(await syntheticSnapshot(Number(keys), upstream, authVariantRecords(upstream)), 'all')
cell.isLoaded = true

const durations = new RequestDurations()
const monotonicMs = (): number => performance.now()
const gateway = await startGateway({
  cell,
  config: {
    host: '127.0.0.1',
    port: 0,
    hosts: new Map(),
    operatorHosts: [],
    // Like a deployment behind nginx on the same machine.
    trustedProxies: ['127.0.0.1/32'],
    upstreamAllow: ['127.0.0.1/32'],
    maxStalenessSeconds: null,
    accessLog: 'refused',
    cacheBytes: 64 * 1024 * 1024,
  },
  nowMs: Date.now,
  monotonicMs,
  logger: createLogger('info', openLog()),
  registry: durations.registry,
  durations,
  tracing: new Tracing({ sampler: { followsParent: true, ratio: 1 }, spansPerSecondMax: null, monotonicMs }),
  spans: null,
  readiness: () => ({ ready: true, revision: cell.current.revision, snapshotAgeSeconds: 0 }),
  usage: new UsageRecorder({
    sink: () => Promise.resolve(),
    onFault: () => undefined,
    onLoss: () => undefined,
  }),
  // The synthetic records contain no sealed values.
  unseal: (sealed) => sealed,
  importedKeyId: importedKeyIds(new Uint8Array(32)),
  expressions: createExpressions(),
})

serveParent(gateway.port)
