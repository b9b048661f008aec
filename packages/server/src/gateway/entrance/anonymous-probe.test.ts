import type { DeploymentRecord, FeedRecord, RateLimit, Trigger } from '@sallyport/core'
import { EnvironmentHosts, Snapshot } from '@sallyport/core'
import { expect, test } from 'vitest'
import { AnonymousProbe } from './anonymous-probe.ts'

const NOTHING = { apiKey: false, jwt: false, basic: false }
const KEY = { ...NOTHING, apiKey: true }
const HOSTS = new EnvironmentHosts(
  new Map([
    ['*.shops.example', { organization: 'acme', environment: 'prod' }],
    ['test.example', { organization: 'acme', environment: 'test' }],
  ]),
)

function deployment(id: string, trigger: Partial<Trigger>): DeploymentRecord {
  return {
    kind: 'deployment',
    organization: 'acme',
    environment: 'prod',
    id,
    pipeline: id,
    project: 'default',
    version: '1.0',
    spec: {
      trigger: {
        kind: 'rest',
        paths: ['/orders/:id'],
        methods: ['GET'],
        authentication: KEY,
        acceptsPublicKeys: false,
        apiKeyInQuery: false,
        login: false,
        cors: null,
        requestBytesMax: 1024,
        timeoutMs: 1000,
        rateLimits: [],
        responseHeaders: {},
        schedule: null,
        ...trigger,
      },
      steps: [{ kind: 'respond', status: 200, headers: {} }],
    },
  }
}

/** Probes the first of these deployments at revision 7. */
async function probe(...deployments: readonly DeploymentRecord[]): Promise<string[]> {
  const [first] = deployments
  if (first === undefined) return []
  const results = await new AnonymousProbe({ cell: cellOf(deployments), nowMs: () => 0, hosts: HOSTS }).probe(
    first,
    7,
  )
  return results.map(
    ({ method, route, outcome, alarm, host = '' }) =>
      `${method} ${host}${route}: ${outcome}${alarm ? ' (alarm)' : ''}`,
  )
}

function cellOf(deployments: readonly DeploymentRecord[]): { readonly current: Snapshot } {
  const records: readonly FeedRecord[] = [
    { kind: 'organization', slug: 'acme' },
    { kind: 'environment', organization: 'acme', name: 'prod' },
    ...deployments,
  ]
  return { current: Snapshot.empty().apply({ revision: 7, atMs: 0, records }) }
}

test("An anonymous caller is asked for the trigger's credentials at each route and method", async () => {
  const paths = ['/orders/:id', '/files/*', '/']
  expect(await probe(deployment('orders', { paths, methods: ['GET', 'OPTIONS'] }))).toEqual(
    paths.flatMap((path) => [`GET ${path}: credential_missing`, `OPTIONS ${path}: credential_missing`]),
  )
  const outcomes = { basic: 'basic_invalid', jwt: 'token_missing' }
  for (const [toggle, outcome] of Object.entries(outcomes)) {
    expect(await probe(deployment('orders', { authentication: { ...NOTHING, [toggle]: true } }))).toEqual([
      `GET /orders/:id: ${outcome}`,
    ])
  }
})

test('A trigger without credentials admits an anonymous caller without an alarm', async () => {
  expect(await probe(deployment('orders', { authentication: NOTHING }))).toEqual(['GET /orders/:id: allow'])
})

test('A rate limit does not affect the result', async () => {
  const rateLimits: readonly RateLimit[] = [{ requests: 1, per: 'month', by: 'credential' }]
  const methods = ['GET', 'POST', 'PUT']
  const open = deployment('orders', { authentication: NOTHING, methods, rateLimits })
  expect(await probe(open)).toEqual(methods.map((method) => `${method} /orders/:id: allow`))
})

test('An open, more specific route of another deployment raises an alarm', async () => {
  const files = deployment('files', { paths: ['/files/*'], methods: ['GET', 'POST'] })
  const shadow = { paths: ['/files/:name'], methods: ['GET'] }
  expect(await probe(files, deployment('shadow', { ...shadow, authentication: NOTHING }))).toEqual([
    'GET /files/*: allow (alarm)',
    'POST /files/*: credential_missing',
  ])
  const asking = { ...NOTHING, jwt: true }
  expect(await probe(files, deployment('shadow', { ...shadow, authentication: asking }))).toEqual([
    'GET /files/*: token_missing',
    'POST /files/*: credential_missing',
  ])
})

test('A schedule has no route to probe', async () => {
  expect(await probe(deployment('nightly', { kind: 'schedule', paths: [], methods: [] }))).toEqual([])
})

test('An older snapshot and a removed deployment are errors', async () => {
  const orders = deployment('orders', {})
  const anonymousProbe = new AnonymousProbe({ cell: cellOf([orders]), nowMs: () => 0, hosts: HOSTS })
  await expect(anonymousProbe.probe(orders, 8)).rejects.toThrow('revision 7')
  await expect(anonymousProbe.probe(deployment('gone', {}), 7)).rejects.toThrow('no longer live')
  await expect(anonymousProbe.probe({ ...orders, environment: 'test' }, 7)).rejects.toThrow('no longer live')
})

test('A trigger with hosts is probed at each of them', async () => {
  const hosts = ['a.example', '*.shops.example']
  const any = deployment('any', { authentication: NOTHING })
  expect(await probe(deployment('orders', { hosts }), any)).toEqual(['GET /orders/:id: credential_missing'])
  // An open pipeline with a more specific host admits the caller.
  const open = deployment('open', { authentication: NOTHING, hosts: ['probe.shops.example'] })
  expect(await probe(deployment('orders', { hosts }), any, open)).toEqual(['GET /orders/:id: allow (alarm)'])
})

test('Hosts of other pipelines are probed too, where those admit the caller', async () => {
  const at = (hosts: readonly string[], trigger: Partial<Trigger> = {}): DeploymentRecord =>
    deployment('users', { paths: ['/orders/**'], hosts, ...trigger })
  const open = { authentication: NOTHING }
  const orders = deployment('orders', {})
  expect(await probe(orders, at(['a.shops.example'], open))).toEqual([
    'GET a.shops.example/orders/:id: allow (alarm)',
  ])
  expect(await probe(orders, at(['*.shops.example'], open))).toEqual([
    'GET *.shops.example/orders/:id: allow (alarm)',
  ])
  const wide = deployment('orders', { hosts: ['*.shops.example'] })
  expect(await probe(wide, at(['a.shops.example'], open))).toEqual([
    'GET a.shops.example/orders/:id: allow (alarm)',
  ])
  const missing = ['GET /orders/:id: credential_missing']
  // Hosts of another environment and of none lead to no pipeline of this one.
  expect(await probe(orders, at(['test.example', 'other.example'], open))).toEqual(missing)
  expect(await probe(orders, at(['a.shops.example']))).toEqual(missing)
  expect(await probe(orders, at(['a.shops.example'], { ...open, paths: ['/orderz/**'] }))).toEqual(missing)
  expect(await probe(orders, at(['a.shops.example'], { ...open, methods: ['POST'] }))).toEqual(missing)
})
