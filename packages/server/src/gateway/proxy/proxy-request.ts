import type { Duplex } from 'node:stream'
import type { CacheRules, ProblemCode } from '@sallyport/core'
import type { Dispatcher } from 'undici'
import { hasBody } from '../../connections/unread-body.ts'
import type { TurnHandler, UpstreamSlot } from '../../egress/upstream-slot.ts'
import type { UpstreamTls } from '../../egress/upstream-tls.ts'
import type { Attempts } from '../balance/attempts.ts'
import { CachedRequest } from '../cache/cached-request.ts'
import type { AdmittedRequest } from '../deployment/admitted-request.ts'
import type { BoundUpstream, ExpandedUpstream } from '../deployment/compiled-upstream.ts'
import { BodyTooLarge, RequestBody } from '../request/request-body.ts'
import { entryOf } from '../response/gateway-response.ts'
import type { ProblemDetails } from '../response/problem-response.ts'
import { beginProxyAttempts } from './balanced-request.ts'
import { cachePart, isBackup } from './cached-options.ts'
import { attemptOptions, dispatchOptions, leaveBody, type UpstreamOptions } from './dispatch-options.ts'
import type { ExchangeDeps } from './exchange-deps.ts'
import { isConditional, isRetryable, UnaskedNotModified } from './upstream-problem.ts'

const NOTHING_STORED =
  'No stored response answers this request. Send it without `Cache-Control: only-if-cached`.'

/** The exchange of a request: it gets the response, and decides what becomes of the caller. */
export interface RequestOwner extends Dispatcher.DispatchHandler {
  readonly isOver: boolean
  /** Ends the exchange with a problem. */
  fail(code: ProblemCode, details?: ProblemDetails): void
  /** The request could not be sent. */
  upstreamFailed(error: unknown): void
  /** A part of the caller's body has arrived. */
  received(bytes: number): void
}

/** How a request is sent. */
export interface Sending {
  readonly step: BoundUpstream
  /** Of its connection; null for that of every connection. */
  readonly tls: UpstreamTls | null
  /** Null if its response is neither stored nor taken from the cache. */
  readonly cacheRules: CacheRules | null
}

/** The request of an exchange on its way to the upstream: its connection, its attempts, its body, and the cache before it. */
export class ProxyRequest implements TurnHandler {
  readonly #admitted: AdmittedRequest
  readonly #sending: Sending
  readonly #deps: ExchangeDeps
  readonly #owner: RequestOwner
  #body: RequestBody | null = null
  #options: UpstreamOptions | null = null
  #slot: UpstreamSlot | undefined
  /** Null for a step with one upstream. */
  #attempts: Attempts | null = null
  #isRetried = false
  /** Whether something was sent. */
  #hasBegun = false
  /** Stands between the upstream and the exchange; null for a request that no cache answers. */
  #cached: CachedRequest | null = null
  /** Called if the upstream says that the request has succeeded. */
  #onSuccess: (() => void) | null = null

  constructor(admitted: AdmittedRequest, sending: Sending, deps: ExchangeDeps, owner: RequestOwner) {
    this.#admitted = admitted
    this.#sending = sending
    this.#deps = deps
    this.#owner = owner
  }

  /** The caller's body; null if it was read already, or there is none. */
  get body(): RequestBody | null {
    return this.#body
  }

  /** Where the request goes. */
  get origin(): string {
    return this.#attempts?.origin ?? this.#sending.step.origin
  }

