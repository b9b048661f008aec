import { expect, test } from 'vitest'
import { evaluationFailure } from '../expression/evaluation.ts'
import { ACME, bearer, openAcme, type AcmeWorld } from './testing/control-world.ts'

const PATH = `${ACME}/expressions/evaluate`

/** Which answer expressions get. */
async function tried(world: AcmeWorld, expressions: readonly string[], message?: object) {
  return await world.own('POST', PATH, { expressions, ...(message === undefined ? {} : { message }) })
}

test('answers with the values of expressions over a sample message, and records nothing', async () => {
  await using world = await openAcme()
  const before = await world.own('GET', `${ACME}/audit-events`)
  const message = {
    method: 'PUT',
    path: '/orders/7',
    params: { id: '7' },
    query: { page: '1', tag: ['a', 'b'] },
    headers: { 'X-Tariff': 'night', accept: ['text/html', 'text/plain'], via: ['1.1 a'] },
    body: { items: [{ n: 1 }, { n: 2 }], __proto__x: null },
    auth: { consumer: 'Mobile App', claims: { sub: 'me', n: null }, labels: { tier: 'gold' } },
    status: 201,
  }
  const expressions = [
    '[method, path, params.id, query.page, query.tag, status]',
    'headers',
    '[body.items[n > 1]]',
    'body.items[n > 7]',
    'auth',
    'body.__proto__x = null',
  ]
  expect(await tried(world, expressions, message)).toMatchObject({
    status: 200,
    body: {
      results: [
        { value: ['PUT', '/orders/7', '7', '1', 'a', 'b', 201] },
        { value: { 'x-tariff': 'night', accept: ['text/html', 'text/plain'], via: '1.1 a' } },
        { value: [{ n: 2 }] },
        {},
        {
          value: {
            organization: 'acme',
            consumer: 'Mobile App',
            consumerId: null,
            key: null,
            claims: { sub: 'me', n: null },
            labels: { tier: 'gold' },
          },
        },
        { value: true },
      ],
      failure: null,
    },
  })
  expect((await world.own('GET', `${ACME}/audit-events`)).body).toEqual(before.body)
  expect(world.log()).not.toContain('Mobile App')
})

test('reads a message without fields as a request without them', async () => {
  await using world = await openAcme()
  const whole = {
    method: 'GET',
    path: '/',
    params: {},
    query: {},
    headers: {},
    auth: { organization: 'acme', consumer: null, consumerId: null, key: null, claims: null, labels: {} },
    status: 200,
    body: null,
  }
  for (const message of [undefined, {}, { body: null, auth: {} }]) {
    const { body } = await tried(world, ['$'], message)
    expect(body).toEqual({ results: [{ value: whole }], failure: null })
  }
})

test('writes all digits of a number', async () => {
  await using world = await openAcme()
  const answer = await world.app.inject({
    method: 'POST',
    url: PATH,
    headers: { ...world.owner, 'content-type': 'application/json' },
    payload: JSON.stringify({ expressions: ['$number("9007199254740993")'] }),
  })
  expect(answer.body).toBe('{"results":[{"value":9007199254740993}],"failure":null}')
})

test('tells where and why a step with the expressions would fail', async () => {
  await using world = await openAcme()
  const failures: readonly (readonly [expression: string, reason: string, detail: RegExp])[] = [
    ['1 / 0', 'number', /number would change/],
    ['$sum', 'value', /function/],
    ['{"a": [1, /x/]}', 'value', /function/],
    ['$fromMillis(0, undefined, "Mars")', 'error', /time zone is unknown/],
    ['$toMillis("2026-02-30")', 'error', /does not exist/],
    ['$uppercase(body.secret)', 'error', /JSONata T0410/],
    ['$pad("", 9000000)', 'too_large', /too large/],
    // The last one: afterwards the organization gets only idle CPU time.
    ['($f := function($x) { $f($x + 1) }; $f(0))', 'timeout', /4000 ms/],
  ]
  for (const [expression, reason, detail] of failures) {
    const { status, body } = await tried(world, ['1', expression, '2'], { body: { secret: 4711 } })
    expect([expression, status, body]).toEqual([
      expression,
      200,
      {
        results: null,
        failure: { place: '/expressions/1', reason, detail: expect.stringMatching(detail) as string },
      },
    ])
    expect(JSON.stringify(body)).not.toContain('4711')
  }
})

