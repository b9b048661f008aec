import { UNKNOWN_FACTS, type GatewayStatus, type ReceiptGateway } from './receipts.ts'
import type { LeaseReport } from './lease.ts'
import { SharedRuns } from './shared-runs.ts'

/** How often the register is read while there are other gateways, and otherwise, in ms. */
const READ_MS = 250
const LONE_READ_MS = 1_000
/** How often it is read while a receipt waits, in ms. */
const WAITING_READ_MS = 15
/** A gateway that has not renewed its lease for this long counts as stale, in ms: it missed a renewal. */
const SILENT_MS = 2_500
/** How much longer than a gateway a control plane counts its lease, in ms. Clocks differ by less over a lease. */
const MARGIN_MS = 100

/** A gateway in the register. */
export interface RegisteredGateway extends LeaseReport {
  readonly role: string
  readonly process: string
  readonly renewal: number
  /** Whether the database's history contains the gateway's position. */
  readonly isOnHistory: boolean
}

/** The register of gateways, as a control plane uses it. */
export interface GatewayRegister {
  all(): Promise<readonly RegisteredGateway[]>
  /** Removes a gateway unless it has renewed its lease since. @returns whether it is removed */
  remove(id: string, renewal: number): Promise<boolean>
}

export interface PeerGatewaysDeps {
  readonly register: GatewayRegister
  /** The gateway of this process, which confirms changes itself. */
  readonly ownId: string
  readonly monotonicMs: () => number
  /** Whether a process has certainly ended; see `hasEnded`. */
  readonly hasEnded: (process: string) => boolean
  /** Called once when the register cannot be read, and once when it can be read again. */
  readonly onFault: (cause: unknown) => void
  readonly onRemoved: (gateway: RegisteredGateway) => void
}

/** What the other gateways have confirmed. */
export interface PeerReceipts {
  readonly gateways: readonly ReceiptGateway[]
  /** Whether `gateways` has every registered gateway: false when the register could not be read. */
  readonly isComplete: boolean
}

/** The newest renewal that was read of a gateway. */
interface Observation {
  readonly gateway: RegisteredGateway
  /** By the monotonic clock, after the renewal was read. */
  readonly atMs: number
  /** Whether the last reading still had the gateway. */
  readonly isListed: boolean
}

/** The gateways of other processes on the same database. */
export class PeerGateways implements AsyncDisposable {
  readonly #deps: PeerGatewaysDeps
  #observed: ReadonlyMap<string, Observation> = new Map()
  readonly #readings = new SharedRuns(() => this.#readNow())
  #isFaulty = false
  #isClosed = false
  #timer: NodeJS.Timeout | undefined

  constructor(deps: PeerGatewaysDeps) {
    this.#deps = deps
    this.#schedule()
  }

