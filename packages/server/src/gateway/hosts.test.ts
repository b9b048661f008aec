import type { DeploymentRecord, FeedRecord, Trigger } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RawConnection } from './testing/raw-connection.ts'
import { ACME, deployment, OPEN, startWith, type StartedGateway } from './testing/started-gateway.ts'

/*
 * Pipelines with hosts of their own, and callers who try to reach them, or others, by another host. All bytes go over raw
 * sockets, so that no client corrects them.
 */

const PROD = { organization: 'acme', environment: 'prod' }
const RIVAL = { organization: 'rival', environment: 'prod' }
const HOSTS = new Map([
  ['orders.example', PROD],
  ['other.example', PROD],
  ['*.shops.example', PROD],
  ['vip.shops.example', RIVAL],
  ['rival.example', RIVAL],
])

function pipeline(
  name: string,
  path: string,
  trigger: Partial<Trigger> = {},
  place = PROD,
): DeploymentRecord {
  const body = { kind: 'respond', status: 200, headers: {}, body: name } as const
  return deployment({ paths: [path], authentication: OPEN, ...trigger }, body, { pipeline: name, ...place })
}

const GUARD = { authentication: { ...OPEN, apiKey: true } }
const GUARDED = pipeline('guarded', '/a', { hosts: ['orders.example'], ...GUARD })
const RECORDS: readonly FeedRecord[] = [
  ...ACME,
  { kind: 'organization', slug: 'rival' },
  { kind: 'environment', ...RIVAL, name: 'prod' },
  GUARDED,
  pipeline('any', '/a'),
  pipeline('own', '/own', { hosts: ['other.example'] }),
  pipeline('shop', '/a', { hosts: ['*.shops.example'] }),
  pipeline('one', '/a', { hosts: ['one.shops.example'] }),
  pipeline('cookies', '/cookies', {
    hosts: ['*.shops.example'],
    responseHeaders: { 'set-cookie': 's=1; Domain=shops.example; Path=/' },
  }),
  pipeline('ours', '/cookies', {
    hosts: ['orders.example'],
    responseHeaders: { 'set-cookie': 's=1; Domain=orders.example; Path=/' },
  }),
  // The gate refuses them: the operator gives these hosts to another organization.
  pipeline('thief', '/a', { hosts: ['orders.example', 'rival.example', '*.example'] }, RIVAL),
  pipeline('burglar', '/a', { hosts: ['vip.shops.example'] }),
]

let started: StartedGateway
let behindProxy: StartedGateway

beforeAll(async () => {
  started = await startWith(RECORDS, { config: { hosts: HOSTS } })
  behindProxy = await startWith(RECORDS, { config: { hosts: HOSTS, trustedProxies: ['127.0.0.1'] } })
})
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await behindProxy[Symbol.asyncDispose]()
})

/** The name of the pipeline that answered, or the status. */
async function answerTo(bytes: string, { gateway }: StartedGateway = started): Promise<string> {
  const text = await RawConnection.exchange(gateway.port, bytes)
  const status = /^HTTP\/1\.1 (\d{3}) /.exec(text)?.[1] ?? ''
  return status === '200' ? (/\r\n\r\n"(\w+)"$/.exec(text)?.[1] ?? text) : status
}

const lines = (...all: readonly string[]): string => `${[...all, 'connection: close'].join('\r\n')}\r\n\r\n`
const to = (host: string, target = '/a', ...headers: readonly string[]): string =>
  lines(`GET ${target} HTTP/1.1`, `host: ${host}`, ...headers)

describe('A cookie with a domain', () => {
  test.each([
    ['a.shops.example', 's=1; Path=/'],
    ['orders.example', 's=1; Domain=orders.example; Path=/'],
  ])('of %s reaches no host of another organization', async (host, cookie) => {
    const text = await RawConnection.exchange(started.gateway.port, to(host, '/cookies'))
    expect(/^set-cookie: (.*)$/im.exec(text)?.[1]).toBe(cookie)
  })
})

