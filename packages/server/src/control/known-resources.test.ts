import { expect, test } from 'vitest'
import { ACME, bearer, openAcme, spec, textOf, type AcmeWorld } from './testing/control-world.ts'

type Headers = Readonly<Record<string, string>>

async function keyWith(world: AcmeWorld, roles: readonly string[], environment?: string): Promise<Headers> {
  const made = await world.own('POST', `${ACME}/keys`, { name: 'x', type: 'secret', roles, environment })
  return bearer(made.body['token'])
}

test('a caller that lists environments is told which permission it lacks on one', async () => {
  await using world = await openAcme()
  const manager = await keyWith(world, ['key-manager'])
  const prod = `${ACME}/environments/prod`
  const issuer = { issuer: 'idp', audience: ['api'], jwksUrl: 'https://idp.example.com/jwks' }
  const calls: readonly (readonly ['GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', string, string, unknown?])[] =
    [
      ['PUT', '/policies/external-api-access', 'policies.write', { mode: 'any' }],
      ['GET', '/policies/external-api-access', 'policies.read'],
      ['GET', '/policies/external-api-access/versions', 'policies.read'],
      ['GET', '/conformity', 'policies.read'],
      ['GET', '/secrets', 'secrets.read'],
      ['GET', '/secrets/TOKEN', 'secrets.read'],
      ['PUT', '/secrets/TOKEN', 'secrets.write', { value: 'x' }],
      ['DELETE', '/secrets/TOKEN', 'secrets.write'],
      ['GET', '/signing-keys', 'signing-keys.read'],
      ['POST', '/signing-keys/rotate', 'signing-keys.write', {}],
      ['DELETE', '/signing-keys/sig_x', 'signing-keys.write'],
      ['GET', '/issuers', 'signing-keys.read'],
      ['GET', '/issuers/iss_x', 'signing-keys.read'],
      ['POST', '/issuers', 'signing-keys.write', issuer],
      ['DELETE', '/issuers/iss_x', 'signing-keys.write'],
      ['PATCH', '', 'organization.write', { position: 0 }],
      ['DELETE', '', 'organization.write'],
    ]
  // A role without any reading permission, and a key of another environment, may not know about the environment.
  const unknowing = [await keyWith(world, ['invoker']), await keyWith(world, ['owner'], 'test')]
  for (const [method, path, permission, body] of calls) {
    const answer = await world.call(method, prod + path, body, manager)
    expect([method, path, answer.status, answer.body['permission']]).toEqual([method, path, 403, permission])
    for (const headers of unknowing) {
      const hidden = await world.call(method, prod + path, body, headers)
      const absent = await world.call(method, `${ACME}/environments/none${path}`, body, headers)
      expect([method, path, hidden.status, absent.status]).toEqual([method, path, 404, 404])
      expect(hidden.body['detail']).toBe(textOf(absent.body['detail']).replaceAll('none', 'prod'))
    }
  }
})

test('a caller that sees a deployment is told which permission it lacks on its pipeline and project', async () => {
  await using world = await openAcme()
  for (const name of ['orders', 'hidden'])
    await world.own('POST', `${ACME}/pipelines`, { name, spec: spec({ path: `/${name}` }) })
  await world.own('POST', `${ACME}/deployments`, { pipeline: 'orders', version: '1.0', environment: 'test' })
  const hidden = { pipeline: 'hidden', version: '1.0', environment: 'prod' }
  expect(await world.own('POST', `${ACME}/deployments`, hidden)).toMatchObject({ status: 201 })
  const developer = await keyWith(world, ['developer'], 'test')
  const refusal = async (method: 'GET' | 'POST' | 'DELETE', path: string, body?: unknown) => {
    const answer = await world.call(method, `${ACME}${path}`, body, developer)
    return [answer.status, answer.body['permission']]
  }
  const deployment = (pipeline: string) => ({ pipeline, version: '1.0', environment: 'prod' })
  expect(await refusal('POST', '/deployments', deployment('orders'))).toEqual([403, 'pipelines.deploy'])
  expect(await refusal('POST', '/deployments', deployment('hidden'))).toEqual([404, undefined])
  expect(await refusal('GET', '/pipelines/orders')).toEqual([403, 'pipelines.read'])
  expect(await refusal('GET', '/pipelines/hidden')).toEqual([404, undefined])
  expect(await refusal('GET', '/pipelines/orders/versions')).toEqual([403, 'pipelines.read'])
  expect(await refusal('POST', '/pipelines/orders/versions', { spec: spec() })).toEqual([
    403,
    'pipelines.write',
  ])
  expect(await refusal('POST', '/pipelines/hidden/versions', { spec: spec() })).toEqual([404, undefined])
  expect(await refusal('DELETE', '/pipelines/orders')).toEqual([403, 'pipelines.write'])
  await world.own('POST', `${ACME}/projects`, { name: 'empty' })
  expect(await refusal('GET', '/projects/default')).toEqual([403, 'pipelines.read'])
  expect(await refusal('DELETE', '/projects/default')).toEqual([403, 'pipelines.write'])
  expect(await refusal('GET', '/projects/empty')).toEqual([404, undefined])
})

