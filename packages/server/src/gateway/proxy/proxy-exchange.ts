import type { Duplex } from 'node:stream'
import type { CacheRules, DenyReason, PathValues, ProblemCode } from '@sallyport/core'
import type { Dispatcher } from 'undici'
import type { TurnHandler, UpstreamSlot } from '../../egress/connection-pool.ts'
import type { UpstreamTls } from '../../egress/upstream-tls.ts'
import { beginProxyAttempts } from './balanced-request.ts'
import type { Attempts } from '../balance/attempts.ts'
import { CachedRequest } from '../cache/cached-request.ts'
import { admittedResponseHeaders, endAdmitted, type AdmittedRequest } from '../deployment/admitted-request.ts'
import type { CompiledProxy, ProxyResponseRules } from '../deployment/compiled-step.ts'
import type { BindingFailure, BoundUpstream, ExpandedUpstream } from '../deployment/compiled-upstream.ts'
import { NO_SECRETS } from '../deployment/environment-secrets.ts'
import type { ExpansionFailure } from '../deployment/expansion-failure.ts'
import { countStreamedBytes } from '../request/buffer-collection.ts'
import { discardBody, hasBody } from '../../connections/unread-body.ts'
import { BodyTooLarge, CallerGone, RequestBody } from '../request/request-body.ts'
import type { ExchangeOwner } from '../exchanges/exchange.ts'
import type { RequestEntry } from '../../requests/request-entry.ts'
import { cutOff } from '../response/cut-response.ts'
import { entryOf, headersOn, needsDrain, onceDrained } from '../response/gateway-response.ts'
import { sendProblem, type ProblemDetails } from '../response/problem-response.ts'
import { attemptOptions, dispatchOptions, leaveBody, type UpstreamOptions } from './dispatch-options.ts'
import { cachePart, isBackup } from './cached-options.ts'
import type { ExchangeDeps } from './exchange-deps.ts'
import { HeldEvents } from './held-events.ts'
import { isWebSocket, pairs } from './raw-headers.ts'
import { callerHeaders, callerTrailers, headerStrings, interimHeaders, shapeOf } from './proxy-headers.ts'
import {
  isDecoded,
  isOwnEnd,
  aboutUpstream,
  bindingProblem,
  expansionProblem,
  isRetryable,
  isStatus,
  upstreamProblem,
} from './upstream-problem.ts'

const NOTHING_STORED =
  'No stored response answers this request. Send it without `Cache-Control: only-if-cached`.'

/** How many interim responses of an upstream are passed on. */
const INTERIMS_MAX = 16
/** A response up to this size that arrives in one chunk is sent in one write with its headers. */
const ONE_WRITE_BYTES_MAX = 8 * 1024

/**
 * Forwards one request to an upstream and streams the response back. Both directions have backpressure. One timer covers
 * the whole exchange; for an event stream it covers the time without data.
 */
export class ProxyExchange implements Dispatcher.DispatchHandler, TurnHandler, ExchangeOwner {
  readonly #admitted: AdmittedRequest
  readonly #step: BoundUpstream | BindingFailure
  readonly #own: ProxyResponseRules | null
  readonly #cacheRules: CacheRules | null
  readonly #deps: ExchangeDeps
  readonly #timeoutMs: number
  readonly #clock: NodeJS.Timeout
  /** Null for a response without an entry. */
  readonly #entry: RequestEntry | null
  #body: RequestBody | null = null
  #controller: Dispatcher.DispatchController | null = null
  #options: UpstreamOptions | null = null
  #slot: UpstreamSlot | undefined
  /** Null for a step with one upstream. */
  #attempts: Attempts | null = null
  #isRetried = false
  /** Stands between the upstream and this exchange; null for a request that no cache answers. */
  #cached: CachedRequest | null = null
  /** Called if the upstream says that the request has succeeded. */
  #onSuccess: (() => void) | null = null
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
  /** The TLS of its connection; null for that of every connection. */
  #tls: UpstreamTls | null = null
  /** Events of the upstream that wait until bytes may pass. */
  #held: HeldEvents | null = null
  /** Whether further events of the upstream are ignored. */
  #isOver = false

