import { Agent } from 'undici'
import { describe, expect, test } from 'vitest'
import { AddressSet } from '../address/address-set.ts'
import { RecordingUpstream } from '../gateway/testing/recording-upstream.ts'
import { ACME, deployment, OPEN, proxyTo, startWith } from '../gateway/testing/started-gateway.ts'
import { isPublicAddress, checkedConnector, type Resolve } from './checked-connector.ts'

test.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '192.169.0.1', '2606:4700::1111', '::ffff:8.8.8.8'])(
  '%s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true)
  },
)

test.each([
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  '2001:db8::1',
  '2001::1',
  '3fff::1',
  '64:ff9b:1::7f00:1',
  '::ffff:0:127.0.0.1',
  '::ffff:168.63.129.16',
  '168.63.129.16',
  '192.0.0.192',
  '192.88.99.1',
  'fe80::1%eth0',
  '2130706433',
  '0x7f.1',
  '0177.0.0.1',
  '127.1',
  '',
  'localhost',
])('%s is not', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

describe('Through a gateway', () => {
  /** How an upstream's host can be spelled so that a connection ends on this machine or in its network. */
  const HOSTS = [
    '127.0.0.1',
    '127.0.0.2',
    '127.1',
    '2130706433',
    '017700000001',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '0.0.0.0',
    '0',
    'localhost',
    'LOCALHOST',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::]',
    '[::127.0.0.1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[::ffff:0:127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[64:ff9b:1::7f00:1]',
    '[2002:7f00:1::]',
    '[fe80::1]',
    '[fc00::1]',
    '[fd00:ec2::254]',
    '10.1.2.3',
    '100.64.0.1',
    '100.100.100.200',
    '169.254.169.254',
    '172.16.0.1',
    '192.168.0.1',
    '168.63.129.16',
  ]

  test.each([
    ['nothing is listed', []],
    ['something else is listed', ['203.0.113.0/24', '2001:db8::/32']],
  ])('none of them is reached where %s', async (_, upstreamAllow) => {
    await using upstream = await RecordingUpstream.start()
    const records = HOSTS.map((host, index) =>
      deployment(
        { paths: [`/h${index}`], authentication: OPEN },
        proxyTo(`http://${host}:${upstream.port}/`),
        { id: `h${index}`, pipeline: `h${index}` },
      ),
    )
    await using started = await startWith([...ACME, ...records], { config: { upstreamAllow } })
    for (const [index, host] of HOSTS.entries()) {
      const before = started.log.length
      const answer = await fetch(`${started.url}/acme/prod/h${index}`)
      expect([host, answer.status]).toEqual([host, 502])
      expect([host, started.log.slice(before).join('')]).toEqual([
        host,
        expect.stringContaining('SALLYPORT_ADDRESS_REFUSED'),
      ])
      expect(await answer.text()).not.toContain('not public')
    }
    expect(upstream.connections).toBe(0)
  })

  test.each(['127.0.0.1', '0177.0.0.1', 'LOCALHOST', '[::ffff:7f00:1]', '[::ffff:127.0.0.1]'])(
    '%s is reached where it is listed, and "this host" is not listed with it',
    async (host) => {
      await using upstream = await RecordingUpstream.start()
      const to = (name: string) => proxyTo(`http://${name}:${upstream.port}/`)
      await using started = await startWith(
        [
          ...ACME,
          deployment({ paths: ['/a'], authentication: OPEN }, to(host), { id: 'a', pipeline: 'a' }),
          deployment({ paths: ['/b'], authentication: OPEN }, to('0.0.0.0'), { id: 'b', pipeline: 'b' }),
        ],
        { config: { upstreamAllow: ['127.0.0.0/8', '::1'] } },
      )
      expect((await fetch(`${started.url}/acme/prod/a`)).status).toBe(200)
      expect((await fetch(`${started.url}/acme/prod/b`)).status).toBe(502)
      expect(upstream.take().length).toBe(1)
    },
  )
})

