import { createTraceState, SpanKind, SpanStatusCode, type HrTime, type SpanContext } from '@opentelemetry/api'
import type { InstrumentationScope } from '@opentelemetry/core'
import type { Resource } from '@opentelemetry/resources'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { redactTokens } from '../redact-tokens.ts'
import type { FinishedSpan } from '../tracing/finished-span.ts'

const KINDS = { server: SpanKind.SERVER, internal: SpanKind.INTERNAL }

/** A span as the SDK of OpenTelemetry exports it. */
export function readableSpan(
  span: FinishedSpan,
  resource: Resource,
  scope: InstrumentationScope,
): ReadableSpan {
  const { traceId, spanId, parentSpanId, flags, state } = span.trace
  // A caller could send a token in its list.
  const traceState = state === '' ? {} : { traceState: createTraceState(redactTokens(state)) }
  const context: SpanContext = { traceId, spanId, traceFlags: flags, ...traceState }
  return {
    name: span.name,
    kind: KINDS[span.kind],
    spanContext: () => context,
    ...(parentSpanId === null
      ? {}
      : { parentSpanContext: { traceId, spanId: parentSpanId, traceFlags: flags, isRemote: true } }),
    startTime: hrTimeOf(span.startMs),
    endTime: hrTimeOf(span.startMs + span.durationMs),
    duration: hrTimeOf(span.durationMs),
    ended: true,
    status: { code: span.errorType === null ? SpanStatusCode.UNSET : SpanStatusCode.ERROR },
    attributes: span.attributes,
    links: [],
    events: [],
    resource,
    instrumentationScope: scope,
    droppedAttributesCount: 0,
    droppedEventsCount: 0,
    droppedLinksCount: 0,
  }
}

/** Whole seconds and nanoseconds. */
export function hrTimeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1000)
  return [seconds, Math.round((ms - seconds * 1000) * 1_000_000)]
}
