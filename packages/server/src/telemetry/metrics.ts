import { Counter, Histogram, Registry } from 'prom-client'

/** Upper bounds of the buckets, from the duration of a decision to that of a slow upstream. */
const DURATION_BUCKETS_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
]

/** The metrics of one HTTP server. */
export interface HttpMetrics {
  /**
   * Records one response.
   *
   * @param route the route's template, never the path itself, so that the number of series stays bounded
   */
  recordResponse(method: string, route: string, status: number, durationSeconds: number): void
}

/** Creates a registry. Each server has its own, so that two in one process do not share counters. */
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
    help: 'Time from the head of a request to the end of its response.',
    labelNames,
    buckets: DURATION_BUCKETS_SECONDS,
    registers: [registry],
  })
  return {
    recordResponse(method, route, status, durationSeconds) {
      requests.inc({ method, route, status })
      durations.observe({ method, route, status }, durationSeconds)
    },
  }
}