  constructor(admitted: AdmittedRequest, step: CompiledProxy, deps: ExchangeDeps) {
    this.#admitted = admitted
    this.#step = step.bind(admitted.environment)
    this.#own = step.responseRules
    this.#cacheRules = deps.cache === null ? null : step.cache
    this.#deps = deps
    const timeoutMs = 'bindingProblem' in this.#step ? null : this.#step.timeoutMs
    this.#timeoutMs = Math.min(timeoutMs ?? Infinity, admitted.timeoutMs)
    this.#clock = setTimeout(onTimeout, this.#timeoutMs, this)
    this.#entry = entryOf(admitted.response)
    admitted.exchange.owner = this
    admitted.response.on('close', () => this.#onCallerClose())
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
    this.#tls = tls
    if (this.#cacheRules !== null && this.#startCached(step, expanded, this.#cacheRules)) return
    this.#send(step, expanded)
  }

  onTurn(): void {
    if (this.#options !== null) this.#dispatch(this.#options)
  }

  onRefused(): void {
    this.fail('unavailable')
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver) controller.abort(new CallerGone('the exchange is over'))
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    if (this.#isOver) return
    if (!isStatus(status)) {
      this.#upstreamFailed(new Error(`the response has the status ${status}`))
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
    const { response, token } = this.#admitted
    if (status === 401) token?.refused()
    if (status < 400) this.#onSuccess?.()
    const raw = headerStrings(controller.rawHeaders)
    const shape = shapeOf(raw)
    if (!isDecoded(shape.coding)) {
      this.#upstreamFailed(new Error('the response has a transfer coding other than "chunked"'))
      return
    }
    try {
      response.writeHead(status, callerHeaders(raw, shape, status, this.#admitted, this.#own))
    } catch (error) {
      this.#upstreamFailed(error)
      return
    }
    this.#entry?.upstreamAnswered()
    this.#bytes = shape.bytes
    if (shape.isEventStream) {
      this.#attempts?.answered()
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
    this.#slot?.release()
    this.#attempts?.end('answered')
    if (
      response.chunkedEncoding &&
      Array.isArray(controller.rawTrailers) &&
      controller.rawTrailers.length > 0
    ) {
      const trailers = callerTrailers(headerStrings(controller.rawTrailers), this.#admitted, this.#own)
      response.addTrailers(pairs(headersOn(response, trailers)))
    }
    if (!response.writableEnded) response.end()
    if (this.#body !== null) {
      // The upstream may have responded without reading the whole body.
      this.#body.destroy()
      discardBody(request)
    }
  }

  onResponseError(controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#isOver) return
    if (this.#held !== null) {
      this.#hold(null, () => this.onResponseError(controller, error))
      return
    }
    if (this.#attempts === null && this.#mayRetry(error) && this.#options !== null) {
      this.#isRetried = true
      setImmediate((options: UpstreamOptions) => this.#dispatch(options), this.#options)
      return
    }
    this.#upstreamFailed(error)
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
      this.#upstreamFailed(new Error('the response switches to another protocol than WebSocket'))
      return
    }
    this.#isOver = true
    this.#slot?.upgrade()
    this.#attempts?.end('answered')
    upstream.on('close', () => this.#slot?.release())
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

  /** Ends both sides in any state, because the request is no longer allowed. */
  cut(reason: DenyReason): void {
    this.#stop()
    endAdmitted(this.#admitted, reason)
  }

  /** A response that has begun waits on, since it could only be cut. */
  heldTooLong(): void {
    if (!this.#admitted.response.headersSent) this.fail('snapshot_stale')
  }

  /** @internal Sends the request once more, to another target. */
  sendAgain(origin: string): void {
    if (this.#isOver || this.#options === null) return
    this.#isRetried = true
    this.#controller = null
    this.#slot?.release()
    const { tenant } = this.#admitted.deployment
    this.#slot = this.#deps.connections.acquire(origin, tenant, this, this.#tls)
    if (this.#slot === undefined) {
      this.fail('unavailable')
      return
    }
    if (this.#isOver) return
    if (this.#attempts !== null) leaveBody(this.#options)
    this.#options = attemptOptions(this.#options, origin, this.#body)
    if (this.#slot.isReady) this.#dispatch(this.#options)
  }

  /** @internal Called by the timer, which also runs after the upstream has ended until the caller has read everything. */
  onTimeout(): void {
    const { response } = this.#admitted
    if (response.writableEnded || this.#isOver) cutOff(response, this.#bytes >= 0)
    else if (this.#mustHold()) this.fail('snapshot_stale')
    else if (this.#body?.isStarved === true) this.fail('request_timeout')
    else {
      // A caller that reads slowly stops the upstream too.
      if (!needsDrain(response)) this.#attempts?.end('failed')
      this.fail('upstream_timeout')
    }
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
      this.#upstreamFailed(error)
    }
  }

  /** Sends the request, and its body if it is unread. */
  #send(step: BoundUpstream, expanded: ExpandedUpstream): void {
    const { request, response, deployment, content, expectsContinue } = this.#admitted
    const origin = this.#acquire(step)
    if (origin === null || this.#isOver) return
    if (content === null && hasBody(request)) {
      this.#body = new RequestBody(
        request,
        deployment.trigger.requestBytesMax,
        (bytes) => this.#received(bytes),
        this.#admitted.exchange,
      )
      this.#body.on('error', (error) => this.#onBodyError(error))
      if (expectsContinue) response.writeContinue()
    }
    this.#begin(dispatchOptions(this.#admitted, step, expanded, this.#body, this.#deps.proxies), origin)
  }

  /** Asks for a connection. @returns the origin that it is to; null if there is none, which ends the exchange */
  #acquire(step: BoundUpstream): string | null {
    if (step.balancing !== null) {
      this.#attempts = beginProxyAttempts(step.balancing, this.#admitted, this.#deps, {
        handler: this.#cached ?? this,
        body: () => this.#body,
        isOver: () => this.#isOver,
        sendAgain: (target) => this.sendAgain(target),
      })
    }
    const origin = this.#attempts?.origin ?? step.origin
    this.#slot = this.#deps.connections.acquire(origin, this.#admitted.deployment.tenant, this, this.#tls)
    if (this.#slot === undefined) {
      this.fail('unavailable')
      return null
    }
    return origin
  }

  #begin(options: UpstreamOptions, origin: string): void {
    const sent = this.#tls === null ? options : { ...options, tls: this.#tls }
    this.#options = this.#attempts === null ? sent : attemptOptions(sent, origin, this.#body)
    if (this.#slot?.isReady === true) this.#dispatch(this.#options)
  }

  /** @returns whether the cache answers the request, or sends it when the time has come */
  #startCached(step: BoundUpstream, expanded: ExpandedUpstream, rules: CacheRules): boolean {
    const { cache, proxies } = this.#deps
    if (cache === null) return false
    const part = cachePart(this.#admitted, step, expanded, { rules, cache, proxies, tls: this.#tls })
    if (part.kind === 'changes') this.#onSuccess = part.invalidate
    if (part.kind !== 'asks') return false
    const { options, question } = part
    this.#cached = new CachedRequest(question, {
      handler: this,
      send: (conditions) => {
        if (this.#isOver) return
        const origin = this.#acquire(step)
        if (origin === null || this.#isOver) return
        this.#begin({ ...options, headers: [...(options.headers as string[]), ...conditions] }, origin)
      },
      isFromBackup: () => isBackup(step.balancing, this.#attempts?.origin),
      leaveUpstream: () => {
        this.#slot?.release()
        this.#attempts?.end('answered')
      },
      refuseUncached: () => this.fail('upstream_timeout', { detail: NOTHING_STORED }),
    })
    this.#cached.start()
    return true
  }

  #dispatch(options: UpstreamOptions): void {
    if (this.#isOver) return
    if (!this.#admitted.exchange.mayPass()) {
      this.#admitted.exchange.whenOpen(() => this.#dispatch(options))
      return
    }
    // The time of a first attempt counts too.
    if (!this.#isRetried) this.#entry?.upstreamStarted()
    try {
      this.#deps.connections.dispatch(options, this.#attempts?.begin() ?? this.#cached ?? this)
    } catch (error) {
      this.#upstreamFailed(error)
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

  #mayRetry(error: unknown): boolean {
    return (
      !this.#isRetried &&
      !this.#admitted.response.headersSent &&
      this.#body === null &&
      isRetryable(this.#admitted.request.method ?? '', error)
    )
  }

  #failUnexpanded(failure: ExpansionFailure, secrets: PathValues, origin: string): void {
    const about = aboutUpstream(this.#admitted, origin)
    const { code, details } = expansionProblem(failure, secrets, this.#deps.logger, about)
    this.fail(code, details)
  }

  #upstreamFailed(error: unknown): void {
    if (!isOwnEnd(error)) {
      this.#attempts?.end('failed')
      const origin = this.#attempts?.origin ?? ('origin' in this.#step ? this.#step.origin : null)
      this.#deps.logger.warn({ ...aboutUpstream(this.#admitted, origin), err: error }, 'upstream failed')
    }
    this.fail(upstreamProblem(error))
  }

  /** Other errors are reported elsewhere: by the response's close event, or by the upstream that ended the body. */
  #onBodyError(error: Error): void {
    if (!(error instanceof BodyTooLarge)) return
    const { requestBytesMax } = this.#admitted.deployment.trigger
    this.fail('too_large', { extensions: { limitBytes: requestBytesMax } })
  }

  #onCallerClose(): void {
    clearTimeout(this.#clock)
    this.#admitted.exchange.close()
    if (!this.#isOver) this.#stop()
    this.#cached?.closed()
  }

  #received(bytes: number): void {
    if (this.#entry !== null) this.#entry.requestBytes += bytes
    this.#attempts?.progress()
    this.#progress()
  }

  #progress(): void {
    if (this.#measuresIdleTime) this.#clock.refresh()
  }

  /** Ends the upstream's side in any state. */
  #stop(): void {
    this.#isOver = true
    this.#held = null
    clearTimeout(this.#clock)
    this.#cached?.leave()
    this.#slot?.release()
    this.#attempts?.end('neutral')
    this.#entry?.upstreamAnswered()
    this.#body?.destroy()
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
