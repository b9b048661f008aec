import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { TelemetryConfig } from '../../config/config.ts'
import type { RequestDurations } from '../request-durations.ts'
import type { ThreadMetrics } from '../thread-metrics.ts'
import type { SpanSink } from '../tracing/finished-span.ts'

export interface TelemetryExportDeps {
  readonly config: Pick<
    TelemetryConfig,
    'metrics' | 'metricsIntervalMs' | 'resourceAttributes' | 'serviceName' | 'traces'
  >
  /** Names this process to the collector. */
  readonly instanceId: string
  /** The metrics to export. */
  readonly registry: Registry
  readonly durations: Pick<RequestDurations, 'series'>
  /** Reads the metrics of the other threads that serve the port. */
  readonly otherThreads?: (() => Promise<readonly ThreadMetrics[]>) | undefined
  readonly logger: Logger
  readonly nowMs: () => number
  readonly monotonicMs: () => number
}

/** An export of metrics and spans in the background. Disposing it closes it. */
export interface TelemetryExport extends AsyncDisposable {
  /** Queues a span. One that the queue has no room for is dropped. Null if none are exported. */
  readonly spans: SpanSink | null
  /** Exports the rest, for half a second at most, and ends the export. Never rejects. */
  close(): Promise<void>
}
