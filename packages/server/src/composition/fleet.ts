import type { Logger } from 'pino'
import type { Store } from '../store/port/store.ts'
import { Lease } from '../sync/lease.ts'
import { hasEnded, ownProcess } from '../sync/os-process.ts'
import { PeerGateways } from '../sync/peer-gateways.ts'

export interface FleetDeps {
  /** The id of this process's gateway. */
  readonly id: string
  readonly store: Pick<Store, 'gateways'>
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
}

/** Prepares a process for a database that other processes may use too. */
export function joinFleet({ id, store, logger, nowMs, monotonicMs }: FleetDeps): Fleet {
  const register = store.gateways
  return {
    lease: new Lease({
      id,
      register,
      nowMs,
      monotonicMs,
      process: ownProcess(),
      onLost: () => logger.warn({ gateway: id }, "this gateway's lease ended; it registers anew"),
    }),
    peers: new PeerGateways({
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
    }),
  }
}
