import type {
  AttachedGateway,
  GatewayAttachments,
  GatewayProgress,
} from '../../store/port/fleet/attachments.ts'
import type { GatewayStatus, PeerConfirmations, ReceiptGateway, ReceiptState } from '../../sync/receipts.ts'
import { SharedRuns } from '../../sync/shared-runs.ts'
import { MARGIN_MS } from './attached-gateways.ts'

/** How often the database is read while a receipt waits, in ms. */
const WAITING_READ_MS = 15
/** The same while more than a few gateways are awaited. */
const MANY_READ_MS = 60
const FEW = 50
/** How often it is read otherwise, in ms. */
const READ_MS = 1_000

export interface EnrolledGatewaysDeps {
  readonly attachments: Pick<
    GatewayAttachments,
    'all' | 'behind' | 'markPast' | 'nodes' | 'progress' | 'removeNode'
  >
  /** How long a grant lasts, in ms. */
  readonly leaseMs: number
  /**
   * From which revision on a gateway past its lease lets nothing in that a change is about: it then knows that all environments
   * which the change can be about refuse. Undefined if one of them serves.
   */
  readonly refusesFrom: (revision: number) => Promise<number | undefined>
  /** Renews the registration of this node. @returns since when it is registered, by the monotonic clock */
  readonly registeredSinceMs: () => Promise<number>
  readonly monotonicMs: () => number
  /** Called after each reading, with the ids of all enrolled gateways and when the reading began. */
  readonly onRead: (ids: ReadonlySet<string>, begunAtMs: number) => void
  /** Called once when the database cannot be read, and once when it can be read again. */
  readonly onFault: (cause: unknown) => void
}

/** What was seen of a node: the last renewal of its lease, or that it has no row. */
interface SeenNode {
  /** 0 for a node without a row. */
  readonly renewal: number
  /** By the monotonic clock, after it was first seen. */
  readonly atMs: number
}

/** The gateways without a database, as receipts and people see them. */
export class EnrolledGateways implements PeerConfirmations, AsyncDisposable {
  readonly #deps: EnrolledGatewaysDeps
  readonly #readings = new SharedRuns(() => this.#readNow())
  /**
   * What the database says of leases that are over counts from here on, by the monotonic clock: if it was restored, a gateway
   * may have got a grant since then. A restored database has lost the registration of this node.
   */
  #believesPastAtMs = Infinity
  #gateways: readonly AttachedGateway[] = []
  #nodes: ReadonlyMap<string, SeenNode> = new Map()
  #isFaulty = false
  #isClosed = false
  #timer: NodeJS.Timeout | undefined

  constructor(deps: EnrolledGatewaysDeps) {
    this.#deps = deps
    this.#schedule()
  }

  /** How many there were at the last reading. */
  get size(): number {
    return this.#gateways.length
  }

  /** How many of them were past their leases. */
  get pastLeases(): number {
    return this.#gateways.filter((gateway) => this.#isPast(gateway) && !this.#isEmpty(gateway)).length
  }

