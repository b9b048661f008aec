import { describe, expect, test } from 'vitest'
import { ACME, bearer, openAcme, spec, textOf, type AcmeWorld, type Json } from './testing/control-world.ts'

const ROLES = `${ACME}/roles`
const NOW = '2026-01-01T00:00:00.000Z'
const LATER = '2026-01-01T00:00:05.000Z'
const INVOKE = { permission: 'pipelines.invoke' }
const READ_KEYS = { permission: 'keys.read' }

interface MadeKey {
  readonly id: string
  readonly token: string
  readonly headers: { readonly authorization: string }
}

/** A new secret key of `acme` with these roles. */
async function keyWith(world: AcmeWorld, ...roles: readonly string[]): Promise<MadeKey> {
  const made = await world.own('POST', `${ACME}/keys`, { name: roles.join(' '), type: 'secret', roles })
  expect(made.status).toBe(201)
  const token = textOf(made.body['token'])
  return { id: textOf(made.body['key']?.['id']), token, headers: bearer(made.body['token']) }
}

async function create(world: AcmeWorld, name: string, ...permissions: readonly unknown[]): Promise<void> {
  expect((await world.own('POST', ROLES, { name, permissions })).status).toBe(201)
}

function errorsOf({ body }: { readonly body: Json }): unknown {
  return Object.values(body['errors'] ?? {}).map((error) => [error['path'], error['message']])
}

test('creates, lists, reads, changes and removes a role; gateways know it when it answers', async () => {
  await using world = await openAcme()
  const permits = (): boolean => world.cell.current.rolesPermit('acme', ['caller'], 'pipelines.invoke', {})
  const createdBy = expect.stringMatching(/^key_/) as string
  const created = await world.own('POST', ROLES, { name: 'caller', permissions: [INVOKE] })
  const facts = { name: 'caller', builtIn: false, permissions: [INVOKE], createdAt: NOW, createdBy }
  expect(created.status).toBe(201)
  expect(created.body).toEqual({ ...facts, updatedAt: NOW, updatedBy: createdBy })
  expect(permits()).toBe(true)

  world.clock.nowMs += 5000
  const changed = await world.own('PATCH', `${ROLES}/caller?wait=1`, { permissions: [READ_KEYS] })
  expect(changed).toMatchObject({ status: 200, body: { receipt: { confirmed: true } } })
  const now = { ...facts, permissions: [READ_KEYS], updatedAt: LATER, updatedBy: createdBy }
  expect(changed.body['role']).toEqual(now)
  expect(permits()).toBe(false)

  const { id } = await keyWith(world, 'caller', 'invoker')
  const read = await world.own('GET', `${ROLES}/caller`)
  expect(read.body).toEqual({
    ...now,
    holders: [{ kind: 'key', id, name: 'caller invoker' }],
    holderCount: 1,
  })
  const invoker = await world.own('GET', `${ROLES}/invoker`)
  expect(invoker.body).toMatchObject({ builtIn: true, createdAt: null, updatedBy: null, holders: [{ id }] })

  const first = await world.own('GET', `${ROLES}?limit=7`)
  expect(Object.values(first.body['items'] ?? {}).every((item) => item['builtIn'] as unknown)).toBe(true)
  const second = await world.own('GET', `${ROLES}?limit=7&cursor=${textOf(first.body['next'])}`)
  expect(second.body).toEqual({ items: [now], next: null })

  expect(await world.own('DELETE', `${ROLES}/caller`)).toMatchObject({
    status: 409,
    body: { code: 'conflict', usedBy: [{ kind: 'key', id }] },
  })
  await world.own('PATCH', `${ACME}/keys/${id}`, { roles: [] })
  const removed = await world.own('DELETE', `${ROLES}/caller`)
  expect(removed).toMatchObject({ status: 200, body: { receipt: { confirmed: true } } })
  for (const method of ['GET', 'DELETE'] as const) {
    expect(await world.own(method, `${ROLES}/caller`)).toMatchObject({ status: 404 })
  }
  expect((await world.own('PATCH', `${ROLES}/caller`, { permissions: [INVOKE] })).status).toBe(404)
})

