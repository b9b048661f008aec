import { randomBytes } from 'node:crypto'
import type { GatewayAttachments } from '../../store/port/fleet/attachments.ts'

export interface NodeLeaseDeps {
  readonly attachments: Pick<GatewayAttachments, 'registerNode' | 'renewNode' | 'endNode'>
  /** How long a renewal lasts, in ms. */
  readonly leaseMs: number
  readonly monotonicMs: () => number
  /** For the time that people see. */
  readonly nowMs: () => number
}

/**
 * The right of a control node to give grants: a row of the database, which it renews whenever it has read the feed. Other
 * nodes remove a row that was not renewed, and a database that was restored has an older one. Then the node registers anew,
 * and no gateway is attached to it any more.
 */
export class NodeLease {
  readonly #deps: NodeLeaseDeps
  /** Empty before the first registration, and after a loss. */
  #id = ''
  #renewal = 0
  #endsAtMs = -Infinity
  #registeredAtMs = Infinity

  constructor(deps: NodeLeaseDeps) {
    this.#deps = deps
  }

  /** The name of the registration. Another registration has another one. */
  get id(): string {
    return this.#id
  }

  /** Since when it is registered by this name, by the monotonic clock; `Infinity` before. */
  get registeredAtMs(): number {
    return this.#registeredAtMs
  }

  /** By the monotonic clock. */
  get endsAtMs(): number {
    return this.#endsAtMs
  }

  /**
   * Renews the lease, or registers the node if it has none. A renewal that was not stored costs the registration: a database
   * that was away may have been restored to the moment of the renewal before, and have forgotten which gateways were
   * attached after it.
   *
   * @param readAtMs by the monotonic clock: the feed was read after it
   * @returns whether it is renewed; otherwise, the feed must be read again
   */
  async renew(readAtMs: number): Promise<boolean> {
    const { attachments, leaseMs, nowMs } = this.#deps
    if (this.#id !== '') {
      const renewal = this.#renewal
      this.#renewal += 1
      if (await attachments.renewNode(this.#id, renewal, nowMs())) {
        this.#endsAtMs = readAtMs + leaseMs
        return true
      }
    }
    this.#endsAtMs = -Infinity
    this.#registeredAtMs = Infinity
    this.#id = ''
    const id = `node_${randomBytes(8).toString('hex')}`
    await attachments.registerNode({ id, leaseMs, seenAtMs: nowMs() })
    this.#id = id
    this.#renewal = 1
    this.#registeredAtMs = this.#deps.monotonicMs()
    return false
  }

  /** The node gives no grants afterwards. */
  async end(): Promise<void> {
    this.#endsAtMs = -Infinity
    if (this.#id !== '') await this.#deps.attachments.endNode(this.#id)
    this.#id = ''
  }
}
