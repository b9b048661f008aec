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
import type { MetricObjectWithValues, MetricValue, Registry } from 'prom-client'
import {
  DURATION_BOUNDS_SECONDS,
  HTTP_SERVER_REQUEST_DURATION,
  type RequestDurations,
} from '../request-durations.ts'
import { hrTimeOf } from './readable-span.ts'

export interface MetricSources {
  readonly registry: Registry
  readonly durations: Pick<RequestDurations, 'series'>
  readonly scope: InstrumentationScope
  readonly nowMs: () => number
}

/** Makes the SDK of OpenTelemetry export the metrics that `/metrics` shows, so that both have the same numbers. */
export function metricProducer({ registry, durations, scope, nowMs }: MetricSources): MetricProducer {
  const startTime = hrTimeOf(nowMs())
  return {
    async collect(): Promise<CollectionResult> {
      const time = { startTime, endTime: hrTimeOf(nowMs()) }
      const others = registry
        .getMetricsAsArray()
        // Its text, which takes longer than all others together, is not needed here.
        .filter(({ name }) => name !== HTTP_SERVER_REQUEST_DURATION.prometheusName)
        .map(({ name }) => registry.getSingleMetric(name))
        .filter((metric) => metric !== undefined)
      const values = await Promise.all(others.map(async (metric) => await metric.get()))
      const metrics = [
        durationData(durations, time),
        ...values.map((metric) => numberData(metric, time)),
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

function durationData(durations: MetricSources['durations'], time: Interval): HistogramMetricData {
  const { name, unit, help } = HTTP_SERVER_REQUEST_DURATION
  return {
    descriptor: { name, unit, description: help, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
    dataPointType: DataPointType.HISTOGRAM,
    dataPoints: [...durations.series()].map(({ attributes, counts, sumSeconds }) => ({
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
function numberData(
  { name, help, type, values }: MetricObjectWithValues<MetricValue<string>>,
  time: Interval,
): MetricData {
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
