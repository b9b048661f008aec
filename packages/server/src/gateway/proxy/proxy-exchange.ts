import type { Duplex } from 'node:stream'
import type { PathValues, ProblemCode } from '@sallyport/core'
import type { Logger } from 'pino'
import type { Dispatcher } from 'undici'
import { answerProblem, type ProblemDetails } from '../request/answer.ts'
import { callHeaders, type Call } from '../deployment/admitted-request.ts'
import type { TrustedProxies } from '../request/client-address.ts'
import type { CompiledProxy } from '../deployment/compiled-step.ts'
import type { UnfilledUpstream } from '../deployment/compiled-upstream.ts'
import { NO_SECRETS, type EnvironmentSecrets } from '../deployment/environment-secrets.ts'
import { callerHeaders, callerTrailers, shapeOf, textOf, upstreamHeaders } from './proxy-headers.ts'
import { stripQueryKeys, withoutParameters } from '../request/query-key.ts'
import { BodyTooLarge, CallerGone, RequestBody } from '../request/request-body.ts'
import type { Tunnels } from './tunnels.ts'
import { discardRest, hasBody } from '../request/unread-body.ts'
import { noteStreamed } from '../request/dead-buffers.ts'
import { unfilledProblem } from './unfilled-upstream.ts'
import { mayRepeat, upstreamProblem } from './upstream-failure.ts'
import type { Upstreams } from '../../egress/upstreams.ts'

/** What all exchanges of a gateway share. */
export interface ExchangeParts {
  readonly upstreams: Upstreams
  readonly secrets: EnvironmentSecrets
  readonly proxies: TrustedProxies
  readonly tunnels: Tunnels
  readonly logger: Logger
  /** Counts how an exchange came out, once. */
  readonly count: (outcome: string) => void
}

/** An answer up to this size that comes in one piece goes on in one piece, head and body together. */
const ONE_WRITE_BYTES_MAX = 8 * 1024

/**
 * One request on its way to an upstream and its answer on the way back, streamed both ways: neither side is read
 * faster than the other takes it. One clock bounds the whole; for an event stream it bounds the time without progress.
 */
export class ProxyExchange implements Dispatcher.DispatchHandler {
  readonly #call: Call
  readonly #step: CompiledProxy
  readonly #parts: ExchangeParts
  readonly #timeoutMs: number
  readonly #clock: NodeJS.Timeout
  #body: RequestBody | null = null
  #controller: Dispatcher.DispatchController | null = null
  #options: Dispatcher.DispatchOptions | null = null
  /** Whether an origin's place is held. */
  #isEntered = false
  #isRepeated = false
  /** Whether the clock measures idleness in place of the whole. */
  #countsIdleness = false
  /** The answer's length; -1 where it was not announced. */
  #bytes = -1
  #hasData = false
  /** Whether nothing that the upstream still says matters. */
  #isOver = false

