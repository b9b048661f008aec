import type { FeedRecord, Step, UpstreamTlsSettings } from '@sallyport/core'
import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import type { Duplex } from 'node:stream'
import { afterAll, describe, expect, test } from 'vitest'
import { eventually } from '../../../../test/support/eventually.ts'
import { Authority, type Certified } from '../../../../test/support/certificates.ts'
import { RawConnection } from './testing/raw-connection.ts'
import { callTo, pipeline } from './testing/step-fixtures.ts'
import { ACME, proxyTo, secret, startWith, type StartedGateway } from './testing/started-gateway.ts'

const ours = await Authority.create('ours')
const theirs = await Authority.create('theirs')
const trusted = ours.issue('DNS:localhost,IP:127.0.0.1')
const renamed = ours.issue('DNS:inside.test')
const me = ours.issue('DNS:gateway.test')
const stranger = theirs.issue('DNS:gateway.test')
afterAll(() => {
  ours[Symbol.dispose]()
  theirs[Symbol.dispose]()
})

/** What an upstream has seen of the connection of a request. */
interface Seen {
  readonly serverName: string | false | null
  /** The name of the certificate; undefined without one. */
  readonly client: string | undefined
  readonly port: number | undefined
  readonly host: string | undefined
}

/** An upstream that speaks TLS. It answers each request with what it has seen. */
class TlsUpstream implements AsyncDisposable {
  readonly #server: Server
  readonly #switched = new Set<Duplex>()
  private constructor({ certificate, key }: Certified, clients: string | null) {
    this.#server = createServer(
      {
        cert: certificate,
        key,
        ...(clients === null ? {} : { ca: clients, requestCert: true, rejectUnauthorized: true }),
      },
      (request, response) => {
        const socket = request.socket as TLSSocket & { servername: string | false | null }
        const seen: Seen = {
          serverName: socket.servername,
          client: socket.getPeerCertificate().subjectaltname,
          port: socket.remotePort,
          host: request.headers.host,
        }
        response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(seen))
      },
    )
    this.#server.on('upgrade', (_request, socket) => {
      this.#switched.add(socket)
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
      socket.pipe(socket)
    })
  }

  /** @param clients the authority of the certificates that callers need; null if they need none */
  static async start(certified: Certified, clients: string | null = null): Promise<TlsUpstream> {
    const upstream = new TlsUpstream(certified, clients)
    upstream.#server.listen(0, '127.0.0.1')
    await once(upstream.#server, 'listening')
    return upstream
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    for (const socket of this.#switched) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}

function tls(fields: Partial<UpstreamTlsSettings>): { readonly tls: UpstreamTlsSettings } {
  return { tls: { ca: null, certificate: null, key: null, serverName: null, ...fields } }
}

const STEPS = [
  ['proxy', (url: string, fields: object) => proxyTo(url, fields)],
  ['call', (url: string, fields: object) => callTo(url, fields)],
] as const satisfies [string, (url: string, fields: object) => Step][]

async function ask(started: StartedGateway, name = 'up', owner = 'acme'): Promise<Seen | number> {
  const response = await fetch(`${started.url}/${owner}/prod/${name}`)
  const text = await response.text()
  return response.status === 200 ? (JSON.parse(text) as Seen) : response.status
}

describe.each(STEPS)('The TLS of a %s', (_, step) => {
  test('trusts the authority of the step, and no other one', async () => {
    await using upstream = await TlsUpstream.start(trusted)
    const url = `https://localhost:${upstream.port}/`
    await using started = await startWith([
      ...ACME,
      secret('CA', ours.certificate.replaceAll('\n', ' ')),
      pipeline('text', step(url, tls({ ca: ours.certificate }))),
      pipeline('secret', step(url, tls({ ca: '{secrets.CA}' }))),
      pipeline('other', step(url, tls({ ca: theirs.certificate }))),
      pipeline('both', step(url, tls({ ca: theirs.certificate + ours.certificate }))),
      pipeline('none', step(url, {})),
      pipeline('name', step(url, tls({ serverName: 'localhost' }))),
    ])
    expect(await ask(started, 'text')).toMatchObject({ serverName: 'localhost' })
    expect(await ask(started, 'secret')).toMatchObject({ serverName: 'localhost' })
    expect(await ask(started, 'both')).toMatchObject({ serverName: 'localhost' })
    for (const name of ['other', 'none', 'name'])
      expect([name, await ask(started, name)]).toEqual([name, 502])
  })

  test('uses the server name of the step, and its certificate must have it', async () => {
    await using upstream = await TlsUpstream.start(renamed)
    const url = `https://127.0.0.1:${upstream.port}/`
    const ca = ours.certificate
    await using started = await startWith([
      ...ACME,
      pipeline('right', step(url, tls({ ca, serverName: 'inside.test' }))),
      pipeline('wrong', step(url, tls({ ca, serverName: 'other.test' }))),
      pipeline('none', step(url, tls({ ca }))),
    ])
    expect(await ask(started, 'right')).toMatchObject({ serverName: 'inside.test' })
    expect(await ask(started, 'wrong')).toBe(502)
    expect(await ask(started, 'none')).toBe(502)
  })

  test('identifies the gateway by a certificate whose key is a secret', async () => {
    await using upstream = await TlsUpstream.start(trusted, ours.certificate)
    const url = `https://127.0.0.1:${upstream.port}/`
    const ca = ours.certificate
    const as = (certificate: string, key: string): object => tls({ ca, certificate, key })
    await using started = await startWith([
      ...ACME,
      secret('CERTIFICATE', me.certificate.replaceAll('\n', '')),
      secret('KEY', me.key.replaceAll('\n', String.raw`\n`)),
      secret('STRANGER', stranger.key),
      secret('BROKEN', me.key.replace('BEGIN', 'BEGUN')),
      secret('CERTIFICATE_AS_KEY', me.certificate),
      pipeline('right', step(url, as('{secrets.CERTIFICATE}', '{secrets.KEY}'))),
      pipeline('text', step(url, as(me.certificate, '{secrets.KEY}'))),
      pipeline('stranger', step(url, as(stranger.certificate, '{secrets.STRANGER}'))),
      pipeline('none', step(url, tls({ ca }))),
      ...['STRANGER', 'BROKEN', 'CERTIFICATE_AS_KEY', 'MISSING'].map((name) =>
        pipeline(`unusable-${name}`, step(url, as(me.certificate, `{secrets.${name}}`))),
      ),
    ])
    expect(await ask(started, 'right')).toMatchObject({ client: 'DNS:gateway.test' })
    expect(await ask(started, 'text')).toMatchObject({ client: 'DNS:gateway.test' })
    expect(await ask(started, 'stranger')).toBe(502)
    expect(await ask(started, 'none')).toBe(502)
    for (const [name, reason] of [
      ['STRANGER', 'it is not the key of the first certificate'],
      ['BROKEN', 'it is not PEM text of one private key'],
      ['CERTIFICATE_AS_KEY', 'it is not PEM text of one private key'],
      ['MISSING', 'it does not exist or cannot be decrypted'],
    ] as const) {
      expect([name, await ask(started, `unusable-${name}`)]).toEqual([name, 500])
      const line = started.log.find((each) => each.includes(`"secretName":"${name}"`))
      expect(line).toContain(reason)
    }
    const body = me.key.split('\n')[1] ?? ''
    expect(started.log.join('\n')).not.toContain(body)
  })

  test('follows a change of the secret', async () => {
    await using upstream = await TlsUpstream.start(trusted, ours.certificate)
    const url = `https://127.0.0.1:${upstream.port}/`
    const fields = tls({ ca: ours.certificate, certificate: '{secrets.CERTIFICATE}', key: '{secrets.KEY}' })
    await using started = await startWith([
      ...ACME,
      secret('CERTIFICATE', stranger.certificate),
      secret('KEY', stranger.key),
      pipeline('up', step(url, fields)),
    ])
    expect(await ask(started)).toBe(502)
    started.apply([secret('CERTIFICATE', me.certificate), secret('KEY', me.key)])
    expect(await ask(started)).toMatchObject({ client: 'DNS:gateway.test' })
    started.apply([secret('CERTIFICATE', stranger.certificate), secret('KEY', stranger.key)])
    expect(await ask(started)).toBe(502)
  })
})

describe('Connections', () => {
  test('are never shared between different settings, or between organizations', async () => {
    await using upstream = await TlsUpstream.start(trusted)
    const url = `https://localhost:${upstream.port}/`
    const ca = ours.certificate
    const other: FeedRecord[] = [
      { kind: 'organization', slug: 'other' },
      { kind: 'environment', organization: 'other', name: 'prod' },
    ]
    const certified = { ca, certificate: me.certificate, key: '{secrets.KEY}' }
    const up = pipeline('up', proxyTo(url, tls({ ca })))
    await using started = await startWith([
      ...ACME,
      ...other,
      secret('KEY', me.key),
      up,
      { ...up, organization: 'other' },
      pipeline('same', proxyTo(url, tls({ ca }))),
      pipeline('certified', proxyTo(url, tls(certified))),
      pipeline('distrusting', proxyTo(url, tls({ ca: theirs.certificate }))),
      pipeline('plain', proxyTo(url, {})),
    ])
    const portOf = (seen: Seen | number): number | undefined =>
      typeof seen === 'number' ? undefined : seen.port
    const first = portOf(await ask(started))
    expect(first).toBeTypeOf('number')
    expect(portOf(await ask(started, 'same'))).toBe(first)
    const others = [portOf(await ask(started, 'up', 'other')), portOf(await ask(started, 'certified'))]
    expect(new Set([first, ...others]).size).toBe(3)
    // A session of a connection that was trusted is resumed by none that does not trust it.
    expect(await ask(started, 'distrusting')).toBe(502)
    expect(await ask(started, 'plain')).toBe(502)
    expect(await ask(started)).toMatchObject({ port: first })
  })

  test('of WebSockets have it too', async () => {
    await using upstream = await TlsUpstream.start(trusted, ours.certificate)
    const fields = tls({ ca: ours.certificate, certificate: me.certificate, key: '{secrets.KEY}' })
    await using started = await startWith([
      ...ACME,
      secret('KEY', me.key),
      pipeline('up', proxyTo(`https://localhost:${upstream.port}/`, fields)),
    ])
    await using caller = await RawConnection.open(started.gateway.port)
    caller.send(
      'GET /acme/prod/up HTTP/1.1\r\nHost: api\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n' +
        'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
    )
    expect(await caller.until('\r\n\r\n')).toMatch(/^HTTP\/1.1 101 /)
    caller.send('over TLS')
    await caller.until('over TLS')
    expect(started.log.filter((line) => line.includes('upstream failed'))).toEqual([])
  })

  test('keep their server name when the host of the caller is preserved', async () => {
    await using upstream = await TlsUpstream.start(trusted)
    const ca = ours.certificate
    const fields = { preserveHost: true, ...tls({ ca }) }
    await using started = await startWith([
      ...ACME,
      pipeline('name', proxyTo(`https://localhost:${upstream.port}/`, fields)),
      pipeline('address', proxyTo(`https://127.0.0.1:${upstream.port}/`, fields)),
      pipeline('distrusting', proxyTo(`https://localhost:${upstream.port}/`, { preserveHost: true })),
    ])
    const seen: Seen[] = []
    for (const name of ['name', 'address']) {
      for (const host of ['a.example.com', 'b.example.com:81', '10.1.1.1']) {
        const text = await RawConnection.exchange(
          started.gateway.port,
          `GET /acme/prod/${name} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
        )
        const got = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as Seen
        expect(got.host).toBe(host)
        seen.push(got)
      }
    }
    expect(seen.map(({ serverName }) => serverName || '')).toEqual([
      ...Array(3).fill('localhost'),
      '',
      '',
      '',
    ])
    // No connection ends because of another host.
    expect(new Set(seen.map(({ port }) => port)).size).toBe(2)
    expect(await ask(started, 'distrusting')).toBe(502)
  })

  test('of health checks have it too', async () => {
    await using upstream = await TlsUpstream.start(trusted, ours.certificate)
    const origin = `https://localhost:${upstream.port}`
    const health = {
      path: '/',
      intervalMs: 10,
      timeoutMs: 5000,
      healthyAfter: 1,
      unhealthyAfter: 1,
      statuses: null,
    }
    const fields = {
      ...tls({ ca: ours.certificate, certificate: me.certificate, key: '{secrets.KEY}' }),
      targets: [{ origin, weight: 1, when: null, isBackup: false }],
      balance: {
        by: 'request' as const,
        retries: 0,
        retryMethods: [],
        failures: 5,
        ejectionMs: 1000,
        health,
      },
    }
    await using started = await startWith([
      ...ACME,
      secret('KEY', stranger.key),
      pipeline('up', proxyTo(`${origin}/`, fields)),
    ])
    const healthy = async (): Promise<string | undefined> =>
      (await started.registry.metrics())
        .split('\n')
        .find((line) => line.startsWith('sallyport_upstream_healthy{'))
    // A check that the gateway cannot send says nothing about the target.
    expect(await healthy()).toMatch(/ 1$/)
    const reports = (): string[] => started.log.filter((line) => line.includes('health checks are not sent'))
    await eventually(() => expect(reports()).toHaveLength(1))
    expect(reports()[0]).toContain('"secretName":"KEY","reason":"it is not the key of the first certificate"')
    expect(reports()[0]).toContain(`"upstream":"${origin}"`)
    expect(started.log.join('\n')).not.toContain(stranger.key.split('\n')[1] ?? '')
    // Once per change, not per check.
    started.apply([secret('KEY', 'neither')])
    await eventually(() => expect(reports()).toHaveLength(2))
    started.apply([secret('KEY', me.key)])
    expect(await ask(started)).toMatchObject({ client: 'DNS:gateway.test' })
    expect(await healthy()).toMatch(/ 1$/)
    started.apply([
      { ...pipeline('up', proxyTo(`${origin}/`, { ...fields, ...tls({ ca: ours.certificate }) })) },
    ])
    await eventually(async () => expect(await healthy()).toMatch(/ 0$/))
    expect(reports()).toHaveLength(2)
  })
})
