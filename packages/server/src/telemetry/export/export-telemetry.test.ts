import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net'
import { gunzipSync } from 'node:zlib'
import pino from 'pino'
import { Counter, Registry } from 'prom-client'
import { afterEach, describe, expect, test } from 'vitest'
import type { OtlpTarget } from '../../config/config.ts'
import { RequestDurations } from '../request-durations.ts'
import type { FinishedSpan } from '../tracing/finished-span.ts'
import { exportTelemetry } from './export-telemetry.ts'
import type { TelemetryExport } from './telemetry-export.ts'

const SPAN: FinishedSpan = {
  name: 'GET /acme/prod/orders',
  kind: 'server',
  trace: {
    traceId: '4bf92f3577b34da6a3ce929d0e0e4736',
    spanId: '00f067aa0ba902b7',
    parentSpanId: 'b7ad6b7169203331',
    flags: 3,
    state: 'rojo=1',
    isRecorded: true,
  },
  startMs: 1_767_225_600_000,
  durationMs: 12.5,
  attributes: { 'http.request.method': 'GET', 'http.response.status_code': 200 },
  errorType: null,
}

interface Message {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

const opened: AsyncDisposable[] = []
afterEach(async () => {
  for (const one of opened.splice(0).toReversed()) await one[Symbol.asyncDispose]()
})

/** What a collector answers. */
interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Buffer
}

/** A collector that answers so in turn, and then with 200. */
async function collector(...answers: (number | Answer)[]): Promise<{ url: string; messages: Message[] }> {
  const messages: Message[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      messages.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) })
      const given = answers.shift() ?? 200
      const { status, headers = {}, body = '' } = typeof given === 'number' ? { status: given } : given
      response.writeHead(status, headers).end(body)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  opened.push({
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, messages }
}

interface Exporting {
  readonly exported: TelemetryExport
  readonly durations: RequestDurations
  readonly registry: Registry
  readonly log: string[]
}

async function exporting(
  signal: 'traces' | 'metrics',
  target: Pick<OtlpTarget, 'url'> & Partial<OtlpTarget>,
  monotonicMs = (): number => performance.now(),
): Promise<Exporting> {
  const registry = new Registry()
  const durations = new RequestDurations(registry)
  const log: string[] = []
  const whole: OtlpTarget = {
    protocol: 'http/protobuf',
    compression: 'none',
    timeoutMs: 10_000,
    headers: { authorization: 'Bearer s3cret' },
    ...target,
  }
  const exported = await exportTelemetry({
    config: {
      serviceName: 'edge',
      resourceAttributes: { 'deployment.environment.name': 'test' },
      traces: signal === 'traces' ? whole : null,
      metrics: signal === 'metrics' ? whole : null,
      metricsIntervalMs: 60_000,
    },
    instanceId: 'gw_1',
    registry,
    durations,
    logger: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
    nowMs: Date.now,
    monotonicMs,
  })
  opened.push(exported)
  return { exported, durations, registry, log }
}

describe('an export of spans', () => {
  test('sends protobuf with the ids as bytes, and the headers of the settings', async () => {
    const { url, messages } = await collector()
    const { exported } = await exporting('traces', { url: `${url}/v1/traces?tenant=a` })
    exported.spans?.(SPAN)
    await exported.close()
    const [message] = messages
    expect(messages).toHaveLength(1)
    expect(message?.path).toBe('/v1/traces?tenant=a')
    expect(message?.headers).toMatchObject({
      'content-type': 'application/x-protobuf',
      authorization: 'Bearer s3cret',
    })
    const { traceId, spanId, parentSpanId } = SPAN.trace
    for (const id of [traceId, spanId, parentSpanId ?? '']) {
      expect(message?.body.includes(Buffer.from(id, 'hex'))).toBe(true)
    }
    for (const text of ['edge', 'gw_1', 'GET /acme/prod/orders', 'rojo=1', 'http.request.method']) {
      expect(message?.body.includes(text)).toBe(true)
    }
  })

  test('sends JSON with the times in nanoseconds, compressed if that is asked for', async () => {
    const { url, messages } = await collector()
    const { exported } = await exporting('traces', { url, protocol: 'http/json', compression: 'gzip' })
    exported.spans?.({ ...SPAN, errorType: 'upstream_timeout' })
    await exported.close()
    const [message] = messages
    expect(message?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-encoding': 'gzip',
    })
    const sent: unknown = JSON.parse(gunzipSync(message?.body ?? Buffer.alloc(0)).toString())
    expect(sent).toMatchObject({
      resourceSpans: [
        {
          scopeSpans: [
            {
              scope: { name: 'sallyport' },
              spans: [
                {
                  traceId: SPAN.trace.traceId,
                  spanId: SPAN.trace.spanId,
                  parentSpanId: SPAN.trace.parentSpanId,
                  kind: 2,
                  startTimeUnixNano: '1767225600000000000',
                  endTimeUnixNano: '1767225600012500000',
                  status: { code: 2 },
                },
              ],
            },
          ],
        },
      ],
    })
  })

  test('is sent by itself, without the end', async () => {
    const { url, messages } = await collector()
    const { exported } = await exporting('traces', { url })
    exported.spans?.(SPAN)
    await expect.poll(() => messages.length).toBe(1)
  })

  test('is repeated if the collector is overloaded', async () => {
    const { url, messages } = await collector(503)
    const { exported, log } = await exporting('traces', { url })
    exported.spans?.(SPAN)
    await expect.poll(() => messages.length).toBe(2)
    expect(messages[1]?.body).toEqual(messages[0]?.body)
    await exported.close()
    expect(log).toEqual([])
  })

  test('waits as long as the collector asks for, and gives up at once if that is too long', async () => {
    const { url, messages } = await collector(
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 429, headers: { 'retry-after': '3600' } },
    )
    const { exported, log } = await exporting('traces', { url })
    const startMs = performance.now()
    exported.spans?.(SPAN)
    await expect.poll(() => log.length, { timeout: 9_000 }).toBe(1)
    // A second until the first attempt, and none between the two.
    expect(performance.now() - startMs).toBeLessThan(9_000)
    expect(log[0]).toContain('the collector answered 429')
    expect(messages).toHaveLength(2)
  })

  test.each([
    ['http/json', 'application/json', '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"s3cret"}}'],
    // ExportTraceServiceResponse: field 1, a message whose field 1 is 2.
    ['http/protobuf', 'application/x-protobuf', Buffer.from([0x0a, 0x02, 0x08, 0x02])],
  ] as const)('tells that the collector rejects a part of it: %s', async (protocol, type, body) => {
    const { url, messages } = await collector({ status: 200, headers: { 'content-type': type }, body })
    const { exported, log } = await exporting('traces', { url, protocol })
    exported.spans?.(SPAN)
    await exported.close()
    expect(log).toHaveLength(1)
    expect(log[0]).toContain('the collector rejected 2 spans')
    expect(log[0]).not.toContain('s3cret')
    expect(messages).toHaveLength(1)
  })

  test.each(['{"partialSuccess":{}}', '{}', 'nonsense', 'x'.repeat(1_000_000)])(
    'takes no other body for that: %#',
    async (body) => {
      const { url } = await collector({ status: 200, body })
      const { exported, log } = await exporting('traces', { url, protocol: 'http/json' })
      exported.spans?.(SPAN)
      await exported.close()
      expect(log).toEqual([])
    },
  )

  test('is not repeated if the collector refuses it, and the log has no secret', async () => {
    const { url, messages } = await collector(401)
    const { exported, log } = await exporting('traces', { url: `${url}/?key=s3cret` })
    exported.spans?.(SPAN)
    await expect.poll(() => log.length).toBe(1)
    expect(log[0]).toContain('the collector answered 401')
    expect(log[0]).not.toContain('s3cret')
    expect(messages).toHaveLength(1)
  })

  test('keeps a bounded number of spans', async () => {
    const { url, messages } = await collector()
    const { exported } = await exporting('traces', { url, protocol: 'http/json' })
    // All in one turn, so that none can be sent in between.
    for (let index = 0; index < 10_000; index += 1) exported.spans?.(SPAN)
    await exported.close()
    const sent = messages.reduce((sum, { body }) => sum + body.toString().split('"spanId"').length - 1, 0)
    expect(sent).toBeGreaterThan(0)
    expect(sent).toBeLessThanOrEqual(2048 + 128)
  })
})

