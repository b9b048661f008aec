import { readFileSync } from 'node:fs'
import { readRequestPath, type DeploymentRecord } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RawConnection } from './testing/raw-connection.ts'
import { RecordingUpstream } from './testing/recording-upstream.ts'
import { ACME, deployment, OPEN, proxyTo, startWith, type StartedGateway } from './testing/started-gateway.ts'
import type { Trigger } from '@sallyport/core'

/*
 * Paths that the gateway and a server behind it could read differently. Both entrances must refuse them alike. All bytes
 * go over raw sockets, so that no client or server normalizes them.
 */

/** `vectors/README.md` describes the format. */
const VECTORS = JSON.parse(
  readFileSync(new URL('../../../../vectors/paths.json', import.meta.url), 'utf8'),
) as {
  readonly refused: readonly (readonly [refused: string, neighbour: string])[]
  readonly encodedSlash: readonly (readonly [path: string, neighbour: string])[]
  readonly loose: readonly (readonly [path: string, other: string, same: boolean])[]
}

let upstream: RecordingUpstream
let started: StartedGateway

beforeAll(async () => {
  upstream = await RecordingUpstream.start()
  started = await startWith([...ACME, ...pipelines(), ...pipelinesAtHosts()], {
    config: {
      hosts: new Map([
        ['api.example', { organization: 'acme', environment: 'prod' }],
        ['own.example', { organization: 'acme', environment: 'prod' }],
        ['guarded.example', { organization: 'acme', environment: 'test' }],
      ]),
    },
  })
})

afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

function pipeline(path: string, target: string, trigger: Partial<Trigger> = {}): DeploymentRecord {
  return deployment({ paths: [path], ...trigger }, proxyTo(`http://127.0.0.1:${upstream.port}${target}`), {
    pipeline: path,
  })
}

/** Open routes beside guarded ones, all on one upstream. */
function pipelines(): DeploymentRecord[] {
  const open = { authentication: OPEN }
  return [
    pipeline('/*', '/{*}', open),
    pipeline('/w/*', '/w/{*}', open),
    pipeline('/w/admin', '/w/admin'),
    pipeline('/int/admin', '/int/admin'),
    pipeline('/orders/:id', '/orders/{id}', open),
    pipeline('/orders/:id/refund', '/orders/{id}/refund'),
    pipeline('/raw/:id', '/raw/{id}', { ...open, encodedSlashes: 'allow' }),
    pipeline('/raw/:id/admin', '/raw/{id}/admin'),
    pipeline('/strict/:id', '/strict/{id}', { ...open, encodedSlashes: 'refuse' }),
    pipeline('/files', '/files'),
    pipeline('/files/*', '/files/{*}', open),
    pipeline('/Mixed/Case', '/mixed/case'),
    pipeline('/pair', '/pair', open),
    pipeline('/below/**', '/base/{*}', open),
    pipeline('/below/secret/*', '/base/secret/{*}'),
    pipeline('/docs/:name', '/docs/{name}', open),
    pipeline('/docs/{id}.json', '/docs/{id}.json'),
    pipeline('/slash/', '/slash/'),
    pipeline('/one/**', '/up/{path}', { ...open, paths: ['/one/**', '/two/:id/**', '/three-{n}.txt'] }),
    pipeline('/both/:id', '/both/{id}?p={path}', { ...open, trailingSlash: 'optional' }),
    pipeline('/same/:id', '/same/{id}', { ...open, methods: ['GET'] }),
    pipeline('/same/me', '/same/me', { methods: ['POST'] }),
  ]
}

/** The same at a host of their own, and in another environment with only the guarded ones at a host of their own. */
function pipelinesAtHosts(): DeploymentRecord[] {
  const at = (host: string, { spec, ...record }: DeploymentRecord): DeploymentRecord => ({
    ...record,
    id: `${host} ${record.id}`,
    spec: { ...spec, trigger: { ...spec.trigger, hosts: [host] } },
  })
  const inTest = pipelines().map((record) => ({ ...record, id: `test ${record.id}`, environment: 'test' }))
  return [
    ...pipelines().map((record) => at('own.example', record)),
    ...inTest.map((record) =>
      record.spec.trigger.authentication.apiKey ? at('guarded.example', record) : record,
    ),
  ]
}

type Sending = readonly [entrance: string, bytesOf: (path: string) => string]

