import { ValueType, type HrTime } from '@opentelemetry/api'
import type { InstrumentationScope } from '@opentelemetry/core'
import { emptyResource } from '@opentelemetry/resources'
import {
  AggregationTemporality,
  DataPointType,
  type CollectionResult,
  type DataPoint,
  type HistogramMetricData,
  type MetricData,
  type MetricProducer,
} from '@opentelemetry/sdk-metrics'
import type { Registry } from 'prom-client'
import {
  DURATION_BOUNDS_SECONDS,
  HTTP_SERVER_REQUEST_DURATION,
  type RequestDurations,
} from '../request-durations.ts'
import { mergedMetrics, type PlainMetric, type ThreadMetrics, threadMetrics } from '../thread-metrics.ts'
import { hrTimeOf } from './readable-span.ts'

export interface MetricSources {
  readonly registry: Registry
  readonly durations: Pick<RequestDurations, 'series'>
  /** Reads the metrics of the other threads that serve the port. */
  readonly otherThreads?: (() => Promise<readonly ThreadMetrics[]>) | undefined
  readonly scope: InstrumentationScope
  readonly nowMs: () => number
}

/** Makes the SDK of OpenTelemetry export the metrics that `/metrics` shows, so that both have the same numbers. */
export function metricProducer({
  registry,
  durations,
  otherThreads,
  scope,
  nowMs,
}: MetricSources): MetricProducer {
  const startTime = hrTimeOf(nowMs())
  return {
    async collect(): Promise<CollectionResult> {
      const time = { startTime, endTime: hrTimeOf(nowMs()) }
      const own = await threadMetrics(registry, durations)
      const merged = await mergedMetrics([own, ...((await otherThreads?.()) ?? [])])
      const metrics = [
        durationData(merged.durations, time),
        ...merged.metrics.map((metric) => numberData(metric, time)),
      ].filter(({ dataPoints }) => dataPoints.length > 0)
      return {
        resourceMetrics: { resource: emptyResource(), scopeMetrics: [{ scope, metrics }] },
        errors: [],
      }
    },
  }
}

interface Interval {
  readonly startTime: HrTime
  readonly endTime: HrTime
}

function durationData(durations: ThreadMetrics['durations'], time: Interval): HistogramMetricData {
  const { name, unit, help } = HTTP_SERVER_REQUEST_DURATION
  return {
    descriptor: { name, unit, description: help, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: durations.map(({ attributes, counts, sumSeconds }) => ({
      ...time,
      attributes,
      value: {
        buckets: { boundaries: [...DURATION_BOUNDS_SECONDS], counts: [...counts] },
        sum: sumSeconds,
        count: counts.reduce((sum, count) => sum + count, 0),
      },
    })),
  }
}

/** A counter or a gauge. We have no other kinds. */
function numberData({ name, help, type, values }: PlainMetric, time: Interval): MetricData {
  const base = {
    descriptor: { name, unit: '', description: help, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPoints: values
      .filter(({ value }) => Number.isFinite(value))
      .map(({ labels, value }): DataPoint<number> => ({ ...time, attributes: { ...labels }, value })),
  }
  // The types of the library name numbers, but its metrics hold these words.
  return String(type) === 'counter'
    ? { ...base, dataPointType: DataPointType.SUM, isMonotonic: true }
    : { ...base, dataPointType: DataPointType.GAUGE }
}