describe('a collector that cannot be reached', () => {
  test('is told of once a minute', async () => {
    const { url } = await collector()
    await opened.pop()?.[Symbol.asyncDispose]()
    let nowMs = 0
    const { exported, log } = await exporting('traces', { url, timeoutMs: 50 }, () => nowMs)
    const fails = async (): Promise<void> => {
      const before = nowMs
      exported.spans?.(SPAN)
      await expect.poll(() => log.length).toBeGreaterThan(0)
      nowMs = before
    }
    await fails()
    expect(log).toHaveLength(1)
    expect(log[0]).toContain('metrics or traces were not exported')
    nowMs = 60_000
    log.length = 0
    await fails()
    expect(log).toHaveLength(1)
  })

  test('delays the end by half a second at most', async () => {
    const sockets: Socket[] = []
    const silent = createTcpServer((socket) => {
      socket.on('error', () => socket.destroy())
      sockets.push(socket.resume())
    })
    silent.listen(0, '127.0.0.1')
    await once(silent, 'listening')
    const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`
    const { exported } = await exporting('traces', { url })
    exported.spans?.(SPAN)
    const startMs = performance.now()
    await exported.close()
    expect(performance.now() - startMs).toBeLessThan(3000)
    expect(sockets).toHaveLength(1)
    // Its connection is aborted, so that it does not keep the process.
    await expect.poll(() => sockets[0]?.destroyed).toBe(true)
    silent.close()
  })
})

test('an export of metrics has the numbers of the registry, by their names of OpenTelemetry', async () => {
  const { url, messages } = await collector()
  const { exported, durations, registry } = await exporting('metrics', { url, protocol: 'http/json' })
  const mails = new Counter({
    name: 'sallyport_mails_total',
    help: 'Mails.',
    labelNames: ['outcome'],
    registers: [registry],
  })
  mails.inc({ outcome: 'sent' }, 3)
  const request = { entrance: 'authz', method: 'GET', route: '/a', status: 200, outcome: 'valid' } as const
  durations.record({ ...request, errorType: null, organization: 'acme', pipeline: 'a' }, 0.2)
  await exported.close()
  const sent: unknown = JSON.parse(messages.at(-1)?.body.toString() ?? '')
  expect(sent).toMatchObject({
    resourceMetrics: [
      {
        scopeMetrics: [
          {
            metrics: [
              {
                name: 'http.server.request.duration',
                unit: 's',
                histogram: {
                  aggregationTemporality: 2,
                  dataPoints: [
                    {
                      count: 1,
                      sum: 0.2,
                      bucketCounts: [0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0],
                    },
                  ],
                },
              },
              {
                name: 'sallyport_mails_total',
                sum: {
                  isMonotonic: true,
                  aggregationTemporality: 2,
                  dataPoints: [
                    { asDouble: 3, attributes: [{ key: 'outcome', value: { stringValue: 'sent' } }] },
                  ],
                },
              },
            ],
          },
        ],
      },
    ],
  })
})
