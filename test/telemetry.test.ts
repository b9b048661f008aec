import { once } from 'node:events'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { startCollector, type CollectedSpan } from './support/collector.ts'
import { setUpAcme } from './support/api-client.ts'
import { publishPipeline, type PublishedPipeline } from './support/published-pipeline.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startEchoUpstream } from './support/upstream.ts'

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN = '00f067aa0ba902b7'
const COLLECTOR_SECRET = 'c0llect0r-s3cret'
const ROUTE = '/acme/prod/orders/:id'
/** The time for an export, on a machine that is busy with other suites. */
const WAIT = { timeout: 60_000 }

/** The settings of an export to a collector, which is also told a secret. */
function exportTo(url: string): Record<string, string> {
  return {
    OTEL_EXPORTER_OTLP_ENDPOINT: url,
    OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${COLLECTOR_SECRET}`,
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_METRIC_EXPORT_INTERVAL: '1000',
    SALLYPORT_ACCESS_LOG: 'none',
  }
}

interface Sent {
  readonly status: number
  /** The headers that the upstream got; empty if it got none. */
  readonly upstream: Readonly<Record<string, string>>
}

async function send(server: ServerProcess, path: string, headers: Record<string, string>): Promise<Sent> {
  const response = await fetch(`${server.gatewayUrl}${path}`, { headers })
  const body = (await response.json()) as { readonly headers?: Record<string, string> }
  return { status: response.status, upstream: body.headers ?? {} }
}

async function publishOrders(server: ServerProcess, upstream: string): Promise<PublishedPipeline> {
  const acme = await setUpAcme(server)
  return await publishPipeline(acme, 'orders', `${upstream}/orders`, { path: '/orders/:id' })
}

test(
  'a collector gets the spans that upstreams were told of, and the durations that /metrics shows',
  { timeout: 120_000 },
  async () => {
    await using stack = new AsyncDisposableStack()
    const upstream = stack.use(await startEchoUpstream())
    const collector = stack.use(await startCollector())
    const settings = {
      ...exportTo(collector.url),
      SALLYPORT_DATA: stack.use(await temporaryFolder()).path,
    }
    const server = stack.use(await startServerProcess(settings))
    const orders = await publishOrders(server, upstream.url)
    const caller = { traceparent: `00-${TRACE}-${SPAN}-01`, tracestate: 'rojo=1' }
    const key = { 'x-api-key': orders.token }

    const let_in = await send(server, '/acme/prod/orders/42?q=qu3ry-s3cret', { ...caller, ...key })
    expect(let_in.status).toBe(200)
    const [, traceId, parentId = '', flags] = (let_in.upstream['traceparent'] ?? '').split('-')
    expect({ traceId, flags, state: let_in.upstream['tracestate'] }).toEqual({
      traceId: TRACE,
      flags: '01',
      state: 'rojo=1',
    })
    const fresh = await send(server, '/acme/prod/orders/43', { ...key, traceparent: '00-0-0-01' })
    expect(fresh.upstream['traceparent']).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-03$/)
    expect(fresh.upstream['traceparent']).not.toContain(TRACE)
    const unsampled = await send(server, '/acme/prod/orders/44', {
      ...key,
      traceparent: `00-${TRACE}-${SPAN}-00`,
    })
    expect(unsampled.upstream['traceparent']).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`))
    expect(
      (await send(server, '/acme/prod/orders/45', { ...caller, 'x-api-key': 'wr0ng-s3cret' })).status,
    ).toBe(401)
    const asked = await fetch(`${server.gatewayUrl}/authz/acme/prod/orders/46`, {
      headers: { ...caller, ...key },
    })
    expect(asked.status).toBe(200)

    const spanOf = (entrance: string, outcome: string): CollectedSpan | undefined =>
      collector
        .spans()
        .find(
          ({ parentSpanId, attributes }) =>
            parentSpanId === SPAN &&
            attributes['sallyport.entrance'] === entrance &&
            attributes['sallyport.outcome'] === outcome,
        )
    await expect.poll(() => spanOf('gateway', 'valid')?.spanId, WAIT).toBe(parentId)
    expect(spanOf('gateway', 'valid')).toMatchObject({
      traceId: TRACE,
      traceState: 'rojo=1',
      name: `GET ${ROUTE}`,
      kind: 2,
      status: 0,
      attributes: {
        'http.request.method': 'GET',
        'http.route': ROUTE,
        'http.response.status_code': 200,
        'url.scheme': 'http',
        'sallyport.organization': 'acme',
        'sallyport.environment': 'prod',
        'sallyport.pipeline': 'orders',
      },
      resource: { 'service.name': 'sallyport', 'deployment.environment.name': 'test' },
    })
    await expect
      .poll(() => spanOf('gateway', 'credential_invalid')?.attributes, WAIT)
      .toMatchObject({ 'http.response.status_code': 401, 'http.route': ROUTE })
    await expect.poll(() => spanOf('authz', 'valid')?.traceId, WAIT).toBe(TRACE)
    const [, freshTrace] = (fresh.upstream['traceparent'] ?? '').split('-')
    await expect
      .poll(() => collector.spans().find((span) => span.traceId === freshTrace)?.parentSpanId, WAIT)
      .toBe('')
    const [, , unsampledId] = (unsampled.upstream['traceparent'] ?? '').split('-')
    expect(collector.spans().map(({ spanId }) => spanId)).not.toContain(unsampledId)

    const countOf = (attributes: Readonly<Record<string, string | number>>): number =>
      collector
        .histograms()
        .filter((point) =>
          Object.entries(attributes).every(([name, value]) => point.attributes[name] === value),
        )
        .reduce((sum, { count }) => sum + count, 0)
    const letIn = { 'sallyport.entrance': 'gateway', 'http.route': ROUTE, 'sallyport.outcome': 'valid' }
    await expect.poll(() => countOf(letIn), WAIT).toBe(3)
    await expect.poll(() => countOf({ 'sallyport.entrance': 'control' }), WAIT).toBeGreaterThan(0)
    expect(collector.histograms()[0]).toMatchObject({
      metric: 'http.server.request.duration',
      unit: 's',
      bounds: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
    })

    const metrics = await (await fetch(`${server.gatewayUrl}/metrics`)).text()
    const labels = (outcome: string): string =>
      `sallyport_entrance="gateway",sallyport_outcome="${outcome}",http_request_method="GET",url_scheme="http",http_route="${ROUTE}"`
    const name = 'http_server_request_duration_seconds'
    expect(metrics).toContain(`# TYPE ${name} histogram`)
    expect(metrics).toContain(`${name}_count{${labels('valid')},http_response_status_code="200"} 3`)
    expect(metrics).toContain(`${name}_bucket{${labels('valid')},http_response_status_code="200",le="10"} 3`)
    expect(metrics).toContain(
      `${name}_count{${labels('credential_invalid')},http_response_status_code="401"} 1`,
    )
    expect(metrics).not.toMatch(/orders\/4\d/)

    // The span of the last request waits for its message, which the end of the server sends.
    const last = await send(server, '/acme/prod/orders/47', key)
    expect(await server.stop('SIGTERM')).toBe(0)
    const [, , lastId] = (last.upstream['traceparent'] ?? '').split('-')
    expect(collector.spans().map(({ spanId }) => spanId)).toContain(lastId)
    expect(collector.messages.map(({ headers }) => headers.authorization)).toEqual(
      collector.messages.map(() => `Bearer ${COLLECTOR_SECRET}`),
    )
    const everything = [...collector.messages.map(({ body }) => body), server.output.stderr, metrics].join(
      '\n',
    )
    for (const secret of [orders.token, 'qu3ry-s3cret', 'wr0ng-s3cret', 'orders/42', COLLECTOR_SECRET]) {
      expect(everything).not.toContain(secret)
    }
  },
)

