import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { AllowedHosts } from './allowed-hosts.ts'
import { type Answer, type ControlWorld, openControlWorld, PUBLIC_URL } from './testing/control-world.ts'
import { verdict } from './testing/people.ts'

const MISDIRECTED = [421, 'misdirected_request']
/** DNS rebinding: a name of another site that leads to this server. */
const REBOUND = 'rebound.example:8080'

async function getFrom(
  world: ControlWorld,
  host: string,
  path = '/v1/setup',
  headers: Record<string, string> = {},
): Promise<Answer> {
  return await world.call('GET', path, undefined, { host, ...headers })
}

/** Sends bytes to a socket of its own. @returns the answer */
async function raw(port: number, request: string): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1' })
  socket.end(request)
  return await text(socket)
}

describe('the management API answers for', () => {
  test.each([
    'localhost',
    'LOCALHOST:8080',
    'localhost.',
    '127.0.0.1:8080',
    '127.1.2.3',
    '[::1]:8080',
    '[0:0:0:0:0:0:0:1]',
    'console.example.com',
    'Console.Example.com.:443',
    'console.internal',
    '192.0.2.7:8080',
    '[2001:db8::7]',
  ])('the host %s', async (host) => {
    await using world = await openControlWorld({
      publicUrl: () => 'https://console.example.com',
      controlHosts: ['127.0.0.1', 'Console.internal', '192.0.2.7', '2001:DB8:0::7'],
    })
    expect((await getFrom(world, host)).status).toBe(200)
  })

  test.each([
    { local: '10.1.2.3', host: '10.1.2.3:8080', isAllowed: true },
    { local: '::ffff:10.1.2.3', host: '10.1.2.3:8080', isAllowed: true },
    { local: '2001:db8::7', host: '[2001:DB8:0::7]:8080', isAllowed: true },
    { local: '10.1.2.3', host: '10.1.2.4:8080', isAllowed: false },
    { local: undefined, host: 'undefined', isAllowed: false },
  ])('the address $local that a client connected to: $host is $isAllowed', ({ local, host, isAllowed }) => {
    const hosts = new AllowedHosts({ publicUrl: () => PUBLIC_URL, controlHosts: [], trustedProxies: [] })
    const socket = { localAddress: local, remoteAddress: '10.9.9.9' }
    expect(hosts.has({ raw: { url: '/metrics', rawHeaders: ['Host', host], socket } })).toBe(isAllowed)
  })

  test('a request of HTTP/1.0 without a host, which no browser sends', async () => {
    await using world = await openControlWorld()
    const port = await world.port()
    expect(await raw(port, 'GET /v1/setup HTTP/1.0\r\n\r\n')).toContain('200 OK')
  })
})

describe('the management API refuses', () => {
  test.each([
    REBOUND,
    'localhost.rebound.example',
    '127.0.0.1.rebound.example',
    'notlocalhost',
    'rebound.example.',
    '2130706433',
    '0x7f.1',
    '0.0.0.0:8080',
    '192.0.2.8',
    '[2001:db8::8]',
    '[::ffff:192.0.2.8]',
    'console.example.com.rebound.example',
  ])('the host %s', async (host) => {
    await using world = await openControlWorld({
      publicUrl: () => 'https://console.example.com',
      controlHosts: ['192.0.2.7'],
    })
    const refused = await getFrom(world, host)
    expect(verdict(refused)).toEqual(MISDIRECTED)
    expect(refused.body['detail']).toContain('SALLYPORT_CONTROL_HOSTS')
  })

  test.each([':8080', 'evil@localhost', 'localhost:x', 'localhost,evil.example'])(
    '%j, which is no host, with 400',
    async (host) => {
      await using world = await openControlWorld()
      expect(verdict(await getFrom(world, host))).toEqual([400, 'invalid_request'])
    },
  )

  test('an empty host', async () => {
    await using world = await openControlWorld()
    const answer = await raw(
      await world.port(),
      'GET /metrics HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n',
    )
    expect(answer).toContain('400 Bad Request')
  })

  test('everything below another host, apart from what probes need', async () => {
    await using world = await openControlWorld()
    const setup = { setupToken: 'x', organization: { slug: 'acme', name: 'Acme' } }
    for (const path of [
      '/',
      '/metrics',
      '/docs',
      '/v1/openapi.json',
      '/v1/whoami',
      '/nowhere',
      '/healthz/x',
    ]) {
      expect(verdict(await getFrom(world, REBOUND, path))).toEqual(MISDIRECTED)
    }
    expect(verdict(await world.call('POST', '/v1/setup', setup, { host: REBOUND }))).toEqual(MISDIRECTED)
    expect(await getFrom(world, REBOUND, '/healthz')).toMatchObject({
      status: 200,
      body: { status: 'alive' },
    })
    const ready = await getFrom(world, REBOUND, '/readyz')
    expect([ready.status, ready.body]).toEqual([200, { ready: true }])
  })

  test('another host in a request target of absolute form, whatever Host says', async () => {
    await using world = await openControlWorld()
    const port = await world.port()
    const sent = (target: string, host: string): Promise<string> =>
      raw(port, `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)
    expect(await sent('http://localhost/v1/setup', 'localhost')).toContain('200 OK')
    expect(await sent('http://rebound.example/v1/setup', 'localhost')).toContain('misdirected_request')
    expect(await sent('http://rebound.example/metrics', 'localhost')).toContain('misdirected_request')
    expect(await sent('http://localhost@rebound.example/metrics', 'localhost')).toContain('invalid_request')
    expect(await sent('http://localhost/v1/setup', 'rebound.example')).toContain('misdirected_request')
  })

  test('another host that a trusted proxy forwards, and none that others claim to forward', async () => {
    const headers = { 'x-forwarded-host': 'rebound.example' }
    await using direct = await openControlWorld()
    expect((await getFrom(direct, 'localhost', '/v1/setup', headers)).status).toBe(200)
    await using proxied = await openControlWorld({
      trustedProxies: ['127.0.0.0/8'],
      controlHosts: ['console.internal'],
    })
    expect(verdict(await getFrom(proxied, 'console.internal', '/v1/setup', headers))).toEqual(MISDIRECTED)
    for (const forwarded of ['rebound.example, localhost', 'localhost, rebound.example']) {
      const two = { 'x-forwarded-host': forwarded }
      expect(verdict(await getFrom(proxied, 'console.internal', '/v1/setup', two))).toEqual(MISDIRECTED)
    }
    // A page can send this header itself, so that it does not replace the host.
    const own = { 'x-forwarded-host': 'localhost' }
    expect(verdict(await getFrom(proxied, 'rebound.example', '/v1/setup', own))).toEqual(MISDIRECTED)
    expect((await getFrom(proxied, 'console.internal', '/v1/setup', own)).status).toBe(200)
  })
})