/** The gateway itself, and each form in which a proxy describes a request to `/authz`. */
const ENTRANCES: readonly Sending[] = [
  ['gateway', (path) => request(`/acme/prod${path}`)],
  ['gateway with a host of its own', (path) => request(path, { host: 'api.example' })],
  ["gateway at the triggers' own host", (path) => request(path, { host: 'OWN.example.:8081' })],
  ['gateway at the own host of guarded triggers', (path) => request(path, { host: 'guarded.example' })],
  ['gateway in absolute form', (path) => request(`http://api.example${path}`, { host: 'api.example' })],
  [
    '/authz for nginx',
    (path) => request('/authz', { 'x-original-method': 'GET', 'x-original-url': `/acme/prod${path}` }),
  ],
  [
    '/authz for ingress-nginx',
    (path) =>
      request('/authz', { 'x-original-method': 'GET', 'x-original-url': `http://api.example${path}` }),
  ],
  [
    '/authz for Caddy',
    (path) => request('/authz', { 'x-forwarded-method': 'GET', 'x-forwarded-uri': `/acme/prod${path}` }),
  ],
  [
    "/authz for ingress-nginx at the triggers' own host",
    (path) =>
      request('/authz', { 'x-original-method': 'GET', 'x-original-url': `https://own.example${path}` }),
  ],
  [
    '/authz for Envoy at the own host of guarded triggers',
    (path) => request(`/authz${path}`, { host: 'guarded.example' }),
  ],
  ['/authz for Envoy', (path) => request(`/authz/acme/prod${path}`)],
]

