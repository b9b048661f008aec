import { Snapshot, type FeedRecord } from '@sallyport/core'
import pino from 'pino'
import { afterEach, expect, test } from 'vitest'
import { SnapshotCell } from '../../sync/snapshot-cell.ts'
import { ACME, deployment, idOfImported, makeKey, OPEN } from '../testing/started-gateway.ts'
import { describedRequest } from './described-request.ts'
import { EmbeddedGateway, type EmbeddedDecision, type EmbeddedGatewayDeps } from './embedded-gateway.ts'

const { record: key, token } = makeKey()
const AT_HOST = deployment({ paths: ['/a'], hosts: ['orders.example'] }, [], { pipeline: 'at-host' })
const ANYWHERE = deployment({ paths: ['/a'], authentication: OPEN }, [], { pipeline: 'anywhere' })
const CHECKED = deployment(
  {
    paths: ['/checked'],
    authentication: OPEN,
    request: { query: { type: 'object', required: ['size'] } },
  },
  [],
  { pipeline: 'checked' },
)
const ELSEWHERE = deployment({ paths: ['/test'], authentication: OPEN }, [], {
  pipeline: 'elsewhere',
  environment: 'test',
})
const RECORDS: readonly FeedRecord[] = [...ACME, key, AT_HOST, ANYWHERE, CHECKED, ELSEWHERE]

const opened: EmbeddedGateway[] = []
afterEach(async () => {
  for (const gateway of opened.splice(0)) await gateway[Symbol.asyncDispose]()
})

async function open(deps: Partial<EmbeddedGatewayDeps> = {}): Promise<EmbeddedGateway> {
  const cell = new SnapshotCell()
  const snapshot = await Snapshot.load(
    7,
    (async function* () {
      yield await Promise.resolve(RECORDS)
    })(),
  )
  cell.replace(snapshot, 'all')
  const gateway = await EmbeddedGateway.open({
    cell,
    organization: 'acme',
    environment: 'prod',
    host: null,
    trustedProxies: [],
    upstreamAllow: [],
    nowMs: Date.now,
    monotonicMs: () => performance.now(),
    logger: pino({ level: 'silent' }),
    readiness: () => ({ ready: true, revision: 7, snapshotAgeSeconds: 0 }),
    mayDecide: () => true,
    usage: { record: () => undefined },
    importedKeyId: idOfImported,
    ...deps,
  })
  opened.push(gateway)
  return gateway
}

/** The pipeline that lets a request in, or the code of the refusal. */
async function outcome(
  gateway: EmbeddedGateway,
  target: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string> {
  const raw = Object.entries(headers).flat()
  const decision: EmbeddedDecision = await gateway.decide('GET', target, describedRequest(raw, '192.0.2.1'))
  if (decision.kind === 'allowed') return decision.caller.pipeline
  return decision.kind === 'refused' ? decision.code : decision.kind
}

test('finds pipelines of its environment alone', async () => {
  const gateway = await open()
  expect(await outcome(gateway, '/a')).toBe('anywhere')
  expect(await outcome(gateway, '/test')).toBe('route_not_found')
  expect(await outcome(await open({ environment: 'test' }), '/test')).toBe('elsewhere')
  expect(await outcome(await open({ environment: 'nowhere' }), '/test')).toBe('route_not_found')
})

test.each([
  ['orders.example', 'credential_missing'],
  ['Orders.Example.:8443', 'credential_missing'],
  ['orders.example.org', 'anywhere'],
  ['orders.example, other.example', 'invalid_request'],
])('finds pipelines by the host that a request names: %s', async (host, code) => {
  const gateway = await open()
  expect(await outcome(gateway, '/a', { host })).toBe(code)
  // One that is not trusted names no other host.
  expect(await outcome(gateway, '/a', { host, 'x-forwarded-host': 'other.example' })).toBe(code)
})

test('takes the host of a trusted proxy, and of two none', async () => {
  const gateway = await open({ trustedProxies: ['192.0.2.0/24'] })
  const to = async (host: string): Promise<string> =>
    await outcome(gateway, '/a', { host: 'inside.example', 'x-forwarded-host': host })
  expect(await to('orders.example')).toBe('credential_missing')
  expect(await to('other.example')).toBe('anywhere')
  expect(await to('orders.example, other.example')).toBe('invalid_request')
})

test('takes its own host, whichever one a request names', async () => {
  const gateway = await open({ host: 'orders.example' })
  for (const host of ['orders.example', 'other.example', 'two, hosts']) {
    expect(await outcome(gateway, '/a', { host })).toBe('credential_missing')
    expect(await outcome(gateway, '/a', { host, 'x-api-key': token })).toBe('at-host')
  }
})

test('checks the query as a trigger demands', async () => {
  const gateway = await open()
  expect(await outcome(gateway, '/checked?size=1')).toBe('checked')
  expect(await outcome(gateway, '/checked?Size=1')).toBe('invalid_request')
})

test('takes a target in absolute form for the host of the request alone', async () => {
  const gateway = await open()
  expect(await outcome(gateway, 'http://other.example/a', { host: 'other.example' })).toBe('anywhere')
  expect(await outcome(gateway, 'http://other.example/a', { host: 'third.example' })).toBe('invalid_request')
})

test('refuses everything while it may not decide, and before its first snapshot', async () => {
  const stale = await open({ mayDecide: (organization, name) => organization === 'acme' && name !== 'prod' })
  expect(await outcome(stale, '/a')).toBe('snapshot_stale')
  const readiness = { ready: false, reason: 'starting', revision: 0, snapshotAgeSeconds: null } as const
  const starting = await open({ cell: new SnapshotCell(), readiness: () => readiness })
  expect(await outcome(starting, '/a')).toBe('unavailable')
})