test(
  'a collector that never answers delays no request and no end, and is told of once',
  { timeout: 120_000 },
  async () => {
    await using stack = new AsyncDisposableStack()
    const upstream = stack.use(await startEchoUpstream())
    const sockets: Socket[] = []
    const silent = createServer((socket) => {
      socket.on('error', () => socket.destroy())
      sockets.push(socket.resume())
    })
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    stack.defer(() => {
      for (const socket of sockets) socket.destroy()
      silent.close()
    })
    const settings = {
      ...exportTo(`http://127.0.0.1:${(silent.address() as AddressInfo).port}`),
      OTEL_EXPORTER_OTLP_TIMEOUT: '300',
      SALLYPORT_SPANS_PER_SECOND: '100000',
      SALLYPORT_DATA: stack.use(await temporaryFolder()).path,
    }
    const server = stack.use(await startServerProcess(settings))
    const orders = await publishOrders(server, upstream.url)
    const notExported = (): number =>
      server.output.stderr.split('metrics or traces were not exported').length - 1
    const statuses: number[] = []
    // More spans than the queue holds, over more than one export that fails.
    const more = async (): Promise<number> => {
      const headers = { 'x-api-key': orders.token }
      const sent = Array.from({ length: 100 }, () => send(server, '/acme/prod/orders/1', headers))
      statuses.push(...(await Promise.all(sent)).map(({ status }) => status))
      return Math.min(statuses.length, sockets.length * 1000)
    }
    await expect.poll(more).toBeGreaterThan(2500)
    await expect.poll(notExported, WAIT).toBeGreaterThan(0)
    expect(new Set(statuses)).toEqual(new Set([200]))
    const stoppedAtMs = performance.now()
    expect(await server.stop('SIGTERM')).toBe(0)
    // Idle connections are kept for a second, and the last messages get half a second.
    expect(performance.now() - stoppedAtMs).toBeLessThan(8000)
    // The gateway and the control plane each write one line a minute.
    expect(notExported()).toBeLessThanOrEqual(2)
    expect(server.output.stderr).not.toContain(COLLECTOR_SECRET)
  },
)
