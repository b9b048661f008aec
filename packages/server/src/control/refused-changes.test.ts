import { QUOTA_LIMITS_DEFAULT as LIMITS } from '@sallyport/core'
import { expect, test } from 'vitest'
import { openBrowser } from './testing/browser.ts'
import { ACME, bearer, openAcme, spec, textOf, type AcmeWorld } from './testing/control-world.ts'
import { addPerson } from './testing/people.ts'

/** The records of refused changes, oldest first, once there are so many. */
async function refusals(world: AcmeWorld, count: number, organization = 'acme') {
  const read = async () => {
    const { items } = await world.store.read.audit.newest(organization, { limit: 200 }, {})
    return items.filter(({ action }) => action.endsWith('.refused')).toReversed()
  }
  await expect.poll(async () => (await read()).length).toBe(count)
  return (await read()).map(({ actor, action, target, before, after }) => ({
    actor,
    action,
    target,
    before,
    after,
  }))
}

async function keyWith(world: AcmeWorld, ...roles: string[]) {
  const { body } = await world.own('POST', `${ACME}/keys`, { name: roles.join(), type: 'secret', roles })
  return { id: textOf(body['key']?.['id']), token: textOf(body['token']), headers: bearer(body['token']) }
}

test('a change that is refused for lack of permission is recorded, whether its body was read or not', async () => {
  await using world = await openAcme()
  const auditor = await keyWith(world, 'auditor')
  const refused = await world.call('POST', `${ACME}/keys`, { name: 'x', type: 'secret' }, auditor.headers)
  expect([refused.status, refused.body['code']]).toEqual([403, 'permission_missing'])
  expect((await world.call('DELETE', `${ACME}/keys/${auditor.id}`, undefined, auditor.headers)).status).toBe(
    403,
  )
  const manager = await keyWith(world, 'key-manager')
  // The permission to give a role is checked in the transaction, which is rolled back.
  const given = await world.call(
    'POST',
    `${ACME}/keys`,
    { name: 'x', type: 'secret', roles: ['owner'] },
    manager.headers,
  )
  expect([given.status, given.body['code']]).toEqual([403, 'permission_missing'])
  const found = await refusals(world, 3)
  const record = (actor: string, target: string, operation: string, permission: unknown) => ({
    actor,
    action: 'keys.refused',
    target,
    before: null,
    after: { code: 'permission_missing', operation, permission },
  })
  expect(found).toEqual([
    record(auditor.id, 'organization/acme', 'createKey', 'keys.create'),
    record(auditor.id, `key/${auditor.id}`, 'deleteKey', 'keys.delete'),
    record(manager.id, 'organization/acme', 'createKey', given.body['permission']),
  ])
})

test('reads, unknown resources, wrong fields, dead keys and other organizations record nothing', async () => {
  await using world = await openAcme()
  const invoker = await keyWith(world, 'invoker')
  const rival = await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
  const headers = bearer(rival.body['token'])
  const statuses = [
    await world.call('GET', `${ACME}/audit-events`, undefined, invoker.headers),
    await world.call('POST', `${ACME}/verify`, { token: 'x' }, invoker.headers),
    await world.call('POST', `${ACME}/expressions/evaluate`, { expressions: ['1'] }, invoker.headers),
    await world.own('DELETE', `${ACME}/keys/key_0000000000000000`),
    await world.own('POST', `${ACME}/keys`, { name: '' }),
    await world.call('DELETE', `${ACME}/keys/${invoker.id}`, undefined, headers),
    await world.call('POST', `${ACME}/projects`, { name: 'shop' }, bearer(`${invoker.token}x` as never)),
    await world.call('POST', `${ACME}/projects`, { name: 'shop' }, invoker.headers),
  ].map(({ status }) => status)
  expect(statuses).toEqual([403, 403, 403, 404, 400, 404, 401, 403])
  // The last one is recorded, and they are written in their order.
  expect((await refusals(world, 1)).map(({ action }) => action)).toEqual(['projects.refused'])
  expect(await refusals(world, 0, 'rival')).toEqual([])
})

