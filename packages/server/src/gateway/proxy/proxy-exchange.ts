import type { Duplex } from 'node:stream'
import type { CacheRules, DenyReason, PathValues, ProblemCode } from '@sallyport/core'
import type { Dispatcher } from 'undici'
import { admittedResponseHeaders, endAdmitted, type AdmittedRequest } from '../deployment/admitted-request.ts'
import type { CompiledProxy, ProxyResponseRules } from '../deployment/compiled-step.ts'
import type { BindingFailure, BoundUpstream } from '../deployment/compiled-upstream.ts'
import { NO_SECRETS } from '../deployment/environment-secrets.ts'
import type { ExpansionFailure } from '../deployment/expansion-failure.ts'
import { countStreamedBytes } from '../request/buffer-collection.ts'
import { discardBody } from '../../connections/unread-body.ts'
import { CallerGone } from '../request/request-body.ts'
import type { ExchangeOwner } from '../exchanges/exchange.ts'
import type { RequestEntry } from '../../requests/request-entry.ts'
import { cutOff } from '../response/cut-response.ts'
import { entryOf, headersOn, needsDrain, onceDrained, whenClosed } from '../response/gateway-response.ts'
import { sendProblem, type ProblemDetails } from '../response/problem-response.ts'
import type { ExchangeDeps } from './exchange-deps.ts'
import { HeldEvents } from './held-events.ts'
import { isWebSocket, pairs } from './raw-headers.ts'
import { ProxyRequest, type RequestOwner } from './proxy-request.ts'
import { callerHeaders, callerTrailers, headerStrings, interimHeaders, shapeOf } from './proxy-headers.ts'
import {
  isDecoded,
  isOwnEnd,
  aboutUpstream,
  bindingProblem,
  expansionProblem,
  isStatus,
  UnaskedNotModified,
  upstreamProblem,
} from './upstream-problem.ts'

/** How many interim responses of an upstream are passed on. */
const INTERIMS_MAX = 16
/** A response up to this size that arrives in one chunk is sent in one write with its headers. */
const ONE_WRITE_BYTES_MAX = 8 * 1024

/**
 * Forwards one request to an upstream and streams the response back. Both directions have backpressure. One timer covers
 * the whole exchange; for an event stream it covers the time without data.
 */
export class ProxyExchange implements RequestOwner, ExchangeOwner {
  readonly #admitted: AdmittedRequest
  readonly #step: BoundUpstream | BindingFailure
  readonly #own: ProxyResponseRules | null
  readonly #cacheRules: CacheRules | null
  readonly #deps: ExchangeDeps
  readonly #timeoutMs: number
  readonly #clock: NodeJS.Timeout
  /** Null for a response without an entry. */
  readonly #entry: RequestEntry | null
  /** Null until it is known where the request goes. */
  #sent: ProxyRequest | null = null
  #controller: Dispatcher.DispatchController | null = null
  /** How many interim responses have arrived. */
  #interims = 0
  /** Whether the timer restarts with each chunk. */
  #measuresIdleTime = false
  /** The length of the response's body; -1 if unknown. */
  #bytes = -1
  #hasData = false
  /**
   * Whether bytes may pass without asking again, until the events of this turn of the event loop are processed. So a
   * response that arrives at once is sent as a whole, or not at all.
   */
  #passesThisTurn = false
  /** Events of the upstream that wait until bytes may pass. */
  #held: HeldEvents | null = null
  /** Whether further events of the upstream are ignored. */
  #isOver = false

