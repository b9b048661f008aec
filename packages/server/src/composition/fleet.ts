import type { Logger } from 'pino'
import type { Config } from '../config/config.ts'
import type { Store } from '../store/port/store.ts'
import { Lease, leaseLengths } from '../sync/lease.ts'
import { hasEnded, ownProcess } from '../sync/os-process.ts'
import { PeerGateways } from '../sync/peer-gateways.ts'

export interface FleetDeps {
  /** The id of this process's gateway. */
  readonly id: string
  readonly store: Pick<Store, 'gateways'>
  readonly config: Pick<Config, 'leaseSeconds' | 'maxStalenessSeconds'>
  readonly logger: Logger
  readonly nowMs: () => number
  readonly monotonicMs: () => number
}

/** What a process needs to share a database with others. */
export interface Fleet {
  /** Of this process's gateway. */
  readonly lease: Lease
  /** The gateways of the other processes. */
  readonly peers: PeerGateways
  /** Waits until these know of this process. They look once a second. */
  untilNoticed(): Promise<void>
}

/** How long a start waits for that at most, in ms. */
const NOTICE_MS_MAX = 3_000
const SECOND_MS = 1000

/** Prepares a process for a database that other processes may use too. */
export function joinFleet({ id, store, config, logger, nowMs, monotonicMs }: FleetDeps): Fleet {
  const register = store.gateways
  const { leaseSeconds, maxStalenessSeconds } = config
  const lengths = leaseLengths(
    leaseSeconds * SECOND_MS,
    maxStalenessSeconds === null ? null : maxStalenessSeconds * SECOND_MS,
  )
  const peers = new PeerGateways({
    register,
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
    peers,
    untilNoticed: async () => await peers.waitUntilNoticed(lengths.sharedMs, NOTICE_MS_MAX),
    lease: new Lease({
      id,
      register,
      lengths,
      nowMs,
      monotonicMs,
      process: ownProcess(),
      onLost: () => logger.warn({ gateway: id }, "this gateway's lease ended; it registers anew"),
    }),
  }
}
