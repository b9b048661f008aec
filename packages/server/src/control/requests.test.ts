import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { RecentRequests, windowOf } from '../requests/recent-requests.ts'
import type { RequestRecord } from '../requests/request-record.ts'
import { endedRequest } from '../requests/testing/ended-request.ts'
import { ACME, bearer, openAcme, spec, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'
import { verdict } from './testing/people.ts'

const KEY = 'key_4fT0Qm2ZrX9bLk7A'

let world: AcmeWorld

beforeAll(async () => {
  world = await openAcme()
  const at = (facts: Partial<RequestRecord>): void => world.recent.add(endedRequest(facts))
  at({ requestId: 'served', keyId: KEY, consumer: 'con_1', atMs: Date.UTC(2026, 0, 1), upstreamMs: 2 })
  at({ requestId: 'expired', environment: 'prod', code: 'key_expired', status: 401, keyId: KEY })
  at({
    requestId: 'unrouted',
    environment: 'prod',
    project: null,
    pipeline: null,
    version: null,
    code: 'route_not_found',
    status: 404,
  })
  at({ requestId: 'lead', project: 'sales', pipeline: 'leads', status: null, end: 'caller_gone' })
  at({ requestId: 'theirs', organization: 'rival', keyId: KEY, consumer: 'con_1' })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

async function requests(
  query = '',
  headers: Readonly<Record<string, string>> = world.owner,
): Promise<Answer> {
  return await world.call('GET', `${ACME}/requests${query}`, undefined, headers)
}

async function ids(query = '', headers?: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { status, body } = await requests(query, headers)
  expect(status).toBe(200)
  return Object.values(body['items'] ?? {}).map((item) => textOf(item['requestId']))
}

describe('recent requests', () => {
  test('are listed, the last that ended first, with the gateway that has seen them', async () => {
    expect(await ids()).toEqual(['lead', 'unrouted', 'expired', 'served'])
    const { body } = await requests('?requestId=served')
    expect(body).toEqual({
      items: [
        {
          requestId: 'served',
          at: '2026-01-01T00:00:00.000Z',
          entrance: 'gateway',
          environment: 'test',
          pipeline: 'orders',
          version: '1.0',
          code: 'valid',
          key: KEY,
          consumer: 'con_1',
          method: 'GET',
          status: 200,
          end: 'sent',
          durationMs: 0,
          upstreamMs: 2,
          requestBytes: 0,
          responseBytes: 0,
        },
      ],
      next: null,
      gateways: ['gateway-1'],
    })
    const { body: gateways } = await world.own('GET', `${ACME}/gateways`)
    expect(gateways['items']?.['0']?.['id']).toBe('gateway-1')
  })

  test('are filtered; what does not exist has none, and a name without a resource is refused', async () => {
    expect(await ids(`?key=${KEY}`)).toEqual(['expired', 'served'])
    expect(await ids('?consumer=con_1')).toEqual(['served'])
    expect(await ids('?pipeline=leads')).toEqual(['lead'])
    expect(await ids('?code=key_expired')).toEqual(['expired'])
    expect(await ids('?from=2026-01-01T00:00:00Z')).toEqual(['served'])
    expect(await ids('?to=2026-01-01T00:00:00Z')).toEqual(['lead', 'unrouted', 'expired'])
    expect(await ids('?requestId=theirs')).toEqual([])
    for (const filter of ['pipeline=missing', 'consumer=missing', 'key=missing']) {
      expect(verdict(await requests(`?${filter}`))).toEqual([400, 'invalid_request'])
    }
  })

  test('come in pages, whose cursor belongs to the filter', async () => {
    const first = await requests('?limit=3')
    expect(Object.values(first.body['items'] ?? {})).toHaveLength(3)
    const next = `cursor=${encodeURIComponent(textOf(first.body['next']))}`
    expect(await ids(`?limit=3&${next}`)).toEqual(['served'])
    expect(verdict(await requests(`?limit=3&code=valid&${next}`))).toEqual([400, 'invalid_request'])
  })

  test('of a gateway that has ended cannot be continued', async () => {
    const recent = new RecentRequests()
    for (let index = 0; index < 3; index += 1) recent.add(endedRequest())
    let gateway = windowOf('gateway-1', recent)
    await using restarting = await openAcme({
      requests: {
        recentRequests: async (organization, query) => await gateway.recentRequests(organization, query),
      },
    })
    const first = await restarting.own('GET', `${ACME}/requests?limit=2`)
    const next = `${ACME}/requests?limit=2&cursor=${encodeURIComponent(textOf(first.body['next']))}`
    expect(await restarting.own('GET', next)).toMatchObject({ status: 200, body: { next: null } })
    gateway = windowOf('gateway-2', recent)
    const answer = await restarting.own('GET', next)
    expect(verdict(answer)).toEqual([400, 'invalid_request'])
    expect(answer.body['errors']?.['0']?.['path']).toBe('query/cursor')
  })

  test.each([
    ['from=2026-01-02T00:00:00Z&to=2026-01-02T00:00:00Z', 'query/from'],
    ['from=yesterday', 'query/from'],
    ['limit=201', 'query/limit'],
    ['environment=prod', 'query/environment'],
    ['sort=at', 'query/sort'],
  ])('refuses %s', async (query, path) => {
    const answer = await requests(`?${query}`)
    expect(verdict(answer)).toEqual([400, 'invalid_request'])
    expect(answer.body['errors']?.['0']?.['path']).toBe(path)
  })
})

describe('a key that may see the usage of a part', () => {
  async function keyWith(name: string, scope: object): Promise<Readonly<Record<string, string>>> {
    const permissions = [{ permission: 'usage.read', ...scope }]
    expect((await world.own('POST', `${ACME}/roles`, { name, permissions })).status).toBe(201)
    const key = { name, type: 'secret', roles: [name] }
    return bearer((await world.own('POST', `${ACME}/keys`, key)).body['token'])
  }

  test('sees only requests to that part, whatever is asked for', async () => {
    await world.own('POST', `${ACME}/projects`, { name: 'sales' })
    await world.own('POST', `${ACME}/pipelines`, { name: 'leads', project: 'sales', spec: spec() })
    const inProd = await keyWith('requests-in-prod', { environment: 'prod' })
    expect(await ids('', inProd)).toEqual(['unrouted', 'expired'])
    for (const filter of ['pipeline=leads', 'requestId=served']) {
      expect(await ids(`?${filter}`, inProd)).toEqual([])
    }
    expect(verdict(await requests('?consumer=con_1', inProd))).toEqual([400, 'invalid_request'])
    expect(await ids('', await keyWith('requests-of-leads', { pipeline: 'leads' }))).toEqual(['lead'])
    expect(await ids('', await keyWith('requests-of-sales', { project: 'sales' }))).toEqual(['lead'])
    const nowhere = await keyWith('sales-in-prod', { environment: 'prod', project: 'sales' })
    expect(await ids('', nowhere)).toEqual([])
  })

  test('has a page of its own requests, and no cursor for those of others', async () => {
    const key = { name: 'k', type: 'secret', roles: ['requests-in-prod'] }
    const headers = bearer((await world.own('POST', `${ACME}/keys`, key)).body['token'])
    const { body } = await requests('?limit=2', headers)
    expect(body['next']).toBeNull()
  })

  test('of a role without the permission is refused, and another organization gets 404', async () => {
    const key = { name: 'k', type: 'secret', roles: ['policy-manager'] }
    const other = bearer((await world.own('POST', `${ACME}/keys`, key)).body['token'])
    expect(verdict(await requests('', other))).toEqual([403, 'permission_missing'])
    const rival = await world.call('GET', '/v1/organizations/rival/requests', undefined, world.owner)
    expect(verdict(rival)).toEqual([404, 'not_found'])
  })
})
