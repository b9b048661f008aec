import { Problem } from '@sallyport/core'
import { Pool, type buildConnector } from 'undici'
import type { AddressSet } from '../address/address-set.ts'
import { FairQueue } from '../fairness/fair-queue.ts'
import { FairShare, type Tenant } from '../fairness/fair-share.ts'
import { checkedConnector, type Resolve } from './checked-connector.ts'
import {
  Slot,
  SlotRequests,
  type SlotOrigin,
  type SlotOwner,
  type TurnHandler,
  type UpstreamSlot,
} from './upstream-slot.ts'
import type { UpstreamTls } from './upstream-tls.ts'

/** Connections per origin. One pipeline uses up to 256 of them; further requests wait for their turn. */
const CONNECTIONS_PER_ORIGIN_MAX = 456
/** Requests per origin that wait for a connection. */
const WAITING_PER_ORIGIN_MAX = 2048
/**
 * Requests in progress, including waiting ones, and tunnels. One organization can hold 13,824, which leaves some of the
 * gateway's 16,384 callers' connections to others.
 */
const EXCHANGES_MAX = 18_432
/** Origins with open connections. */
const ORIGINS_MAX = 1024
/** How many idle origins are evicted at a time, so that finding them costs little per request. */
const EVICTED_AT_A_TIME = 32
/** How long an idle connection is kept when the server does not state a timeout, in ms. */
const IDLE_MS = 4_000
/** The longest idle timeout that a server can request, in ms. */
const IDLE_MS_MAX = 60_000
/** The maximum size of a response's headers. */
const HEADER_BYTES_MAX = 32 * 1024

/** The requests of one organization to one origin. */
interface OriginUser {
  readonly tenant: Tenant
  requests: number
}

interface Origin extends SlotOrigin {
  readonly name: string
  /** Organizations with requests in progress, waiting ones included. */
  readonly users: Map<string, OriginUser>
  lastUse: number
}

/**
 * Pooled HTTP connections to checked addresses. Organizations, and their pipelines, share the exchanges, the origins and
 * the connections of each origin, so that requests of one organization that hang at an upstream do not stop others, not
 * even at the same upstream.
 */
export class ConnectionPool implements SlotOwner<Origin> {
  readonly #options: Pool.Options
  readonly #connector: (tls: UpstreamTls | null) => buildConnector.connector
  readonly #origins = new Map<string, Origin>()
  readonly #exchanges = new FairShare(EXCHANGES_MAX)
  /** One unit for each pair of an origin and an organization with requests to it, so origins in use never exceed it. */
  readonly #originShare = new FairShare(ORIGINS_MAX)
  #uses = 0
  #isDestroyed = false

