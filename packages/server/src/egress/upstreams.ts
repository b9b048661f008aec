import { Agent, type Dispatcher } from 'undici'
import type { AddressSet } from '../address/address-set.ts'
import { upstreamConnector, type Resolve } from './upstream-address.ts'

/** Connections to one origin at a time; further requests wait for one, within their pipeline's timeout. */
const CONNECTIONS_PER_ORIGIN_MAX = 256
/** Requests to one origin at a time, waiting ones included. */
const REQUESTS_PER_ORIGIN_MAX = 2048
/** Origins with open connections at a time. */
const ORIGINS_MAX = 1024
/** How long an unused connection is kept, in ms, where the upstream says nothing about it. */
const IDLE_MS = 4_000
/** The longest that an upstream can have it kept, in ms. */
const IDLE_MS_MAX = 60_000
/** The most bytes of an upstream's response headers. */
const HEADER_BYTES_MAX = 32 * 1024

/** The connections to all upstreams, and how many requests each has. */
export class Upstreams {
  readonly #agent: Agent
  readonly #running = new Map<string, number>()

  /**
   * @param allowed private addresses that may be called
   * @param resolve where the addresses of names come from: the system's resolver unless given
   */
  constructor(allowed: AddressSet, resolve?: Resolve) {
    this.#agent = new Agent({
      connect: upstreamConnector(allowed, resolve),
      allowH2: false,
      pipelining: 1,
      connections: CONNECTIONS_PER_ORIGIN_MAX,
      maxOrigins: ORIGINS_MAX,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS_MAX,
      maxHeaderSize: HEADER_BYTES_MAX,
      // The exchange has one clock for everything, and it is not undici's.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  /** Takes a place among an origin's requests; false when all are taken. */
  enter(origin: string): boolean {
    const running = this.#running.get(origin) ?? 0
    if (running >= REQUESTS_PER_ORIGIN_MAX) return false
    this.#running.set(origin, running + 1)
    return true
  }

  /** Gives the place back. */
  leave(origin: string): void {
    const running = this.#running.get(origin) ?? 0
    if (running <= 1) this.#running.delete(origin)
    else this.#running.set(origin, running - 1)
  }

  /** @throws what undici refuses at once, such as one origin too many */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#agent.dispatch(options, handler)
  }

  /** Sends a request of our own, which no caller's exchange has a part in. @throws what undici throws */
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    return this.#agent.request(options)
  }

  /** Ends every connection, whatever runs on it. */
  async destroy(): Promise<void> {
    await this.#agent.destroy()
  }
}
