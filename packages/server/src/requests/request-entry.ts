import type { IncomingMessage } from 'node:http'
import { ownConsumerOf, type Allowed, type Denied, type DeploymentRecord } from '@sallyport/core'
import { redactTokens } from '../telemetry/redact-tokens.ts'
import type { RequestTrace } from '../telemetry/tracing/request-trace.ts'
import {
  LET_IN_CODE,
  type Entrance,
  type RequestEnd,
  type RequestRecord,
  type UndecidedAnswer,
} from './request-record.ts'

/** What entries share. */
export interface EntryDeps {
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly traceOf: (request: IncomingMessage) => RequestTrace
  /** Receives each entry once, when its request is decided and has ended. */
  readonly onEnd: (entry: RequestEntry) => void
  /** Receives each entry once when its request has ended, decided or not, and with its trace. */
  readonly onClose: (entry: RequestEntry) => void
}

/** A decision about a request to a pipeline. */
type RoutedDecision = Allowed | (Denied & { readonly deployment: DeploymentRecord })

/**
 * The facts of one request, noted while it is processed. It refers to nothing that is large or secret, so that it can be
 * kept after the end. All members exist from the start, so that all entries have one shape.
 */
export class RequestEntry {
  readonly #deps: EntryDeps
  readonly #startedMs: number
  /** Forgotten at the end. */
  #request: IncomingMessage | null
  #trace: RequestTrace | null = null
  #upstreamStartedMs: number | null = null
  #hasEnded = false
  #isReported = false
  /** Its number among the kept requests of this gateway, counting up; 0 until it is kept. */
  sequence = 0

  requestId = ''
  readonly atMs: number
  entrance: Entrance = 'gateway'
  organization: string | null = null
  environment: string | null = null
  project: string | null = null
  pipeline: string | null = null
  /** The pattern of the route that it was routed to, below its environment; empty without one. */
  route = ''
  version: string | null = null
  /** Null until the request is decided. */
  code: string | null = null
  /** How it was answered without a decision. */
  undecidedAnswer: UndecidedAnswer | null = null
  keyId: string | null = null
  consumer: string | null = null
  method = ''
  status: number | null = null
  end: RequestEnd = 'caller_gone'
  durationMs = 0
  upstreamMs = -1
  requestBytes = 0
  responseBytes = 0

  /** @param request null if it could not be read */
  constructor(deps: EntryDeps, request: IncomingMessage | null) {
    this.#deps = deps
    this.#request = request
    this.atMs = deps.nowMs()
    this.#startedMs = deps.monotonicMs()
  }

  /** Whether the caller was answered with a problem. */
  get isRefused(): boolean {
    return this.code !== LET_IN_CODE
  }

  /** Its span, which begins when it is asked for; null after the end, and for a request that could not be read. */
  get trace(): RequestTrace | null {
    if (this.#trace === null && this.#request !== null) this.#trace = this.#deps.traceOf(this.#request)
    return this.#trace
  }

  identify(requestId: string, entrance: Entrance, method: string): void {
    this.requestId = requestId
    this.entrance = entrance
    this.method = method
  }

  /** Notes the environment that the request addresses. */
  locate(organization: string, environment: string): void {
    this.organization = organization
    this.environment = environment
  }

  /** Notes that the request is answered without a decision. */
  answered(how: UndecidedAnswer): void {
    this.undecidedAnswer = how
  }

  /** Notes the pipeline that the request was routed to. */
  routed(deployment: DeploymentRecord): void {
    this.organization = deployment.organization
    this.environment = deployment.environment
    this.project = deployment.project
    this.pipeline = deployment.pipeline
    this.version = deployment.version
  }

  /** Notes a decision about a pipeline. The last one counts. */
  decided(decision: RoutedDecision): void {
    const { deployment, secret } = decision
    this.routed(deployment)
    this.keyId = secret?.keyId ?? null
    this.consumer = secret?.isExternal === true ? null : ownConsumerOf(decision)
    if (decision.kind === 'allow') this.#setCode(LET_IN_CODE)
  }

  /** Notes the problem that answers the request, or that ends it. */
  failed(code: string, requestId: string): void {
    this.requestId = requestId
    this.#setCode(code)
  }

  upstreamStarted(): void {
    this.#upstreamStartedMs = this.#deps.monotonicMs()
  }

  /** Adds the time since `upstreamStarted`, once. */
  upstreamAnswered(): void {
    if (this.#upstreamStartedMs === null) return
    this.upstreamMs = Math.max(0, this.upstreamMs) + this.#deps.monotonicMs() - this.#upstreamStartedMs
    this.#upstreamStartedMs = null
  }

  /** The gateway ends the connection, or the exchange, before the response is complete. */
  cut(): void {
    if (!this.#hasEnded) this.end = 'cut_off'
  }

  /** The connections of incomplete requests were closed by the gateway, and not by their callers. */
  stopped(): void {
    if (this.end === 'caller_gone') this.end = 'cut_off'
  }

  /**
   * Notes the end of the exchange. Further calls have no effect.
   *
   * @param status of the response; null if none was begun
   */
  close(status: number | null, isComplete: boolean): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.status = status
    if (isComplete) this.end = 'sent'
    this.upstreamAnswered()
    this.durationMs = this.#deps.monotonicMs() - this.#startedMs
    this.#deps.onClose(this)
    this.#request = null
    this.#trace = null
    this.#report()
  }

  /** The entry as plain data. */
  toRecord(): RequestRecord {
    const { code, upstreamMs } = this
    return {
      requestId: this.requestId,
      atMs: this.atMs,
      entrance: this.entrance,
      organization: this.organization,
      environment: this.environment,
      project: this.project,
      pipeline: this.pipeline,
      version: this.version,
      code: code ?? '',
      keyId: this.keyId,
      consumer: this.consumer,
      method: this.method,
      status: this.status,
      end: this.end,
      durationMs: rounded(this.durationMs),
      upstreamMs: upstreamMs < 0 ? null : rounded(upstreamMs),
      requestBytes: this.requestBytes,
      responseBytes: this.responseBytes,
    }
  }

  #setCode(code: string): void {
    // An entry that is kept does not change any more.
    if (this.#isReported) return
    this.code = code
    this.#report()
  }

  /** A caller can leave while its request waits for a decision, which is noted all the same. */
  #report(): void {
    if (!this.#hasEnded || this.code === null || this.#isReported) return
    this.#isReported = true
    // A caller chooses the id, and could send a token as one.
    if (/sp_/i.test(this.requestId)) this.requestId = redactTokens(this.requestId)
    this.#deps.onEnd(this)
  }
}

/** In steps of a microsecond. */
function rounded(durationMs: number): number {
  return Math.round(durationMs * 1000) / 1000
}
