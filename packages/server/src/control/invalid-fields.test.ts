import { GRACE_SECONDS_MAX, OVERLAP_SECONDS_MAX, PIPELINES_PER_CONSUMER_MAX } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACME, openAcme, spec, textOf, type AcmeWorld } from './testing/control-world.ts'

/** The paths of the errors in the response to an invalid request. */
async function errorsOf(
  world: AcmeWorld,
  method: 'GET' | 'POST' | 'PATCH' | 'PUT',
  path: string,
  body?: unknown,
): Promise<unknown> {
  const answer = await world.own(method, path, body)
  expect([answer.status, answer.body['code']]).toEqual([400, 'invalid_request'])
  const errors = answer.body['errors'] as unknown as readonly { readonly path: string }[]
  return errors.map((error) => error.path)
}

test('ignores the body of a DELETE', async () => {
  await using world = await openAcme()
  const { body } = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret' })
  const path = `${ACME}/keys/${textOf(body['key']?.['id'])}`
  const other = { organization: 'other', key: 'key_0000000000000000' }
  expect((await world.own('DELETE', path, other)).status).toBe(200)
})

describe('a parameter that a route does not take is refused by', () => {
  let world: AcmeWorld
  beforeAll(async () => {
    world = await openAcme()
    await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })
  })
  afterAll(async () => await world[Symbol.asyncDispose]())

  test.each([
    ['GET', ACME, undefined],
    ['GET', `${ACME}/pipelines/orders`, undefined],
    ['GET', `${ACME}/gateways`, undefined],
    ['GET', '/v1/whoami', undefined],
    ['GET', '/v1/setup', undefined],
    ['POST', `${ACME}/keys`, { name: 'k', type: 'secret' }],
    ['POST', `${ACME}/pipelines`, { name: 'other', spec: spec() }],
    ['PATCH', ACME, { name: 'Other' }],
    ['PATCH', `${ACME}/environments/prod`, { position: 5 }],
    ['DELETE', `${ACME}/pipelines/orders`, undefined],
  ] as const)('%s %s', async (method, path, body) => {
    const answer = await world.own(method, `${path}?organization=other&__proto__=x`, body)
    expect(answer).toMatchObject({
      status: 400,
      body: {
        code: 'invalid_request',
        errors: [
          { path: 'query/organization', message: 'This field is unknown.' },
          { path: 'query/__proto__', message: 'This field is unknown.' },
        ],
      },
    })
    expect((await world.own('GET', `${ACME}/pipelines/orders`)).status).toBe(200)
  })

  test('a read that says how long to wait, and no change that does', async () => {
    const created = await world.own('POST', `${ACME}/keys?wait=0`, { name: 'waits', type: 'secret' })
    expect(created.status).toBe(201)
    const late = await world.own('POST', `${ACME}/keys?wait=61`, { name: 'late', type: 'secret' })
    expect(late).toMatchObject({ status: 400, body: { errors: [{ path: 'query/wait' }] } })
    expect((await world.own('GET', `${ACME}?wait=0`)).status).toBe(400)
  })
})