  constructor(call: Call, step: CompiledProxy, parts: ExchangeParts) {
    this.#call = call
    this.#step = step
    this.#parts = parts
    this.#timeoutMs = Math.min(step.timeoutMs ?? Infinity, call.timeoutMs)
    this.#clock = setTimeout(onTimeout, this.#timeoutMs, this)
    call.response.on('close', () => this.#onCallerClose())
    // A write that crosses with the caller's going away fails here; the close is what counts.
    call.response.on('error', ignore)
  }

  /** Sends the request on. Everything after this happens in the callbacks below. */
  start(): void {
    const { request, response, deployment, expectsContinue } = this.#call
    // A verdict or a step may have taken a while, and a close that is over is not told again.
    if (request.socket.destroyed) {
      this.#onCallerClose()
      return
    }
    const { pattern, path, environment, content } = this.#call
    const secrets = this.#step.usesSecrets ? this.#parts.secrets.of(environment) : NO_SECRETS
    const filled = this.#step.fill(pattern, path, secrets)
    if (filled.target === undefined) {
      this.#unfilled(filled, secrets)
      return
    }
    if (!this.#parts.upstreams.enter(this.#step.origin)) {
      this.fail('unavailable')
      return
    }
    this.#isEntered = true
    if (content === null && hasBody(request)) {
      this.#body = new RequestBody(request, deployment.trigger.requestBytesMax, () => this.#progress())
      this.#body.on('error', (error) => this.#onBodyError(error))
      if (expectsContinue) response.writeContinue()
    }
    const query = stripQueryKeys(this.#call.query, deployment.trigger.apiKeyInQuery)
    this.#options = {
      origin: this.#step.origin,
      path: withQuery(filled.target, withoutParameters(query, this.#step.queryNames)),
      method: request.method ?? 'GET',
      headers: upstreamHeaders(this.#call, this.#step, filled.headers, this.#parts.proxies),
      body: this.#body ?? content,
      upgrade: this.#call.isUpgrade ? 'websocket' : null,
    }
    this.#dispatch(this.#options)
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller
    if (this.#isOver) controller.abort(new CallerGone('the exchange is over'))
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number): void {
    // Interim answers are the upstream's to us: we have asked for none on the caller's behalf.
    if (this.#isOver || status < 200) return
    const { response } = this.#call
    const raw = textOf(controller.rawHeaders)
    const shape = shapeOf(raw)
    try {
      response.writeHead(status, callerHeaders(raw, shape, status, this.#call))
    } catch (error) {
      this.#upstreamFailed(error)
      return
    }
    this.#parts.count('proxied')
    this.#bytes = shape.bytes
    if (shape.isEventStream) {
      this.#countsIdleness = true
      response.flushHeaders()
    } else process.nextTick(flushHead, this)
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#isOver) return
    const { response } = this.#call
    const isWhole = !this.#hasData && chunk.length === this.#bytes && chunk.length <= ONE_WRITE_BYTES_MAX
    this.#hasData = true
    noteStreamed(chunk.length)
    if (isWhole) {
      // As text it goes out in one write with the head, which costs a third of two.
      response.end(chunk.toString('latin1'), 'latin1')
      return
    }
    this.#progress()
    if (response.write(chunk)) return
    controller.pause()
    response.once('drain', () => {
      this.#progress()
      controller.resume()
    })
  }

  onResponseEnd(controller: Dispatcher.DispatchController): void {
    if (this.#isOver) return
    this.#isOver = true
    const { request, response } = this.#call
    this.#leaveUpstream()
    if (
      response.chunkedEncoding &&
      Array.isArray(controller.rawTrailers) &&
      controller.rawTrailers.length > 0
    ) {
      response.addTrailers(callerTrailers(textOf(controller.rawTrailers)))
    }
    if (!response.writableEnded) response.end()
    if (this.#body !== null) {
      // The upstream may have answered without reading all of the body.
      this.#body.destroy()
      discardRest(request)
    }
  }

  onResponseError(_controller: Dispatcher.DispatchController | undefined, error: Error): void {
    if (this.#isOver) return
    if (this.#mayRepeat(error) && this.#options !== null) {
      this.#isRepeated = true
      setImmediate((options: Dispatcher.DispatchOptions) => this.#dispatch(options), this.#options)
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
    this.#leaveUpstream()
    if (this.#isOver) {
      upstream.destroy()
      return
    }
    this.#isOver = true
    clearTimeout(this.#clock)
    this.#parts.count('upgraded')
    const raw = textOf(controller.rawHeaders)
    const headers = callerHeaders(raw, shapeOf(raw), status, this.#call)
    this.#parts.tunnels.open(this.#call, upstream, headers, this.#timeoutMs)
  }

  /** Ends the exchange with a problem, or, where an answer has begun, by cutting the connection: never a clean end. */
  fail(code: ProblemCode, details: ProblemDetails = {}): void {
    if (this.#isOver) return
    const { response, requestId } = this.#call
    this.#stop()
    if (response.headersSent) {
      this.#parts.count('cut_off')
      cutOff(response, this.#bytes >= 0)
      return
    }
    this.#parts.count(code)
    if (code === 'request_timeout') response.shouldKeepAlive = false
    answerProblem(response, code, requestId, callHeaders(this.#call), details)
  }

  /** @internal Called by the clock, which goes on after the upstream's end until the caller has read everything. */
  onTimeout(): void {
    const { response } = this.#call
    if (response.writableEnded) cutOff(response, this.#bytes >= 0)
    else this.fail(this.#body?.isStarved === true ? 'request_timeout' : 'upstream_timeout')
  }

  /** @internal Called once the upstream's first bytes have been dealt with. */
  flushHead(): void {
    const { response } = this.#call
    if (!this.#hasData && !this.#isOver && !response.writableEnded) response.flushHeaders()
  }

  #dispatch(options: Dispatcher.DispatchOptions): void {
    if (this.#isOver) return
    try {
      this.#parts.upstreams.dispatch(options, this)
    } catch (error) {
      this.#upstreamFailed(error)
    }
  }

  #mayRepeat(error: unknown): boolean {
    return (
      !this.#isRepeated &&
      !this.#call.response.headersSent &&
      this.#body === null &&
      mayRepeat(this.#call.request.method ?? '', error)
    )
  }

  #unfilled(unfilled: UnfilledUpstream, secrets: PathValues): void {
    const { code, details } = unfilledProblem(unfilled, secrets, this.#parts.logger, this.#about())
    this.fail(code, details)
  }

  #about(): Readonly<Record<string, unknown>> {
    const { requestId, deployment } = this.#call
    const { organization, environment, pipeline } = deployment.record
    return { requestId, organization, environment, pipeline, upstream: this.#step.origin }
  }

  #upstreamFailed(error: unknown): void {
    this.#parts.logger.warn({ ...this.#about(), err: error }, 'upstream failed')
    this.fail(upstreamProblem(error))
  }

  #onBodyError(error: Error): void {
    if (error instanceof BodyTooLarge) {
      const { requestBytesMax } = this.#call.deployment.trigger
      this.fail('too_large', { extensions: { limitBytes: requestBytesMax } })
    }
    // Else the caller is gone, which the response's close tells; or the upstream has ended the body, and tells itself.
  }

  #onCallerClose(): void {
    clearTimeout(this.#clock)
    if (this.#isOver) return
    if (!this.#call.response.writableFinished) this.#parts.count('caller_gone')
    this.#stop()
  }

  #progress(): void {
    if (this.#countsIdleness) this.#clock.refresh()
  }

  /** Ends the upstream's side, at whatever stage it is. */
  #stop(): void {
    this.#isOver = true
    clearTimeout(this.#clock)
    this.#leaveUpstream()
    this.#body?.destroy()
    this.#controller?.abort(new CallerGone('the exchange is over'))
  }

  #leaveUpstream(): void {
    if (!this.#isEntered) return
    this.#isEntered = false
    this.#parts.upstreams.leave(this.#step.origin)
  }
}

function onTimeout(exchange: ProxyExchange): void {
  exchange.onTimeout()
}

function flushHead(exchange: ProxyExchange): void {
  exchange.flushHead()
}

function ignore(): void {
  // See where it is used.
}

function withQuery(target: string, query: string | null): string {
  if (query === null) return target
  return `${target}${target.includes('?') ? '&' : '?'}${query}`
}

/**
 * Ends a connection in the middle of an answer. A length or a last chunk that never comes tells the caller that it was
 * cut; an answer that only the connection's end delimits would look whole, so that one is reset.
 */
function cutOff(response: Call['response'], isSized: boolean): void {
  const { socket } = response
  if (socket === null) return
  if (response.chunkedEncoding || isSized) socket.destroy()
  else socket.resetAndDestroy()
}