test('refuses expressions that a deployment would refuse, and fields that a message does not have', async () => {
  await using world = await openAcme()
  const paths = async (body: object): Promise<unknown> => {
    const answer = await world.own('POST', PATH, body)
    return [answer.status, Object.values(answer.body['errors'] ?? {}).map((error) => error['path'])]
  }
  expect(await paths({ expressions: ['1', 'a[', '($'] })).toEqual([400, ['/expressions/1', '/expressions/2']])
  expect(await paths({ expressions: [] })).toEqual([400, ['/expressions']])
  expect(await paths({})).toEqual([400, ['/expressions']])
  expect(await paths({ expressions: [''] })).toEqual([400, ['/expressions/0']])
  expect(await paths({ expressions: ['1'.repeat(8193)] })).toEqual([400, ['/expressions/0']])
  expect(await paths({ expressions: Array.from({ length: 51 }, () => '1') })).toEqual([400, ['/expressions']])
  expect(await paths({ expressions: Array.from({ length: 9 }, () => `1${' '.repeat(8000)}`) })).toEqual([
    400,
    ['/expressions'],
  ])
  expect(await paths({ expressions: ['1'], message: { secrets: {} } })).toEqual([400, ['/message/secrets']])
  expect(await paths({ expressions: ['1'], message: { status: 99 } })).toEqual([400, ['/message/status']])
  expect(await paths({ expressions: ['1'], message: { params: { id: 7 } } })).toEqual([
    400,
    ['/message/params/id'],
  ])
})

test('is for those who may write some pipeline', async () => {
  await using world = await openAcme()
  const keyWith = async (name: string, permission: object) => {
    await world.own('POST', `${ACME}/roles`, { name, permissions: [permission] })
    const made = await world.own('POST', `${ACME}/keys`, { name, type: 'secret', roles: [name] })
    return bearer(made.body['token'])
  }
  const send = async (headers: Record<string, string>) =>
    await world.call('POST', PATH, { expressions: ['1'] }, headers)
  const writer = await keyWith('writer', { permission: 'pipelines.write', project: 'default' })
  expect((await send(writer)).body).toEqual({ results: [{ value: 1 }], failure: null })
  const reader = await keyWith('reader', { permission: 'pipelines.read' })
  expect(await send(reader)).toMatchObject({ status: 403, body: { permission: 'pipelines.write' } })
  const rival = await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
  expect((await send(bearer(rival.body['token']))).status).toBe(404)
  expect((await send({})).status).toBe(401)
})

test('limits how often an organization tries expressions', async () => {
  const values = { kind: 'values', values: ['1'] } as const
  await using world = await openAcme({ expressions: { evaluate: async () => await Promise.resolve(values) } })
  const statuses: number[] = []
  for (let count = 0; count < 121; count += 1) statuses.push((await tried(world, ['1'])).status)
  expect(statuses.slice(0, 120).every((status) => status === 200)).toBe(true)
  const refused = await tried(world, ['1'])
  expect([statuses[120], refused.status, refused.body['code']]).toEqual([429, 429, 'rate_limited'])
  world.clock.nowMs += 1000
  expect((await tried(world, ['1'])).status).toBe(200)
})

test('answers 503 while no process is free', async () => {
  const busy = evaluationFailure('busy', 'Too many evaluations are waiting.')
  await using world = await openAcme({ expressions: { evaluate: async () => await Promise.resolve(busy) } })
  expect(await tried(world, ['1'])).toMatchObject({ status: 503, body: { code: 'unavailable' } })
})