  /** Who has set the condition that the upstream was told: the caller, or a header rule of the step alone; null without one. */
  get condition(): 'caller' | 'step' | null {
    // The cache answers only the conditions of its callers, and holds the upstream to its own.
    if (this.#cached !== null) return 'caller'
    const { method = '', rawHeaders } = this.#admitted.request
    if (!isConditional(method, (this.#options?.headers ?? []) as string[])) return null
    return isConditional(method, rawHeaders) ? 'caller' : 'step'
  }

  /** Sends the request, unless the cache answers it. */
  start(expanded: ExpandedUpstream): void {
    const { cacheRules } = this.#sending
    if (cacheRules === null || !this.#startCached(expanded, cacheRules)) this.#send(expanded)
  }

  onTurn(): void {
    if (this.#options !== null) this.#dispatch(this.#options)
  }

  onRefused(): void {
    this.#owner.fail('unavailable')
  }

  /** The response has a status of success. */
  succeeded(): void {
    this.#onSuccess?.()
  }

  /** The upstream works, although the exchange goes on. */
  answered(): void {
    this.#attempts?.answered()
  }

  /** The whole response has arrived. */
  completed(): void {
    this.#slot?.release()
    this.#attempts?.end('answered')
  }

  /** The connection is a tunnel from now on. */
  upgraded(upstream: Duplex): void {
    this.#slot?.upgrade()
    this.#attempts?.end('answered')
    upstream.on('close', () => this.#slot?.release())
  }

  /** The upstream is at fault for what ends the exchange. */
  failed(): void {
    this.#attempts?.end('failed')
  }

  /** The upstream takes too long. @returns whether a stored response answers in its place */
  hideTimeout(): boolean {
    return this.#cached?.hideTimeout() === true
  }

  /** Sends the request once more if it was lost with a kept connection. @returns whether it does */
  retry(error: unknown): boolean {
    const { request, response } = this.#admitted
    const isAlone = this.#attempts === null && !this.#isRetried && this.#body === null
    if (!isAlone || this.#options === null || response.headersSent) return false
    if (!isRetryable(request.method ?? '', error)) return false
    this.#isRetried = true
    // Not within undici's own work on the failed connection.
    setImmediate((options: UpstreamOptions) => this.#dispatch(options), this.#options)
    return true
  }

  /** The exchange is over, in any state. */
  leave(): void {
    this.#cached?.leave()
    this.#slot?.release()
    this.#attempts?.end('neutral')
    this.#body?.destroy()
  }

  /** The caller has got the response, or left. */
  callerClosed(): void {
    this.#cached?.closed()
  }

  /** Sends the request, and its body if it is unread. */
  #send(expanded: ExpandedUpstream): void {
    const { request, response, deployment, content, expectsContinue } = this.#admitted
    if (!this.#acquire()) return
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
    this.#begin(dispatchOptions(this.#admitted, this.#sending.step, expanded, this.#body, this.#deps.proxies))
  }

  /** @returns whether the cache answers the request, or sends it when the time has come */
  #startCached(expanded: ExpandedUpstream, rules: CacheRules): boolean {
    const { cache, proxies } = this.#deps
    if (cache === null) return false
    const part = cachePart(this.#admitted, this.#sending.step, expanded, {
      rules,
      cache,
      proxies,
      tls: this.#sending.tls,
    })
    if (part.kind === 'changes') this.#onSuccess = part.invalidate
    if (part.kind !== 'asks') return false
    const { options, question } = part
    this.#cached = new CachedRequest(question, {
      handler: this.#owner,
      send: (conditions) => {
        if (this.#owner.isOver || !this.#acquire()) return
        this.#isRetried = false
        this.#begin({ ...options, headers: [...(options.headers as string[]), ...conditions] })
      },
      isFromBackup: () => isBackup(this.#sending.step.balancing, this.#attempts?.origin),
      leaveUpstream: () => this.completed(),
      refuseUncached: () => this.#owner.fail('upstream_timeout', { detail: NOTHING_STORED }),
      refuseUnasked: () => this.#owner.upstreamFailed(new UnaskedNotModified()),
    })
    this.#cached.start()
    return true
  }

  /** Asks for a connection. @returns whether the exchange goes on */
  #acquire(): boolean {
    const { balancing } = this.#sending.step
    if (balancing !== null) {
      this.#attempts = beginProxyAttempts(balancing, this.#admitted, this.#deps, {
        handler: this.#cached ?? this.#owner,
        body: () => this.#body,
        isOver: () => this.#owner.isOver,
        sendAgain: (origin) => this.#sendAgain(origin),
      })
    }
    return this.#acquireAt(this.origin)
  }

  #acquireAt(origin: string): boolean {
    const { tenant } = this.#admitted.deployment
    this.#slot = this.#deps.connections.acquire(origin, tenant, this, this.#sending.tls)
    if (this.#slot === undefined) this.#owner.fail('unavailable')
    return !this.#owner.isOver
  }

  #begin(options: UpstreamOptions): void {
    this.#options = this.#attempts === null ? options : attemptOptions(options, this.origin, this.#body)
    if (this.#slot?.isReady === true) this.#dispatch(this.#options)
  }

  /** Sends the request once more, to another target. */
  #sendAgain(origin: string): void {
    if (this.#owner.isOver || this.#options === null) return
    this.#isRetried = true
    this.#slot?.release()
    if (!this.#acquireAt(origin)) return
    leaveBody(this.#options)
    this.#options = attemptOptions(this.#options, origin, this.#body)
    if (this.#slot?.isReady === true) this.#dispatch(this.#options)
  }

  #dispatch(options: UpstreamOptions): void {
    if (this.#owner.isOver) return
    const { exchange, response } = this.#admitted
    if (!exchange.mayPass()) {
      exchange.whenOpen(() => this.#dispatch(options))
      return
    }
    // The time of a first attempt counts too.
    if (!this.#hasBegun) entryOf(response)?.upstreamStarted()
    this.#hasBegun = true
    try {
      this.#slot?.dispatch(options, this.#attempts?.begin() ?? this.#cached ?? this.#owner)
    } catch (error) {
      this.#owner.upstreamFailed(error)
    }
  }

  #received(bytes: number): void {
    this.#attempts?.progress()
    this.#owner.received(bytes)
  }

  /** Other errors are reported elsewhere: by the response's close event, or by the upstream that ended the body. */
  #onBodyError(error: Error): void {
    if (!(error instanceof BodyTooLarge)) return
    const { requestBytesMax } = this.#admitted.deployment.trigger
    this.#owner.fail('too_large', { extensions: { limitBytes: requestBytesMax } })
  }
}
