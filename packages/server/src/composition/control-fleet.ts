import { tmpdir } from 'node:os'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Config } from '../config/config.ts'
import { AttachedGateways } from '../fleet/node/attached-gateways.ts'
import { BlockWriter } from '../fleet/node/block-writer.ts'
import { EnrolledGateways } from '../fleet/node/enrolled-gateways.ts'
import { NodeFeed } from '../fleet/node/node-feed.ts'
import { NodeLease } from '../fleet/node/node-lease.ts'
import { registerNodeMetrics } from '../fleet/node/node-metrics.ts'
import { refusesFrom } from '../fleet/node/stale-refusal.ts'
import { SnapshotSpool } from '../fleet/node/snapshot-spool.ts'
import { openStreamServer, type StreamServer } from '../fleet/node/stream-server.ts'
import { removalProof } from '../fleet/stream/removal-proof.ts'
import { SPOKEN } from '../fleet/stream/versions.ts'
import type { SharedWindow } from '../requests/recent-requests.ts'
import type { Store } from '../store/port/store.ts'
import { newGatewayId } from './gateway.ts'
import type { MasterKeyUses } from './master-key.ts'
import { scheduleRunsOf } from './schedule-runs.ts'

const SECOND_MS = 1000

export interface ControlFleetDeps {
  readonly store: Store
  readonly config: Pick<Config, 'gatewayLeaseSeconds' | 'leaseSeconds'>
  readonly sealer: MasterKeyUses
  readonly logger: Logger
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  /** Keeps the requests that gateways report. */
  readonly requests: Pick<SharedWindow, 'addRequests'>
}

/** What a control plane does for gateways without a database. */
export interface ControlFleet extends AsyncDisposable {
  readonly streams: StreamServer
  /** These gateways in receipts. */
  readonly enrolled: EnrolledGateways
  registerMetrics(registry: Registry): void
}

/** Serves gateways without a database. It does nothing until one connects, but for reading who has enrolled. */
export function openControlFleet(deps: ControlFleetDeps): ControlFleet {
  const { store, config, sealer, logger, nowMs, monotonicMs, requests } = deps
  const { attachments, feed: source } = store
  const leaseMs = config.gatewayLeaseSeconds * SECOND_MS
  const stack = new AsyncDisposableStack()
  const lease = new NodeLease({ attachments, leaseMs: config.leaseSeconds * SECOND_MS, monotonicMs, nowMs })
  stack.defer(async () => {
    await lease.end().catch((err: unknown) => logger.warn({ err }, 'the end of this node was not recorded'))
  })
  const writer = new BlockWriter(sealer.fleetKeys, sealer)
  const feed = new NodeFeed({ feed: source, lease, writer, monotonicMs })
  const spool = stack.use(new SnapshotSpool({ feed: source, writer, folder: tmpdir(), monotonicMs }))
  const attached = stack.use(
    new AttachedGateways({
      attachments,
      leaseMs: () => leaseMs,
      monotonicMs,
      nowMs,
      onFault: (err) => logger.warn({ err }, 'what gateways have reported was not saved'),
    }),
  )
  const streams = openStreamServer({
    feed,
    spool,
    attached,
    attachments,
    monotonicMs,
    nowMs,
    addUsage: async (rows, report) => await store.receiveUsage(rows, report),
    addRequests: async (gateway, records) => await Promise.resolve(requests.addRequests(gateway, records)),
    enrolments: store.enrolments,
    removalOf: async (digest) =>
      (await store.enrolments.isRemoved(digest)) ? removalProof(digest, sealer.fleetKeys.signing) : undefined,
    runs: scheduleRunsOf(store),
    shared: () => sealer.fleetKeys.shared,
    leaseMs: () => leaseMs,
    logger,
    newId: newGatewayId,
    versions: SPOKEN,
  })
  const enrolled = stack.use(
    new EnrolledGateways({
      attachments,
      leaseMs,
      monotonicMs,
      async registeredSinceMs() {
        await feed.read(true)
        return lease.registeredAtMs
      },
      refusesFrom: async (revision) => await refusesFrom(store, revision),
      onRead: (ids, begunAtMs) => streams.endUnknown(ids, begunAtMs),
      onFault: (err) => logger.error({ err }, 'the register of enrolled gateways cannot be read'),
    }),
  )
  stack.defer(() => streams.close())
  stack.defer(
    source.onChange(() => {
      if (streams.size === 0) return
      feed.catchUp().catch((err: unknown) => logger.warn({ err }, 'the feed cannot be read for gateways'))
    }),
  )
  const registerMetrics = (registry: Registry): void =>
    registerNodeMetrics(registry, { streams, attached, enrolled })
  return { streams, enrolled, registerMetrics, [Symbol.asyncDispose]: async () => await stack.disposeAsync() }
}
