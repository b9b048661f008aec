import { AggregatorRegistry, type MetricObjectWithValues, type MetricValue, type Registry } from 'prom-client'
import { type DurationSeries, HTTP_SERVER_REQUEST_DURATION, RequestDurations } from './request-durations.ts'

/** A metric as plain data. */
export type PlainMetric = Omit<MetricObjectWithValues<MetricValue<string>>, 'collect'>

/** The metrics of one thread. Plain data. */
export interface ThreadMetrics {
  /** All but the durations of requests. */
  readonly metrics: readonly PlainMetric[]
  readonly durations: readonly DurationSeries[]
}

/** Reads the metrics of this thread. */
export async function threadMetrics(
  registry: Registry,
  durations: Pick<RequestDurations, 'series'>,
): Promise<ThreadMetrics> {
  const others = registry
    .getMetricsAsArray()
    // Its text, which takes longer than all others together, is not needed.
    .filter(({ name }) => name !== HTTP_SERVER_REQUEST_DURATION.prometheusName)
    .map(({ name }) => registry.getSingleMetric(name))
    .filter((metric) => metric !== undefined)
  const metrics = await Promise.all(others.map(async (metric) => plainMetric(await metric.get())))
  return { metrics, durations: [...durations.series()] }
}

function plainMetric({ name, help, type, aggregator, values }: PlainMetric): PlainMetric {
  return { name, help, type, aggregator, values }
}

/** The metrics of several threads as those of one: counters are added, and gauges as each of them says. */
export async function mergedMetrics(all: readonly ThreadMetrics[]): Promise<ThreadMetrics> {
  const [first] = all
  if (first !== undefined && all.length === 1) return first
  const durations = new RequestDurations()
  for (const one of all) durations.add(one.durations)
  return await threadMetrics(aggregated(all), durations)
}

/** The metrics of several threads as the text for Prometheus. */
export async function metricsText(all: readonly ThreadMetrics[]): Promise<string> {
  const registry = aggregated(all)
  const durations = new RequestDurations(registry)
  for (const one of all) durations.add(one.durations)
  return await registry.metrics()
}

function aggregated(all: readonly ThreadMetrics[]): Registry {
  return AggregatorRegistry.aggregate(all.map(({ metrics }) => metrics as object[]))
}