describe('A pipeline with hosts', () => {
  test.each([
    ['orders.example', '/a', '401'],
    ['ORDERS.Example', '/a', '401'],
    ['orders.example:8443', '/a', '401'],
    ['orders.example.', '/a', '401'],
    ['Orders.Example.:80', '/a', '401'],
    ['orders.example:', '/a', '401'],
    // Another host of the environment.
    ['other.example', '/a', 'any'],
    ['other.example', '/own', 'own'],
    ['orders.example', '/own', '404'],
    // Not below the environment's path of the gateway's own host.
    ['127.0.0.1', '/acme/prod/a', 'any'],
    ['127.0.0.1', '/acme/prod/own', '404'],
    ['orders.example', '/acme/prod/own', '404'],
    ['other.example', '/acme/prod/own', '404'],
    ['127.0.0.1', '/own', '404'],
    // The most specific host counts.
    ['one.shops.example', '/a', 'one'],
    ['two.shops.example', '/a', 'shop'],
    ['a.one.shops.example', '/a', 'shop'],
    ['shops.example', '/acme/prod/a', 'any'],
    ['shops.example', '/a', '404'],
  ])('at %s%s: %s', async (host, target, answer) => {
    expect(await answerTo(to(host, target))).toBe(answer)
  })

  test.each([
    ['rival.example', 'thief'],
    ['orders.example', '401'],
    ['other.example', 'any'],
    ['127.0.0.1/rival/prod', '404'],
    // The operator gives it to the rival, whose pattern has it; the pipeline of acme that names it is never reached there.
    ['vip.shops.example', 'thief'],
  ])('of another organization takes no host from it: %s', async (place, answer) => {
    const [host = '', ...path] = place.split('/')
    expect(await answerTo(to(host, ['', ...path, 'a'].join('/')))).toBe(answer)
  })

  test.each<[string, string, string]>([
    ['userinfo', to('me@orders.example'), '400'],
    ['an underscore', to('orders_.example'), '404'],
    ['a pattern', to('*.shops.example'), '400'],
    ['two hosts in one', to('orders.example, other.example'), '400'],
    ['a path', to('orders.example/own'), '400'],
    ['an empty host', to(''), '400'],
    ['a doubled final dot', to('orders.example..'), '404'],
    ['an IPv6 address', to('[::1]'), '404'],
    ['a name that ends alike', to('xorders.example'), '404'],
    ['a longer name', to('orders.example.evil'), '404'],
    ['two host lines', to('other.example', '/a', 'host: orders.example'), '400'],
    ['the same host twice', to('orders.example', '/a', 'Host: orders.example'), '400'],
    ['no host', lines('GET /a HTTP/1.1'), '400'],
    ['HTTP/1.0 without a host', lines('GET /a HTTP/1.0'), '404'],
    ['HTTP/1.0 without a host, by path', lines('GET /acme/prod/a HTTP/1.0'), 'any'],
    ['HTTP/1.0 with a host', lines('GET /a HTTP/1.0', 'host: orders.example'), '401'],
    ['absolute form', to('orders.example', 'http://orders.example/a'), '401'],
    ['absolute form in upper case', to('orders.example', 'HTTP://ORDERS.EXAMPLE/a'), '401'],
    ['absolute form with another host', to('other.example', 'http://orders.example/a'), '400'],
    ['absolute form with a weaker host', to('orders.example', 'http://other.example/a'), '400'],
    ['absolute form with another port', to('orders.example', 'http://orders.example:81/a'), '400'],
    ['absolute form with userinfo', to('orders.example', 'http://other.example@orders.example/a'), '400'],
    ['absolute form that only begins alike', to('orders.example', 'http://orders.example.evil/a'), '400'],
    ['a reported host', to('orders.example', '/a', 'x-forwarded-host: other.example'), '401'],
    [
      'a reported host, to a weaker one',
      to('other.example', '/a', 'x-forwarded-host: orders.example'),
      'any',
    ],
    ['a reported host in Forwarded', to('orders.example', '/a', 'forwarded: host=other.example'), '401'],
    ['X-Host', to('orders.example', '/a', 'x-host: other.example', 'x-original-host: other.example'), '401'],
  ])('is not reached or avoided by %s', async (_name, bytes, answer) => {
    expect(await answerTo(bytes)).toBe(answer)
  })

  test.each<[string, readonly string[], string]>([
    ['the host that it reports', ['x-forwarded-host: orders.example'], '401'],
    ['a reported host in another form', ['x-forwarded-host: ORDERS.example.:443'], '401'],
    ['Host if it reports none', [], 'any'],
    ['no two reported hosts', ['x-forwarded-host: other.example, orders.example'], '400'],
    ['no two reported lines', ['x-forwarded-host: other.example', 'x-forwarded-host: orders.example'], '400'],
    ['no userinfo', ['x-forwarded-host: me@orders.example'], '400'],
  ])('behind a trusted proxy, %s counts', async (_name, headers, answer) => {
    expect(await answerTo(to('other.example', '/a', ...headers), behindProxy)).toBe(answer)
  })
})

