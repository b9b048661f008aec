import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, test } from 'vitest'
import { startEchoUpstream } from '../../../../../test/support/upstream.ts'
import { assertThat, pipeline, transform } from '../testing/step-fixtures.ts'
import { RawConnection } from '../testing/raw-connection.ts'
import { ACME, proxyTo, startWith } from '../testing/started-gateway.ts'

const FOREVER = '($f := function($n) { $f($n + 1) }; $f(0))'
const upstream = await startEchoUpstream()
const shouting = await startShouting()
const started = await startWith(
  [
    ...ACME,
    pipeline('forever', transform({ body: FOREVER }), { timeoutMs: 30_000 }),
    pipeline('impatient', transform({ body: FOREVER }), { timeoutMs: 200 }),
    pipeline('gigabyte', transform({ body: '$pad("x", 1000000000)' })),
    pipeline('proxied', proxyTo(upstream.url)),
    pipeline('asserted', [assertThat('query.a = "b"'), proxyTo(upstream.url)]),
    pipeline('transforms', transform({ body: '1 + 1' })),
    pipeline('tunnel', [assertThat('query.a = "b"'), proxyTo(`http://127.0.0.1:${shouting.port}`)]),
    { ...pipeline('wrong', []), id: 'wrong' },
    pipeline('wrong-order', [proxyTo(upstream.url), transform({ body: '1' })]),
    { kind: 'organization', slug: 'globex' },
    { kind: 'environment', organization: 'globex', name: 'prod' },
    { ...pipeline('transforms', transform({ body: '1 + 1' })), organization: 'globex' },
    { ...pipeline('asserted', [assertThat('query.a = "b"'), proxyTo(upstream.url)]), organization: 'globex' },
  ],
  { evaluations: { evaluationMs: 2000 } },
)
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
  shouting.server.close()
})

async function call(path: string, organization = 'acme'): Promise<Response> {
  return await fetch(`${started.url}/${organization}/prod/${path}`)
}

async function problemOf(path: string): Promise<unknown> {
  return await (await call(path)).json()
}

describe('An expression without end', () => {
  test('ends with a problem, while other pipelines and the expressions of others are served', async () => {
    await (await call('transforms', 'globex')).text()
    let isOver = false
    const endless = Promise.all(Array.from({ length: 4 }, () => problemOf('forever'))).finally(() => {
      isOver = true
    })
    let served = 0
    do {
      const answers = await Promise.all([
        call('proxied'),
        call('transforms', 'globex'),
        call('asserted?a=b', 'globex'),
      ])
      expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
      await Promise.all(answers.map((answer) => answer.text()))
      served += 1
    } while (!isOver)
    expect(served).toBeGreaterThan(5)
    for (const problem of await endless) {
      expect(problem).toMatchObject({
        code: expect.stringMatching(/^(step_failed|unavailable)$/) as string,
      })
    }
    expect(await problemOf('forever')).toMatchObject({
      code: 'step_failed',
      place: '/steps/0/transform/body',
      reason: 'timeout',
    })
  })

  test('ends with the timeout of its pipeline', async () => {
    expect(await problemOf('impatient')).toMatchObject({
      code: 'step_failed',
      place: '/steps/0/transform',
      reason: 'timeout',
    })
  })

  test('of a caller that disconnected is not logged', async () => {
    await using connection = await RawConnection.open(started.gateway.port)
    connection.send('GET /acme/prod/forever HTTP/1.1\r\nHost: h\r\n\r\n')
    await expect.poll(() => started.registry.metrics()).toMatch(/gateway_runs 1\n/)
    const lines = started.log.length
    connection.socket.resetAndDestroy()
    await expect.poll(() => started.registry.metrics()).toMatch(/gateway_runs 0\n/)
    // This one waits behind the other, and is the only one logged.
    expect(await problemOf('forever')).toMatchObject({ code: 'step_failed' })
    expect(started.log).toHaveLength(lines + 1)
  })
})

test('An expression with too large a result ends with a problem', async () => {
  expect(await problemOf('gigabyte')).toMatchObject({
    code: 'step_failed',
    reason: expect.stringMatching(/^(memory|too_large|timeout|error)$/) as string,
  })
})

test('A proxy after an assertion is reached only if the assertion holds', async () => {
  expect((await call('asserted?a=b')).status).toBe(200)
  expect(await problemOf('asserted?a=c')).toMatchObject({ code: 'not_so' })
})

test('An upgrade request is forwarded by a proxy step and ignored by other steps', async () => {
  const upgrade =
    'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n'
  await using plain = await RawConnection.open(started.gateway.port)
  plain.send(`GET /acme/prod/transforms HTTP/1.1\r\nHost: h\r\n${upgrade}`)
  expect(await plain.closed()).toMatch(/^HTTP\/1.1 200 OK\r\n[^]*\r\n\r\n2$/)
  await using switched = await RawConnection.open(started.gateway.port)
  switched.send(`GET /acme/prod/tunnel?a=b HTTP/1.1\r\nHost: h\r\n${upgrade}`)
  await switched.until('HTTP/1.1 101 ')
  switched.send('ping')
  expect(await switched.until('PING')).toContain('PING')
  expect(await started.registry.metrics()).toMatch(/gateway_runs 0\n/)
})

test.each(['wrong', 'wrong-order'])('An invalid deployment gives 500: %s', async (path) => {
  expect(await problemOf(path)).toMatchObject({ code: 'internal' })
})

/** An upstream that upgrades and sends everything back in capitals. */
async function startShouting(): Promise<{ server: Server; port: number }> {
  const server = createServer()
  server.on('upgrade', (_request, socket) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n')
    socket.on('data', (chunk: Buffer) => socket.end(chunk.toString().toUpperCase()))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, port: (server.address() as AddressInfo).port }
}
