import type { Duplex } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { Balancer } from './balancer.ts'
import type { BalancedRequest } from './balancing.ts'
import type { AttemptEnd, Target } from './target.ts'

/** Statuses with which a server or a proxy in front of it says that it cannot answer (RFC 9110 section 15.6). */
const UNAVAILABLE: ReadonlySet<number> = new Set([502, 503, 504])

/** The target did not accept a connection, or did not begin to answer, in time. */
class AttemptTimeout extends Error {
  override readonly name = 'AttemptTimeout'
  readonly code = 'ETIMEDOUT'
}

/** The exchange whose request is sent. */
export interface Attempted {
  /** Receives the events of the attempt that counts. It never hears of the failure of one that is repeated. */
  readonly handler: Dispatcher.DispatchHandler
  /** Whether the caller gets nothing before the response is complete, so that an attempt can follow on a part of one. */
  readonly isBuffered: boolean
  /** Whether the whole request can be sent once more, although a target may have read it. */
  readonly isRepeatable: () => boolean
  /** Whether the target waits for the caller, or for the gateway. */
  readonly isWaitedFor: () => boolean
  /** Whether an error is the caller's, who left or sent too much. */
  readonly isCallersFault: () => boolean
  /** Whether an error means that a kept connection was lost, so that the same target can be tried again. */
  readonly isLostConnection: (error: Error) => boolean
  /** Whether an error says nothing about the target. */
  readonly isOwnEnd: (error: Error) => boolean
  /** Sends the request again, with a new handler of the attempts. */
  readonly sendAgain: (origin: string) => void
}

/**
 * The attempts of one request. An attempt is repeated at another target if the caller has got no byte of a response, and
 * either nothing of the request was sent, or its method allows a repetition and its content is at hand. Retries are few: per
 * request, and as a share of the step's requests in progress.
 */
export class Attempts {
  readonly #balancer: Balancer
  readonly #request: BalancedRequest
  readonly #attempted: Attempted
  readonly #tried = new Set<Target>()
  #target: Target
  #current: Attempt | null = null
  #retriesLeft: number
  #isRetrying = false
  /** Whether the current attempt is counted at its target. */
  #isOpen = false
  #hasEnded = false

  /** @param target the first one */
  constructor(balancer: Balancer, target: Target, request: BalancedRequest, attempted: Attempted) {
    this.#balancer = balancer
    this.#target = target
    this.#request = request
    this.#attempted = attempted
    this.#retriesLeft = balancer.rules.retries
    balancer.beginRequest()
    this.#begin(target)
  }

  /** Where the current attempt goes. */
  get origin(): string {
    return this.#target.origin
  }

  /** The handler of the current attempt. Its clocks start now. */
  begin(): Dispatcher.DispatchHandler {
    this.#current = new Attempt(this, this.#attempted, this.#balancer.rules)
    return this.#current
  }

  /** The caller has sent something, so the target has something to read. */
  progress(): void {
    this.#current?.progress()
  }

  /** The target works, although the exchange goes on. */
  answered(): void {
    this.#close('answered')
  }

  /**
   * Notes the end of the exchange; only the first call counts.
   *
   * @param end unless the attempt has an end already, or was never sent
   */
  end(end: AttemptEnd): void {
    this.#close(this.#current === null ? 'neutral' : end)
    this.#current?.leave()
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#endRetry()
    this.#balancer.endRequest()
  }