test('a reader is told which permission it lacks on each kind of resource', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })
  const deployed = await world.own('POST', `${ACME}/deployments`, {
    pipeline: 'orders',
    version: '1.0',
    environment: 'test',
  })
  const deployment = textOf(deployed.body['id'])
  const made = await world.own('POST', `${ACME}/consumers`, { name: 'app', environment: 'test' })
  const consumer = textOf(made.body['consumer']?.['id'])
  const key = textOf(made.body['key']?.['id'])
  const calls: readonly (readonly ['POST' | 'PATCH' | 'DELETE', string, string, unknown?])[] = [
    ['PATCH', '', 'organization.write', { name: 'x' }],
    ['POST', '/environments', 'organization.write', { name: 'stage' }],
    ['POST', '/projects', 'pipelines.write', { name: 'shop' }],
    ['PATCH', '/projects/default', 'pipelines.write', { description: 'x' }],
    ['DELETE', '/projects/default', 'pipelines.write'],
    ['POST', '/pipelines', 'pipelines.write', { name: 'x', spec: spec() }],
    ['DELETE', '/pipelines/orders', 'pipelines.write'],
    ['POST', '/deployments', 'pipelines.deploy', { pipeline: 'orders', version: '1.0', environment: 'prod' }],
    ['POST', `/deployments/${deployment}/promote`, 'pipelines.deploy', { environment: 'prod' }],
    ['POST', `/deployments/${deployment}/rollback`, 'pipelines.deploy'],
    ['POST', `/deployments/${deployment}/redeploy`, 'pipelines.deploy'],
    ['DELETE', `/deployments/${deployment}`, 'pipelines.deploy'],
    ['POST', '/consumers', 'consumers.write', { name: 'x', environment: 'test' }],
    ['PATCH', `/consumers/${consumer}`, 'consumers.write', { status: 'inactive' }],
    ['DELETE', `/consumers/${consumer}`, 'consumers.write'],
    ['POST', `/consumers/${consumer}/basic-credentials`, 'consumers.write', { username: 'x' }],
    ['DELETE', `/consumers/${consumer}/basic-credentials/x`, 'consumers.write'],
    ['POST', '/keys', 'keys.create', { name: 'x', type: 'secret' }],
    ['PATCH', `/keys/${key}`, 'keys.write', { name: 'x' }],
    ['DELETE', `/keys/${key}`, 'keys.delete'],
    ['POST', `/keys/${key}/roll`, 'keys.roll', {}],
    ['POST', `/keys/${key}/roll/finish`, 'keys.roll'],
    ['POST', `/keys/${key}/roll/undo`, 'keys.roll'],
    ['POST', '/verify', 'keys.verify', { token: 'x' }],
    ['POST', '/expressions/evaluate', 'pipelines.write', { expressions: ['1'] }],
  ]
  const auditor = await keyWith(world, ['auditor'])
  const invoker = await keyWith(world, ['invoker'])
  for (const [method, path, permission, body] of calls) {
    const answer = await world.call(method, ACME + path, body, auditor)
    expect([method, path, answer.status, answer.body['permission']]).toEqual([method, path, 403, permission])
    // To a caller that may not read it, each existing resource looks like one that does not exist.
    const isNamed = /\/(?:projects|pipelines|deployments|consumers|keys)\/./.test(path)
    const other = await world.call(method, ACME + path, body, invoker)
    expect([method, path, other.status]).toEqual([method, path, isNamed ? 404 : 403])
  }
})

test('a reader of one environment is told nothing about what it cannot see', async () => {
  await using world = await openAcme()
  const ids: Record<string, { consumer: string; key: string; deployment: string }> = {}
  for (const environment of ['test', 'prod']) {
    const pipeline = `in-${environment}`
    await world.own('POST', `${ACME}/projects`, { name: pipeline })
    const creation = { name: pipeline, project: pipeline, spec: spec({ path: `/${pipeline}` }) }
    await world.own('POST', `${ACME}/pipelines`, creation)
    const deployed = await world.own('POST', `${ACME}/deployments`, { pipeline, version: '1.0', environment })
    const made = await world.own('POST', `${ACME}/consumers`, { name: 'app', environment })
    ids[environment] = {
      consumer: textOf(made.body['consumer']?.['id']),
      key: textOf(made.body['key']?.['id']),
      deployment: textOf(deployed.body['id']),
    }
  }
  const auditor = await keyWith(world, ['auditor'], 'test')
  const calls: readonly (readonly ['POST' | 'PATCH' | 'DELETE', (of: string) => string, unknown?])[] = [
    ['PATCH', (of) => `/projects/in-${of}`, { description: 'x' }],
    ['DELETE', (of) => `/projects/in-${of}`],
    ['POST', (of) => `/pipelines/in-${of}/versions`, { spec: spec() }],
    ['DELETE', (of) => `/pipelines/in-${of}`],
    ['DELETE', (of) => `/deployments/${ids[of]?.deployment}`],
    ['POST', (of) => `/deployments/${ids[of]?.deployment}/promote`, { environment: 'prod' }],
    ['POST', (of) => `/deployments/${ids[of]?.deployment}/rollback`],
    ['POST', (of) => `/deployments/${ids[of]?.deployment}/redeploy`],
    ['PATCH', (of) => `/consumers/${ids[of]?.consumer}`, { status: 'inactive' }],
    ['DELETE', (of) => `/consumers/${ids[of]?.consumer}`],
    ['POST', (of) => `/consumers/${ids[of]?.consumer}/basic-credentials`, { username: 'x' }],
    ['PATCH', (of) => `/keys/${ids[of]?.key}`, { name: 'x' }],
    ['DELETE', (of) => `/keys/${ids[of]?.key}`],
    ['POST', (of) => `/keys/${ids[of]?.key}/roll`, {}],
    ['DELETE', (of) => `/environments/${of}/secrets/TOKEN`],
  ]
  for (const [method, path, body] of calls) {
    const seen = await world.call(method, ACME + path('test'), body, auditor)
    const hidden = await world.call(method, ACME + path('prod'), body, auditor)
    const absent = await world.call(method, ACME + path('none'), body, auditor)
    const statuses = [seen, hidden, absent].map(({ status }) => status)
    expect([method, path('prod'), ...statuses]).toEqual([method, path('prod'), 403, 404, 404])
  }
})
