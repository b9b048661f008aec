import type { FeedPosition } from './feed.ts'

/** A registered gateway. */
export interface GatewayRow extends FeedPosition {
  readonly id: string
  readonly role: string
  /** Identifies the operating system's process: see `sync/processes.ts`. */
  readonly process: string
  /** Counts the renewals of the lease. */
  readonly renewal: number
  /** How long a renewal lasts, in ms; 0 for a gateway that has ended. */
  readonly leaseMs: number
  /** When the gateway last reported, by its own clock. For people only. */
  readonly seenAtMs: number
}

/** A registered gateway, and whether the database's history contains the gateway's position. */
export interface ListedGateway extends GatewayRow {
  readonly isOnHistory: boolean
}

/** What a gateway reports with each renewal. */
export type GatewayReport = Pick<GatewayRow, 'id' | 'revision' | 'hash' | 'leaseMs' | 'seenAtMs'>

/**
 * The gateways of one database and their leases. A gateway admits requests only while its lease lasts. Each call is a
 * statement of its own that does not take the write lock.
 */
export interface GatewayLeases {
  register(row: Omit<GatewayRow, 'renewal'>): Promise<void>
  /**
   * Renews a lease.
   *
   * @returns how many other gateways are registered, or undefined when this one no longer is
   */
  renew(report: GatewayReport): Promise<number | undefined>
  /** Records that a gateway has ended. */
  end(id: string): Promise<void>
  all(): Promise<readonly ListedGateway[]>
  /**
   * Removes a gateway unless it has renewed its lease since. It cannot renew the lease afterwards.
   *
   * @returns whether the gateway is removed
   */
  remove(id: string, renewal: number): Promise<boolean>
}