  /** Every registered gateway of another process. @throws errors of the register */
  async list(): Promise<readonly GatewayStatus[]> {
    await this.#readings.run()
    const nowMs = this.#deps.monotonicMs()
    return [...this.#observed.values()].map(({ gateway, atMs, isListed }) => ({
      id: gateway.id,
      role: gateway.role,
      revision: gateway.revision,
      seenAtMs: gateway.seenAtMs,
      ...UNKNOWN_FACTS,
      isPast: !isListed,
      isStale: !isListed || !gateway.isOnHistory || nowMs - atMs > SILENT_MS,
    }))
  }

  /**
   * Waits until every other gateway has applied a revision or has lost its lease.
   *
   * @param waitMs the maximum wait
   */
  async confirm(revision: number, waitMs: number): Promise<PeerReceipts> {
    const endsAtMs = this.#deps.monotonicMs() + waitMs
    const receipts = new Map<string, ReceiptGateway>()
    let isComplete = false
    for (;;) {
      if (await this.#readBefore(endsAtMs)) {
        isComplete = true
        this.#collect(receipts, revision)
        if ([...receipts.values()].every(({ confirmed }) => confirmed)) break
      }
      const restMs = endsAtMs - this.#deps.monotonicMs()
      if (restMs <= 0 || this.#isClosed) break
      await pause(Math.min(WAITING_READ_MS, restMs))
    }
    return { gateways: [...receipts.values()], isComplete }
  }

  /**
   * Waits until every other gateway has noticed that it is not alone, so that its lease is the one of a shared database.
   *
   * @param sharedMs the length of such a lease here. Where another server has another length, two renewals show the same:
   *   the first one finds this gateway, and the second one has the new length.
   * @param waitMs the maximum wait
   */
  async waitUntilNoticed(sharedMs: number, waitMs: number): Promise<void> {
    const endsAtMs = this.#deps.monotonicMs() + waitMs
    const first = new Map<string, number>()
    while (this.#deps.monotonicMs() < endsAtMs) {
      const isRead = await this.#readBefore(endsAtMs)
      const hasNoticed = [...this.#observed.values()].map(({ gateway: { id, leaseMs, renewal } }) => {
        if (isRead && !first.has(id)) first.set(id, renewal)
        return leaseMs <= sharedMs || renewal >= (first.get(id) ?? Infinity) + 2
      })
      if (isRead && !hasNoticed.includes(false)) return
      await pause(WAITING_READ_MS)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#readings.idle
  }

  #collect(receipts: Map<string, ReceiptGateway>, revision: number): void {
    for (const [id, { gateway, isListed }] of this.#observed) {
      const confirmed = isListed && gateway.isOnHistory && gateway.revision >= revision
      const state = confirmed ? 'applied' : 'pending'
      receipts.set(id, { id, state, confirmed, seenAtMs: gateway.seenAtMs })
    }
    // A gateway that is no longer observed has lost its lease, or has ended. It uses the database, so it refuses all calls.
    for (const [id, receipt] of receipts) {
      if (!this.#observed.has(id)) receipts.set(id, { ...receipt, state: 'past', confirmed: true })
    }
  }

  /** @returns whether a reading that started after the call succeeded in time */
  async #readBefore(endsAtMs: number): Promise<boolean> {
    const read = this.#readings.run().then(
      () => true,
      () => false,
    )
    // Even without a wait the register is read once, for at most this long.
    const limitMs = Math.max(READ_MS, endsAtMs - this.#deps.monotonicMs())
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<false>((resolve) => {
      timer = setTimeout(() => resolve(false), limitMs)
    })
    try {
      return await Promise.race([read, timeout])
    } finally {
      clearTimeout(timer)
    }
  }

  async #readNow(): Promise<void> {
    const { register, monotonicMs, ownId } = this.#deps
    try {
      const rows = await register.all()
      const atMs = monotonicMs()
      const listed = new Map(rows.filter(({ id }) => id !== ownId).map((row) => [row.id, row]))
      const observed = new Map<string, Observation>()
      for (const gateway of listed.values()) {
        const before = this.#observed.get(gateway.id)
        const isRenewed = before === undefined || before.gateway.renewal !== gateway.renewal
        observed.set(gateway.id, { gateway, atMs: isRenewed ? atMs : before.atMs, isListed: true })
      }
      // A gateway that is missing from a database that lost commits may still decide until its lease is over.
      for (const [id, before] of this.#observed) {
        if (!listed.has(id)) observed.set(id, { ...before, isListed: false })
      }
      this.#observed = observed
      await this.#removeEnded()
      this.#isFaulty = false
    } catch (cause) {
      if (!this.#isFaulty && !this.#isClosed) this.#deps.onFault(cause)
      this.#isFaulty = true
      throw cause
    }
  }

  async #removeEnded(): Promise<void> {
    const { register, monotonicMs, hasEnded, onRemoved } = this.#deps
    const left = new Map(this.#observed)
    for (const [id, { gateway, atMs, isListed }] of this.#observed) {
      const isOver = monotonicMs() >= atMs + gateway.leaseMs + MARGIN_MS
      if (gateway.leaseMs > 0 && !isOver && !hasEnded(gateway.process)) continue
      if (isListed && !(await register.remove(id, gateway.renewal))) continue
      left.delete(id)
      if (isListed && gateway.leaseMs > 0) onRemoved(gateway)
    }
    this.#observed = left
  }

  #schedule(): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(
      () => {
        void this.#readings
          .run()
          .catch(() => undefined)
          .finally(() => this.#schedule())
      },
      this.#observed.size > 0 ? READ_MS : LONE_READ_MS,
    )
    this.#timer.unref()
  }
}

async function pause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, ms)
  })
}
