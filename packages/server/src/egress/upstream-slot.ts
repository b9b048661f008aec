import { Dispatcher, type Pool } from 'undici'
import type { FairQueue } from '../fairness/fair-queue.ts'
import type { Tenant } from '../fairness/fair-share.ts'

/** Receives a connection's turn, or its refusal. */
export interface TurnHandler {
  /** The request may be sent now. */
  onTurn(): void
  /** The queue of the origin is full, and other requests have a better claim to it. */
  onRefused(): void
}

/** One exchange with an origin. */
export interface UpstreamSlot {
  /** Whether the request may be sent; otherwise its handler hears when. */
  readonly isReady: boolean
  /** Sends a request, once the slot is ready and an earlier request of it has ended. @throws undici's immediate errors */
  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void
  /** Returns the connection after an upgrade: the exchange goes on outside the pool until `release`. */
  upgrade(): void
  /**
   * Ends the exchange in any state. Further calls have no effect. undici keeps a request that it has no connection for yet, so
   * its slot stays taken until there is one, or none: what is given up cannot pile up. Its handler hears no more.
   */
  release(): void
}

/** The part of an origin that its slots use. */
export interface SlotOrigin {
  readonly connections: Pool
  readonly queue: FairQueue<Slot>
}

/** Counts what slots use. */
export interface SlotOwner<O extends SlotOrigin> {
  /** Ends a slot's use of its connection. */
  leave(origin: O, tenant: Tenant): void
  /** Ends a slot's use of its origin. */
  leaveOrigin(origin: O, tenant: Tenant): void
  /** Ends a slot's exchange. */
  endExchange(tenant: Tenant): void
}

/** A slot stands between undici and the handler of its request, to know whether undici has begun to send it. */
export class Slot<O extends SlotOrigin = SlotOrigin> implements UpstreamSlot, Dispatcher.DispatchHandler {
  state: 'waiting' | 'running' | 'leaving' | 'upgraded' | 'over' = 'waiting'
  readonly #owner: SlotOwner<O>
  readonly #origin: O
  readonly #tenant: Tenant
  readonly #turn: TurnHandler
  #handler: Dispatcher.DispatchHandler | null = null
  /** Whether undici has a request of this slot that it has no connection for. */
  #isUnstarted = false

  constructor(owner: SlotOwner<O>, origin: O, tenant: Tenant, turn: TurnHandler) {
    this.#owner = owner
    this.#origin = origin
    this.#tenant = tenant
    this.#turn = turn
  }

  get isReady(): boolean {
    return this.state === 'running'
  }

  /** The slot's turn has come. */
  begin(): void {
    this.state = 'running'
    this.#turn.onTurn()
  }

  /** The full queue has evicted the slot. */
  refuse(): void {
    this.#end()
    this.#turn.onRefused()
  }

  dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): void {
    if (this.state !== 'running') throw new Error('a request needs a slot whose turn has come')
    this.#handler = handler
    this.#isUnstarted = true
    try {
      this.#origin.connections.dispatch(options, this)
    } catch (error) {
      this.#isUnstarted = false
      throw error
    }
  }

  upgrade(): void {
    if (this.state !== 'running') return
    this.state = 'upgraded'
    this.#owner.leaveOrigin(this.#origin, this.#tenant)
    this.#owner.leave(this.#origin, this.#tenant)
  }

  release(): void {
    const { state } = this
    if (state === 'over' || state === 'leaving') return
    if (state === 'running' && this.#isUnstarted) {
      this.state = 'leaving'
      this.#handler = null
      return
    }
    if (state === 'waiting') this.#origin.queue.remove(this.#tenant, this)
    this.#end()
    if (state === 'running') this.#owner.leave(this.#origin, this.#tenant)
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#isUnstarted = false
    if (this.state === 'leaving') {
      this.#left()
      controller.abort(new Error('the request was given up before it had a connection'))
    } else this.#handler?.onRequestStart?.(controller, context)
  }

  onRequestSent(): void {
    this.#handler?.onRequestSent?.()
  }

  onRequestUpgrade(...event: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']>>): void {
    this.#handler?.onRequestUpgrade?.(...event)
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2],
    text?: string,
  ): void {
    this.#handler?.onResponseStart?.(controller, status, headers, text)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#handler?.onResponseData?.(controller, chunk)
  }

  onResponseEnd(
    controller: Dispatcher.DispatchController,
    trailers: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseEnd']>>[1],
  ): void {
    this.#handler?.onResponseEnd?.(controller, trailers)
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.#isUnstarted = false
    if (this.state === 'leaving') this.#left()
    else this.#handler?.onResponseError?.(controller, error)
  }

  /** undici has let go of a request that was given up. */
  #left(): void {
    this.#end()
    this.#owner.leave(this.#origin, this.#tenant)
  }

  #end(): void {
    if (this.state !== 'upgraded') this.#owner.leaveOrigin(this.#origin, this.#tenant)
    this.state = 'over'
    this.#owner.endExchange(this.#tenant)
  }
}

/** Sends requests of one slot, each with a promise of its response. */
export class SlotRequests {
  readonly #dispatcher: Dispatcher
  readonly #signal: AbortSignal

  /** @param signal ends a request in any state */
  constructor(slot: UpstreamSlot, signal: AbortSignal) {
    this.#dispatcher = new SlotDispatcher(slot)
    this.#signal = signal
  }

  /**
   * Sends a request and resolves with its response as soon as its head has arrived.
   *
   * @throws undici's errors, and the signal's reason at once, although undici still waits for a connection
   */
  async request(options: Dispatcher.RequestOptions): Promise<Dispatcher.ResponseData> {
    const signal = this.#signal
    const ended = Promise.withResolvers<never>()
    const end = (): void => ended.reject(signal.reason)
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
    try {
      return await Promise.race([this.#dispatcher.request({ ...options, signal }), ended.promise])
    } finally {
      signal.removeEventListener('abort', end)
    }
  }
}

class SlotDispatcher extends Dispatcher {
  readonly #slot: UpstreamSlot

  constructor(slot: UpstreamSlot) {
    super()
    this.#slot = slot
  }

  override dispatch(options: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    this.#slot.dispatch(options, handler)
    return true
  }
}
