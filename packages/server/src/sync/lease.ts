import type { Position } from './cell-writer.ts'
import { ownTime, type TimeCell } from '../threads/time-cell.ts'
import type { DecisionLease } from './decision-lease.ts'

/** How long a lease lasts at least while its gateway is the only one on the database, in ms. */
const LONE_LEASE_MS_MIN = 600_000
/** How often a lease is renewed without another reason, in ms. */
const RENEW_MS = 1_000
/** How long the end of a lease may take to be recorded, in ms. */
const END_MS_MAX = 1_000

/** What a gateway reports with a renewal. */
export interface LeaseReport extends Position {
  readonly id: string
  readonly leaseMs: number
  readonly seenAtMs: number
}

/** Where leases are kept. The control planes of all processes read them. */
export interface LeaseRegister {
  register(row: LeaseReport & { readonly role: string; readonly process: string }): Promise<void>
  /** @returns how many other gateways there are, or undefined when this one was removed */
  renew(report: LeaseReport): Promise<number | undefined>
  end(id: string): Promise<void>
}

/** How long a gateway may decide without the database, in ms. */
export interface LeaseLengths {
  /** While other gateways use the same database. */
  readonly sharedMs: number
  /**
   * While it is the only one. No other process can then take rights away, so it can keep serving while the database is
   * down. Another process waits for this gateway to notice it, or for this long.
   */
  readonly loneMs: number
}

/**
 * The lengths of a lease. None is longer than the limit on the age of the snapshot, because a gateway refuses all calls
 * after that anyway, and nobody needs to wait for it longer.
 *
 * @param snapshotAgeMsMax that limit, or null
 */
export function leaseLengths(sharedMs: number, snapshotAgeMsMax: number | null): LeaseLengths {
  const limitMs = snapshotAgeMsMax ?? Infinity
  return {
    sharedMs: Math.min(sharedMs, limitMs),
    loneMs: Math.min(Math.max(sharedMs, LONE_LEASE_MS_MIN), limitMs),
  }
}

export interface LeaseDeps {
  readonly id: string
  /** What this process is, as `GET /gateways` of the other processes tells it. */
  readonly role: string
  readonly register: LeaseRegister
  readonly lengths: LeaseLengths
  readonly monotonicMs: () => number
  /** For the time that people see. */
  readonly nowMs: () => number
  /** Names this process; see `ownProcess`. */
  readonly process: string
  /** Called when the lease was lost and the gateway registers anew. */
  readonly onLost: () => void
  /** Where to keep the end of the lease, by the monotonic clock, for other threads. */
  readonly ends?: TimeCell | undefined
}

/**
 * The right of a gateway to decide on its snapshot. The gateway reports the position of its snapshot with each renewal.
 * A control plane confirms a change when every gateway has reported it, or was removed because it did not renew its
 * lease in time.
 *
 * A removed gateway decides nothing: it counts its lease from before it asked the feed, a control plane counts from after
 * it read the renewal, and a removal and a renewal exclude each other in the database.
 */
export class Lease implements DecisionLease {
  /** Once the gateway is removed, receipts no longer name it, whatever an environment says. */
  readonly whenOver = 'refuse-all'
  readonly #deps: LeaseDeps
  /** By the monotonic clock: the registration was complete at this time. */
  #registeredAtMs = Infinity
  readonly #ends: TimeCell
  #renewedAtMs = -Infinity
  /** The length of the last renewal. */
  #leaseMs: number
  #reported: Position | undefined
  /** Unknown at first, which counts as not alone. */
  #isAlone = false
  #isEnded = false

  constructor(deps: LeaseDeps) {
    this.#deps = deps
    this.#leaseMs = deps.lengths.sharedMs
    this.#ends = deps.ends ?? ownTime()
  }

  get id(): string {
    return this.#deps.id
  }

  /** Whether the gateway must not decide now. Reads the clock each time, because the process may have been paused. */
  isOver(): boolean {
    return this.#deps.monotonicMs() >= this.#ends.ms
  }

  /**
   * Renews the lease if it is due.
   *
   * @param position of the snapshot in use
   * @param currentAtMs by the monotonic clock: the snapshot has everything that was committed before
   * @returns whether the snapshot must be brought up to date again before the gateway may decide
   */
  async renew(position: Position, currentAtMs: number): Promise<boolean> {
    const { id, role, register, lengths, monotonicMs, nowMs } = this.#deps
    if (this.#isEnded) return false
    if (this.#registeredAtMs === Infinity) {
      const report = { id, ...position, leaseMs: lengths.sharedMs, seenAtMs: nowMs() }
      await register.register({ ...report, role, process: this.#deps.process })
      // A change that was committed before the registration was visible is in the next answer of the feed.
      this.#registeredAtMs = monotonicMs()
      return true
    }
    const startedAtMs = monotonicMs()
    if (!this.#isDue(position, startedAtMs)) return false
    const leaseMs = this.#dueLeaseMs()
    // The renewal may succeed without an answer, so the lease must not last longer than it says.
    this.#ends.ms = Math.min(this.#ends.ms, startedAtMs + leaseMs)
    const others = await register.renew({ id, ...position, leaseMs, seenAtMs: nowMs() })
    if (others === undefined) {
      this.#ends.ms = -Infinity
      this.#registeredAtMs = Infinity
      this.#deps.onLost()
      return true
    }
    this.#renewedAtMs = startedAtMs
    this.#reported = position
    this.#leaseMs = leaseMs
    this.#isAlone = others === 0
    if (currentAtMs < this.#registeredAtMs) return true
    this.#ends.ms = currentAtMs + leaseMs
    // The answer of the feed may be too old by now, after a pause of the process.
    return this.isOver() || this.#leaseMs !== this.#dueLeaseMs()
  }

  #dueLeaseMs(): number {
    const { sharedMs, loneMs } = this.#deps.lengths
    return this.#isAlone ? loneMs : sharedMs
  }

  #isDue(position: Position, nowMs: number): boolean {
    if (nowMs - this.#renewedAtMs >= RENEW_MS || this.isOver()) return true
    if (this.#leaseMs !== this.#dueLeaseMs()) return true
    const isReported = position.revision === this.#reported?.revision && position.hash === this.#reported.hash
    // No receipt waits for the reports of a lone gateway.
    return !isReported && !this.#isAlone
  }

  /** Ends the lease: the gateway decides nothing afterwards, and no control plane waits for it. */
  async end(): Promise<void> {
    this.#isEnded = true
    this.#ends.ms = -Infinity
    if (this.#registeredAtMs === Infinity) return
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, END_MS_MAX)
    })
    // If the database does not answer, the lease ends by itself.
    await Promise.race([this.#deps.register.end(this.id).catch(() => undefined), timeout])
    clearTimeout(timer)
  }
}