describe('/authz', () => {
  const nginx = (host: string, url: string): string =>
    to(host, '/authz', 'x-original-method: GET', `x-original-url: ${url}`)
  const caddy = (host: string): string =>
    to('gateway', '/authz', 'x-forwarded-method: GET', 'x-forwarded-uri: /a', `x-forwarded-host: ${host}`)
  const status = async (bytes: string, gateway = started): Promise<string> =>
    (await RawConnection.exchange(gateway.gateway.port, bytes)).slice(9, 12)

  test.each([
    ['nginx', nginx('orders.example', '/a'), '401'],
    ['nginx for another host', nginx('other.example', '/a'), '200'],
    ['nginx in upper case', nginx('ORDERS.example:443', '/a'), '401'],
    ['ingress-nginx', nginx('gateway', 'https://orders.example/a'), '401'],
    ['ingress-nginx for another host', nginx('orders.example', 'https://other.example/a'), '200'],
    ['ingress-nginx with userinfo', nginx('gateway', 'https://me@orders.example/a'), '404'],
    ['Envoy', to('orders.example', '/authz/a'), '401'],
    ['Envoy for another host', to('other.example', '/authz/own'), '200'],
    ['Envoy by the path of the environment', to('gateway', '/authz/acme/prod/own'), '404'],
  ])('%s finds the routes of the described host', async (_name, bytes, expected) => {
    expect(await status(bytes)).toBe(expected)
  })

  test('Caddy and Traefik report the host, which counts from a trusted proxy', async () => {
    expect(await status(caddy('orders.example'), behindProxy)).toBe('401')
    expect(await status(caddy('other.example'), behindProxy)).toBe('200')
    expect(await status(caddy('orders.example'))).toBe('404')
  })
})

describe('When the operator takes a host away', () => {
  const withHosts = (hosts: typeof HOSTS): Promise<StartedGateway> =>
    startWith(RECORDS, { config: { hosts } })

  test('its pipelines are reached nowhere', async () => {
    await using gone = await withHosts(new Map([['rival.example', RIVAL]]))
    for (const target of ['/a', '/own', '/acme/prod/own']) {
      expect(await answerTo(to('orders.example', target), gone)).toBe('404')
      expect(await answerTo(to('other.example', target), gone)).toBe('404')
    }
    // A pipeline without hosts is reached as it is everywhere.
    expect(await answerTo(to('orders.example', '/acme/prod/a'), gone)).toBe('any')
  })

  test('an environment that gets it has only its own pipelines there', async () => {
    await using moved = await withHosts(new Map([['orders.example', { ...PROD, environment: 'test' }]]))
    expect(await answerTo(to('orders.example'), moved)).toBe('404')
  })
})

test('when a pipeline with hosts ends, one without hosts answers at them, as for any route', async () => {
  await using changing = await startWith(RECORDS, { config: { hosts: HOSTS } })
  expect(await answerTo(to('orders.example'), changing)).toBe('401')
  changing.apply([{ kind: 'removed', of: 'deployment', organization: 'acme', id: GUARDED.id }])
  expect(await answerTo(to('orders.example'), changing)).toBe('any')
  changing.apply([GUARDED])
  expect(await answerTo(to('orders.example'), changing)).toBe('401')
})