  /**
   * @internal Ends the attempt with a failure.
   *
   * @param error null for a response that says so
   * @param stage how far the attempt came: whether the target may have read it, and whether the caller got some response
   * @returns whether another attempt takes its place
   */
  failed(error: Error | null, stage: 'unsent' | 'sent' | 'passed'): boolean {
    const attempted = this.#attempted
    const isOthers = attempted.isCallersFault() || (error !== null && attempted.isOwnEnd(error))
    this.#close(isOthers ? 'neutral' : 'failed')
    if (isOthers || this.#hasEnded || this.#retriesLeft === 0) return false
    if (stage === 'passed' && !attempted.isBuffered) return false
    const mayRepeat = attempted.isRepeatable() && this.#balancer.rules.retryMethods.has(this.#request.method)
    if (stage !== 'unsent' && !mayRepeat) return false
    this.#tried.add(this.#target)
    const isLost = error !== null && attempted.isLostConnection(error)
    const next = this.#balancer.choose(this.#request, this.#tried) ?? (isLost ? this.#target : undefined)
    if (next === undefined) return false
    this.#endRetry()
    if (!this.#balancer.beginRetry()) return false
    this.#isRetrying = true
    this.#retriesLeft -= 1
    this.#current?.leave()
    this.#begin(next)
    // Not within undici's own work on the failed connection.
    setImmediate(() => {
      if (!this.#hasEnded) attempted.sendAgain(next.origin)
    })
    return true
  }

  #begin(target: Target): void {
    this.#target = target
    this.#current = null
    this.#isOpen = true
    target.begin(this.#isRetrying)
  }

  #close(end: AttemptEnd): void {
    if (!this.#isOpen) return
    this.#isOpen = false
    this.#balancer.endAttempt(this.#target, end)
  }

  #endRetry(): void {
    if (this.#isRetrying) this.#balancer.endRetry()
    this.#isRetrying = false
  }
}

const NONE: ReadonlySet<Target> = new Set()

/** Begins the first attempt of a request. @returns null if none of the targets is for it */
export function beginAttempts(
  balancer: Balancer,
  request: BalancedRequest,
  attempted: Attempted,
): Attempts | null {
  const first = balancer.choose(request, NONE)
  return first === undefined ? null : new Attempts(balancer, first, request, attempted)
}

/** One attempt: passes its events on as long as it counts. */
class Attempt implements Dispatcher.DispatchHandler {
  readonly #attempts: Attempts
  readonly #attempted: Attempted
  readonly #handler: Dispatcher.DispatchHandler
  readonly #firstByteTimeoutMs: number | null
  #clock: NodeJS.Timeout | undefined
  #controller: Dispatcher.DispatchController | null = null
  /** Whether something of a response was passed on. */
  #hasPassed = false
  /** Whether its events no longer count. */
  #isLeft = false

  constructor(
    attempts: Attempts,
    attempted: Attempted,
    limits: { readonly connectTimeoutMs: number | null; readonly firstByteTimeoutMs: number | null },
  ) {
    this.#attempts = attempts
    this.#attempted = attempted
    this.#handler = attempted.handler
    this.#firstByteTimeoutMs = limits.firstByteTimeoutMs
    if (limits.connectTimeoutMs === null) return
    this.#clock = setTimeout(() => {
      this.#failed(new AttemptTimeout('no connection within the time for it'))
    }, limits.connectTimeoutMs)
  }

  leave(): void {
    this.#isLeft = true
    this.#stopClock()
  }

  progress(): void {
    this.#clock?.refresh()
  }

  onRequestStart(controller: Dispatcher.DispatchController, context: unknown): void {
    this.#controller = controller
    this.#stopClock()
    // Nothing has been sent, and nothing will be.
    if (this.#isLeft) {
      controller.abort(new AttemptTimeout('the connection came too late'))
      return
    }
    if (this.#firstByteTimeoutMs !== null) {
      this.#clock = setTimeout(() => this.#onSilence(), this.#firstByteTimeoutMs)
    }
    this.#handler.onRequestStart?.(controller, context)
  }

  onRequestSent(): void {
    this.#clock?.refresh()
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseStart']>>[2],
    text?: string,
  ): void {
    if (this.#isLeft) return
    if (status >= 100 && status < 200) this.#hasPassed ||= status > 101
    else {
      this.#stopClock()
      const isUseless = status < 100 || status > 599 || UNAVAILABLE.has(status)
      if (isUseless && this.#attempts.failed(null, this.#hasPassed ? 'passed' : 'sent')) {
        controller.abort(new Error('another target is asked'))
        return
      }
      this.#hasPassed = true
    }
    this.#handler.onResponseStart?.(controller, status, headers, text)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#isLeft) this.#handler.onResponseData?.(controller, chunk)
  }

  onResponseEnd(
    controller: Dispatcher.DispatchController,
    trailers: Parameters<NonNullable<Dispatcher.DispatchHandler['onResponseEnd']>>[1],
  ): void {
    if (this.#isLeft) return
    this.#attempts.answered()
    this.#handler.onResponseEnd?.(controller, trailers)
  }

  onResponseError(controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (!this.#isLeft) this.#failed(error, controller)
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    status: number,
    headers: Parameters<NonNullable<Dispatcher.DispatchHandler['onRequestUpgrade']>>[2],
    socket: Duplex,
  ): void {
    this.#stopClock()
    if (this.#isLeft) {
      socket.destroy()
      return
    }
    this.#handler.onRequestUpgrade?.(controller, status, headers, socket)
  }

  #stopClock(): void {
    clearTimeout(this.#clock)
    this.#clock = undefined
  }

  #onSilence(): void {
    if (this.#attempted.isWaitedFor()) this.#clock?.refresh()
    else this.#failed(new AttemptTimeout('no response within the time for its first byte'))
  }

  #failed(error: Error, controller?: Dispatcher.DispatchController): void {
    this.#stopClock()
    const started = this.#controller
    const unpassed = started === null ? 'unsent' : 'sent'
    const isRepeated = this.#attempts.failed(error, this.#hasPassed ? 'passed' : unpassed)
    this.#isLeft = true
    if (controller === undefined) started?.abort(error)
    // The types leave out that undici has no controller for a request without a connection.
    if (!isRepeated) this.#handler.onResponseError?.(controller as Dispatcher.DispatchController, error)
  }
}
