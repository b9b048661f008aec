import { expect, test } from 'vitest'
import { ACME, bearer, openAcme, textOf, type AcmeWorld, type Json } from './testing/control-world.ts'

const KEYS = `${ACME}/keys`

async function newKey(world: AcmeWorld, more: Readonly<Record<string, unknown>>): Promise<Json> {
  const { status, body } = await world.own('POST', KEYS, { name: 'x', type: 'secret', ...more })
  expect(status).toBe(201)
  return body
}

/** The path of the key that set-up created. */
async function ownerKey(world: AcmeWorld): Promise<string> {
  return `${KEYS}/${textOf((await world.own('GET', '/v1/whoami')).body['key']?.['id'])}`
}

/** Every change that removes the ownership of a key. */
async function endings(world: AcmeWorld, path: string): Promise<readonly { status: number; body: Json }[]> {
  return [
    await world.own('PATCH', path, { status: 'inactive' }),
    await world.own('PATCH', path, { roles: ['admin'] }),
    await world.own('PATCH', path, { expiresAt: '2026-01-01T01:00:00Z' }),
    await world.own('DELETE', path),
  ]
}

test('refuses to delete, switch off or demote the last owner key', async () => {
  await using world = await openAcme()
  const path = await ownerKey(world)
  // None of these keys owns the organization.
  const { body } = await world.own('POST', `${ACME}/consumers`, { name: 'app', environment: 'test' })
  await newKey(world, { roles: ['owner'], consumer: body['consumer']?.['id'] })
  await newKey(world, { roles: ['owner'], environment: 'test' })
  await newKey(world, { roles: ['admin'] })
  await newKey(world, { roles: ['owner'], expiresAt: '2026-01-01T00:00:01Z' })
  const off = textOf((await newKey(world, { roles: ['owner'] }))['key']?.['id'])
  await world.own('PATCH', `${KEYS}/${off}`, { status: 'inactive' })
  const gone = textOf((await newKey(world, { roles: ['owner'] }))['key']?.['id'])
  expect((await world.own('DELETE', `${KEYS}/${gone}`)).status).toBe(200)
  world.clock.nowMs += 1000

  const before = (await world.own('GET', path)).body
  for (const refused of await endings(world, path)) {
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(textOf(refused.body['detail'])).toContain('First create another key with the role owner')
  }
  expect((await world.own('GET', path)).body).toEqual(before)
  // Changes that keep the ownership are allowed.
  expect((await world.own('PATCH', path, { name: 'Mine', roles: ['owner', 'admin'] })).status).toBe(200)
  expect((await world.own('PATCH', `${KEYS}/${off}`, { roles: [] })).status).toBe(200)
})

test('allows this while another owner key exists', async () => {
  await using world = await openAcme()
  const path = await ownerKey(world)
  const second = await newKey(world, { roles: ['owner'] })
  const other = bearer(second['token'])
  expect((await world.own('DELETE', path)).status).toBe(200)
  const last = `${KEYS}/${textOf(second['key']?.['id'])}`
  expect(await world.call('DELETE', last, undefined, other)).toMatchObject({ status: 409 })
  // Deleting a deleted key again changes nothing.
  expect((await world.call('DELETE', path, undefined, other)).status).toBe(200)
})