  constructor(admitted: AdmittedRequest, step: CompiledProxy, deps: ExchangeDeps) {
    this.#admitted = admitted
    this.#step = step.bind(admitted.environment)
    this.#own = step.responseRules
    this.#cacheRules = step.cache
    this.#deps = deps
    const timeoutMs = 'bindingProblem' in this.#step ? null : this.#step.timeoutMs
    this.#timeoutMs = Math.min(timeoutMs ?? Infinity, admitted.timeoutMs)
    this.#clock = setTimeout(onTimeout, this.#timeoutMs, this)
    this.#entry = entryOf(admitted.response)
    admitted.exchange.owner = this
    whenClosed(admitted.response, () => this.#onCallerClose())
    // A write can fail while the caller disconnects; the close event reports that.
    admitted.response.on('error', ignore)
  }

  /** Sends the request. The callbacks below do the rest. */
  start(): void {
    const { request, deployment } = this.#admitted
    // The caller may have disconnected during the decision or a step; its close event is not emitted again.
    if (request.socket.destroyed) {
      this.#onCallerClose()
      return
    }
    const { pattern, path, environment } = this.#admitted
    const step = this.#step
    if ('bindingProblem' in step) {
      const about = aboutUpstream(this.#admitted, null)
      this.fail(bindingProblem(step, this.#deps.logger, about))
      return
    }
    const secrets = step.usesSecrets ? this.#deps.secrets.of(environment) : NO_SECRETS
    const expanded = step.expand(pattern, path, secrets, this.#admitted)
    if (expanded.target === undefined) {
      this.#failUnexpanded(expanded, secrets, step.origin)
      return
    }
    const tls = step.tls === null ? null : step.tls.of(secrets, deployment.tenant.organization)
    if (tls !== null && 'fault' in tls) {
      this.#failUnexpanded(tls, secrets, step.origin)
      return
    }
    const sending = { step, tls, cacheRules: this.#cacheRules }
    this.#sent = new ProxyRequest(this.#admitted, sending, this.#deps, this)
    this.#sent.start(expanded)
  }

  /** Whether further events of the upstream are ignored. */
  get isOver(): boolean {
    return this.#isOver
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.#isOver) return
    if (!isStatus(status)) {
      this.upstreamFailed(new Error(`the response has the status ${status}`))
      return
    }
    if (status < 200) {
      this.#passInterim(controller, status)
      return
    }
    if (this.#mustHold()) {
      this.#hold(controller, () => this.onResponseStart(controller, status))
      return
    }
    if (status === 304 && this.#sent?.condition !== 'caller') {
      this.upstreamFailed(new UnaskedNotModified(), this.#sent?.condition !== 'step')
      return
    }
    const { response, token } = this.#admitted
    if (status === 401) token?.refused()
    if (status < 400) this.#sent?.succeeded()
    const raw = headerStrings(controller.rawHeaders)
    const shape = shapeOf(raw)
    if (!isDecoded(shape.coding)) {
      this.upstreamFailed(new Error('the response has a transfer coding other than "chunked"'))
      return
    }
    try {
      response.writeHead(status, callerHeaders(raw, shape, status, this.#admitted, this.#own))
    } catch (error) {
      this.upstreamFailed(error)
      return
    }
    this.#entry?.upstreamAnswered()
    this.#bytes = shape.bytes
    if (shape.isEventStream) {
      this.#sent?.answered()
      this.#measuresIdleTime = true
      response.flushHeaders()
    } else {
      this.#passesThisTurn = true
      process.nextTick(endTurn, this)
    }
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return
    if (this.#mustHold()) {
      this.#hold(controller, () => this.onResponseData(controller, chunk))
      return
    }
    const { response } = this.#admitted
    const isWhole = !this.#hasData && chunk.length === this.#bytes && chunk.length <= ONE_WRITE_BYTES_MAX
    this.#hasData = true
    countStreamedBytes(chunk.length)
    if (isWhole) {
      // Node.js sends a string in one write with the headers, at a third of the cost of two writes.
      response.end(chunk.toString('latin1'), 'latin1')
      return
    }
    this.#progress()
    if (response.write(chunk)) return
    controller.pause()
    onceDrained(response, () => {
      this.#progress()
      controller.resume()
    })
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) return
    // The end of a body of known length sends nothing. The caller has all of it, and can use the connection again.
    if (this.#held !== null || (this.#bytes < 0 && this.#mustHold())) {
      this.#hold(null, () => this.onResponseEnd(controller))
      return
    }
    this.#isOver = true
    const { request, response } = this.#admitted
    this.#sent?.completed()
    if (
      response.chunkedEncoding &&
      Array.isArray(controller.rawTrailers) &&
      controller.rawTrailers.length > 0
    ) {
      const trailers = callerTrailers(headerStrings(controller.rawTrailers), this.#admitted, this.#own)
      response.addTrailers(pairs(headersOn(response, trailers)))
    }
    if (!response.writableEnded) response.end()
    const body = this.#sent?.body ?? null
    if (body !== null) {
      // The upstream may have responded without reading the whole body.
      body.destroy()
      discardBody(request)
    }
  }

  onResponseError(controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#isOver) return
    if (this.#held !== null) {
      this.#hold(null, () => this.onResponseError(controller, error))
      return
    }
    if (this.#sent?.retry(error) !== true) this.upstreamFailed(error)
  }

  onRequestUpgrade(
    controller: Dispatcher.DispatchController,
    status: number,
    _headers: unknown,
    upstream: Duplex,
  ): void {
    if (this.#mustHold() || this.#isOver) {
      upstream.destroy()
      this.#controller = null
      this.fail('snapshot_stale')
      return
    }
    const raw = headerStrings(controller.rawHeaders)
    if (!isWebSocket(raw)) {
      upstream.destroy()
      this.#controller = null
      this.upstreamFailed(new Error('the response switches to another protocol than WebSocket'))
      return
    }
    this.#isOver = true
    this.#sent?.upgraded(upstream)
    clearTimeout(this.#clock)
    this.#entry?.upstreamAnswered()
    const headers = callerHeaders(raw, shapeOf(raw), status, this.#admitted, this.#own)
    this.#deps.tunnels.open(this.#admitted, upstream, headers, this.#timeoutMs)
  }

  /** Ends the exchange with a problem. If the response has started, it cuts the connection, never ending it cleanly. */
  fail(code: ProblemCode, details: ProblemDetails = {}): void {
    if (this.#isOver) return
    const { response, requestId } = this.#admitted
    this.#stop()
    if (response.headersSent) {
      this.#entry?.failed(code, requestId)
      cutOff(response, this.#bytes >= 0)
      return
    }
    if (code === 'request_timeout') response.shouldKeepAlive = false
    sendProblem(response, code, requestId, admittedResponseHeaders(this.#admitted), details)
  }

  /**
   * Ends the exchange because the caller cannot get what the upstream answered.
   *
   * @param isFault whether the upstream is at fault
   */
  upstreamFailed(error: unknown, isFault = true): void {
    if (!isOwnEnd(error)) {
      if (isFault) this.#sent?.failed()
      const origin = this.#sent?.origin ?? ('origin' in this.#step ? this.#step.origin : null)
      this.#deps.logger.warn({ ...aboutUpstream(this.#admitted, origin), err: error }, 'upstream failed')
    }
    this.fail(upstreamProblem(error))
  }

  /** A part of the caller's body has arrived. */
  received(bytes: number): void {
    if (this.#entry !== null) this.#entry.requestBytes += bytes
    this.#progress()
  }

  /** Ends both sides in any state, because the request is no longer allowed. */
  cut(reason: DenyReason): void {
    this.#stop()
    endAdmitted(this.#admitted, reason)
  }

  /** A response that has begun waits on, since it could only be cut. */
  heldTooLong(): void {
    if (!this.#admitted.response.headersSent) this.fail('snapshot_stale')
  }

  /** @internal Called by the timer, which also runs after the upstream has ended until the caller has read everything. */
  onTimeout(): void {
    const { response } = this.#admitted
    if (response.writableEnded || this.#isOver) cutOff(response, this.#bytes >= 0)
    else if (this.#mustHold()) this.fail('snapshot_stale')
    else if (this.#sent?.body?.isStarved === true) this.fail('request_timeout')
    else {
      // A caller that reads slowly stops the upstream too.
      if (!needsDrain(response)) this.#sent?.failed()
      if (response.headersSent || !this.#hideTimeout()) this.fail('upstream_timeout')
    }
  }

  /** @returns whether a stored response takes the place of the one that is late; its caller has as long again to read it */
  #hideTimeout(): boolean {
    const late = this.#controller
    if (this.#sent?.hideTimeout() !== true) return false
    late?.abort(new Error('the upstream took too long'))
    this.#clock.refresh()
    return true
  }

  /** @internal Called once the upstream's first bytes have been processed. */
  endTurn(): void {
    this.#passesThisTurn = false
    const { response } = this.#admitted
    if (!this.#hasData && !this.#isOver && !response.writableEnded) response.flushHeaders()
  }

  /**
   * Passes on an interim response (RFC 9110 section 15.2), unless it must wait: it only announces what follows. The upstream has
   * not been asked for "100 Continue", which the gateway itself sends.
   */
  #passInterim(controller: Dispatcher.DispatchController, status: number): void {
    const { request, response } = this.#admitted
    this.#interims += 1
    if (status < 102 || this.#interims > INTERIMS_MAX || request.httpVersion === '1.0') return
    if (response.headersSent || this.#mustHold()) return
    const headers = interimHeaders(headerStrings(controller.rawHeaders), this.#admitted, this.#own)
    try {
      response.writeInformation(status, headersOn(response, headers))
    } catch (error) {
      this.upstreamFailed(error)
    }
  }

  /** Whether an event of the upstream must wait: bytes may not pass, or earlier events wait. */
  #mustHold(): boolean {
    return this.#held !== null || !(this.#passesThisTurn || this.#admitted.exchange.mayPass())
  }

  #hold(controller: Dispatcher.DispatchController | null, event: () => void): void {
    if (this.#isOver) return
    this.#held ??= new HeldEvents(this.#admitted.exchange, (held) => this.#releaseHeld(held))
    this.#held.add(controller, event)
  }

  #releaseHeld(held: HeldEvents): void {
    if (this.#held !== held) return
    this.#held = null
    held.happen()
    if (this.#held === null && !this.#isOver && !needsDrain(this.#admitted.response))
      this.#controller?.resume()
  }

  #failUnexpanded(failure: ExpansionFailure, secrets: PathValues, origin: string): void {
    const about = aboutUpstream(this.#admitted, origin)
    const { code, details } = expansionProblem(failure, secrets, this.#deps.logger, about)
    this.fail(code, details)
  }

  #onCallerClose(): void {
    clearTimeout(this.#clock)
    this.#admitted.exchange.close()
    if (!this.#isOver) this.#stop()
    this.#sent?.callerClosed()
  }

  #progress(): void {
    if (this.#measuresIdleTime) this.#clock.refresh()
  }

  /** Ends the upstream's side in any state. */
  #stop(): void {
    this.#isOver = true
    this.#held = null
    clearTimeout(this.#clock)
    this.#sent?.leave()
    this.#entry?.upstreamAnswered()
    this.#controller?.abort(new CallerGone('the exchange is over'))
  }
}

function onTimeout(exchange: ProxyExchange): void {
  exchange.onTimeout()
}

function endTurn(exchange: ProxyExchange): void {
  exchange.endTurn()
}

function ignore(): void {
  // Nothing to do.
}
