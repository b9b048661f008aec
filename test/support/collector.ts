import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A message that a collector of OpenTelemetry has received. */
interface CollectedMessage {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** As received; JSON if the sender uses it. */
  readonly body: string
}

/** Attributes by name. */
type Attributes = Readonly<Record<string, string | number | boolean>>

export interface CollectedSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string
  readonly traceState: string
  readonly name: string
  readonly kind: number
  readonly status: number
  readonly durationMs: number
  readonly attributes: Attributes
  readonly resource: Attributes
}

export interface CollectedPoint {
  readonly metric: string
  readonly unit: string
  readonly count: number
  readonly bounds: readonly number[]
  readonly attributes: Attributes
}

/** A collector of OpenTelemetry that takes OTLP over HTTP in JSON. */
export interface Collector extends AsyncDisposable {
  readonly url: string
  readonly messages: readonly CollectedMessage[]
  spans(): CollectedSpan[]
  /** The newest points of all histograms. */
  histograms(): CollectedPoint[]
}

interface OtlpValue {
  readonly stringValue?: string
  readonly intValue?: string | number
  readonly doubleValue?: number
  readonly boolValue?: boolean
}
type OtlpAttributes = readonly { readonly key: string; readonly value: OtlpValue }[]

interface OtlpSpan {
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId?: string
  readonly traceState?: string
  readonly name: string
  readonly kind: number
  readonly status: { readonly code?: number }
  readonly startTimeUnixNano: string
  readonly endTimeUnixNano: string
  readonly attributes: OtlpAttributes
}

interface OtlpTraces {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: OtlpAttributes }
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[]
  }[]
}

interface OtlpMetric {
  readonly name: string
  readonly unit: string
  readonly histogram?: {
    readonly dataPoints: readonly {
      readonly count: number | string
      readonly explicitBounds: readonly number[]
      readonly attributes: OtlpAttributes
    }[]
  }
}

interface OtlpMetrics {
  readonly resourceMetrics: readonly {
    readonly scopeMetrics: readonly { readonly metrics: readonly OtlpMetric[] }[]
  }[]
}

/** Starts a collector on this machine. */
export async function startCollector(): Promise<Collector> {
  const messages: CollectedMessage[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (text: string) => (body += text))
    request.on('end', () => {
      messages.push({ path: request.url ?? '', headers: request.headers, body })
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}')
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const ofPath = (path: string): string[] =>
    messages.filter((message) => message.path === path).map(({ body }) => body)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    messages,
    spans: () => ofPath('/v1/traces').flatMap(spansOf),
    histograms: () => {
      const points = ofPath('/v1/metrics').flatMap(histogramsOf)
      // Each message has the sums since the start, so the last one of each series has all.
      return [
        ...new Map(points.map((point) => [JSON.stringify([point.metric, point.attributes]), point])).values(),
      ]
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function spansOf(body: string): CollectedSpan[] {
  return (JSON.parse(body) as OtlpTraces).resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans
      .flatMap(({ spans }) => spans)
      .map(({ startTimeUnixNano: start, endTimeUnixNano: end, status, ...span }) => ({
        parentSpanId: '',
        traceState: '',
        ...span,
        status: status.code ?? 0,
        durationMs: Number(BigInt(end) - BigInt(start)) / 1_000_000,
        attributes: attributesOf(span.attributes),
        resource: attributesOf(resource.attributes),
      })),
  )
}

function histogramsOf(body: string): CollectedPoint[] {
  return (JSON.parse(body) as OtlpMetrics).resourceMetrics
    .flatMap(({ scopeMetrics }) => scopeMetrics)
    .flatMap(({ metrics }) => metrics)
    .flatMap(({ name, unit, histogram }) =>
      (histogram?.dataPoints ?? []).map(({ count, explicitBounds, attributes }) => ({
        metric: name,
        unit,
        count: Number(count),
        bounds: explicitBounds,
        attributes: attributesOf(attributes),
      })),
    )
}

function attributesOf(attributes: OtlpAttributes): Attributes {
  return Object.fromEntries(
    attributes.map(({ key, value: { stringValue, intValue, doubleValue, boolValue } }) => [
      key,
      stringValue ?? doubleValue ?? boolValue ?? Number(intValue),
    ]),
  )
}
