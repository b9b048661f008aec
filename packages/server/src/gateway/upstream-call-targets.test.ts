import { BALANCE_DEFAULT, type Balance, type CallStep, type UpstreamTarget } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { eventually } from '../../../../test/support/eventually.ts'
import { CLOSED, target } from './testing/balanced-gateway.ts'
import { FaultyUpstream, type Behaviour } from './testing/faulty-upstream.ts'
import { RawConnection } from './testing/raw-connection.ts'
import { callTo, pipeline } from './testing/step-fixtures.ts'
import { ACME, startWith, type StartedGateway } from './testing/started-gateway.ts'

async function gatewayTo(
  targets: readonly UpstreamTarget[],
  fields: Partial<CallStep> = {},
  balance: Partial<Balance> = {},
  timeoutMs = 30_000,
): Promise<StartedGateway> {
  const step = callTo(`${targets[0]?.origin ?? CLOSED}/orders`, {
    headers: { 'x-test-id': '1' },
    ...fields,
    targets,
    balance: { ...BALANCE_DEFAULT, ...balance },
  })
  return await startWith([...ACME, pipeline('orders', step, { timeoutMs })])
}

async function ask({ url }: StartedGateway, headers: Record<string, string> = {}): Promise<[number, string]> {
  const response = await fetch(`${url}/acme/prod/orders`, { headers })
  return [response.status, await response.text()]
}

async function failuresOf(started: StartedGateway, { origin }: { origin: string }): Promise<number> {
  const lines = (await started.registry.metrics()).split('\n')
  const line = lines.find((each) => each.startsWith('sallyport_upstream_failures') && each.includes(origin))
  expect(line).toContain('step="/steps/0/call"')
  return Number(line?.split(' ').at(-1))
}

describe('A call', () => {
  test('goes to its targets in turn, and by the headers of the caller', async () => {
    await using one = await FaultyUpstream.start()
    await using two = await FaultyUpstream.start()
    await using canary = await FaultyUpstream.start()
    await using started = await gatewayTo([
      target(one.origin),
      target(two.origin),
      target(canary.origin, { when: { headers: { 'X-Canary': 'yes' }, consumers: [] } }),
    ])
    for (let index = 0; index < 4; index += 1) expect((await ask(started))[0]).toBe(200)
    expect([one.total, two.total, canary.total]).toEqual([2, 2, 0])
    expect((await ask(started, { 'x-canary': 'yes' }))[0]).toBe(200)
    expect(canary.total).toBe(1)
  })

  test.each<Behaviour | 'half'>(['reset', 'garbage', 'unavailable', 'half'])(
    'is repeated if it is a GET that fails: %s',
    async (kind) => {
      await using bad = await FaultyUpstream.start(kind === 'half' ? 'hang-after-headers' : kind)
      await using good = await FaultyUpstream.start()
      await using started = await gatewayTo([target(bad.origin), target(good.origin)])
      const asked = ask(started)
      await eventually(() => expect(bad.total).toBe(1))
      if (kind === 'half') bad.reset()
      // Content without a type becomes Base64.
      expect(await asked).toEqual([200, JSON.stringify(btoa(good.origin))])
      expect([bad.total, good.total, await failuresOf(started, bad)]).toEqual([1, 1, 1])
    },
  )

  test.each<Behaviour>(['reset', 'garbage', 'unavailable'])(
    'is never repeated if it is a POST that may have arrived: %s',
    async (behaviour) => {
      await using bad = await FaultyUpstream.start(behaviour)
      await using good = await FaultyUpstream.start()
      await using started = await gatewayTo(
        [target(bad.origin), target(good.origin)],
        { method: 'POST', body: '{"a": 1}' },
        { retries: 3 },
      )
      expect((await ask(started))[0]).toBe(behaviour === 'unavailable' ? 503 : 502)
      expect([bad.total, good.total]).toEqual([1, 0])
    },
  )

  test('is repeated with its body if nothing was sent, and with a method that may be repeated', async () => {
    await using bad = await FaultyUpstream.start('reset')
    await using good = await FaultyUpstream.start()
    const body = { body: '{"a": 1}' }
    await using refused = await gatewayTo([target(CLOSED), target(good.origin)], { method: 'POST', ...body })
    expect((await ask(refused))[0]).toBe(200)
    await using put = await gatewayTo(
      [target(bad.origin), target(good.origin)],
      { method: 'PUT', ...body },
      { retryMethods: ['PUT'] },
    )
    expect((await ask(put))[0]).toBe(200)
    expect(good.bodies).toEqual(['{"a":1}', '{"a":1}'])
    expect(bad.bodies).toEqual(['{"a":1}'])
  })

  test('with targets that all fail gets the error of one, and its log names it', async () => {
    await using one = await FaultyUpstream.start('reset')
    await using two = await FaultyUpstream.start('garbage')
    await using started = await gatewayTo([target(one.origin), target(two.origin)])
    expect((await ask(started))[0]).toBe(502)
    expect([one.total, two.total]).toEqual([1, 1])
    expect(started.log.filter((line) => line.includes('upstream failed'))).toHaveLength(1)
    expect(started.log.join()).toContain(`"upstream":"${two.origin}"`)
  })

  test.each<[string, Partial<CallStep>, number]>([
    ['its first byte', { firstByteTimeoutMs: 1000 }, 30_000],
    ['the step', { timeoutMs: 1000 }, 30_000],
    ['the pipeline', {}, 1000],
  ])('counts a target that exceeds the time for %s as failed', async (what, fields, timeoutMs) => {
    await using bad = await FaultyUpstream.start('hang')
    await using good = await FaultyUpstream.start()
    await using started = await gatewayTo([target(bad.origin), target(good.origin)], fields, {}, timeoutMs)
    const isRepeated = what === 'its first byte'
    expect((await ask(started))[0]).toBe(isRepeated ? 200 : 504)
    expect([bad.total, good.total]).toEqual([1, isRepeated ? 1 : 0])
    expect(await failuresOf(started, bad)).toBe(1)
  })

  test('whose caller leaves is no failure, and frees its connection', async () => {
    await using bad = await FaultyUpstream.start('hang')
    await using good = await FaultyUpstream.start()
    await using started = await gatewayTo([target(bad.origin), target(good.origin)])
    const caller = await RawConnection.open(started.gateway.port)
    caller.send('GET /acme/prod/orders HTTP/1.1\r\nHost: api\r\n\r\n')
    await eventually(() => expect(bad.total).toBe(1))
    await caller[Symbol.asyncDispose]()
    await eventually(() => expect(bad.open).toBe(0))
    expect([bad.total, good.total, await failuresOf(started, bad)]).toEqual([1, 0, 0])
  })

  test('gets 502 for a response that is too large or no response at all, which is read no further', async () => {
    await using bad = await FaultyUpstream.start()
    await using good = await FaultyUpstream.start()
    await using started = await gatewayTo([target(bad.origin), target(good.origin)])
    bad.raw = 'HTTP/1.1 200 OK\r\ntransfer-encoding: gzip\r\n\r\nxyz'
    expect((await ask(started))[0]).toBe(502)
    bad.raw = `HTTP/1.1 200 OK\r\ncontent-length: 9000000\r\n\r\n${'x'.repeat(9_000_000)}`
    good.raw = bad.raw
    expect((await ask(started))[0]).toBe(502)
    await eventually(() => expect([bad.open, good.open]).toEqual([0, 0]))
  })
})