  /** Every enrolled gateway. @throws errors of the database */
  async list(): Promise<readonly GatewayStatus[]> {
    await this.#readings.run()
    return this.#gateways.map((gateway) => {
      const isPast = this.#isPast(gateway)
      const isEmpty = this.#isEmpty(gateway)
      return {
        ...statusOf(gateway),
        isPast,
        isStale: !isEmpty && (isPast || !gateway.isOnHistory),
        wasAttached: !isEmpty,
      }
    })
  }

  /** See `PeerConfirmations.confirm`. */
  async confirm(
    revision: number,
    waitMs: number,
  ): Promise<{ readonly gateways: readonly ReceiptGateway[]; readonly isComplete: boolean }> {
    const { attachments, monotonicMs } = this.#deps
    const endsAtMs = monotonicMs() + waitMs
    // Without a wait, the last reading says it all.
    while (!this.#isClosed && monotonicMs() < endsAtMs) {
      const behind = await this.#inTime(attachments.behind(revision), endsAtMs)
      const pending = behind?.filter((gateway) => this.#stateOf(gateway, revision) === 'pending').length
      if (pending === 0) break
      // Reading many gateways takes longer than they take.
      const pauseMs = (pending ?? 0) > FEW ? MANY_READ_MS : WAITING_READ_MS
      await pause(Math.max(0, Math.min(pauseMs, endsAtMs - monotonicMs())))
    }
    const all = await this.#inTime(attachments.progress(), endsAtMs)
    // After the reading: whether it was one of a restored database.
    if (all?.some(({ isPast }) => isPast) === true) await this.#inTime(this.#checkRegistration(), endsAtMs)
    return {
      gateways: await this.#receiptsOf(all ?? this.#gateways, revision),
      isComplete: all !== undefined,
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#readings.idle
  }

  async #receiptsOf(
    gateways: readonly GatewayProgress[],
    revision: number,
  ): Promise<readonly ReceiptGateway[]> {
    const judged = gateways
      .filter((gateway) => gateway.role !== 'relay' && !this.#isEmpty(gateway))
      .map((gateway) => ({ gateway, state: this.#stateOf(gateway, revision) }))
    const refusesFrom = judged.some(({ state }) => state === 'past')
      ? await this.#deps.refusesFrom(revision).catch(() => undefined)
      : undefined
    return judged.map(({ gateway, state }) => {
      const refuses = refusesFrom !== undefined && gateway.isOnHistory && gateway.revision >= refusesFrom
      const confirmed = state === 'applied' || (state === 'past' && refuses)
      return { id: gateway.id, state, confirmed, seenAtMs: gateway.seenAtMs }
    })
  }

  #stateOf(gateway: GatewayProgress, revision: number): ReceiptState {
    // It decides nothing.
    if (gateway.role === 'relay' || this.#isEmpty(gateway)) return 'applied'
    if (gateway.isOnHistory && gateway.revision >= revision) return 'applied'
    return this.#isPast(gateway) ? 'past' : 'pending'
  }

  async #checkRegistration(): Promise<void> {
    const { leaseMs, registeredSinceMs } = this.#deps
    this.#believesPastAtMs = Infinity
    this.#believesPastAtMs = (await registeredSinceMs()) + leaseMs + MARGIN_MS
  }

  #isPast({ isPast }: Pick<GatewayProgress, 'isPast'>): boolean {
    return isPast && this.#deps.monotonicMs() >= this.#believesPastAtMs
  }

  /**
   * Whether a gateway has enrolled and was never attached, so that it has nothing to decide by. That is believed of a database as late
   * as a lease that is over: by then, every gateway with a stream is attached again.
   */
  #isEmpty(gateway: Pick<GatewayProgress, 'isPast' | 'wasAttached'>): boolean {
    return !gateway.wasAttached && this.#isPast(gateway)
  }

  /** What was read, or undefined if that failed or took too long. Even without a wait, it may take a while. */
  async #inTime<T>(reading: Promise<T>, endsAtMs: number): Promise<T | undefined> {
    const limitMs = Math.max(READ_MS, endsAtMs - this.#deps.monotonicMs())
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => resolve(undefined), limitMs)
    })
    try {
      return await Promise.race([reading.catch(() => undefined), timeout])
    } finally {
      clearTimeout(timer)
    }
  }

  async #readNow(): Promise<void> {
    const { attachments, monotonicMs, onFault, onRead } = this.#deps
    const begunAtMs = monotonicMs()
    try {
      const gateways = await attachments.all()
      onRead(new Set(gateways.map(({ id }) => id)), begunAtMs)
      if (gateways.length > 0) {
        await this.#judgeNodes(gateways)
        await this.#checkRegistration()
      }
      this.#gateways = gateways
      this.#isFaulty = false
    } catch (cause) {
      if (!this.#isFaulty && !this.#isClosed) onFault(cause)
      this.#isFaulty = true
      throw cause
    }
  }

  /**
   * Removes nodes that have not renewed their leases for so long that every grant of theirs is over, and marks the gateways
   * of nodes that are gone.
   */
  async #judgeNodes(gateways: readonly AttachedGateway[]): Promise<void> {
    const { attachments, monotonicMs, leaseMs } = this.#deps
    const rows = await attachments.nodes()
    const atMs = monotonicMs()
    const renewals = new Map(rows.map(({ id, renewal }) => [id, renewal]))
    const named = new Set([...renewals.keys(), ...gateways.map(({ node }) => node)])
    named.delete('')
    const seen = new Map<string, SeenNode>()
    for (const id of named) {
      const renewal = renewals.get(id) ?? 0
      const before = this.#nodes.get(id)
      seen.set(id, before?.renewal === renewal ? before : { renewal, atMs })
    }
    this.#nodes = seen
    for (const [id, { renewal, atMs: seenAtMs }] of seen) {
      const nodeLeaseMs = rows.find((row) => row.id === id)?.leaseMs ?? 0
      if (atMs < seenAtMs + Math.max(leaseMs, nodeLeaseMs) + MARGIN_MS) continue
      if (renewal > 0) await attachments.removeNode(id, renewal)
      else {
        for (const gateway of gateways)
          if (gateway.node === id) await attachments.markPast(gateway.id, gateway.attachment)
      }
    }
  }

  #schedule(): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => {
      void this.#readings
        .run()
        .catch(() => undefined)
        .finally(() => this.#schedule())
    }, READ_MS)
    this.#timer.unref()
  }
}

function statusOf({ id, role, name, revision, seenAtMs, facts }: AttachedGateway) {
  const { version, threads, openExchanges, clockOffsetMs, needsRecords } = facts
  return {
    id,
    role,
    name,
    revision,
    seenAtMs,
    needsUpgrade: numberOrNull(needsRecords) !== null,
    version: typeof version === 'string' ? version : null,
    threads: numberOrNull(threads),
    openExchanges: numberOrNull(openExchanges),
    clockOffsetMs: numberOrNull(clockOffsetMs),
  }
}

function numberOrNull(fact: unknown): number | null {
  return typeof fact === 'number' && Number.isFinite(fact) ? Math.round(fact) : null
}

async function pause(ms: number): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, ms)
  })
}