describe('A name', () => {
  /** Connects as a gateway does, with a resolver that gives these answers one after the other. */
  function agentWith(allowed: readonly string[], ...answers: readonly (readonly string[])[]) {
    const asked: string[] = []
    const resolve: Resolve = (hostname, options, callback) => {
      expect(options.all).toBe(true)
      const answer = answers[asked.length] ?? []
      asked.push(hostname)
      callback(
        null,
        answer.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      )
    }
    const agent = new Agent({ connect: checkedConnector(new AddressSet(allowed), resolve) })
    return { agent, asked, [Symbol.asyncDispose]: async () => await agent.destroy() }
  }

  const refused = expect.objectContaining({ code: 'SALLYPORT_ADDRESS_REFUSED' })

  test('that changes its answer after the check is connected to where it was checked', async () => {
    await using listed = await RecordingUpstream.start('127.0.0.1')
    await using unlisted = await RecordingUpstream.start('127.0.0.2', listed.port)
    await using one = agentWith(['127.0.0.1'], ['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1'])
    const call = async (): Promise<number> =>
      (await one.agent.request({ origin: `http://rebind.example:${listed.port}`, path: '/', method: 'GET' }))
        .statusCode
    // One question a connection: there is no second one whose answer could differ from the one that was judged.
    expect(await call()).toBe(200)
    expect(one.asked).toEqual(['rebind.example'])
    await expect(call()).rejects.toEqual(refused)
    expect(one.asked).toHaveLength(2)
    expect(await call()).toBe(200)
    expect(one.asked).toHaveLength(3)
    expect(listed.take().map(({ headers }) => headers[0])).toEqual(
      Array.from({ length: 2 }, () => `host: rebind.example:${listed.port}`),
    )
    expect(unlisted.connections).toBe(0)
  })

  test.each([
    [['127.0.0.1']],
    [['8.8.8.8', '127.0.0.1']],
    [['127.0.0.1', '8.8.8.8']],
    [['2606:4700::1111', '::1']],
    [['8.8.8.8', '::ffff:127.0.0.1']],
    [['::ffff:7f00:1']],
    [['64:ff9b::7f00:1']],
    [['2002:7f00:1::']],
    [['fe80::1%1']],
    [['fe80::1%lo']],
    [['10.0.0.1']],
    [['169.254.169.254']],
    [['100.64.0.1']],
    [['0.0.0.0']],
    [['::']],
    [['127.1']],
    [['0x7f000001']],
    [['']],
    [['localhost']],
    [[]],
  ])('with the addresses %j is refused, over TLS too', async (addresses) => {
    await using upstream = await RecordingUpstream.start()
    for (const scheme of ['http', 'https']) {
      await using one = agentWith([], addresses, addresses)
      const origin = `${scheme}://name.example:${upstream.port}`
      await expect(one.agent.request({ origin, path: '/', method: 'GET' })).rejects.toEqual(refused)
      expect(one.asked).toEqual(['name.example'])
    }
    expect(upstream.connections).toBe(0)
  })

  test('with two listed addresses is tried at both, without another question', async () => {
    await using upstream = await RecordingUpstream.start('127.0.0.1')
    await using one = agentWith(['127.0.0.0/8'], ['127.0.0.3', '127.0.0.1'])
    const origin = `http://name.example:${upstream.port}`
    expect((await one.agent.request({ origin, path: '/', method: 'GET' })).statusCode).toBe(200)
    expect(one.asked).toHaveLength(1)
  })

  test('that cannot be resolved fails as such', async () => {
    const resolve: Resolve = (_hostname, _options, callback) => {
      callback(Object.assign(new Error('no such name'), { code: 'ENOTFOUND' }), [])
    }
    const agent = new Agent({ connect: checkedConnector(new AddressSet([]), resolve) })
    await expect(agent.request({ origin: 'http://none.example', path: '/', method: 'GET' })).rejects.toEqual(
      expect.objectContaining({ code: 'ENOTFOUND' }),
    )
    await agent.destroy()
  })
})
