import type { FeedRecord, Snapshot } from '@sallyport/core'
import type { Logger } from 'pino'
import { decideAgain, type DecideCaller } from './decide-again.ts'
import { DueQueue } from './due-queue.ts'
import type { Exchange } from './exchange.ts'
import { LeaseGates } from './lease-gates.ts'
import { LiveVersions } from './live-versions.ts'
import type { MayDecide } from './may-decide.ts'
import { RecentExchanges } from './recent-exchanges.ts'
import { changedSubjects, subjectsOf } from './subjects.ts'

/** Exchanges that last longer than one to two rounds of this timer are indexed, in ms. */
const ROUND_MS = 250
/** An exchange that ends within this time is indexed at once, so that it is cut in time. In ms, two rounds and more. */
const SOON_MS = 1_000
/** The longest wait before due times are compared with the clock again, since the clock can be set. In ms. */
const CLOCK_CHECK_MS = 1_000

export interface OpenExchangesDeps {
  readonly cell: { readonly current: Snapshot }
  readonly decideCaller: DecideCaller
  readonly nowMs: () => number
  /** Nothing may pass for an environment for which it is false; absent for a gateway without a lease. */
  readonly mayDecide?: MayDecide | undefined
  readonly logger: Logger
}

/**
 * Every open exchange of a gateway. It ends those that a change of the snapshot, or the passing of time, no longer
 * allows.
 *
 * Most exchanges end within milliseconds, so a new one is only added to a set. It is indexed by its subjects when it has
 * lasted for a while, and before a change is applied: no change looks at the index while an exchange is missing from it.
 */
export class OpenExchanges implements Disposable {
  readonly #deps: OpenExchangesDeps
  /** Not indexed yet. */
  readonly #recent = new RecentExchanges()
  readonly #bySubject = new Map<string, Set<Exchange>>()
  readonly #due = new DueQueue()
  readonly #gates: LeaseGates
  #roundTimer: NodeJS.Timeout | undefined
  #dueTimer: NodeJS.Timeout | undefined
  /** The due time that the timer waits for. */
  #dueTimerForMs = Infinity
  #indexed = 0

  constructor(deps: OpenExchangesDeps) {
    this.#deps = deps
    this.#gates = new LeaseGates(deps.mayDecide ?? (() => true))
  }

  get size(): number {
    return this.#recent.size + this.#indexed
  }

  /** Registers an exchange that the current snapshot allows, until its `close`. Its owner is set in the same tick. */
  add(exchange: Exchange): void {
    exchange.registration = this
    const endsAtMs = exchange.verdict?.endsAtMs ?? Infinity
    exchange.dueAtMs = endsAtMs
    if (endsAtMs !== Infinity && endsAtMs < this.#deps.nowMs() + SOON_MS) {
      this.#index(exchange, this.#deps.cell.current, new LiveVersions(this.#deps.cell.current), endsAtMs)
      return
    }
    this.#recent.add(exchange)
    this.#roundTimer ??= setTimeout(() => this.#onRound(), ROUND_MS).unref()
  }

