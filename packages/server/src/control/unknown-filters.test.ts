import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACME, bearer, openAcme, spec, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'

let world: AcmeWorld
let consumer: string
beforeAll(async () => {
  world = await openAcme()
  const made = await world.own('POST', `${ACME}/consumers`, { name: 'app', environment: 'test' })
  consumer = textOf(made.body['consumer']?.['id'])
  await world.own('POST', `${ACME}/projects`, { name: 'empty' })
  await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })
})
afterAll(async () => await world[Symbol.asyncDispose]())

const list = async (path: string): Promise<Answer> => await world.own('GET', `${ACME}/${path}`)

describe('a filter that names what does not exist is refused, naming the value:', () => {
  test.each([
    ['keys?environment=nope', 'environment', 'nope'],
    ['keys?consumer=con_0000000000000000', 'consumer', 'con_0000000000000000'],
    ['keys?role=nope', 'role', 'nope'],
    ['consumers?environment=nope', 'environment', 'nope'],
    ['pipelines?project=nope', 'project', 'nope'],
    ['deployments?environment=nope', 'environment', 'nope'],
    ['deployments?pipeline=nope&state=all', 'pipeline', 'nope'],
    ['leaks?environment=nope', 'environment', 'nope'],
    ['leaks?key=key_0000000000000000', 'key', 'key_0000000000000000'],
    ['pipelines/orders/runs?environment=nope', 'environment', 'nope'],
    ['requests?key=key_0000000000000000', 'key', 'key_0000000000000000'],
    ['requests?consumer=con_0000000000000000', 'consumer', 'con_0000000000000000'],
    ['usage?groupBy=key&interval=hour&key=key_0000000000000000', 'key', 'key_0000000000000000'],
    ['requests?pipeline=nope', 'pipeline', 'nope'],
    ['usage?groupBy=key&interval=hour&environment=nope', 'environment', 'nope'],
    ['usage?groupBy=key&interval=hour&project=nope', 'project', 'nope'],
  ])('%s', async (path, name, value) => {
    expect(await list(path)).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_request',
        errors: [{ path: `query/${name}`, message: `There is no ${name} "${value}".` }],
      },
    })
  })

  test('each of several', async () => {
    const { body } = await list('keys?environment=nope&role=neither')
    expect(Object.values(body['errors'] ?? {}).map(({ path }) => textOf(path))).toEqual([
      'query/environment',
      'query/role',
    ])
  })

  test.each(['text/csv', 'application/x-ndjson'])('also by an export as %s', async (accept) => {
    const path = `${ACME}/keys/export?environment=nope`
    const answer = await world.own('GET', path, undefined, { accept })
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ path: 'query/environment' }] } })
  })
})

describe('a list is empty for a filter that names what exists:', () => {
  test.each([
    'keys?environment=prod',
    'keys?role=auditor',
    'consumers?environment=prod',
    'pipelines?project=empty',
    'deployments?environment=test',
    'deployments?pipeline=orders',
    'requests?pipeline=orders',
    'usage?groupBy=key&interval=hour&project=empty',
    'leaks?environment=test',
  ])('%s', async (path) => {
    expect(await list(path)).toMatchObject({ status: 200, body: { items: [] } })
  })

  test('of a consumer that is gone, its deleted keys are found', async () => {
    await world.own('DELETE', `${ACME}/consumers/${consumer}`)
    const found = await list(`keys?consumer=${consumer}&includeDeleted=true`)
    expect(found).toMatchObject({ status: 200, body: { total: 1 } })
    expect((await list(`keys?consumer=${consumer}`)).status).toBe(400)
  })
})

test('what the caller may not see by the list gets the same answer as what does not exist', async () => {
  const role = { name: 'of-test', permissions: [{ permission: 'keys.read', environment: 'test' }] }
  await world.own('POST', `${ACME}/roles`, role)
  const body = { name: 'limited', type: 'secret', roles: ['of-test'] }
  const caller = bearer((await world.own('POST', `${ACME}/keys`, body)).body['token'])
  const read = async (environment: string): Promise<Answer> =>
    await world.call('GET', `${ACME}/keys?environment=${environment}&search=none`, undefined, caller)
  expect(await read('test')).toMatchObject({ status: 200, body: { items: [] } })
  const [hidden, absent] = [await read('prod'), await read('nope')]
  expect(hidden.status).toBe(400)
  expect(JSON.stringify(hidden.body).replaceAll('prod', 'nope')).toBe(JSON.stringify(absent.body))
})
