import { Registry } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { RequestDurations, type EndedRequest } from './request-durations.ts'

const REQUEST: EndedRequest = {
  entrance: 'gateway',
  method: 'GET',
  route: '/acme/prod/orders/:id',
  status: 200,
  outcome: 'valid',
  errorType: null,
  organization: 'acme',
  pipeline: 'orders',
}

const NAME = 'http_server_request_duration_seconds'
const LABELS =
  'sallyport_entrance="gateway",sallyport_outcome="valid",http_request_method="GET",url_scheme="http",http_route="/acme/prod/orders/:id",http_response_status_code="200"'

function opened(): { durations: RequestDurations; registry: Registry; lines: () => Promise<string[]> } {
  const registry = new Registry()
  const durations = new RequestDurations(registry)
  return { durations, registry, lines: async () => (await registry.metrics()).split('\n') }
}

describe('durations', () => {
  test('fall into the advised buckets, whose bounds belong to them', async () => {
    const { durations, lines } = opened()
    for (const seconds of [0, 0.005, 0.0051, 7.5, 10, 10.1]) durations.record(REQUEST, seconds)
    const counts = (await lines())
      .filter((line) => line.startsWith(`${NAME}_bucket{${LABELS},le="`))
      .map((line) => line.slice(`${NAME}_bucket{${LABELS},le="`.length).replace('"} ', ' '))
    expect(counts).toEqual([
      '0.005 2',
      '0.01 3',
      '0.025 3',
      '0.05 3',
      '0.075 3',
      '0.1 3',
      '0.25 3',
      '0.5 3',
      '0.75 3',
      '1 3',
      '2.5 3',
      '5 3',
      '7.5 4',
      '10 5',
      '+Inf 6',
    ])
  })

  test.each<[keyof EndedRequest, Partial<EndedRequest>]>([
    ['entrance', { entrance: 'authz' }],
    ['method', { method: 'PUT' }],
    ['route', { route: '/acme/prod/orders' }],
    ['status', { status: 201 }],
    ['outcome', { outcome: 'key_expired' }],
    ['errorType', { errorType: '502' }],
  ])('of requests that differ in %s from the one before are counted apart', async (_attribute, other) => {
    const { durations, lines } = opened()
    for (const request of [REQUEST, REQUEST, { ...REQUEST, ...other }, { ...REQUEST }]) {
      durations.record(request, 1)
    }
    const counts = (await lines()).filter((line) => line.startsWith(`${NAME}_count`))
    expect(counts).toEqual([`${NAME}_count{${LABELS}} 3`, expect.stringMatching(/ 1$/)])
  })

  test('are summed and counted in seconds', async () => {
    const { durations, lines } = opened()
    durations.record(REQUEST, 0.25)
    durations.record(REQUEST, 1.5)
    expect(await lines()).toEqual(
      expect.arrayContaining([
        `# TYPE ${NAME} histogram`,
        `${NAME}_sum{${LABELS}} 1.75`,
        `${NAME}_count{${LABELS}} 2`,
      ]),
    )
  })

  test.each([
    ['another entrance', { entrance: 'authz' }, 'sallyport_entrance="authz"'],
    ['another method', { method: 'DELETE' }, 'http_request_method="DELETE"'],
    ['an unknown method', { method: 'BREW' }, 'http_request_method="_OTHER"'],
    ['a method in lower case', { method: 'get' }, 'http_request_method="_OTHER"'],
    ['no method', { method: '' }, 'http_request_method="_OTHER"'],
    ['another status', { status: 201 }, 'http_response_status_code="201"'],
    ['another outcome', { outcome: 'key_expired' }, 'sallyport_outcome="key_expired"'],
    ['a failure', { errorType: 'internal' }, 'error_type="internal"'],
  ] as const)('have a series of their own for %s', async (_name, facts, label) => {
    const { durations, lines } = opened()
    durations.record(REQUEST, 1)
    durations.record({ ...REQUEST, ...facts }, 1)
    const counts = (await lines()).filter((line) => line.startsWith(`${NAME}_count`))
    expect(counts).toHaveLength(2)
    expect(counts[1]).toContain(label)
    expect(counts[1]).toMatch(/ 1$/)
  })

  test.each([
    ['without a route', { route: '' }, 'http_route'],
    ['without a status', { status: null }, 'http_response_status_code'],
    ['that did not fail', {}, 'error_type'],
  ])('of a request %s have no such label', async (_name, facts, label) => {
    const { durations, registry } = opened()
    durations.record({ ...REQUEST, ...facts }, 1)
    expect(await registry.metrics()).not.toContain(label)
  })

  test('have labels with escaped values', async () => {
    const { durations, registry } = opened()
    durations.record({ ...REQUEST, route: '/a"b\\c\nd' }, 1)
    expect(await registry.metrics()).toContain('http_route="/a\\"b\\\\c\\nd"')
  })

  test('of two servers in one process are apart', async () => {
    const [first, second] = [opened(), opened()]
    first.durations.record(REQUEST, 1)
    expect(await second.registry.metrics()).not.toContain(`${NAME}_count`)
  })
})

describe('beyond the limit of series', () => {
  const flooded = () => {
    const one = opened()
    for (let index = 0; index < 3000; index += 1) {
      one.durations.record({ ...REQUEST, route: `/acme/prod/r${index}` }, 1)
    }
    return one
  }

  test('requests are counted by their outcome alone', async () => {
    const { lines } = flooded()
    const counts = (await lines()).filter((line) => line.startsWith(`${NAME}_count`))
    expect(counts.length).toBeLessThanOrEqual(2001)
    const overflow = counts.filter((line) => line.includes('otel_metric_overflow="true"'))
    expect(overflow).toEqual([
      `${NAME}_count{sallyport_entrance="gateway",sallyport_outcome="valid",otel_metric_overflow="true"} ${3001 - counts.length}`,
    ])
  })

  test('known series go on', async () => {
    const { durations, lines } = flooded()
    durations.record({ ...REQUEST, route: '/acme/prod/r0' }, 1)
    expect((await lines()).find((line) => line.startsWith(`${NAME}_count`))).toMatch(/r0".*} 2$/)
  })

  test('another organization still gets its own', async () => {
    const { durations, registry } = flooded()
    durations.record({ ...REQUEST, organization: 'globex', route: '/globex/prod/orders' }, 1)
    expect(await registry.metrics()).toContain('http_route="/globex/prod/orders"')
  })
})
