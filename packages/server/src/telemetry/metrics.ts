import { Counter, Histogram, Registry } from 'prom-client'

/** Upper bounds of the buckets in seconds, from what a decision takes to what a slow upstream takes. */
const DURATION_BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
]

/** What a server tells about the requests it answers. */
export interface HttpMetrics {
  /**
   * Counts one answer.
   *
   * @param route the template of the route, never the path itself, so that the number of series stays bounded
   */
  answered(method: string, route: string, status: number, durationSeconds: number): void
}

/** Each server has a registry of its own, so that two in one process do not count for each other. */
export function createRegistry(): Registry {
  return new Registry()
}

/** Registers the request counters of one server under `sallyport_{server}_http_…`. */
export function createHttpMetrics(registry: Registry, server: 'control' | 'gateway'): HttpMetrics {
  const labelNames = ['method', 'route', 'status'] as const
  const requests = new Counter({
    name: `sallyport_${server}_http_requests_total`,
    help: 'Requests answered.',
    labelNames,
    registers: [registry],
  })
  const durations = new Histogram({
    name: `sallyport_${server}_http_request_duration_seconds`,
    help: 'Time from the head of a request to the end of its answer.',
    labelNames,
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [registry],
  })
  return {
    answered(method, route, status, durationSeconds) {
      requests.inc({ method, route, status })
      durations.observe({ method, route, status }, durationSeconds)
    },
  }
}
