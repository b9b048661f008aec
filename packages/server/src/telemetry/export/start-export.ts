import { setGlobalErrorHandler } from '@opentelemetry/core'
import {
  CompressionAlgorithm,
  createOtlpNetworkExportDelegate,
  ExporterMetrics,
  OTLPExporterBase,
} from '@opentelemetry/otlp-exporter-base'
import {
  JsonMetricsSerializer,
  JsonTraceSerializer,
  MetricsExporterMetricsHelper,
  ProtobufMetricsSerializer,
  ProtobufTraceSerializer,
  TraceExporterMetricsHelper,
  type IExporterMetricsHelper,
  type ISerializer,
} from '@opentelemetry/otlp-transformer'
import { resourceFromAttributes, type Resource } from '@opentelemetry/resources'
import { MeterProvider, PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics'
import { BatchSpanProcessor } from '@opentelemetry/sdk-trace'
import type { OtlpTarget } from '../../config/config.ts'
import type { TelemetryExport, TelemetryExportDeps } from './telemetry-export.ts'
import { CollectorTransport } from './collector-transport.ts'
import { ExportFaults } from './export-faults.ts'
import { metricProducer } from './metric-data.ts'
import { readableSpan } from './readable-span.ts'

const SCOPE = { name: 'sallyport' }
/** Spans that wait for their export at most. They take 2 MB, and 6 MB with the longest lists of callers. */
const QUEUE_MAX = 2048
/** Spans of one message: encoding it takes 2 ms, in which no request is served. */
const BATCH_MAX = 128
/** The longest wait of a span for the next message, in ms. */
const DELAY_MS = 1000
/** Messages that are on their way at most: one before the end of the server, and then the whole queue. */
const MESSAGES_MAX = QUEUE_MAX / BATCH_MAX + 1
/** How long the end waits for the last messages, in ms. */
const FLUSH_MS_MAX = 500

/** Starts the export of spans and metrics by OTLP over HTTP. */
export function startExport(deps: TelemetryExportDeps): TelemetryExport {
  const { config, logger, monotonicMs } = deps
  const faults = new ExportFaults(logger, monotonicMs)
  setGlobalErrorHandler((error) => faults.report(error))
  const resource = resourceOf(deps)
  const traces = config.traces === null ? null : exportSpans(config.traces, faults)
  const metrics = config.metrics === null ? null : exportMetrics(config.metrics, resource, deps, faults)
  const exports = [traces, metrics].filter((one) => one !== null)
  const end = async (): Promise<void> => {
    const flushed = exports.map(async ({ flush }) => {
      try {
        await flush()
      } catch (error) {
        faults.report(error)
      }
    })
    await within(FLUSH_MS_MAX, flushed)
    for (const { transport } of exports) transport.shutdown()
  }
  let ended: Promise<void> | null = null
  const close = (): Promise<void> => (ended ??= end())
  return {
    spans: traces === null ? null : (span) => traces.processor.onEnd(readableSpan(span, resource, SCOPE)),
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** The export of metrics, or of spans. */
interface SignalExport {
  readonly transport: CollectorTransport
  /** Sends what waits. @throws the error of a message that was not sent, as a rejection, after all have ended */
  readonly flush: () => Promise<void>
}

function resourceOf({ config, instanceId }: TelemetryExportDeps): Resource {
  const { resourceAttributes, serviceName } = config
  return resourceFromAttributes({
    'service.instance.id': instanceId,
    ...resourceAttributes,
    'service.name': serviceName,
  })
}

function exportSpans(
  target: OtlpTarget,
  faults: ExportFaults,
): SignalExport & { readonly processor: BatchSpanProcessor } {
  const transport = new CollectorTransport(target)
  const serializer = target.protocol === 'http/json' ? JsonTraceSerializer : ProtobufTraceSerializer
  const sender = exporter(
    target,
    transport,
    noticing(faults, 'spans', serializer, ({ partialSuccess }) => partialSuccess?.rejectedSpans),
    'otlp_http_span_exporter',
    TraceExporterMetricsHelper,
  )
  const processor = new BatchSpanProcessor({
    exporter: sender,
    maxQueueSize: QUEUE_MAX,
    maxExportBatchSize: BATCH_MAX,
    scheduledDelayMillis: DELAY_MS,
    // The transport ends in time; this would only tell the processor so.
    exportTimeoutMillis: target.timeoutMs + DELAY_MS,
  })
  const flush = async (): Promise<void> => {
    try {
      await processor.shutdown()
    } finally {
      // The processor ends at the first message that fails, while others are still on their way.
      await sender.forceFlush()
    }
  }
  return { processor, transport, flush }
}

function exportMetrics(
  target: OtlpTarget,
  resource: Resource,
  { config, registry, durations, otherThreads, nowMs }: TelemetryExportDeps,
  faults: ExportFaults,
): SignalExport {
  const transport = new CollectorTransport(target)
  const serializer = target.protocol === 'http/json' ? JsonMetricsSerializer : ProtobufMetricsSerializer
  const reader = new PeriodicExportingMetricReader({
    exporter: exporter(
      target,
      transport,
      noticing(faults, 'data points', serializer, ({ partialSuccess }) => partialSuccess?.rejectedDataPoints),
      'otlp_http_metric_exporter',
      MetricsExporterMetricsHelper,
    ),
    exportIntervalMillis: config.metricsIntervalMs,
    exportTimeoutMillis: Math.min(config.metricsIntervalMs, target.timeoutMs),
    metricProducers: [metricProducer({ registry, durations, otherThreads, scope: SCOPE, nowMs })],
  })
  const provider = new MeterProvider({ resource, readers: [reader] })
  return { transport, flush: async () => await provider.shutdown() }
}

/** Reports what a collector rejects of a message that it takes ("Partial Success" of the specification of OTLP). */
function noticing<Items, Response>(
  faults: ExportFaults,
  what: string,
  serializer: ISerializer<Items, Response>,
  rejectedOf: (response: Response) => unknown,
): ISerializer<Items, Response> {
  return {
    serializeRequest: (items) => serializer.serializeRequest(items),
    deserializeResponse(data) {
      const response = serializer.deserializeResponse(data)
      const rejected = Number(rejectedOf(response) ?? 0)
      // The collector's own message could repeat anything that it was sent.
      if (rejected > 0)
        faults.report(new Error(`the collector rejected ${rejected} ${what}; its log says why`))
      return response
    },
  }
}

function exporter<Items, Response>(
  { timeoutMs: timeoutMillis, url }: OtlpTarget,
  transport: CollectorTransport,
  serializer: ISerializer<Items, Response>,
  componentType: string,
  metricsHelper: IExporterMetricsHelper<Items>,
): OTLPExporterBase<Items> {
  const options = { timeoutMillis, concurrencyLimit: MESSAGES_MAX, compression: CompressionAlgorithm.NONE }
  const unmeasured = new ExporterMetrics({
    componentType,
    metricsHelper,
    url,
    meterProvider: undefined,
    responseAttributesFromError: () => ({}),
  })
  return new OTLPExporterBase(createOtlpNetworkExportDelegate(options, serializer, unmeasured, transport))
}

/** Waits for all, within a time in ms. */
async function within(timeMs: number, work: readonly Promise<void>[]): Promise<void> {
  const timeIsUp = Promise.withResolvers<undefined>()
  const clock = setTimeout(() => timeIsUp.resolve(undefined), timeMs)
  await Promise.race([Promise.all(work), timeIsUp.promise])
  clearTimeout(clock)
}
