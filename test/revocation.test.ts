import { afterAll, describe, expect, test } from 'vitest'
import { setUpAcme, textAt, type ApiClient, type Json } from './support/api-client.ts'
import {
  createCaller,
  deploy,
  login,
  publishKind,
  publishLogin,
  type Caller,
} from './support/lasting-access.ts'
import { EXCHANGE_KINDS, expectGoesOn, expectIsCut, openExchange } from './support/lasting-exchange.ts'
import { LastingUpstream } from './support/lasting-upstream.ts'
import { startServerOn } from './support/server-on-database.ts'
import { THREE_THREADS } from './support/three-threads.ts'

const upstream = await LastingUpstream.start()
afterAll(async () => await upstream[Symbol.asyncDispose]())

const organization = '/v1/organizations/acme'

type Revoke = (acme: ApiClient, caller: Caller) => Promise<Json>

const key = ({ keyId }: Caller): string => `${organization}/keys/${keyId}`
const consumer = ({ consumerId }: Caller): string => `${organization}/consumers/${consumerId}`

const REVOCATIONS: Readonly<Record<string, Revoke>> = {
  'its key is deleted': (acme, caller) => acme.must('DELETE', key(caller)),
  'its key is inactive': (acme, caller) => acme.must('PATCH', key(caller), { status: 'inactive' }),
  'its key gets an expiry that has passed': async (acme, caller) => {
    const expiresAt = new Date(Date.now() + 1500).toISOString()
    const changed = await acme.must('PATCH', key(caller), { expiresAt })
    while (Date.now() < Date.parse(expiresAt) + 250) await new Promise((resolve) => setTimeout(resolve, 50))
    return changed
  },
  'its key is rolled without grace': (acme, caller) =>
    acme.must('POST', `${key(caller)}/roll`, { graceSeconds: 0 }),
  'its key gets other address rules': (acme, caller) =>
    acme.must('PATCH', key(caller), { addressRules: ['192.0.2.0/24'] }),
  'its consumer is inactive': (acme, caller) => acme.must('PATCH', consumer(caller), { status: 'inactive' }),
  'its consumer is deleted': (acme, caller) => acme.must('DELETE', consumer(caller)),
  'its association is removed': (acme, caller) => acme.must('PATCH', consumer(caller), { pipelines: [] }),
}

const NEIGHBOURS: Readonly<Record<string, Revoke>> = {
  "another consumer's key is deleted": async (acme) =>
    await acme.must('DELETE', key(await createCaller(acme, EXCHANGE_KINDS))),
  'its key is rolled with grace': (acme, caller) =>
    acme.must('POST', `${key(caller)}/roll`, { graceSeconds: 600 }),
  'its consumer gets a description': (acme, caller) =>
    acme.must('PATCH', consumer(caller), { description: 'Described.' }),
  'all pipelines are deployed again': async (acme) => {
    for (const kind of EXCHANGE_KINDS) await deploy(acme, kind)
    return await acme.must('GET', '/v1/whoami')
  },
}