describe('the API rejects', () => {
  test('an invalid or reserved slug', async () => {
    await using world = await openAcme()
    for (const slug of [
      'a',
      'Acme',
      '1st',
      '-a',
      'a_b',
      'a'.repeat(40),
      '',
      '../x',
      'authz',
      'v1',
      'metrics',
    ]) {
      expect(await errorsOf(world, 'POST', '/v1/organizations', { slug, name: 'X' })).toEqual(['/slug'])
    }
    const valid = await world.own('POST', '/v1/organizations', { slug: 'a'.repeat(39), name: 'X' })
    expect(valid.status).toBe(201)
  })

  test('an invalid title', async () => {
    await using world = await openAcme()
    for (const name of ['', '  ', 'line\nbreak', 'x'.repeat(129), '\u202eevil']) {
      expect(await errorsOf(world, 'PATCH', ACME, { name })).toEqual(['/name'])
      expect(await errorsOf(world, 'POST', `${ACME}/keys`, { name, type: 'secret' })).toEqual(['/name'])
    }
    const valid = await world.own('PATCH', ACME, { name: ` ${'x'.repeat(128)} ` })
    expect([valid.status, valid.body['organization']?.['name']]).toEqual([200, 'x'.repeat(128)])
  })

  test('an invalid environment, project or pipeline name', async () => {
    await using world = await openAcme()
    for (const name of ['', 'Prod', '1', 'a'.repeat(64), 'a/b', 'a b', '__proto__', '.well-known']) {
      expect(await errorsOf(world, 'POST', `${ACME}/environments`, { name })).toEqual(['/name'])
      expect(await errorsOf(world, 'POST', `${ACME}/projects`, { name })).toEqual(['/name'])
      expect(await errorsOf(world, 'POST', `${ACME}/pipelines`, { name, spec: spec() })).toEqual(['/name'])
    }
    expect((await world.own('POST', `${ACME}/environments`, { name: 'a'.repeat(63) })).status).toBe(201)
  })

  test('an invalid position', async () => {
    await using world = await openAcme()
    for (const position of [-1, 1.5, 32, '1']) {
      expect(await errorsOf(world, 'POST', `${ACME}/environments`, { name: 'x', position })).toEqual([
        '/position',
      ])
      expect(await errorsOf(world, 'PATCH', `${ACME}/environments/test`, { position })).toEqual(['/position'])
    }
    expect((await world.own('PATCH', `${ACME}/environments/test`, { position: 31 })).status).toBe(200)
  })

  test('an invalid description', async () => {
    await using world = await openAcme()
    for (const description of ['a\rb', 'x'.repeat(1025)]) {
      expect(await errorsOf(world, 'POST', `${ACME}/projects`, { name: 'shop', description })).toEqual([
        '/description',
      ])
    }
    const valid = { name: 'shop', description: 'x'.repeat(1024) }
    expect((await world.own('POST', `${ACME}/projects`, valid)).status).toBe(201)
  })

  test('an invalid username', async () => {
    await using world = await openAcme()
    const { body } = await world.own('POST', `${ACME}/consumers`, { name: 'app', environment: 'test' })
    const path = `${ACME}/consumers/${textOf(body['consumer']?.['id'])}/basic-credentials`
    for (const username of ['', 'a:b', ':', 'a b', ' a', 'a\n', 'a\x7f', 'é', '.', '..', 'x'.repeat(101)]) {
      expect(await errorsOf(world, 'POST', path, { username })).toEqual(['/username'])
    }
    expect((await world.own('POST', path, { username: '...' })).status).toBe(201)
  })

  test('too many pipelines of a consumer', async () => {
    await using world = await openAcme()
    await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })
    const input = (count: number) => ({
      name: 'app',
      environment: 'test',
      pipelines: Array.from({ length: count }, () => 'orders'),
    })
    const path = `${ACME}/consumers`
    expect(await errorsOf(world, 'POST', path, input(PIPELINES_PER_CONSUMER_MAX + 1))).toEqual(['/pipelines'])
    expect((await world.own('POST', path, input(PIPELINES_PER_CONSUMER_MAX))).status).toBe(201)
  })

  test('every invalid field of a key at once', async () => {
    await using world = await openAcme()
    const path = `${ACME}/keys`
    const invalid = {
      name: '',
      type: 'secret',
      addressRules: ['10.0.0.0/8', '10.0.0.0/33'],
      rateLimits: [{ requests: 0, per: 'minute' }],
    }
    expect(await errorsOf(world, 'POST', path, invalid)).toEqual([
      '/name',
      '/addressRules/1',
      '/rateLimits/0/requests',
    ])
    const rules = (count: number) => Array.from({ length: count }, (_, index) => `10.0.0.${index}`)
    const key = { name: 'k', type: 'secret' }
    expect(await errorsOf(world, 'POST', path, { ...key, addressRules: rules(65) })).toEqual([
      '/addressRules',
    ])
    expect((await world.own('POST', path, { ...key, addressRules: rules(64) })).status).toBe(201)
    const limits = Array.from({ length: 11 }, () => ({ requests: 1, per: 'day' }))
    expect(await errorsOf(world, 'POST', path, { ...key, rateLimits: limits })).toEqual(['/rateLimits'])
    const roles = Array.from({ length: 17 }, () => 'owner')
    expect(await errorsOf(world, 'POST', path, { ...key, roles })).toEqual(['/roles'])
  })

  test('an invalid grace period', async () => {
    await using world = await openAcme()
    const { body } = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret' })
    const path = `${ACME}/keys/${textOf(body['key']?.['id'])}/roll`
    for (const graceSeconds of [-1, 0.5, GRACE_SECONDS_MAX + 1]) {
      expect(await errorsOf(world, 'POST', path, { graceSeconds })).toEqual(['/graceSeconds'])
    }
    expect((await world.own('POST', path, { graceSeconds: GRACE_SECONDS_MAX })).status).toBe(200)
  })

  test('an invalid overlap', async () => {
    await using world = await openAcme()
    const path = `${ACME}/environments/test/signing-keys/rotate`
    for (const overlapSeconds of [-1, 0.5, OVERLAP_SECONDS_MAX + 1]) {
      expect(await errorsOf(world, 'POST', path, { overlapSeconds })).toEqual(['/overlapSeconds'])
    }
    expect((await world.own('POST', path, { overlapSeconds: OVERLAP_SECONDS_MAX })).status).toBe(200)
  })

  test('an invalid version', async () => {
    await using world = await openAcme()
    const input = { pipeline: 'orders', environment: 'test' }
    for (const version of ['1', '1.0.0', '01.0', '1.', 'v1.0', '-1.0', '1.0\n', '0.1']) {
      expect(await errorsOf(world, 'POST', `${ACME}/deployments`, { ...input, version })).toEqual([
        '/version',
      ])
    }
    expect((await world.own('POST', `${ACME}/deployments`, { ...input, version: '1.0' })).status).toBe(404)
  })

  test('an invalid secret', async () => {
    await using world = await openAcme()
    const path = `${ACME}/environments/test/secrets`
    expect(await errorsOf(world, 'PUT', `${path}/token`, { value: 'x' })).toEqual(['path/name'])
    for (const value of ['', ' x', 'x\ny', 'x'.repeat(8193)]) {
      expect(await errorsOf(world, 'PUT', `${path}/TOKEN`, { value })).toEqual(['/value'])
    }
    expect((await world.own('PUT', `${path}/TOKEN`, { value: 'x'.repeat(8192) })).status).toBe(201)
  })

  test('an invalid page limit', async () => {
    await using world = await openAcme()
    for (const limit of ['0', '201', '1.5', 'NaN', '']) {
      expect(await errorsOf(world, 'GET', `${ACME}/pipelines?limit=${limit}`)).toEqual(['query/limit'])
    }
    expect((await world.own('GET', `${ACME}/pipelines?limit=200`)).status).toBe(200)
  })
})
