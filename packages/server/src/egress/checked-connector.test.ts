import { once } from 'node:events'
import {
  createServer,
  getDefaultAutoSelectFamily,
  setDefaultAutoSelectFamily,
  type AddressInfo,
  type Socket,
} from 'node:net'
import { Agent, type buildConnector } from 'undici'
import { describe, expect, test } from 'vitest'
import { AddressSet } from '../address/address-set.ts'
import { RecordingUpstream } from '../gateway/testing/recording-upstream.ts'
import { isPublicAddress, checkedConnector, type Resolve } from './checked-connector.ts'

test.each([
  '1.1.1.1',
  '8.8.8.8',
  '172.32.0.1',
  '192.169.0.1',
  '2000::1',
  '2606:4700::1111',
  '::ffff:8.8.8.8',
])('%s is public', (address) => {
  expect(isPublicAddress(address)).toBe(true)
})

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
  // Outside of 2000::/3, from which all public addresses so far are assigned.
  '1fff::1',
  '4000::1',
  'e000::1',
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
])('%s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false)
})

describe('A hostname', () => {
  /** An agent with a resolver that returns these addresses, one list per lookup. */
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

  const refused = expect.objectContaining({ name: 'AddressRefused', code: 'SALLYPORT_ADDRESS_REFUSED' })

  test('that changes its address after the check is connected to the checked address', async () => {
    await using listed = await RecordingUpstream.start('127.0.0.1')
    await using unlisted = await RecordingUpstream.start('127.0.0.2', listed.port)
    await using one = agentWith(['127.0.0.1'], ['127.0.0.1'], ['127.0.0.2'], ['127.0.0.1'])
    const call = async (): Promise<number> =>
      (await one.agent.request({ origin: `http://rebind.example:${listed.port}`, path: '/', method: 'GET' }))
        .statusCode
    // One lookup per connection: no second one could return other addresses than the checked ones.
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

  test.each([
    [
      ['8.8.8.8', '10.0.0.1'],
      'name.example resolves to 10.0.0.1, which is not public and not in SALLYPORT_UPSTREAM_ALLOW',
    ],
    [[], 'name.example has no address'],
  ])('with the addresses %j is logged with the reason', async (addresses, message) => {
    await using one = agentWith([], addresses)
    const call = one.agent.request({ origin: 'http://name.example', path: '/', method: 'GET' })
    await expect(call).rejects.toThrow(message)
  })

  test('is connected too if the runtime tries only one address of a name', async () => {
    await using upstream = await RecordingUpstream.start('127.0.0.1')
    await using one = agentWith(['127.0.0.1'], ['127.0.0.1'])
    const before = getDefaultAutoSelectFamily()
    setDefaultAutoSelectFamily(false)
    try {
      const origin = `http://name.example:${upstream.port}`
      expect((await one.agent.request({ origin, path: '/', method: 'GET' })).statusCode).toBe(200)
    } finally {
      setDefaultAutoSelectFamily(before)
    }
  })

  test('with two listed addresses is tried at both, without another lookup', async () => {
    await using upstream = await RecordingUpstream.start('127.0.0.1')
    await using one = agentWith(['127.0.0.0/8'], ['127.0.0.3', '127.0.0.1'])
    const origin = `http://name.example:${upstream.port}`
    expect((await one.agent.request({ origin, path: '/', method: 'GET' })).statusCode).toBe(200)
    expect(one.asked).toHaveLength(1)
  })

  test("that cannot be resolved fails with the resolver's error", async () => {
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

describe('An address', () => {
  test.each([
    ['127.0.0.1', '127.0.0.1'],
    ['[::ffff:127.0.0.1]', '::ffff:7f00:1'],
    ['[::1]', '::1'],
  ])('in a URL, %s, is refused without a lookup unless it is listed', async (host, address) => {
    await using upstream = await RecordingUpstream.start('127.0.0.1')
    const resolve: Resolve = () => expect.unreachable('a lookup')
    const agent = new Agent({ connect: checkedConnector(new AddressSet(['127.0.0.2']), resolve) })
    const origin = `http://${host}:${upstream.port}`
    await expect(agent.request({ origin, path: '/', method: 'GET' })).rejects.toMatchObject({
      code: 'SALLYPORT_ADDRESS_REFUSED',
      message: `${address} is not public and not in SALLYPORT_UPSTREAM_ALLOW`,
    })
    expect(upstream.connections).toBe(0)
    await agent.destroy()
  })

  test.each(['127.0.0.1', '[::ffff:127.0.0.1]'])('in a URL, %s, is called if it is listed', async (host) => {
    await using upstream = await RecordingUpstream.start('127.0.0.1')
    const agent = new Agent({ connect: checkedConnector(new AddressSet(['127.0.0.1'])) })
    const origin = `http://${host}:${upstream.port}`
    expect((await agent.request({ origin, path: '/', method: 'GET' })).statusCode).toBe(200)
    await agent.destroy()
  })
})

describe('A connection', () => {
  /** A server on loopback, and a connector that may call it. */
  async function serverWith(onConnection: (socket: Socket) => void) {
    const sockets = new Set<Socket>()
    const server = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => socket.destroy())
      onConnection(socket)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const connect = checkedConnector(new AddressSet(['127.0.0.1']))
    const agent = new Agent({ connect })
    return {
      connect,
      agent,
      host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
      async [Symbol.asyncDispose]() {
        await agent.destroy()
        for (const socket of sockets) socket.destroy()
        server.close()
        await once(server, 'close')
      },
    }
  }

  test('that is reset fails under a code that undici does not take for the end of a response', async () => {
    let reset: () => void = () => undefined
    await using one = await serverWith((socket) => {
      reset = () => socket.resetAndDestroy()
      socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\npart'))
    })
    const { body } = await one.agent.request({ origin: `http://${one.host}`, path: '/', method: 'GET' })
    const read = async (): Promise<void> => {
      for await (const chunk of body as AsyncIterable<Buffer>) if (chunk.length > 0) reset()
    }
    await expect(read()).rejects.toMatchObject({ code: 'SALLYPORT_CONNECTION_RESET' })
  })

  test('that fails otherwise keeps the code of its error', async () => {
    await using one = await serverWith(() => undefined)
    const [hostname = '', port = ''] = one.host.split(':')
    const options: buildConnector.Options = { hostname, port, protocol: 'http:' }
    const socket = await new Promise<Socket>((resolve, reject) =>
      one.connect(options, (...[error, connected]) => {
        if (error === null) resolve(connected)
        else reject(error)
      }),
    )
    const failed = once(socket, 'close')
    socket.destroy(Object.assign(new Error('broken'), { code: 'EPIPE' }))
    await expect(failed).rejects.toMatchObject({ code: 'EPIPE' })
  })

  test('over TLS offers HTTP/1.1 and not HTTP/2, whose requests would share a connection', async () => {
    const hello = Promise.withResolvers<string>()
    await using one = await serverWith((socket) =>
      socket.once('data', (chunk) => {
        hello.resolve(chunk.toString('latin1'))
        socket.destroy()
      }),
    )
    await expect(
      one.agent.request({ origin: `https://${one.host}`, path: '/', method: 'GET' }),
    ).rejects.toBeInstanceOf(Error)
    // The protocols of the TLS extension for them, each after its length (RFC 7301 section 3.1).
    expect(await hello.promise).toContain('\x08http/1.1')
    expect(await hello.promise).not.toContain('\x02h2')
  })
})
