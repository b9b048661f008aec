import { Problem } from '@sallyport/core'
import type { Dispatcher } from 'undici'
import type { ConnectionPool } from '../../egress/connection-pool.ts'
import type { TurnHandler, UpstreamSlot } from '../../egress/upstream-slot.ts'
import type { Tenant } from '../../fairness/fair-share.ts'
import { beginAttempts, type Attempted, type Attempts } from '../balance/attempts.ts'
import type { Balancer } from '../balance/balancer.ts'
import type { BalancedRequest } from '../balance/balancing.ts'
import { isOwnEnd, isRetryable } from '../proxy/upstream-problem.ts'
import { untilMayPass, type Passage } from '../request/passage.ts'
import { withinTime } from '../request/within-time.ts'
import { CallerGone } from '../request/request-body.ts'
import {
  RESPONSE_BYTES_MAX,
  responseOf,
  tooLarge,
  unusableHead,
  type UpstreamRequest,
  type UpstreamResponse,
} from './upstream-request.ts'

/** What a balanced request shares with others of its gateway. */
export interface BalancedRequestDeps {
  readonly connections: ConnectionPool
  readonly balancer: Balancer
  /** Whose share of connections it uses. */
  readonly tenant: Tenant
  /** Called with the origin of each attempt. */
  readonly onAttempt: (origin: string) => void
}

/**
 * As `sendRequest`, to the targets of a step: its content is at hand, and its response is only used as a whole, so that every
 * request of a method that may be repeated can be.
 *
 * @param about what the target can depend on
 * @throws what `sendRequest` throws
 */
export async function sendBalanced(
  deps: BalancedRequestDeps,
  request: Omit<UpstreamRequest, 'origin'>,
  about: BalancedRequest,
  passage: Passage,
  timeoutMs: number | null,
  signal: AbortSignal,
): Promise<UpstreamResponse> {
  return await withinTime(timeoutMs, signal, async (ended) => {
    const sent = new BalancedCall(deps, request, about, passage, ended)
    return await sent.response()
  })
}

/** One request to one of several targets, until its response has been read. */
class BalancedCall implements Dispatcher.DispatchHandler, TurnHandler, Attempted {
  readonly handler = this
  readonly isBuffered = true
  readonly isOwnEnd = isOwnEnd
  readonly #deps: BalancedRequestDeps
  readonly #request: Omit<UpstreamRequest, 'origin'>
  readonly #passage: Passage
  readonly #ended: AbortSignal
  readonly #result = Promise.withResolvers<UpstreamResponse>()
  readonly #attempts: Attempts | null
  #origin = ''
  #slot: UpstreamSlot | undefined
  #controller: Dispatcher.DispatchController | null = null
  #status = 0
  #headers: Readonly<Record<string, string | string[] | undefined>> = {}
  #chunks: Buffer[] = []
  #bytes = 0
  #isOver = false

  constructor(
    deps: BalancedRequestDeps,
    request: Omit<UpstreamRequest, 'origin'>,
    about: BalancedRequest,
    passage: Passage,
    ended: AbortSignal,
  ) {
    this.#deps = deps
    this.#request = request
    this.#passage = passage
    this.#ended = ended
    this.#attempts = beginAttempts(deps.balancer, about, this)
  }

  /** Sends the request. @returns its response, read as a whole */
  async response(): Promise<UpstreamResponse> {
    const end = (): void => this.#fail(this.#ended.reason)
    this.#ended.addEventListener('abort', end)
    try {
      if (this.#ended.aborted) end()
      else if (this.#attempts === null) this.onRefused()
      else this.sendAgain(this.#attempts.origin)
      return await this.#result.promise
    } finally {
      this.#ended.removeEventListener('abort', end)
    }
  }

  readonly isRepeatable = (): boolean => true
  readonly isCallersFault = (): boolean => this.#isOver
  readonly isWaitedFor = (): boolean => !this.#passage.mayPass()
  readonly isLostConnection = (error: Error): boolean => isRetryable(this.#request.method, error)

  /** Sends the request for the first time, or to another target. */
  readonly sendAgain = (origin: string): void => {
    if (this.#isOver) return
    this.#slot?.release()
    this.#origin = origin
    this.#deps.onAttempt(origin)
    this.#controller = null
    const { connections, tenant } = this.#deps
    this.#slot = connections.acquire(origin, tenant, this, this.#request.tls)
    if (this.#slot === undefined) this.onRefused()
    else if (this.#slot.isReady) this.onTurn()
  }

  onTurn(): void {
    untilMayPass(this.#passage, this.#ended).then(
      () => this.#dispatch(),
      (error: unknown) => this.#fail(error),
    )
  }

  onRefused(): void {
    this.#fail(new Problem('unavailable'))
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    this.#chunks = []
    this.#bytes = 0
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: Readonly<Record<string, string | string[] | undefined>>,
  ): void {
    if (this.#isOver || (status >= 100 && status < 200)) return
    const unusable = unusableHead(this.#request, status, headers)
    if (unusable !== null) {
      this.#attempts?.end('failed')
      this.#fail(unusable)
      return
    }
    this.#status = status
    this.#headers = headers
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return
    this.#bytes += chunk.length
    if (this.#bytes <= RESPONSE_BYTES_MAX) this.#chunks.push(chunk)
    else this.#fail(tooLarge())
  }

  onResponseEnd(): void {
    if (this.#isOver) return
    this.#attempts?.end('answered')
    this.#end()
    this.#result.resolve(responseOf(this.#status, this.#headers, this.#chunks))
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(error)
  }

  #dispatch(): void {
    if (this.#isOver || this.#attempts === null || this.#slot === undefined) return
    try {
      this.#slot.dispatch({ ...this.#request, origin: this.#origin }, this.#attempts.begin())
    } catch (error) {
      this.#attempts.end('failed')
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    if (this.#isOver) return
    // Otherwise the caller has left, or the gateway itself cannot go on.
    const isTooLate =
      error === this.#ended.reason && !(error instanceof CallerGone || error instanceof Problem)
    this.#attempts?.end(isTooLate ? 'failed' : 'neutral')
    this.#end()
    this.#controller?.abort(error instanceof Error ? error : new Error('the request is over'))
    this.#result.reject(error)
  }

  #end(): void {
    this.#isOver = true
    this.#slot?.release()
  }
}
