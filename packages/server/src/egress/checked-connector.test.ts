import { Agent } from 'undici'
import { describe, expect, test } from 'vitest'
import { AddressSet } from '../address/address-set.ts'
import { RecordingUpstream } from '../gateway/testing/recording-upstream.ts'
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

  const refused = expect.objectContaining({ code: 'SALLYPORT_ADDRESS_REFUSED' })

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
