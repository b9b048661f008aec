import type { SamplerConfig } from '../../config/config.ts'
import { RandomIds } from './random-ids.ts'
import { RANDOM, SAMPLED, traceparentOf, readTraceContext, type TraceContext } from './trace-context.ts'

/** The span of one request or run in its trace. It is sent to upstreams as their parent. */
export interface RequestTrace extends TraceContext {
  /** The id of this span. */
  readonly spanId: string
  /** The span of the sender; null if the trace begins here. */
  readonly parentSpanId: string | null
  /** Whether the span is exported at its end. */
  readonly isRecorded: boolean
}

/** Headers of a request, by name in lower case. */
interface TraceHeaders {
  readonly [name: string]: string | string[] | undefined
}

export interface TracingOptions {
  readonly sampler: SamplerConfig
  /** How many spans are exported in each second at most; null if none are exported. */
  readonly spansPerSecondMax: number | null
  readonly monotonicMs: () => number
  /** Returns a number from 0 to less than 1. */
  readonly random?: () => number
}

/**
 * Continues the traces of callers, and begins others.
 *
 * A trace id grants nothing, so each caller's is taken. The sampled flag costs money where spans are stored: that of a
 * trusted proxy is followed, while that of others can only keep a trace from being sampled, never make it be. Which of
 * their traces are sampled does not depend on the trace id, which they choose.
 */
export class Tracing {
  readonly #sampler: SamplerConfig
  readonly #random: () => number
  readonly #ids = new RandomIds()
  readonly #budget: SpanBudget | null

  constructor({ sampler, spansPerSecondMax, monotonicMs, random = Math.random }: TracingOptions) {
    this.#sampler = sampler
    this.#random = random
    this.#budget = spansPerSecondMax === null ? null : new SpanBudget(spansPerSecondMax, monotonicMs)
  }

  /**
   * The span of a request.
   *
   * @param isTrusted says whether a trusted proxy has sent it; called only when it matters
   */
  begin(headers: TraceHeaders, isTrusted: () => boolean): RequestTrace {
    const { traceparent } = headers
    const parent =
      traceparent === undefined ? undefined : readTraceContext(traceparent, headers['tracestate'])
    if (parent === undefined) return this.fresh()
    return this.#span(parent, this.#isSampled(parent, isTrusted))
  }

  /** The span that begins a trace. */
  fresh(): RequestTrace {
    return this.#span(undefined, this.#isSampledAsRoot())
  }

  #span(parent: TraceContext | undefined, isSampled: boolean): RequestTrace {
    // A span that the budget has no room for is not sampled, so that upstreams do not record a part of the trace alone.
    const isWithinBudget = isSampled && (this.#budget === null || this.#budget.take())
    const sampled = isWithinBudget ? SAMPLED : 0
    return {
      traceId: parent === undefined ? this.#ids.traceId() : parent.traceId,
      spanId: this.#ids.spanId(),
      parentSpanId: parent === undefined ? null : parent.spanId,
      flags: (parent === undefined ? RANDOM : parent.flags & RANDOM) | sampled,
      state: parent === undefined ? '' : parent.state,
      isRecorded: isWithinBudget && this.#budget !== null,
    }
  }

  #isSampled({ flags }: TraceContext, isTrusted: () => boolean): boolean {
    if (!this.#sampler.followsParent) return this.#isSampledAsRoot()
    if ((flags & SAMPLED) === 0) return false
    return isTrusted() || this.#isSampledAsRoot()
  }

  #isSampledAsRoot(): boolean {
    const { ratio } = this.#sampler
    return ratio >= 1 || (ratio > 0 && this.#random() < ratio)
  }
}

/** Appends the headers that make a span the parent of an upstream's, as alternating names and values. */
export function appendTrace(headers: string[], trace: RequestTrace | null): void {
  if (trace === null) return
  headers.push('traceparent', traceparentOf(trace))
  if (trace.state !== '') headers.push('tracestate', trace.state)
}

/** How many spans may still be recorded now: as many as a second allows, refilled all the time. */
class SpanBudget {
  readonly #perSecond: number
  readonly #monotonicMs: () => number
  #left: number
  #atMs: number

  constructor(perSecond: number, monotonicMs: () => number) {
    this.#perSecond = perSecond
    this.#monotonicMs = monotonicMs
    this.#left = perSecond
    this.#atMs = monotonicMs()
  }

  take(): boolean {
    const nowMs = this.#monotonicMs()
    this.#left = Math.min(this.#perSecond, this.#left + ((nowMs - this.#atMs) * this.#perSecond) / 1000)
    this.#atMs = nowMs
    if (this.#left < 1) return false
    this.#left -= 1
    return true
  }
}