test('a deployment that the gate refuses is recorded with its rules', async () => {
  await using world = await openAcme()
  const open = spec({ path: '/open', authentication: { jwt: true } })
  const policy = `${ACME}/environments/prod/policies/external-api-access`
  await world.own('PUT', policy, { mode: 'api-key' })
  await world.own('POST', `${ACME}/pipelines`, { name: 'open', spec: open })
  const body = { pipeline: 'open', version: '1.0', environment: 'prod' }
  // A dry run asks whether the gate refuses; it attempts nothing.
  expect((await world.own('POST', `${ACME}/deployments`, { ...body, dryRun: true })).status).toBe(422)
  const refused = await world.own('POST', `${ACME}/deployments`, body)
  expect([refused.status, refused.body['code']]).toEqual([422, 'deployment_refused'])
  const [record] = await refusals(world, 1)
  expect(record).toMatchObject({
    action: 'deployments.refused',
    target: 'pipeline/open',
    after: { code: 'deployment_refused', operation: 'deploy' },
  })
  expect(record?.after).toHaveProperty('violations.0', {
    rule: expect.any(String) as string,
    environment: 'prod',
  })
})

test('a quota that is used up is recorded with its name', async () => {
  await using world = await openAcme({ quotaLimits: () => ({ ...LIMITS, keys: 1 }) })
  const refused = await world.own('POST', `${ACME}/keys`, { name: 'x', type: 'secret' })
  expect([refused.status, refused.body['code']]).toEqual([403, 'quota_exceeded'])
  expect(await refusals(world, 1)).toMatchObject([
    { action: 'keys.refused', after: { code: 'quota_exceeded', operation: 'createKey', quota: 'keys' } },
  ])
})

test('what looks like a token in a path is not recorded', async () => {
  await using world = await openAcme()
  const { headers, token } = await keyWith(world, 'auditor')
  for (const path of [`keys/${token}`, `roles/${'a'.repeat(41)}`, `members/sp_x`, 'projects/%3Cb%3E']) {
    const { status } = await world.call('DELETE', `${ACME}/${path}`, undefined, headers)
    expect([path, status]).toEqual([path, 403])
  }
  const found = await refusals(world, 4)
  expect(found.map(({ target }) => target)).toEqual(['key/…', 'role/…', 'member/…', 'project/…'])
})

test('a hostile caller gets its answers at once, and 20 records', async () => {
  await using world = await openAcme()
  const { headers } = await keyWith(world, 'auditor')
  const answers = await Promise.all(
    Array.from({ length: 100 }, () => world.call('DELETE', `${ACME}/projects/shop`, undefined, headers)),
  )
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([403]))
  await refusals(world, 20)
  await world.app.close()
  const { items } = await world.store.read.audit.newest('acme', { limit: 1 }, {})
  expect(items).toMatchObject([{ action: 'audit.more-refused', after: { refused: 80 } }])
})

test('a change that waits for a confirmation is recorded, in each organization of the person if it is their own', async () => {
  await using world = await openAcme()
  await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
  const person = await addPerson(world, { acme: ['owner'], rival: ['developer'] })
  const browser = openBrowser(world)
  await browser.signIn(person)
  world.clock.nowMs += 6 * 60_000
  const shared = await browser.call('PUT', `${ACME}/settings/acceptances`, { allowed: false })
  expect([shared.status, shared.body['code']]).toEqual([403, 'step_up_required'])
  const own = await browser.call('POST', '/v1/person/second-factor', {})
  const record = { actor: person.id, before: null }
  const acceptances = {
    ...record,
    action: 'external-keys.refused',
    target: 'organization/acme',
    after: { code: 'step_up_required', operation: 'setOrganizationAcceptance' },
  }
  expect([own.status, own.body['code']]).toEqual([403, 'step_up_required'])
  const factor = (organization: string) => ({
    ...record,
    action: 'second-factor.refused',
    target: `organization/${organization}`,
    after: { code: 'step_up_required', operation: 'beginSecondFactor' },
  })
  expect(await refusals(world, 2)).toEqual([acceptances, factor('acme')])
  expect(await refusals(world, 1, 'rival')).toEqual([factor('rival')])
})
