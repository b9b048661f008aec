import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACME, bearer, openAcme, spec, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'
import { addPerson, signedIn, verdict } from './testing/people.ts'

type Headers = Readonly<Record<string, string>>
type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

let world: AcmeWorld
let partnerKey: string

beforeAll(async () => {
  world = await openAcme()
  const rival = await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
  const key = { name: 'erp', type: 'secret' }
  const headers = bearer(rival.body['token'])
  const made = await world.call('POST', '/v1/organizations/rival/keys', key, headers)
  partnerKey = textOf(made.body['key']?.['id'])
  // Everything that gives rights, and one permission less than the role that is given below.
  const giver = ['keys.create', 'keys.write', 'keys.read', 'roles.write', 'roles.read', 'members.write']
  const more = ['members.read', 'external-keys.write', 'external-keys.read', 'policies.read']
  await role('giver', ...[...giver, ...more].map((permission) => ({ permission })))
  await role('policies', { permission: 'policies.write' })
  await role('policies-in-test', { permission: 'policies.write', environment: 'test' })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

async function role(name: string, ...permissions: readonly unknown[]): Promise<void> {
  expect((await world.own('POST', `${ACME}/roles`, { name, permissions })).status).toBe(201)
}

async function keyWith(roles: readonly string[]): Promise<Headers> {
  const made = await world.own('POST', `${ACME}/keys`, { name: 'k', type: 'secret', roles })
  return bearer(made.body['token'])
}

/** The same roles as a key and as a member. */
const CALLERS = [
  ['a key', async (...roles: readonly string[]): Promise<Headers> => await keyWith(roles)],
  [
    'a member',
    async (...roles: readonly string[]): Promise<Headers> => (await signedIn(world, { acme: roles })).headers,
  ],
] as const

describe.each(CALLERS)('%s', (kind, callerWith) => {
  /** Every way to give a role to somebody, as this caller. */
  async function gifts(headers: Headers, roles: readonly string[]): Promise<readonly Answer[]> {
    const target = textOf(
      (await world.own('POST', `${ACME}/keys`, { name: 't', type: 'secret' })).body['key']?.['id'],
    )
    const { id } = await addPerson(world, { acme: [] })
    const email = `${id}-friend@example.com`
    const call = async (method: Method, path: string, body: unknown) =>
      await world.call(method, `${ACME}/${path}`, body, headers)
    return [
      await call('POST', 'keys', { name: 'gift', type: 'secret', roles }),
      await call('PATCH', `keys/${target}`, { roles }),
      await call('POST', 'invitations', { email, roles }),
      await call('PATCH', `members/${id}`, { roles }),
      await call('POST', 'external-keys', { keyId: partnerKey, roles }),
    ]
  }

  test('gives nobody a permission that it lacks, by any way', async () => {
    const giver = await callerWith('giver')
    for (const roles of [['policies'], ['policy-manager'], ['owner'], ['policies-in-test']]) {
      for (const answer of await gifts(giver, roles)) {
        expect([roles, ...verdict(answer)]).toEqual([roles, 403, 'permission_missing'])
      }
    }
    for (const permission of ['policies.write', 'audit.read']) {
      const body = {
        name: 'gift',
        permissions: [{ permission, ...(permission === 'audit.read' ? {} : { environment: 'test' }) }],
      }
      const answer = await world.call('POST', `${ACME}/roles`, body, giver)
      expect(answer).toMatchObject({ status: 403, body: { code: 'permission_missing', permission } })
    }
    // The same ways work with a permission that it has.
    await world.own('POST', `${ACME}/roles`, { name: 'readers', permissions: [{ permission: 'keys.read' }] })
    const statuses = (await gifts(giver, ['readers'])).map(({ status }) => status)
    expect(statuses).toEqual([201, 200, 201, 200, 201])
    const { items } = (await world.own('GET', `${ACME}/external-keys`)).body
    for (const item of Object.values(items ?? {})) {
      await world.own('DELETE', `${ACME}/external-keys/${textOf(item['id'])}`)
    }
  })

  test('with the role key-manager gives no policies.write, and none of what an owner has', async () => {
    const manager = await callerWith('key-manager')
    const key = { name: 'gift', type: 'secret' }
    for (const roles of [['policies'], ['policies-in-test'], ['policy-manager'], ['admin']]) {
      const answers = [
        await world.call('POST', `${ACME}/keys`, { ...key, roles }, manager),
        await world.call('POST', `${ACME}/external-keys`, { keyId: partnerKey, roles }, manager),
        await world.call('POST', `${ACME}/invitations`, { email: 'x@example.com', roles }, manager),
      ]
      for (const answer of answers) expect(verdict(answer)).toEqual([403, 'permission_missing'])
    }
    const permissions = [{ permission: 'policies.write' }]
    const made = await world.call('POST', `${ACME}/roles`, { name: 'mine', permissions }, manager)
    expect(made).toMatchObject({ status: 403, body: { permission: 'roles.write' } })
  })

  test('widens no role that it holds, and no other beyond what it has', async () => {
    const name = `held-by-${kind.replaceAll(' ', '-')}`
    await role(name, { permission: 'roles.write' })
    await role(`${name}-other`, { permission: 'keys.read' })
    const holder = await callerWith(name, 'giver')
    const widen = async (which: string, permission: string) =>
      verdict(
        await world.call(
          'PATCH',
          `${ACME}/roles/${which}`,
          { permissions: [{ permission: 'roles.write' }, { permission }] },
          holder,
        ),
      )
    // It has `keys.read` by another role, and still may not add it to its own.
    expect(await widen(name, 'keys.read')).toEqual([403, 'permission_missing'])
    expect(await widen(`${name}-other`, 'policies.write')).toEqual([403, 'permission_missing'])
    expect((await widen(`${name}-other`, 'keys.read'))[0]).toBe(200)
  })
})

describe('a member who may read one environment', () => {
  let headers: Headers
  const get = async (path: string): Promise<Answer> =>
    await world.call('GET', `${ACME}/${path}`, undefined, headers)
  const itemsOf = async (path: string) => Object.values((await get(path)).body['items'] ?? {})

  beforeAll(async () => {
    const reads = [
      'keys.read',
      'consumers.read',
      'pipelines.read',
      'policies.read',
      'policies.write',
      'secrets.read',
    ]
    await role('test-only', ...reads.map((permission) => ({ permission, environment: 'test' })), {
      permission: 'roles.read',
    })
    headers = (await signedIn(world, { acme: ['test-only'] })).headers
    for (const environment of ['test', 'prod']) {
      await world.own('POST', `${ACME}/keys`, {
        name: `in ${environment}`,
        type: 'secret',
        environment,
        roles: ['invoker'],
      })
      await world.own('POST', `${ACME}/consumers`, { name: `app-${environment}`, environment })
      await world.own('PUT', `${ACME}/environments/${environment}/secrets/TOKEN`, { value: 'x' })
    }
    const open = spec({ authentication: {} })
    await world.own('POST', `${ACME}/pipelines`, { name: 'both', spec: open })
    for (const environment of ['test', 'prod']) {
      await world.own('POST', `${ACME}/deployments`, { pipeline: 'both', version: '1.0', environment })
    }
  })

  test('sees only what is there in lists and counts', async () => {
    for (const path of ['keys?limit=200', 'consumers', 'deployments']) {
      const environments = new Set((await itemsOf(path)).map((item) => item['environment']))
      expect([path, [...environments]]).toEqual([path, ['test']])
    }
    const invoker = (await get('roles/invoker')).body
    expect(invoker['holders']).toMatchObject([{ name: 'in test' }])
    expect(invoker['holderCount']).toBe(1)
    expect(JSON.stringify((await get('roles/owner')).body['holders'])).toBe('[]')
  })

  test('gets 404 for what is elsewhere, and 403 for what is of the whole organization', async () => {
    expect((await get('environments/test/secrets/TOKEN')).status).toBe(200)
    for (const path of [
      'environments/prod/secrets/TOKEN',
      'environments/prod/policies/external-api-access',
    ]) {
      expect([path, ...verdict(await get(path))]).toEqual([path, 404, 'not_found'])
    }
    for (const path of ['audit-events', 'members', 'invitations', 'external-keys', 'quotas', 'gateways']) {
      expect([path, ...verdict(await get(path))]).toEqual([path, 403, 'permission_missing'])
    }
    const keys = Object.values((await world.own('GET', `${ACME}/keys?limit=200`)).body['items'] ?? {})
    const elsewhere = keys.find((key) => textOf(key['name']) === 'in prod')
    expect(verdict(await get(`keys/${textOf(elsewhere?.['id'])}/acceptances`))).toEqual([404, 'not_found'])
  })

  test('learns nothing about another environment from a dry run or a preview', async () => {
    const mode = { mode: 'api-key', dryRun: true }
    const policy = (environment: string): string =>
      `${ACME}/environments/${environment}/policies/external-api-access`
    const dryRun = await world.call('PUT', policy('test'), mode, headers)
    expect(dryRun).toMatchObject({ status: 200, body: { affected: [{ pipeline: 'both' }] } })
    expect(verdict(await world.call('PUT', policy('prod'), mode, headers))).toEqual([404, 'not_found'])
    const preview = await world.call('POST', `${ACME}/roles/preview`, { roles: ['test-only'] }, headers)
    expect(preview.status).toBe(200)
  })
})

describe('a developer of one project', () => {
  const DEVELOPS = ['pipelines.read', 'pipelines.write', 'pipelines.deploy']
  /** A pipeline that forwards to the accounts of the billing system. */
  const forwarding = (path: string, apiKey: boolean): unknown => ({
    trigger: { kind: 'http', path, authentication: { apiKey } },
    steps: [{ proxy: { url: 'http://billing.example/accounts/1' } }],
  })
  let headers: Headers
  let dryRuns: readonly Answer[]

  beforeAll(async () => {
    for (const name of ['shop', 'billing']) await world.own('POST', `${ACME}/projects`, { name })
    await world.own('POST', `${ACME}/pipelines`, {
      name: 'ledger',
      project: 'billing',
      spec: forwarding('/accounts/:account', true),
    })
    const ledger = { pipeline: 'ledger', version: '1.0', environment: 'test' }
    expect((await world.own('POST', `${ACME}/deployments`, ledger)).status).toBe(201)
    await role('shop-developer', ...DEVELOPS.map((permission) => ({ permission, project: 'shop' })))
    headers = (await signedIn(world, { acme: ['shop-developer'] })).headers
    const clash = forwarding('/accounts/:x', false)
    const open = forwarding('/open', false)
    const dryRun = async (name: string, own: unknown, by: Headers): Promise<Answer> => {
      await world.call('POST', `${ACME}/pipelines`, { name, project: 'shop', spec: own }, by)
      const body = { pipeline: name, version: '1.0', environment: 'test', dryRun: true }
      return await world.call('POST', `${ACME}/deployments`, body, by)
    }
    dryRuns = [
      await dryRun('clash', clash, headers),
      await dryRun('open', open, headers),
      await dryRun('clash', clash, world.owner),
      await dryRun('open', open, world.owner),
    ]
  })

  test('learns from a dry run that a route is taken, and not by which pipeline of another project', () => {
    const [clash, open] = dryRuns
    expect(clash).toMatchObject({
      status: 422,
      body: { violations: [{ found: expect.stringContaining('a deployment that you may not see') }] },
    })
    expect(open?.status).toBe(200)
    expect(open?.body['warnings']).not.toContainEqual(
      expect.objectContaining({ rule: 'guarded-path-reachable' }),
    )
    expect(JSON.stringify([clash?.body, open?.body])).not.toMatch(/ledger|:account/)
  })

  test('whose colleague may read both is told the name', () => {
    const [, , clash, open] = dryRuns
    expect(JSON.stringify(clash?.body)).toContain('ledger 1.0 serves')
    expect(open?.body['warnings']).toContainEqual(expect.objectContaining({ rule: 'guarded-path-reachable' }))
  })
})