test('previews a set of roles', async () => {
  await using world = await openAcme()
  await create(world, 'caller', { ...INVOKE, environment: 'test' }, READ_KEYS)
  const preview = async (body: unknown) => await world.own('POST', `${ROLES}/preview`, body)
  expect((await preview({ roles: ['invoker', 'caller'] })).body).toEqual({ permissions: [READ_KEYS, INVOKE] })
  expect((await preview({ roles: [] })).body).toEqual({ permissions: [] })
  const unknown = await preview({ roles: ['invoker', 'nobody'] })
  expect([unknown.status, errorsOf(unknown)]).toEqual([
    400,
    [['/roles/1', expect.stringMatching(/^There is no role "nobody"\./)]],
  ])
  expect((await preview({})).status).toBe(400)
  // A role may have the name of a path.
  await create(world, 'preview', INVOKE)
  expect((await world.own('GET', `${ROLES}/preview`)).body).toMatchObject({ name: 'preview' })
  expect((await preview({ roles: ['preview'] })).body).toEqual({ permissions: [INVOKE] })
})

describe('a role is refused with', () => {
  test('the path of each wrong field', async () => {
    await using world = await openAcme()
    await create(world, 'kept', INVOKE)
    const pathsOf = async (permissions: unknown): Promise<unknown> => {
      const posted = await world.own('POST', ROLES, { name: 'wrong', permissions })
      const patched = await world.own('PATCH', `${ROLES}/kept`, { permissions })
      expect([posted.status, patched.status, errorsOf(patched)]).toEqual([400, 400, errorsOf(posted)])
      return (errorsOf(posted) as readonly [string, string][]).map(([path]) => path)
    }
    const many = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ ...INVOKE, project: `p${index}` }))
    expect(await pathsOf([])).toEqual(['/permissions'])
    expect(await pathsOf(many(201))).toEqual(['/permissions'])
    expect(await pathsOf(undefined)).toEqual(['/permissions'])
    expect(await pathsOf([INVOKE, { permission: 'pipelines.fly' }])).toEqual(['/permissions/1/permission'])
    expect(await pathsOf([INVOKE, READ_KEYS, INVOKE])).toEqual(['/permissions/2'])
    expect(await pathsOf([{ permission: 'audit.read', pipeline: 'orders' }])).toEqual([
      '/permissions/0/pipeline',
    ])
    expect(
      await pathsOf([
        { ...INVOKE, environment: 'stage' },
        { ...INVOKE, project: 'shop' },
      ]),
    ).toEqual(['/permissions/0/environment', '/permissions/1/project'])
    expect(await pathsOf([{ ...INVOKE, pipeline: 'orders' }])).toEqual(['/permissions/0/pipeline'])
    expect(await pathsOf([{ ...INVOKE, consumer: 'con_1' }])).toEqual(['/permissions/0/consumer'])
    expect((await world.own('GET', `${ROLES}/kept`)).body['permissions']).toEqual([INVOKE])
  })

  test.each(['a', 'Caller', '1st', 'a'.repeat(40), '__proto__', ''])('a wrong name: %j', async (name) => {
    await using world = await openAcme()
    const refused = await world.own('POST', ROLES, { name, permissions: [INVOKE] })
    expect([refused.status, errorsOf(refused)]).toEqual([
      400,
      [['/name', expect.stringContaining('2 to 39')]],
    ])
    expect((await world.own('GET', `${ROLES}/${name === '' ? 'x' : name}`)).status).toBe(404)
  })

  test('409 for names that are taken, and for changes of built-in roles', async () => {
    await using world = await openAcme()
    await create(world, 'caller', INVOKE)
    for (const name of ['caller', 'owner', 'invoker']) {
      expect(await world.own('POST', ROLES, { name, permissions: [INVOKE] })).toMatchObject({
        status: 409,
        body: { code: 'conflict' },
      })
    }
    for (const answer of [
      await world.own('PATCH', `${ROLES}/owner`, { permissions: [INVOKE] }),
      await world.own('DELETE', `${ROLES}/invoker`),
    ]) {
      expect(answer).toMatchObject({ status: 409, body: { code: 'conflict' } })
      expect(answer.body['detail']).toContain('built in')
    }
  })
})