  /** Called by an exchange that has ended. */
  remove(exchange: Exchange): void {
    exchange.registration = null
    if (!this.#recent.delete(exchange)) this.#unindex(exchange)
  }

  /** Called by an exchange that depends on more than before. */
  refresh(exchange: Exchange): void {
    const snapshot = this.#deps.cell.current
    this.#recent.delete(exchange)
    this.#check(exchange, snapshot, new LiveVersions(snapshot))
  }

  /** Whether bytes of an exchange may pass now. The timers may be late, so a due exchange is decided again first. */
  mayPass(exchange: Exchange): boolean {
    if (exchange.dueAtMs !== Infinity && exchange.dueAtMs <= this.#deps.nowMs()) this.refresh(exchange)
    const { organization, environment } = exchange.deployment
    return exchange.cutReason === null && this.#gates.isOpen(organization, environment)
  }

  /** Calls `resume` when bytes of the exchange may pass again, unless it has ended by then. */
  whenOpen(exchange: Exchange, resume: () => void): void {
    const isOpen = (): boolean => exchange.registration === this
    const { organization, environment } = exchange.deployment
    this.#gates.whenOpen(
      organization,
      environment,
      () => {
        if (isOpen()) resume()
      },
      () => {
        if (isOpen()) exchange.owner?.heldTooLong?.()
      },
    )
  }

  /**
   * Ends the exchanges that a new snapshot refuses. When this returns, none of them sends or forwards a byte.
   *
   * @param records the changed records; `all` if any record may have changed
   */
  apply(snapshot: Snapshot, records: readonly FeedRecord[] | 'all'): void {
    const live = new LiveVersions(snapshot)
    let cut = 0
    for (const exchange of this.#affected(records)) if (!this.#check(exchange, snapshot, live)) cut += 1
    if (cut > 0)
      this.#deps.logger.info({ exchanges: cut, revision: snapshot.revision }, 'open exchanges were cut')
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#roundTimer)
    this.#gates[Symbol.dispose]()
    clearTimeout(this.#dueTimer)
  }

  #affected(records: readonly FeedRecord[] | 'all'): ReadonlySet<Exchange> {
    // Indexed by the snapshot that is still the current one, in which removed records exist.
    const { current } = this.#deps.cell
    const live = new LiveVersions(current)
    for (const exchange of this.#recent.takeAll()) this.#indexRecent(exchange, current, live)
    const affected = new Set<Exchange>()
    const subjects = records === 'all' ? this.#bySubject.keys() : changedSubjects(records)
    for (const subject of subjects) {
      for (const exchange of this.#bySubject.get(subject) ?? []) affected.add(exchange)
    }
    return affected
  }

  /** Decides an exchange again and indexes it anew, or cuts it. @returns whether it goes on */
  #check(exchange: Exchange, snapshot: Snapshot, live: LiveVersions): boolean {
    const { decideCaller, nowMs, logger } = this.#deps
    const timeMs = nowMs()
    try {
      const standing = decideAgain(snapshot, live, exchange, decideCaller, timeMs)
      if (standing.reason === null) {
        exchange.verdict = standing.verdict
        this.#unindex(exchange)
        // In the past only if the clock was set back meanwhile.
        const isAhead = standing.endsAtMs > timeMs
        this.#index(exchange, snapshot, live, isAhead ? standing.endsAtMs : timeMs + CLOCK_CHECK_MS)
        return true
      }
      exchange.cutReason = standing.reason
    } catch (err) {
      // An exchange that cannot be decided must not go on, and must not keep the others from being decided.
      logger.error({ err }, 'an open exchange could not be decided again')
      exchange.cutReason = 'credential_invalid'
    }
    this.remove(exchange)
    try {
      exchange.owner?.cut(exchange.cutReason)
    } catch (err) {
      logger.error({ err }, 'an open exchange could not be ended in order')
      exchange.caller?.request.socket.destroy()
    }
    return false
  }

  #onRound(): void {
    this.#roundTimer = undefined
    const { current } = this.#deps.cell
    const live = new LiveVersions(current)
    for (const exchange of this.#recent.nextRound()) this.#indexRecent(exchange, current, live)
    if (this.#recent.size > 0) this.#roundTimer = setTimeout(() => this.#onRound(), ROUND_MS).unref()
  }

  #indexRecent(exchange: Exchange, snapshot: Snapshot, live: LiveVersions): void {
    this.#index(exchange, snapshot, live, exchange.verdict?.endsAtMs ?? Infinity)
  }

  #index(exchange: Exchange, snapshot: Snapshot, live: LiveVersions, endsAtMs: number): void {
    const subjects = subjectsOf(snapshot, exchange, live)
    exchange.subjects = subjects
    this.#indexed += 1
    for (const subject of subjects) {
      const indexed = this.#bySubject.get(subject)
      if (indexed === undefined) this.#bySubject.set(subject, new Set([exchange]))
      else indexed.add(exchange)
    }
    this.#due.set(exchange, endsAtMs)
    this.#scheduleDue()
  }

  #unindex(exchange: Exchange): void {
    const { subjects } = exchange
    if (subjects === null) return
    exchange.subjects = null
    this.#indexed -= 1
    for (const subject of subjects) {
      const indexed = this.#bySubject.get(subject)
      indexed?.delete(exchange)
      if (indexed?.size === 0) this.#bySubject.delete(subject)
    }
    this.#due.remove(exchange)
  }

  /** Wall time names the due times, and it can be set, so the wait is bounded and the clock is read again after it. */
  #scheduleDue(): void {
    const { first } = this.#due
    if (first === undefined || (this.#dueTimer !== undefined && this.#dueTimerForMs <= first.dueAtMs)) return
    clearTimeout(this.#dueTimer)
    this.#dueTimerForMs = first.dueAtMs
    const waitMs = Math.min(Math.max(1, first.dueAtMs - this.#deps.nowMs()), CLOCK_CHECK_MS)
    this.#dueTimer = setTimeout(() => this.#onDue(), waitMs).unref()
  }

  #onDue(): void {
    this.#dueTimer = undefined
    const { cell, nowMs } = this.#deps
    const timeMs = nowMs()
    const live = new LiveVersions(cell.current)
    const due: Exchange[] = []
    for (
      let first = this.#due.first;
      first !== undefined && first.dueAtMs <= timeMs;
      first = this.#due.first
    ) {
      this.#due.remove(first)
      due.push(first)
    }
    for (const exchange of due) this.#check(exchange, cell.current, live)
    this.#scheduleDue()
  }
}
