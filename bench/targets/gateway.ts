import { createExpressions } from '../../packages/server/src/expression/expressions.ts'
import { startGateway } from '../../packages/server/src/gateway/gateway.ts'
import { SnapshotCell } from '../../packages/server/src/sync/snapshot-cell.ts'
import { UsageRecorder } from '../../packages/server/src/sync/usage-recorder.ts'
import { createLogger } from '../../packages/server/src/telemetry/logger.ts'
import { createRegistry } from '../../packages/server/src/telemetry/metrics.ts'
import { syntheticSnapshot } from '../synthetic/records.ts'
import { wayInRecords } from '../synthetic/ways-in.ts'
import { serveParent } from './parent.ts'

/*
 * Sallyport's gateway as `serve` runs it, but for where its snapshot comes from and where its counts of use go.
 * Started with the number of keys, and with the upstream's port where there is one.
 */
const [, , keys = '1000', upstreamPort = '9'] = process.argv

const cell = new SnapshotCell()
const upstream = `http://127.0.0.1:${upstreamPort}`
cell.current = await syntheticSnapshot(Number(keys), upstream, wayInRecords(upstream))
cell.isLoaded = true

const gateway = await startGateway({
  cell,
  config: {
    host: '127.0.0.1',
    port: 0,
    hosts: new Map(),
    // As behind nginx on the same machine.
    trustedProxies: ['127.0.0.1/32'],
    upstreamAllow: ['127.0.0.1/32'],
    maxStalenessSeconds: null,
  },
  nowMs: Date.now,
  logger: createLogger('info'),
  registry: createRegistry(),
  readiness: () => ({ ready: true, revision: cell.current.revision, snapshotAgeSeconds: 0 }),
  usage: new UsageRecorder({
    sink: () => Promise.resolve(),
    onFault: () => undefined,
    onDropped: () => undefined,
  }),
  // Its records hold nothing that is sealed.
  unseal: (sealed) => sealed,
  expressions: createExpressions(),
})

serveParent(gateway.port)
