import { afterAll, expect, test } from 'vitest'
import { ApiClient, setUpAcme } from './support/api-client.ts'
import { createCaller, publishKind, type Caller } from './support/lasting-access.ts'
import {
  EXCHANGE_KINDS,
  expectGoesOn,
  expectIsCut,
  openExchange,
  type LastingExchange,
} from './support/lasting-exchange.ts'
import { LastingUpstream } from './support/lasting-upstream.ts'
import { startServersOn } from './support/server-on-database.ts'
import { eventually } from './support/eventually.ts'

const upstream = await LastingUpstream.start()
afterAll(async () => await upstream[Symbol.asyncDispose]())

test('a gateway that was paused passes nothing of a caller that was revoked meanwhile', async () => {
  await using stack = new AsyncDisposableStack()
  const [first, second = first] = await startServersOn('postgres', stack)
  const acme = await setUpAcme(first)
  const port = Number(new URL(second.gatewayUrl).port)
  for (const kind of EXCHANGE_KINDS) await publishKind(acme, upstream, kind, { apiKey: true })

  const open = async ({ token }: Caller): Promise<LastingExchange[]> => {
    const gateway = new ApiClient(second.gatewayUrl)
    const plain = async () =>
      await gateway.call('GET', '/acme/prod/events?plain', undefined, { 'x-api-key': token })
    await eventually(async () => expect((await plain()).status).toBe(200))
    const exchanges = []
    for (const kind of EXCHANGE_KINDS) {
      const exchange = await openExchange(kind, port, upstream, `X-Api-Key: ${token}\r\n`)
      stack.use(exchange.caller)
      exchanges.push(exchange)
    }
    return exchanges
  }
  const revoked = await createCaller(acme, EXCHANGE_KINDS)
  const neighbour = await createCaller(acme, EXCHANGE_KINDS)
  const cut = [...(await open(revoked)), ...(await open(revoked))]
  const lasting = await open(neighbour)

  process.kill(second.pid, 'SIGSTOP')
  const { receipt } = await acme.must('DELETE', `/v1/organizations/acme/keys/${revoked.keyId}?wait=20`)
  expect(receipt).toMatchObject({ confirmed: true })
  // These bytes wait in the sockets of the paused process, so they are its first work.
  const cuts = cut.map(expectIsCut)
  const others = lasting.map(expectGoesOn)
  // A response is written after the current tick.
  await new Promise(setImmediate)
  process.kill(second.pid, 'SIGCONT')
  for (const [index, text] of (await Promise.all(cuts)).entries()) {
    const exchange = cut[index]
    if (exchange?.kind === 'ws') expect(text).toContain('key_deleted')
    if (exchange?.kind === 'upload' || exchange?.kind === 'run') expect(text).toMatch(/^HTTP\/1.1 401 /)
  }
  await Promise.all(others)
})
