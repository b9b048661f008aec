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
/** Spans that wait for their export at most; they take 2 MB. Further ones are dropped. */
const QUEUE_MAX = 2048
/** Spans of one message: encoding it takes 2 ms, in which no request is served. */
const BATCH_MAX = 128
/** The longest wait of a span for the next message, in ms. */
const DELAY_MS = 1000
/** Messages that are on their way at most: the whole queue. */
const MESSAGES_MAX = QUEUE_MAX / BATCH_MAX
/** How long the end waits for the last messages, in ms. */
const FLUSH_MS_MAX = 500
const NOTHING = Promise.resolve()

/** Starts the export of spans and metrics by OTLP over HTTP. */
export function startExport(deps: TelemetryExportDeps): TelemetryExport {
  const { config, logger, monotonicMs } = deps
  const faults = new ExportFaults(logger, monotonicMs)
  setGlobalErrorHandler((error) => faults.report(error))
  const resource = resourceOf(deps)
  const traces = config.traces === null ? null : exportSpans(config.traces)
  const metrics = config.metrics === null ? null : exportMetrics(config.metrics, resource, deps)
  let closed: Promise<void> | null = null
  const close = (): Promise<void> =>
    (closed ??= endWithin(
      FLUSH_MS_MAX,
      [traces?.processor.shutdown() ?? NOTHING, metrics?.provider.shutdown() ?? NOTHING],
      () => {
        traces?.transport.shutdown()
        metrics?.transport.shutdown()
      },
    ))
  return {
    spans: (span) => traces?.processor.onEnd(readableSpan(span, resource, SCOPE)),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function resourceOf({ config, instanceId }: TelemetryExportDeps): Resource {
  const { resourceAttributes, serviceName } = config
  return resourceFromAttributes({
    'service.instance.id': instanceId,
    ...resourceAttributes,
    'service.name': serviceName,
  })
}

function exportSpans(target: OtlpTarget): { processor: BatchSpanProcessor; transport: CollectorTransport } {
  const transport = new CollectorTransport(target)
  const serializer = target.protocol === 'http/json' ? JsonTraceSerializer : ProtobufTraceSerializer
  const processor = new BatchSpanProcessor({
    exporter: exporter(target, transport, serializer, 'otlp_http_span_exporter', TraceExporterMetricsHelper),
    maxQueueSize: QUEUE_MAX,
    maxExportBatchSize: BATCH_MAX,
    scheduledDelayMillis: DELAY_MS,
    // The transport ends in time; this would only tell the processor so.
    exportTimeoutMillis: target.timeoutMs + DELAY_MS,
  })
  return { processor, transport }
}

function exportMetrics(
  target: OtlpTarget,
  resource: Resource,
  { config, registry, durations, nowMs }: TelemetryExportDeps,
): { provider: MeterProvider; transport: CollectorTransport } {
  const transport = new CollectorTransport(target)
  const serializer = target.protocol === 'http/json' ? JsonMetricsSerializer : ProtobufMetricsSerializer
  const reader = new PeriodicExportingMetricReader({
    exporter: exporter(
      target,
      transport,
      serializer,
      'otlp_http_metric_exporter',
      MetricsExporterMetricsHelper,
    ),
    exportIntervalMillis: config.metricsIntervalMs,
    exportTimeoutMillis: Math.min(config.metricsIntervalMs, target.timeoutMs),
    metricProducers: [metricProducer({ registry, durations, scope: SCOPE, nowMs })],
  })
  return { provider: new MeterProvider({ resource, readers: [reader] }), transport }
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

/** Waits for the last messages, and aborts those that are not sent in time. */
async function endWithin(timeMs: number, work: readonly Promise<void>[], abort: () => void): Promise<void> {
  const timeIsUp = Promise.withResolvers<undefined>()
  const clock = setTimeout(() => timeIsUp.resolve(undefined), timeMs)
  await Promise.race([Promise.allSettled(work), timeIsUp.promise])
  clearTimeout(clock)
  abort()
}