  /**
   * @param allowed private addresses that may be called
   * @param resolve the resolver for names; the system's unless given
   */
  constructor(allowed: AddressSet, resolve?: Resolve) {
    this.#connector = (tls) => checkedConnector(allowed, resolve, tls)
    this.#options = {
      connect: this.#connector(null),
      allowH2: false,
      pipelining: 1,
      connections: CONNECTIONS_PER_ORIGIN_MAX,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS_MAX,
      maxHeaderSize: HEADER_BYTES_MAX,
      // Callers bound the whole exchange with their own timer.
      headersTimeout: 0,
      bodyTimeout: 0,
    }
  }

  /** Exchanges in progress. */
  get exchanges(): number {
    return this.#exchanges.used
  }

  /** Origins with connections, idle ones included. */
  get origins(): number {
    return this.#origins.size
  }

  /**
   * Asks for a connection to an origin for one request.
   *
   * @param handler is called at most once, possibly before this returns, unless the slot is ready at once
   * @param tls of the connection, if it is special
   * @returns undefined when the tenant's share of exchanges or origins is used up
   */
  acquire(
    originName: string,
    tenant: Tenant,
    handler: TurnHandler,
    tls: UpstreamTls | null = null,
  ): UpstreamSlot | undefined {
    if (!this.#exchanges.take(tenant)) return undefined
    const origin = this.#enter(originName, tenant, tls)
    if (origin === undefined) {
      this.#exchanges.give(tenant)
      return undefined
    }
    const slot = new Slot(this, origin, tenant, handler)
    if (origin.queue.start(tenant)) slot.state = 'running'
    else origin.queue.add(tenant, slot)
    return slot
  }

  /**
   * Runs requests, one after the other, when their turn comes, and frees the connection when `work` has settled.
   *
   * @param signal ends the wait, and the requests; `work` observes it itself while it reads a response
   * @param tls of the connection, if it is special
   * @throws Problem `unavailable`, as a rejection, when the tenant's share is used up; the signal's reason; errors of `work`
   */
  async withSlot<T>(
    originName: string,
    tenant: Tenant,
    signal: AbortSignal,
    work: (requests: SlotRequests) => Promise<T>,
    tls: UpstreamTls | null = null,
  ): Promise<T> {
    const turn = Promise.withResolvers<undefined>()
    const handler = {
      onTurn: () => turn.resolve(undefined),
      onRefused: () => turn.reject(new Problem('unavailable')),
    }
    const slot = this.acquire(originName, tenant, handler, tls)
    if (slot === undefined) throw new Problem('unavailable')
    const end = (): void => turn.reject(signal.reason as Error)
    try {
      if (!slot.isReady) {
        signal.addEventListener('abort', end)
        if (signal.aborted) end()
        await turn.promise
      }
      return await work(new SlotRequests(slot, signal))
    } finally {
      signal.removeEventListener('abort', end)
      slot.release()
    }
  }

  /** Closes every connection and fails the requests in progress. */
  async destroy(): Promise<void> {
    this.#isDestroyed = true
    const all = [...this.#origins.values()]
    this.#origins.clear()
    await Promise.all(all.map(async ({ connections }) => await connections.destroy()))
  }

  /** @internal Ends a slot's use of its connection. */
  leave({ queue }: Origin, tenant: Tenant): void {
    queue.release(tenant)
    // One request ends, but it can make room for two: the shares of other tenants grow with what is free.
    for (let next = queue.take(); next !== undefined; next = queue.take()) next.begin()
  }

  /** @internal Ends a slot's use of its origin. */
  leaveOrigin(origin: Origin, { organization }: Tenant): void {
    const user = origin.users.get(organization)
    if (user === undefined) return
    user.requests -= 1
    if (user.requests > 0) return
    origin.users.delete(organization)
    this.#originShare.give(user.tenant)
  }

  /** @internal Ends a slot's exchange. */
  endExchange(tenant: Tenant): void {
    this.#exchanges.give(tenant)
  }

  /** Counts a request to an origin. @returns undefined when the organization's share of origins is used up */
  #enter(originName: string, tenant: Tenant, tls: UpstreamTls | null): Origin | undefined {
    if (this.#isDestroyed) return undefined
    const name = poolName(originName, tls)
    const known = this.#origins.get(name)
    const user = known?.users.get(tenant.organization)
    if (known !== undefined && user !== undefined) {
      user.requests += 1
      return known
    }
    if (!this.#originShare.take(tenant)) return undefined
    const origin = known ?? this.#open(name, originName, tls)
    origin.lastUse = this.#uses += 1
    origin.users.set(tenant.organization, { tenant, requests: 1 })
    return origin
  }

  #open(name: string, originName: string, tls: UpstreamTls | null): Origin {
    if (this.#origins.size >= ORIGINS_MAX) this.#evictIdle()
    const options = tls === null ? this.#options : { ...this.#options, connect: this.#connector(tls) }
    const origin: Origin = {
      name,
      connections: new Pool(originName, options),
      queue: new FairQueue(
        { runningMax: CONNECTIONS_PER_ORIGIN_MAX, waitingMax: WAITING_PER_ORIGIN_MAX },
        (slot) => slot.refuse(),
      ),
      users: new Map(),
      lastUse: 0,
    }
    this.#origins.set(name, origin)
    const closeIfUnused = (): void => {
      setImmediate(() => this.#closeIfUnused(origin))
    }
    origin.connections.on('disconnect', closeIfUnused)
    origin.connections.on('connectionError', closeIfUnused)
    return origin
  }

  /** Forgets an origin without connections and requests, and so the memory of its past connections. */
  #closeIfUnused(origin: Origin): void {
    const { name, users, connections } = origin
    if (users.size > 0 || connections.stats.connected > 0 || this.#origins.get(name) !== origin) return
    this.#origins.delete(name)
    connections.destroy().catch(ignore)
  }

  /** Closes the idle origins that were not used for longest. There is one: fewer are in use than there may be. */
  #evictIdle(): void {
    const idle = [...this.#origins.values()].filter(({ users }) => users.size === 0)
    idle.sort((one, other) => one.lastUse - other.lastUse)
    for (const { name, connections } of idle.slice(0, EVICTED_AT_A_TIME)) {
      this.#origins.delete(name)
      // Upgraded connections no longer belong to the pool and stay open.
      connections.destroy().catch(ignore)
    }
  }
}

/** Connections are shared by requests of the same origin and TLS. An origin has no spaces. */
function poolName(origin: string, tls: UpstreamTls | null): string {
  return tls === null ? origin : `${origin} ${tls.key}`
}

function ignore(): void {
  // Nothing to do.
}
