import type { RequestTrace } from './request-trace.ts'

/** A span that has ended. Plain data without credentials, paths, queries, headers and content. */
export interface FinishedSpan {
  readonly name: string
  /** `server` for a request, `internal` for a run of a schedule. */
  readonly kind: 'server' | 'internal'
  readonly trace: RequestTrace
  /** In ms since 1970. */
  readonly startMs: number
  readonly durationMs: number
  readonly attributes: Readonly<Record<string, string | number>>
  /** The `error.type`; null unless it failed. */
  readonly errorType: string | null
}

/** Receives spans to export. It never waits and never throws. */
export type SpanSink = (span: FinishedSpan) => void
