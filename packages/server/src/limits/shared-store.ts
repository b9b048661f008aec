import { setTimeout as pause } from 'node:timers/promises'
import type { Logger } from 'pino'
import { COUNTERS_PER_CALL_MAX, untoldMsMax } from './limit-terms.ts'
import type { Charge, CountedCounter, KnownCounter, LimitStore } from './limit-store.ts'
import { CHARGE, EXCHANGE, type StoreScript } from './scripts.ts'
import type { StoreSession } from './store-session.ts'
import { within } from './within.ts'

/** How long after a failure the store is asked again, in ms, and half of it at least: gateways do not ask together. */
const RETRY_MS = 1_000

/** The counter that is charged to see whether the store can count. It is no caller's, because it is no digest. */
const PROBE: CountedCounter = { key: keyOf('probe'), requests: 1_000, windowMs: 1_000, level: 0, count: 1 }

/** The key of a counter. All are in one slot of a cluster, by the part in braces, so that one script may have any of them. */
export function keyOf(name: string): string {
  return `{sallyport-limits}:${name}`
}

export interface SharedStoreDeps {
  /** Opens a connection; `connectStore` bound to a URL. */
  readonly connect: (probe: (session: StoreSession) => Promise<void>) => Promise<StoreSession>
  /** How long an answer is waited for, in ms. */
  readonly waitMs: number
  readonly monotonicMs: () => number
  readonly logger: Pick<Logger, 'info' | 'warn'>
}

/** A store over a connection, which it opens again when the store has failed. Disposing closes it. */
export class SharedStore implements LimitStore, AsyncDisposable {
  readonly waitMs: number
  readonly #deps: SharedStoreDeps
  readonly #ending = new AbortController()
  #charges: WaitingCharge[] = []
  #session: StoreSession | null = null
  /** The store's clock, in ms since 1970, and this process's, when an answer had arrived. */
  #clock: { readonly storeMs: number; readonly atMs: number } | null = null
  #isUp = false
  #era = 0
  #isFailureLogged = false
  #prepare: () => Promise<void> = async () => await Promise.resolve()
  #onFailure: () => void = () => {}
  #kept: Promise<void> | null = null

  constructor(deps: SharedStoreDeps) {
    this.#deps = deps
    this.waitMs = deps.waitMs
  }

  get isUp(): boolean {
    return this.#isUp
  }

  get era(): number {
    return this.#era
  }

  /**
   * Tries to connect once, and then keeps the connection in the background.
   *
   * @returns the error of the first attempt, or null
   */
  async start(): Promise<unknown> {
    const first = await this.#open()
    this.#kept = this.#keep(first === null)
    return first
  }

  /** Sets what is done when the store answers again, before it counts as up. It may call `exchange`. */
  beforeUp(prepare: () => Promise<void>): void {
    this.#prepare = prepare
  }

