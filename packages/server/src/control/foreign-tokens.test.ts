import { expect, test } from 'vitest'
import { ACME, bearer, openAcme, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'
import { importKey } from './testing/imported-keys.ts'

const TOKEN = 'lgcy/4fT0Qm2ZrX9bLk7A=='
const TYPO = 'lgcy/4fT0Qm2ZrX9bLk7B=='

const sending = (token: string) => ({ authorization: `Bearer ${token}` })

/** Waits until the gateway, which finds tokens, knows of all changes. */
async function followed({ store, cell }: AcmeWorld): Promise<void> {
  const newest = await store.feed.readSnapshot(async ({ revision }) => await Promise.resolve(revision))
  await expect.poll(() => cell.current.revision).toBeGreaterThanOrEqual(newest)
}

async function listKeys(world: AcmeWorld, token: string): Promise<Answer> {
  return await world.call('GET', `${ACME}/keys`, undefined, sending(token))
}

test('an imported key with roles acts with its foreign token, and with no other', async () => {
  await using world = await openAcme()
  expect((await listKeys(world, TOKEN)).status).toBe(401)
  const { id } = await importKey(world, TOKEN, { roles: ['key-manager'] })
  expect((await listKeys(world, TOKEN)).status).toBe(200)
  for (const wrong of [TYPO, TOKEN.slice(1), `sp_${TOKEN}`, id]) {
    const { status, body } = await listKeys(world, wrong)
    expect([status, body['code']]).toEqual([401, 'unauthenticated'])
  }
  const whoAmI = await world.call('GET', '/v1/whoami', undefined, sending(TOKEN))
  expect(whoAmI.body['key']).toMatchObject({ id, type: 'secret' })
})

test('a foreign token ends when its key is switched off, deleted, or rolled without grace', async () => {
  await using world = await openAcme()
  const { id } = await importKey(world, TOKEN, { roles: ['key-manager'] })
  const path = `${ACME}/keys/${id}`
  await world.own('PATCH', path, { status: 'inactive' })
  expect((await listKeys(world, TOKEN)).body['detail']).toContain('key_inactive')
  await world.own('PATCH', path, { status: 'active' })
  const rolled = await world.own('POST', `${path}/roll`, { graceSeconds: 60 })
  const token = textOf(rolled.body['token'])
  expect(token).toMatch(new RegExp(`^sp_sk_${id.slice(4)}_`))
  for (const each of [TOKEN, token]) expect((await listKeys(world, each)).status).toBe(200)
  await world.own('POST', `${path}/roll/finish`)
  expect((await listKeys(world, TOKEN)).body['detail']).toContain('key_outdated')
  expect((await listKeys(world, token)).status).toBe(200)
  await world.own('DELETE', path)
  expect((await listKeys(world, token)).body['detail']).toContain('key_deleted')
})

test('wrong foreign tokens count as failed attempts', async () => {
  await using world = await openAcme()
  await importKey(world, TOKEN)
  const statuses = new Set<number>()
  for (let attempt = 0; attempt < 200; attempt += 1) statuses.add((await listKeys(world, TYPO)).status)
  expect(statuses).toEqual(new Set([401, 429]))
})

test('a look-up and a verification find the key of a foreign token, and nothing for another', async () => {
  await using world = await openAcme()
  const send = async (call: 'keys/lookup' | 'verify', token: string): Promise<Answer> =>
    await world.own('POST', `${ACME}/${call}`, { token })
  expect((await send('keys/lookup', TOKEN)).status).toBe(404)
  const { id } = await importKey(world, TOKEN)
  await followed(world)
  expect(await send('keys/lookup', TOKEN)).toMatchObject({
    status: 200,
    body: { key: { id }, state: 'active', code: null },
  })
  expect((await send('verify', TOKEN)).body).toMatchObject({ valid: true, code: 'valid', key: { id } })
  for (const wrong of [TYPO, 'short', 'with a space in it', `sp_${TOKEN}`]) {
    expect([wrong, (await send('keys/lookup', wrong)).status]).toEqual([wrong, 404])
    const { body } = await send('verify', wrong)
    expect([body['valid'], body['code'], body['key']]).toEqual([false, 'credential_invalid', undefined])
  }
  await world.own('DELETE', `${ACME}/keys/${id}`)
  expect((await send('keys/lookup', TOKEN)).body).toMatchObject({ state: 'deleted', code: 'key_deleted' })
  expect((await send('verify', TOKEN)).body).toMatchObject({ valid: false, code: 'key_deleted', key: { id } })
})

test('a look-up tells no organization about the foreign tokens of another', async () => {
  await using world = await openAcme()
  const made = await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
  await importKey(world, TOKEN, { organization: 'rival' })
  await followed(world)
  expect((await world.own('POST', `${ACME}/keys/lookup`, { token: TOKEN })).status).toBe(404)
  expect((await world.own('POST', `${ACME}/verify`, { token: TOKEN })).body['code']).toBe(
    'credential_invalid',
  )
  const rival = await world.call(
    'POST',
    '/v1/organizations/rival/keys/lookup',
    { token: TOKEN },
    bearer(made.body['token']),
  )
  expect(rival.status).toBe(200)
})

test('an imported public key is read without a token, which is not stored', async () => {
  await using world = await openAcme()
  const { id } = await importKey(world, TOKEN, { type: 'public' })
  const { body } = await world.own('GET', `${ACME}/keys/${id}`)
  expect(body).toMatchObject({ id, type: 'public', secrets: [{ hint: 'imported' }] })
  expect(body).not.toHaveProperty('token')
  expect((await world.call('GET', '/v1/whoami', undefined, sending(TOKEN))).body).toMatchObject({
    key: { id, type: 'public' },
    permissions: [],
  })
})

test('a foreign token is in no log, audit record or error', async () => {
  await using world = await openAcme()
  await importKey(world, TOKEN, { roles: ['auditor'] })
  await followed(world)
  const answers: unknown[] = []
  for (const token of [TOKEN, TYPO]) {
    answers.push(await listKeys(world, token))
    answers.push(await world.own('POST', `${ACME}/keys/lookup`, { token }))
    answers.push(await world.own('POST', `${ACME}/verify`, { token, extra: 1 }))
    // Refused for a permission that the key does not have, which is recorded.
    const key = { name: 'x', type: 'secret' }
    answers.push(await world.call('POST', `${ACME}/keys`, key, sending(token)))
  }
  const events = async () => JSON.stringify((await world.own('GET', `${ACME}/audit-events?limit=200`)).body)
  await expect.poll(events).toContain('keys.refused')
  const everything = JSON.stringify([answers, await events(), world.log()])
  expect(everything).not.toContain('lgcy')
})
