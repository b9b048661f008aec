import { Registry, type Metric } from 'prom-client'
import { FairShare } from '../fairness/fair-share.ts'

/** The upper bounds of the buckets in seconds, as the OpenTelemetry semantic conventions advise. */
export const DURATION_BOUNDS_SECONDS: readonly number[] = [
  0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
]
/**
 * Series with a route at most. Organizations share them, because each can add routes. It is the limit that OpenTelemetry
 * has for a metric; all take 1 MB in memory, and 9 MB as text.
 */
const SERIES_MAX = 2000

/** The methods of RFC 9110 and RFC 5789. Any other is `_OTHER`, since callers choose it. */
const METHODS: ReadonlySet<string> = new Set([
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'DELETE',
  'CONNECT',
  'OPTIONS',
  'TRACE',
  'PATCH',
])

/** The method as an attribute of metrics and spans. */
export function knownMethod(method: string): string {
  return METHODS.has(method) ? method : '_OTHER'
}

/** A request that has ended. Each member has a bounded number of values, apart from the route's. */
export interface EndedRequest {
  /** Where it arrived: at a pipeline's route, at `/authz` or at the management API. */
  readonly entrance: 'gateway' | 'authz' | 'control'
  readonly method: string
  /** The route's template, never the path; empty if no route matches. */
  readonly route: string
  /** Null if no response was begun. */
  readonly status: number | null
  /** `valid`, the code of the problem that refused or ended it, or how else it was answered. */
  readonly outcome: string
  /** Null unless it failed. */
  readonly errorType: string | null
  /** Whose series it adds to; empty if it was not routed. */
  readonly organization: string
  readonly pipeline: string
}

/** One series: the requests with the same attributes. */
export interface DurationSeries {
  readonly attributes: Readonly<Record<string, string | number | boolean>>
  /** Requests in each bucket, the last one for those above all bounds. */
  readonly counts: number[]
  sumSeconds: number
}

/** `http.server.request.duration` of the OpenTelemetry semantic conventions. */
export const HTTP_SERVER_REQUEST_DURATION = {
  name: 'http.server.request.duration',
  unit: 's',
  prometheusName: 'http_server_request_duration_seconds',
  help: 'Duration of HTTP server requests.',
}

/**
 * How long requests took, by route and outcome. A request adds to numbers in memory; the text for Prometheus is made when it
 * is read, which takes none of the time of requests.
 */
export class RequestDurations {
  readonly #series = new Map<string, DurationSeries>()
  /** The last request and its series: most requests are like the one before them, and comparing costs less than a key. */
  #last: { readonly request: EndedRequest; readonly series: DurationSeries } | null = null
  readonly #share = new FairShare(SERIES_MAX)

  /** Has the metric under its name in Prometheus. */
  readonly registry: Registry

  /** @param registry gets the metric; a new one unless given */
  constructor(registry = new Registry()) {
    this.registry = registry
    const { prometheusName: name, help } = HTTP_SERVER_REQUEST_DURATION
    const read = async () =>
      await Promise.resolve({ name, help, type: 'histogram', values: this.#values(), aggregator: 'sum' })
    // The types know only the library's own classes, whose histogram takes 1 µs more for each request.
    registry.registerMetric({ name, get: read } as unknown as Metric)
  }

  record(request: EndedRequest, seconds: number): void {
    const last = this.#last
    const series = last !== null && isAlike(last.request, request) ? last.series : this.#seriesOf(request)
    series.counts[bucketOf(seconds)]! += 1
    series.sumSeconds += seconds
  }

  #seriesOf(request: EndedRequest): DurationSeries {
    const { entrance, route, status, outcome, errorType } = request
    const method = knownMethod(request.method)
    const key = `${entrance} ${method} ${status ?? ''} ${outcome} ${errorType ?? ''} ${route}`
    const series = this.#series.get(key) ?? this.#begin(key, request)
    this.#last = { request, series }
    return series
  }

  /** All series, also as the SDK of OpenTelemetry exports them. */
  series(): Iterable<DurationSeries> {
    return this.#series.values()
  }

  /** Adds what another thread has counted. */
  add(series: Iterable<DurationSeries>): void {
    for (const { attributes, counts, sumSeconds } of series) {
      const key = JSON.stringify(attributes)
      const own = this.#series.get(key) ?? this.#addSeries(key, attributes)
      for (const [bucket, count] of counts.entries()) own.counts[bucket] = (own.counts[bucket] ?? 0) + count
      own.sumSeconds += sumSeconds
    }
  }

  #begin(key: string, request: EndedRequest): DurationSeries {
    if (this.#share.take(request)) return this.#addSeries(key, attributesOf(request))
    // Beyond the limit requests are still counted by their outcome. There is a series for each entrance and outcome.
    const { entrance, outcome } = request
    const other = ` ${entrance} ${outcome}`
    const known = this.#series.get(other)
    if (known !== undefined) return known
    return this.#addSeries(other, {
      'sallyport.entrance': entrance,
      'sallyport.outcome': outcome,
      'otel.metric.overflow': true,
    })
  }

  #addSeries(key: string, attributes: DurationSeries['attributes']): DurationSeries {
    const counts = new Array<number>(DURATION_BOUNDS_SECONDS.length + 1).fill(0)
    const series = { attributes, counts, sumSeconds: 0 }
    this.#series.set(key, series)
    return series
  }

  /**
   * The lines of the text format of Prometheus, whose buckets hold all requests up to their bound. Those of a series are
   * one value, named by all lines before its last number: the library takes eight times as long for single ones, and no
   * request is served meanwhile.
   */
  #values(): { readonly metricName: string; readonly value: number }[] {
    const name = HTTP_SERVER_REQUEST_DURATION.prometheusName
    return [...this.#series.values()].map(({ attributes, counts, sumSeconds }) => {
      const labels = Object.entries(attributes)
        .map(([key, value]) => `${key.replaceAll('.', '_')}="${labelValue(String(value))}"`)
        .join(',')
      let lines = ''
      let count = 0
      for (let index = 0; index < counts.length; index += 1) {
        count += counts[index] ?? 0
        lines += `${name}_bucket{${labels},le="${DURATION_BOUNDS_SECONDS[index] ?? '+Inf'}"} ${count}\n`
      }
      lines += `${name}_sum{${labels}} ${sumSeconds}\n`
      return { metricName: `${lines}${name}_count{${labels}}`, value: count }
    })
  }
}

/** A label's value, with the escapes of the text format. */
function labelValue(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

/** Whether two requests have the same series. */
function isAlike(one: EndedRequest, other: EndedRequest): boolean {
  return (
    one.route === other.route &&
    one.method === other.method &&
    one.status === other.status &&
    one.outcome === other.outcome &&
    one.errorType === other.errorType &&
    one.entrance === other.entrance
  )
}

function attributesOf(request: EndedRequest): DurationSeries['attributes'] {
  const { entrance, method, route, status, outcome, errorType } = request
  return {
    'sallyport.entrance': entrance,
    'sallyport.outcome': outcome,
    'http.request.method': knownMethod(method),
    // Both servers speak HTTP; a proxy in front of them can speak HTTPS.
    'url.scheme': 'http',
    ...(route === '' ? {} : { 'http.route': route }),
    ...(status === null ? {} : { 'http.response.status_code': status }),
    ...(errorType === null ? {} : { 'error.type': errorType }),
  }
}

/** The first bucket whose bound is not below the duration. */
function bucketOf(seconds: number): number {
  let index = 0
  while (index < DURATION_BOUNDS_SECONDS.length && seconds > DURATION_BOUNDS_SECONDS[index]!) index += 1
  return index
}