  async charge(charge: Charge): Promise<readonly number[] | null> {
    if (!this.#isUp) return null
    return await new Promise((resolve) => {
      // After the sockets were read, so that the requests of one turn travel in one message.
      if (this.#charges.length === 0) setImmediate(() => this.#sendCharges())
      this.#charges.push({ charge, askedAtMs: this.#deps.monotonicMs(), resolve })
    })
  }

  async exchange(counters: readonly CountedCounter[]): Promise<readonly number[] | null> {
    const args = counters.flatMap((counter) => [...numbersOf(counter), String(counter.count)])
    return await this.#call(EXCHANGE, counters, [String(untoldMsMax(this.waitMs)), ...args])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ending.abort()
    this.#end(this.#session)
    await this.#kept
  }

  #sendCharges(): void {
    const charges = this.#charges
    this.#charges = []
    let batch: WaitingCharge[] = []
    let size = 0
    for (const one of charges) {
      if (size > 0 && size + one.charge.length > COUNTERS_PER_CALL_MAX) {
        void this.#sendBatch(batch)
        batch = []
        size = 0
      }
      batch.push(one)
      size += one.charge.length
    }
    void this.#sendBatch(batch)
  }

  async #sendBatch(batch: readonly WaitingCharge[]): Promise<void> {
    const nowMs = this.#deps.monotonicMs()
    const args = batch.flatMap(({ charge, askedAtMs }) =>
      charge.flatMap((counter, index) => [
        ...numbersOf(counter, nowMs - askedAtMs),
        index === charge.length - 1 ? '1' : '0',
      ]),
    )
    const levels = await this.#call(
      CHARGE,
      batch.flatMap(({ charge }) => charge),
      args,
    )
    let start = 0
    for (const { charge, resolve } of batch) {
      resolve(levels === null ? null : levels.slice(start, start + charge.length))
      start += charge.length
    }
  }

  /** Runs a script, and gives the connection up if the answer is late or no answer. */
  async #call(
    script: StoreScript,
    counters: readonly KnownCounter[],
    args: readonly string[],
  ): Promise<readonly number[] | null> {
    const session = this.#session
    if (session === null) return null
    try {
      return await this.#ask(session, script, counters, args)
    } catch (error) {
      this.#fail(session, error)
      return null
    }
  }

  /** @throws Error if the answer is late or no answer to the script */
  async #ask(
    session: StoreSession,
    script: StoreScript,
    counters: readonly KnownCounter[],
    args: readonly string[],
  ): Promise<readonly number[]> {
    const { monotonicMs } = this.#deps
    // Never after it was sent: the last answer was written before it arrived. Unknown at first, which counts as long ago.
    const sentAtMs = this.#clock === null ? 0 : this.#clock.storeMs + monotonicMs() - this.#clock.atMs
    const answered = session.run(
      script,
      counters.map(({ key }) => key),
      [String(sentAtMs), ...args],
    )
    const answer = await within(answered, this.waitMs)
    const [storeMs = Number.NaN, ...levels] = Array.isArray(answer)
      ? answer.map((one) => (typeof one === 'string' ? Number.parseFloat(one) : Number.NaN))
      : []
    if (levels.length !== counters.length || ![storeMs, ...levels].every(Number.isFinite)) {
      throw new Error('the answer is none to the script that was sent')
    }
    this.#clock = { storeMs, atMs: monotonicMs() }
    return levels
  }

  /** Connects, and counts as up when that succeeds. @returns the error, or null */
  async #open(): Promise<unknown> {
    try {
      this.#clock = null
      const session = await this.#deps.connect(async (probed) => await this.#probe(probed))
      if (this.#ending.signal.aborted) {
        session.destroy()
        return null
      }
      this.#session = session
      void session.ended.then((error) => this.#fail(session, error))
      await this.#prepare()
      // The connection can have failed meanwhile.
      if (this.#session !== session) return null
      this.#era += 1
      this.#isUp = true
      if (this.#isFailureLogged) this.#deps.logger.info('the store of limits answers again')
      this.#isFailureLogged = false
      return null
    } catch (error) {
      this.#report(error)
      return error
    }
  }

  async #probe(session: StoreSession): Promise<void> {
    const { key } = PROBE
    const args = ['0', ...numbersOf(PROBE), String(PROBE.count)]
    await this.#ask(session, EXCHANGE, [{ ...PROBE, key }], args)
  }

  async #keep(isConnected: boolean): Promise<void> {
    const { signal } = this.#ending
    for (let isOpen = isConnected; !signal.aborted;) {
      if (isOpen && this.#session !== null) {
        await new Promise<void>((resolve) => {
          this.#onFailure = resolve
        })
      }
      if (!(await paused((RETRY_MS / 2) * (1 + Math.random()), signal))) return
      isOpen = (await this.#open()) === null
    }
  }

  #fail(session: StoreSession, error: unknown): void {
    if (session !== this.#session) return
    this.#end(session)
    this.#report(error)
  }

  #end(session: StoreSession | null): void {
    this.#session = null
    this.#isUp = false
    session?.destroy()
    this.#onFailure()
  }

  /** Logs a failure, once until the store answers again. */
  #report(error: unknown): void {
    if (this.#isFailureLogged || this.#ending.signal.aborted) return
    this.#isFailureLogged = true
    this.#deps.logger.warn(
      { err: error },
      'the store of limits (SALLYPORT_LIMITS_URL) does not answer; this gateway counts alone until it does',
    )
  }
}

interface WaitingCharge {
  readonly charge: Charge
  /** When the levels of the charge were those, by the monotonic clock. */
  readonly askedAtMs: number
  readonly resolve: (levels: readonly number[] | null) => void
}

/** @param agoMs how long ago the counter had its level */
function numbersOf({ requests, windowMs, level }: KnownCounter, agoMs = 0): string[] {
  return [String(requests), String(windowMs), String(level - (agoMs * requests) / windowMs)]
}

/** Waits. @returns false if the signal ended the wait */
async function paused(ms: number, signal: AbortSignal): Promise<boolean> {
  try {
    await pause(ms, undefined, { signal })
    return true
  } catch (error) {
    if (signal.aborted) return false
    throw error
  }
}
