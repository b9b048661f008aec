import { afterAll, describe, expect, test } from 'vitest'
import { ApiClient, setUpAcme, textAt, type Json } from './support/api-client.ts'
import { publishKind } from './support/lasting-access.ts'
import { expectGoesOn, expectIsCut, openExchange, type LastingExchange } from './support/lasting-exchange.ts'
import { LastingUpstream } from './support/lasting-upstream.ts'
import { startServerOn } from './support/server-on-database.ts'

const upstream = await LastingUpstream.start()
afterAll(async () => await upstream[Symbol.asyncDispose]())

const ACME = '/v1/organizations/acme'
const PARTNER = '/v1/organizations/partner'

/** Creates a pipeline that answers at `/{name}` and demands a key, and deploys it to an environment. */
async function publish(acme: ApiClient, name: string, environments: readonly string[]): Promise<void> {
  const trigger = { kind: 'http', path: `/${name}`, authentication: { apiKey: true } }
  const spec = { trigger, steps: [{ respond: { body: { answer: name } } }] }
  await acme.must('POST', `${ACME}/pipelines`, { name, spec })
  for (const environment of environments) {
    await acme.must('POST', `${ACME}/deployments`, { pipeline: name, version: '1.0', environment })
  }
}

describe.each(['sqlite', 'postgres'] as const)('a key of another organization on %s', (database) => {
  test(
    'works with its roles here, and nowhere else, until either side ends that',
    { timeout: 120_000 },
    async () => {
      await using stack = new AsyncDisposableStack()
      const server = await startServerOn(database, stack)
      const acme = await setUpAcme(server)
      const gateway = new ApiClient(server.gatewayUrl)
      await publish(acme, 'orders', ['test', 'prod'])
      await publish(acme, 'invoices', ['prod'])
      await publishKind(acme, upstream, 'ws', { apiKey: true })
      const created = await acme.must('POST', '/v1/organizations', { slug: 'partner', name: 'Partner Inc.' })
      const partner = acme.as(textAt(created, 'token'))

      /** The change is in force once its receipt is confirmed. */
      const change = async (
        client: ApiClient,
        method: string,
        path: string,
        body?: unknown,
      ): Promise<Json> => {
        const answer = await client.must(method, `${path}?wait=10`, body)
        expect([method, path, answer['receipt']?.['confirmed']]).toEqual([method, path, true])
        return answer
      }
      const call = async (token: string, path = '/acme/prod/orders'): Promise<unknown> => {
        const { status, body } = await gateway.call('GET', path, undefined, { 'x-api-key': token })
        return status === 200 ? status : body['code']
      }
      const open = async (token: string): Promise<LastingExchange> => {
        const port = Number(new URL(server.gatewayUrl).port)
        const exchange = await openExchange('ws', port, upstream, `X-Api-Key: ${token}\r\n`)
        stack.use(exchange.caller)
        return exchange
      }

      const made = await partner.must('POST', `${PARTNER}/keys`, { name: 'ERP', type: 'secret' })
      const first = textAt(made, 'token')
      const keyId = textAt(made, 'key', 'id')
      const theirs = `${PARTNER}/keys/${keyId}`
      expect(await call(first)).toBe('pipeline_not_allowed')

      const permissions = ['orders', 'ws'].map((pipeline) => ({
        permission: 'pipelines.invoke',
        environment: 'prod',
        pipeline,
      }))
      await acme.must('POST', `${ACME}/roles`, { name: 'orders-caller', permissions })
      const added = await acme.must('POST', `${ACME}/external-keys`, {
        keyId,
        label: 'ERP of Partner Inc.',
        roles: ['orders-caller'],
      })
      const ours = `${ACME}/external-keys/${textAt(added, 'id')}`
      expect(added).toMatchObject({
        keyId,
        owner: { slug: 'partner', name: 'Partner Inc.' },
        label: 'ERP of Partner Inc.',
        roles: ['orders-caller'],
        status: 'active',
        lastUsedAt: null,
      })
      expect(await call(first)).toBe(200)
      expect(await call(first, '/acme/prod/invoices')).toBe('pipeline_not_allowed')
      expect(await call(first, '/acme/test/orders')).toBe('pipeline_not_allowed')
      expect((await acme.as(first).call('GET', `${PARTNER}/keys`)).status).toBe(403)
      // Its roles say nothing about the management API, and the other organization knows it only as what it is here.
      expect((await acme.as(first).call('GET', `${ACME}/keys`)).status).toBe(403)
      await expect.poll(async () => (await acme.must('GET', ours))['lastUsedAt']).toEqual(expect.any(String))

      const rolled = await change(partner, 'POST', `${theirs}/roll`)
      const second = textAt(rolled, 'token')
      expect([await call(first), await call(second)]).toEqual([200, 200])
      const exchange = await open(second)
      const old = await open(first)
      await change(partner, 'POST', `${theirs}/roll/finish`)
      expect([await call(first), await call(second)]).toEqual(['key_outdated', 200])
      await expectIsCut(old)
      await expectGoesOn(exchange)

      await change(acme, 'PATCH', ours, { roles: ['auditor'] })
      expect(await call(second)).toBe('pipeline_not_allowed')
      await expectIsCut(exchange)
      expect((await acme.as(second).call('GET', `${ACME}/keys`)).status).toBe(200)
      await change(acme, 'PATCH', ours, { roles: ['orders-caller'] })
      expect(await call(second)).toBe(200)

      for (const path of [
        `${theirs}/acceptances/acme`,
        `${theirs}/acceptances`,
        `${PARTNER}/settings/acceptances`,
      ]) {
        const running = await open(second)
        await change(partner, 'PUT', path, { allowed: false })
        expect([path, await call(second)]).toEqual([path, 'pipeline_not_allowed'])
        await expectIsCut(running)
        expect(await acme.must('GET', ours)).toMatchObject({ status: 'inactive', reason: 'owner_forbids' })
        expect((await acme.as(second).call('GET', `${ACME}/keys`)).status).toBe(404)
        await change(partner, 'PUT', path, { allowed: true })
        expect(await call(second)).toBe(200)
      }
      expect(await partner.must('GET', `${theirs}/acceptances`)).toMatchObject({
        allowed: true,
        allowedForOrganization: true,
        items: [{ organization: { slug: 'acme', name: 'Acme' }, allowed: true, status: 'active' }],
      })

      await change(acme, 'PATCH', ours, { addressRules: ['192.0.2.0/24'] })
      expect(await call(second)).toBe('address_not_allowed')
      await change(acme, 'PATCH', ours, { addressRules: [], rateLimits: [{ requests: 1, per: 'day' }] })
      expect([await call(second), await call(second)]).toEqual([200, 'rate_limited'])
      await change(acme, 'PATCH', ours, { rateLimits: [], status: 'inactive' })
      expect(await acme.must('GET', ours)).toMatchObject({ status: 'inactive', reason: 'switched_off_here' })
      expect(await call(second)).toBe('pipeline_not_allowed')
      await change(acme, 'PATCH', ours, { status: 'active' })

      const last = await open(second)
      await change(partner, 'DELETE', theirs)
      expect(await call(second)).toBe('key_deleted')
      await expectIsCut(last)
      expect(await acme.must('GET', ours)).toMatchObject({ status: 'inactive', reason: 'owner_deleted' })
      const again = await acme.call('POST', `${ACME}/external-keys`, { keyId, roles: ['invoker'] })
      expect([again.status, again.body['code']]).toEqual([400, 'invalid_request'])
      await change(acme, 'DELETE', ours)
      expect((await acme.call('GET', ours)).status).toBe(404)
    },
  )
})