test('enforces the permissions, and repeats a creation only while the actor could make it', async () => {
  await using world = await openAcme()
  const rival = (await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })).body['token']
  await create(world, 'caller', INVOKE)
  const calls = [
    ['GET', ROLES],
    ['GET', `${ROLES}/caller`],
    ['POST', `${ROLES}/preview`, { roles: ['caller'] }],
    ['POST', ROLES, { name: 'mine', permissions: [INVOKE] }],
    ['PATCH', `${ROLES}/caller`, { permissions: [INVOKE] }],
    ['DELETE', `${ROLES}/caller`],
  ] as const
  const statuses = async (headers: Record<string, string>): Promise<unknown[]> => {
    const answers = []
    for (const [method, path, body] of calls)
      answers.push((await world.call(method, path, body, headers)).status)
    return answers
  }
  expect(await statuses({})).toEqual([401, 401, 401, 401, 401, 401])
  expect(await statuses(bearer(rival))).toEqual([404, 404, 404, 404, 404, 404])
  expect(await statuses((await keyWith(world, 'auditor')).headers)).toEqual([200, 200, 200, 403, 403, 403])
  expect(await statuses((await keyWith(world, 'invoker')).headers)).toEqual([403, 404, 403, 403, 404, 404])

  await create(world, 'manager', { permission: 'roles.write' }, INVOKE)
  const manager = (await keyWith(world, 'manager')).headers
  const repeated = async () => {
    const body = { name: 'mine', permissions: [INVOKE] }
    return await world.call('POST', ROLES, body, { ...manager, 'idempotency-key': 'once' })
  }
  const first = await repeated()
  expect(first.status).toBe(201)
  expect(await repeated()).toMatchObject({ status: 201, body: first.body })
  await world.own('PATCH', `${ROLES}/manager`, { permissions: [{ permission: 'roles.write' }] })
  expect(await repeated()).toMatchObject({
    status: 403,
    body: { code: 'permission_missing', permission: 'pipelines.invoke' },
  })
})

test('a key has what its custom roles permit now, in whoami, in verification and in each request', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })
  await create(world, 'caller', { ...INVOKE, environment: 'prod' }, { ...READ_KEYS, environment: 'prod' })
  const { token, headers } = await keyWith(world, 'caller')
  const permissions = async () =>
    (await world.call('GET', '/v1/whoami', undefined, headers)).body['permissions']
  const verified = async (permission: string, environment?: string) => {
    const answer = await world.own('POST', `${ACME}/verify`, { token, permission, environment })
    expect(answer.body['roles']).toEqual(['caller'])
    return answer.body['code']
  }
  const lists = async () => (await world.call('GET', `${ACME}/keys`, undefined, headers)).status
  expect(await permissions()).toEqual([
    { ...INVOKE, environment: 'prod' },
    { ...READ_KEYS, environment: 'prod' },
  ])
  expect([await verified('pipelines.invoke', 'prod'), await verified('pipelines.invoke', 'test')]).toEqual([
    'valid',
    'permission_missing',
  ])
  expect([await verified('pipelines.invoke'), await lists()]).toEqual(['permission_missing', 200])
  await world.own('PATCH', `${ROLES}/caller`, { permissions: [INVOKE] })
  expect(await permissions()).toEqual([INVOKE])
  expect([await verified('pipelines.invoke'), await verified('keys.read', 'prod')]).toEqual([
    'valid',
    'permission_missing',
  ])
  expect(await lists()).toBe(403)
  const unknown = { name: 'x', type: 'secret', roles: ['caller', 'callers'] }
  const refused = await world.own('POST', `${ACME}/keys`, unknown)
  expect([refused.status, errorsOf(refused)]).toEqual([
    400,
    [['/roles/1', expect.stringMatching(/^There is no role "callers"\./)]],
  ])
})