function request(target: string, headers: Readonly<Record<string, string>> = {}): string {
  const all = { host: 'api', connection: 'close', ...headers }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${target} HTTP/1.1\r\n${lines.join('')}\r\n`
}

interface Sent {
  readonly status: number
  readonly text: string
  /** The targets of the requests that the upstream received. */
  readonly targets: readonly string[]
}

async function send(bytes: string): Promise<Sent> {
  const text = await RawConnection.exchange(started.gateway.port, bytes)
  const targets = upstream.take().map(({ line }) => line.split(' ')[1] ?? '')
  return { status: Number(/^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1]), text, targets }
}

async function expectRefused(bytes: string): Promise<void> {
  const { status, text, targets } = await send(bytes)
  expect([status, targets]).toEqual([400, []])
  expect(text).toContain('"code":"invalid_request"')
}

describe.each(ENTRANCES)('Through the %s', (entrance, bytesOf) => {
  const isGateway = entrance.startsWith('gateway')

  /** Expects that a path is admitted, and that the upstream receives the target. */
  async function expectAdmitted(path: string, target: string): Promise<void> {
    const { status, text, targets } = await send(bytesOf(path))
    expect([status, targets], text).toEqual([200, isGateway ? [target] : []])
  }

  test.each([
    ['/below', '/base'],
    ['/below/', '/base/'],
    ['/below?q=1', '/base?q=1'],
    ['/below/a/b/', '/base/a/b/'],
    ['/below/levels:append', '/base/levels:append'],
  ])('%s reaches %s below a prefix', async (path, target) => {
    await expectAdmitted(path, target)
  })

  test.each([
    '/below//a',
    '/below/%2e%2e/a',
    '/below%2Fa',
    '/below/a%2Fb',
    '/below/secret',
    '/below/Secret/a',
    '/below/secret;x',
  ])('%s is refused below a prefix', async (path) => await expectRefused(bytesOf(path)))

  test.each(VECTORS.refused)('%s is refused and %s is not', async (refused, neighbour) => {
    await expectRefused(bytesOf(refused))
    const { status, targets } = await send(bytesOf(neighbour))
    // An open route admits the neighbour, or a guarded one asks for a key.
    expect([200, 401]).toContain(status)
    expect(targets).toEqual(isGateway && status === 200 ? [readRequestPath(neighbour).path] : [])
  })

  test.each(VECTORS.encodedSlash)('%s is refused and %s is not', async (refused, neighbour) => {
    await expectRefused(bytesOf(refused))
    await expectAdmitted(neighbour, neighbour)
  })

  test.each(VECTORS.loose.filter(([path, , same]) => same && readRequestPath(path).path !== '/w/admin'))(
    '%s is refused beside the guarded route %s',
    async (path) => await expectRefused(bytesOf(path)),
  )

  test.each(VECTORS.loose.filter(([, , same]) => !same))('%s is not refused beside %s', async (path) => {
    await expectAdmitted(path, path)
  })

  test('an escaped letter leads to the guarded route', async () => {
    for (const path of [
      '/w/%61dmin',
      '/w/%61%64%6D%69%6e',
      '/%77/admin',
      '/int/%61dmin',
      '/%6Frders/1/refund',
    ]) {
      const { status, targets } = await send(bytesOf(path))
      expect([path, status, targets]).toEqual([path, 401, []])
    }
  })

  test('encoded slashes are admitted by a trigger that allows them, unless they lead to a guarded route', async () => {
    await expectAdmitted('/raw/a%2Fb', '/raw/a%2Fb')
    await expectAdmitted('/raw/http:%2f%2fup', '/raw/http:%2f%2fup')
    for (const path of [
      '/strict/a%2Fb',
      '/raw/1%2Fadmin',
      '/raw/1%2FADMIN;x',
      '/raw/1%2f..%2fx',
      '/raw/1%5cadmin',
      '/raw/1%252fadmin',
      '/raw%2F1',
      '/raw/1//x',
    ]) {
      await expectRefused(bytesOf(path))
    }
  })

  test('text beside a parameter does not lead around a guarded route either', async () => {
    for (const path of [
      '/docs/a.JSON',
      '/docs/a.json/',
      '/docs/a.json;x',
      '/docs/a.json.',
      '/docs/a.json%20',
      '/slash',
    ]) {
      await expectRefused(bytesOf(path))
    }
    await expectAdmitted('/docs/a.jsonp', '/docs/a.jsonp')
    await expectAdmitted('/docs/a.xml', '/docs/a.xml')
    expect((await send(bytesOf('/docs/a.json'))).status).toBe(401)
    expect((await send(bytesOf('/slash/'))).status).toBe(401)
  })

  test('the whole path, and paths with and without a final slash, reach the upstream', async () => {
    for (const path of ['/one', '/one/', '/one/a/b%20c', '/two/7', '/two/7/x/', '/three-3.txt']) {
      await expectAdmitted(path, `/up${path}`)
    }
    await expectAdmitted('/both/7', '/both/7?p=both%2F7')
    await expectAdmitted('/both/7/', '/both/7?p=both%2F7%2F')
  })

  test('a final slash, or upper case, does not lead around the guarded route of another pipeline', async () => {
    for (const path of [
      '/files/',
      '/files/;x',
      '/FILES/',
      '/mixed/case',
      '/MIXED/CASE',
      '/orders/1/refund/',
    ]) {
      await expectRefused(bytesOf(path))
    }
    await expectAdmitted('/files/x/', '/files/x/')
    await expectAdmitted('/files/X', '/files/X')
    await expectAdmitted('/orders/A1', '/orders/A1')
    await expectAdmitted('/orders/a;b=1', '/orders/a;b=1')
    // The other route is as open as this one, or serves another method.
    await expectAdmitted('/PAIR', '/PAIR')
    await expectAdmitted('/same/ME', '/same/ME')
  })
})

test('an encoded slash is refused without a route, and in the names of organization and environment', async () => {
  for (const path of ['/acme/test/a%2Fb', '/nobody/prod/a%2fb', '/acme%2Fprod/x', '/acme/prod%2Fw/admin']) {
    await expectRefused(request(path))
    await expectRefused(request(`/authz${path}`))
  }
})

test('a URL for /authz whose host ends at a backslash is refused', async () => {
  const bytes = (url: string): string =>
    request('/authz', { 'x-original-method': 'GET', 'x-original-url': url })
  for (const url of ['http://api.example\\w/admin', 'http://api.example\\', 'http://api.example#/w/x']) {
    await expectRefused(bytes(url))
  }
  expect((await send(bytes('http://api.example/w/x'))).status).toBe(200)
  expect((await send(bytes('http://api.example'))).status).toBe(200)
})

test('a preflight on a path that could be another one is refused too', async () => {
  const headers = { origin: 'https://app.example', 'access-control-request-method': 'GET' }
  const bytes = (path: string): string => request(path, headers).replace('GET', 'OPTIONS')
  for (const path of ['/acme/prod/w/a%2Fb', '/acme/prod/w/%2561']) {
    await expectRefused(bytes(path))
    await expectRefused(bytes(`/authz${path}`))
  }
})
