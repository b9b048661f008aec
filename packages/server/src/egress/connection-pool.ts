import { Agent, type Dispatcher } from 'undici'
import type { AddressSet } from '../address/address-set.ts'
import { checkedConnector, type Resolve } from './checked-connector.ts'

/** Connections per origin. Further requests wait for one of them, within their own timeout. */
const CONNECTIONS_PER_ORIGIN_MAX = 256
/** Requests per origin, including those that wait for a connection. */
const REQUESTS_PER_ORIGIN_MAX = 2048
/** Origins with open connections. */
const ORIGINS_MAX = 1024
/** How long an idle connection is kept when the server does not state a timeout, in ms. */
const IDLE_MS = 4_000
/** The longest idle timeout that a server can request, in ms. */
const IDLE_MS_MAX = 60_000
/** The maximum size of a response's headers. */
const HEADER_BYTES_MAX = 32 * 1024

/** Pooled HTTP connections to checked addresses, with a limit on the requests per origin. */
export class ConnectionPool {
  readonly #agent: Agent
  readonly #requests = new Map<string, number>()

  /**
   * @param allowed private addresses that may be called
   * @param resolve the resolver for names; the system's unless given
   */
  constructor(allowed: AddressSet, resolve?: Resolve) {
    this.#agent = new Agent({
      connect: checkedConnector(allowed, resolve),
      allowH2: false,
      pipelining: 1,
      connections: CONNECTIONS_PER_ORIGIN_MAX,
      maxOrigins: ORIGINS_MAX,
      keepAliveTimeout: IDLE_MS,
      keepAliveMaxTimeout: IDLE_MS_MAX,
      maxHeaderSize: HEADER_BYTES_MAX,
      // Callers bound the whole exchange with their own timer.
      headersTimeout: 0,
      bodyTimeout: 0,
    })
  }

  /** Takes one of an origin's request slots. @returns false when all of them are taken */
  acquireSlot(origin: string): boolean {
    const requests = this.#requests.get(origin) ?? 0
    if (requests >= REQUESTS_PER_ORIGIN_MAX) return false
    this.#requests.set(origin, requests + 1)
    return true
  }

  /** Returns a slot that `acquireSlot` took. */
  releaseSlot(origin: string): void {
    const requests = this.#requests.get(origin) ?? 0
    if (requests <= 1) this.#requests.delete(origin)
    else this.#requests.set(origin, requests - 1)
  }

  /** Sends a request with a streaming handler. @throws undici's immediate errors, such as one origin too many */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    this.#agent.dispatch(options, handler)
  }

  /** Sends a request and resolves with its response. @throws undici's errors */
  request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    return this.#agent.request(options)
  }

  /** Closes every connection and fails the requests in progress. */
  async destroy(): Promise<void> {
    await this.#agent.destroy()
  }
}
