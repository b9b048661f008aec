import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { Store } from '../store/port/store.ts'
import { Lease, type LeaseDeps, leaseLengths, type LeaseLengths } from '../sync/lease.ts'
import { hasEnded, ownProcess } from '../sync/os-process.ts'
import { PeerGateways } from '../sync/peer-gateways.ts'

/** What a process needs to share a database with others. */
export interface FleetDeps {
  /** The id of this process's gateway. */
  readonly id: string
  readonly store: Pick<Store, 'gateways'>
  readonly config: Pick<Config, 'leaseSeconds' | 'maxStalenessSeconds'>
  readonly logger: Logger
  readonly monotonicMs: () => number
}

/** How long a start waits at most until the other processes know of this one, in ms. They look once a second. */
const NOTICE_MS_MAX = 3_000
const SECOND_MS = 1000

function lengthsOf({ leaseSeconds, maxStalenessSeconds }: FleetDeps['config']): LeaseLengths {
  return leaseLengths(
    leaseSeconds * SECOND_MS,
    maxStalenessSeconds === null ? null : maxStalenessSeconds * SECOND_MS,
  )
}

/** The lease of this process's gateway. */
export function openLease({
  id,
  role,
  store,
  config,
  logger,
  nowMs,
  monotonicMs,
  ends,
}: FleetDeps & Pick<LeaseDeps, 'ends' | 'nowMs' | 'role'>): Lease {
  return new Lease({
    id,
    role,
    register: store.gateways,
    lengths: lengthsOf(config),
    nowMs,
    monotonicMs,
    process: ownProcess(),
    ends,
    onLost: () => logger.warn({ gateway: id }, "this gateway's lease ended; it registers anew"),
  })
}

/** The gateways of other processes. */
export interface Peers extends Pick<PeerGateways, 'list' | 'confirm'>, AsyncDisposable {
  /** Waits until they know of this process. */
  untilNoticed(): Promise<void>
}

/** Watches the gateways of the other processes. */
export function watchPeers({ id, store, config, logger, monotonicMs }: FleetDeps): Peers {
  const peers = new PeerGateways({
    register: store.gateways,
    ownId: id,
    monotonicMs,
    hasEnded,
    onFault: (err) => logger.error({ err }, 'the register of gateways cannot be read'),
    onRemoved: ({ id: gateway, seenAtMs }) =>
      logger.warn(
        { gateway, seenAt: new Date(seenAtMs).toISOString() },
        'a gateway did not renew its lease and was removed; it refuses requests until it registers anew',
      ),
  })
  return {
    list: async () => await peers.list(),
    confirm: async (revision, waitMs) => await peers.confirm(revision, waitMs),
    untilNoticed: async () => await peers.waitUntilNoticed(lengthsOf(config).sharedMs, NOTICE_MS_MAX),
    [Symbol.asyncDispose]: async () => await peers[Symbol.asyncDispose](),
  }
}