describe.each(['sqlite', 'postgres'] as const)('a revocation on %s', (database) => {
  test('ends what is already running before its receipt is confirmed', async () => {
    await using stack = new AsyncDisposableStack()
    const server = await startServerOn(database, stack, THREE_THREADS)
    const acme = await setUpAcme(server)
    const port = Number(new URL(server.gatewayUrl).port)
    for (const kind of EXCHANGE_KINDS) await publishKind(acme, upstream, kind, { apiKey: true })

    for (const [name, change] of Object.entries({ ...REVOCATIONS, ...NEIGHBOURS })) {
      const caller = await createCaller(acme, EXCHANGE_KINDS)
      const headers = `X-Api-Key: ${caller.token}\r\n`
      const exchanges = []
      for (const kind of EXCHANGE_KINDS) {
        const exchange = await openExchange(kind, port, upstream, headers)
        stack.use(exchange.caller)
        exchanges.push(exchange)
      }
      const { receipt } = await change(acme, caller)
      if (receipt !== undefined) expect([name, receipt['confirmed']]).toEqual([name, true])
      for (const exchange of exchanges) {
        if (name in REVOCATIONS) await expectIsCut(exchange)
        else await expectGoesOn(exchange)
      }
    }

    const caller = await createCaller(acme, EXCHANGE_KINDS)
    for (const kind of EXCHANGE_KINDS) {
      const exchange = await openExchange(kind, port, upstream, `X-Api-Key: ${caller.token}\r\n`)
      stack.use(exchange.caller)
      const { items } = await acme.must('GET', `${organization}/deployments?limit=100`)
      const live = (items as unknown as Json[]).find((each) => textAt(each, 'pipeline') === kind)
      await acme.must('DELETE', `${organization}/deployments/${textAt(live, 'id')}`)
      await expectIsCut(exchange)
    }
  })

  test('of what a custom role permits ends what its keys are running', async () => {
    await using stack = new AsyncDisposableStack()
    const server = await startServerOn(database, stack, THREE_THREADS)
    const acme = await setUpAcme(server)
    const port = Number(new URL(server.gatewayUrl).port)
    for (const kind of EXCHANGE_KINDS) await publishKind(acme, upstream, kind, { apiKey: true })
    const invoke = { permission: 'pipelines.invoke', environment: 'prod' }
    const path = `${organization}/roles/caller`
    const openAll = async (token: string) => {
      const exchanges = []
      for (const kind of EXCHANGE_KINDS) {
        const exchange = await openExchange(kind, port, upstream, `X-Api-Key: ${token}\r\n`)
        stack.use(exchange.caller)
        exchanges.push(exchange)
      }
      return exchanges
    }
    await acme.must('POST', `${organization}/roles`, { name: 'caller', permissions: [invoke] })
    const made = await acme.must('POST', `${organization}/keys`, {
      name: 'caller',
      type: 'secret',
      roles: ['caller'],
    })
    const token = textAt(made, 'token')
    const change = async (...permissions: readonly object[]): Promise<void> => {
      const { receipt } = await acme.must('PATCH', path, { permissions })
      expect(receipt?.['confirmed']).toBe(true)
    }

    const going = await openAll(token)
    await change(invoke, { permission: 'keys.read' })
    for (const exchange of going) await expectGoesOn(exchange)
    const ending = await openAll(token)
    await change({ permission: 'keys.read' }, { ...invoke, environment: 'test' })
    for (const exchange of ending) await expectIsCut(exchange)

    await change({ permission: 'pipelines.invoke' })
    const again = await openAll(token)
    await acme.must('PATCH', `${organization}/keys/${textAt(made, 'key', 'id')}`, { roles: [] })
    for (const exchange of again) await expectIsCut(exchange)
    const { receipt } = await acme.must('DELETE', path)
    expect(receipt?.['confirmed']).toBe(true)
  })

  test('of a secret ends the JWTs obtained with it', async () => {
    await using stack = new AsyncDisposableStack()
    const server = await startServerOn(database, stack, THREE_THREADS)
    const acme = await setUpAcme(server)
    const port = Number(new URL(server.gatewayUrl).port)
    await publishLogin(acme)
    await publishKind(acme, upstream, 'ws', { jwt: true })
    const open = async (jwt: string) => {
      const exchange = await openExchange('ws', port, upstream, `Authorization: Bearer ${jwt}\r\n`)
      stack.use(exchange.caller)
      return exchange
    }
    const caller = await createCaller(acme, ['login', 'ws'])
    const leaked = await login(server.gatewayUrl, caller.token)
    const exchange = await open(leaked)
    const rolled = await acme.must('POST', `${key(caller)}/roll`, { graceSeconds: 600 })
    const fresh = await login(server.gatewayUrl, textAt(rolled, 'token'))
    const freshExchange = await open(fresh)
    await expectGoesOn(exchange)
    await acme.must('POST', `${key(caller)}/roll/finish`)
    await expectIsCut(exchange)
    await expectGoesOn(freshExchange)
    const refused = await fetch(`${server.gatewayUrl}/acme/prod/ws`, {
      headers: { authorization: `Bearer ${leaked}` },
    })
    expect([refused.status, refused.headers.get('x-sallyport-code')]).toEqual([401, 'token_invalid'])

    const again = await acme.must('POST', `${key(caller)}/roll`, { graceSeconds: 600 })
    const undone = await login(server.gatewayUrl, textAt(again, 'token'))
    const undoneExchange = await open(undone)
    await acme.must('POST', `${key(caller)}/roll/undo`)
    await expectIsCut(undoneExchange)
    await expectGoesOn(freshExchange)
    await acme.must('POST', `${key(caller)}/roll`, { graceSeconds: 0 })
    await expectIsCut(freshExchange)
  })
})
