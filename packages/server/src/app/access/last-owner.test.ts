import { expect, test } from 'vitest'
import { createKey } from '../keys/create-key.ts'
import { deleteKey } from '../keys/delete-key.ts'
import { updateKey, type UpdateKeyInput } from '../keys/update-key.ts'
import { addressRule, title } from '../testing/fields.ts'
import { codeOf, openWorld, problemOf, START_MS, type World } from '../testing/world.ts'

const organization = 'acme'

test('the last owner key cannot be deleted, switched off or demoted, until there is another one', async () => {
  await using world = await openWorld()
  const last = { organization, key: world.acme.key.id }
  for (const change of [{ active: false }, { roles: ['admin'] }, { expiresAtMs: START_MS + 1 }]) {
    expect(await codeOf(updateKey(world.owner, { ...last, ...change }))).toBe('conflict')
  }
  const refused = await problemOf(deleteKey(world.owner, last))
  expect([refused.code, refused.detail]).toEqual([
    'conflict',
    'This is the last active key with the role owner that never expires, no member is an owner, and an organization needs one. First create another key with the role owner, without an environment and without an expiry, or make another member an owner.',
  ])
  await updateKey(world.owner, { ...last, name: title('Still the owner') })
  const input = { organization, name: title('next'), type: 'secret', roles: ['owner'] } as const
  await createKey(world.owner, { ...input, environment: 'test' })
  await createKey(world.owner, { ...input, expiresAtMs: START_MS + 1000 })
  expect(await codeOf(deleteKey(world.owner, last))).toBe('conflict')
  const next = await createKey(world.owner, input)
  await deleteKey(world.owner, last)
  const nextOwner = await world.as(next.token)
  expect(await codeOf(deleteKey(nextOwner, { organization, key: next.key.id }))).toBe('conflict')
})

/** A world whose owner keys all expire, as earlier releases allowed. */
async function expiringOwner(world: World, expiresAtMs: number): Promise<void> {
  await world.store.write(async (tx) => {
    await tx.keys.update({ ...world.acme.key, expiresAtMs })
    tx.audit({ organization, atMs: 0, actor: 'x', action: 'x', target: 'x', before: null, after: null })
  })
}

test('the last owner key that expires stays one until it does', async () => {
  await using world = await openWorld()
  await expiringOwner(world, START_MS + 1000)
  const last = { organization, key: world.acme.key.id }
  const refused = await problemOf(deleteKey(world.owner, last))
  expect([refused.code, refused.detail]).toEqual([
    'conflict',
    'This is the last active key with the role owner, no member is an owner, and an organization needs one. First create another key with the role owner, without an environment and without an expiry, or make another member an owner.',
  ])
  await updateKey(world.owner, { ...last, expiresAtMs: START_MS + 500 })
})

test('a key cannot be shut out by its own address rules', async () => {
  await using world = await openWorld()
  const owner = await world.as(world.acme.token, '192.0.2.1')
  const own = { organization, key: world.acme.key.id }
  const other = await createKey(owner, { organization, name: title('other'), type: 'secret' })
  const elsewhere = [addressRule('203.0.113.0/24')]
  const refused = await problemOf(updateKey(owner, { ...own, addressRules: elsewhere }))
  expect([refused.code, refused.detail]).toEqual([
    'conflict',
    'With these address rules, the key that you use would no longer work from your address, 192.0.2.1. Include it, or make the change with another key.',
  ])
  await updateKey(owner, { organization, key: other.key.id, addressRules: elsewhere })
  await updateKey(owner, { ...own, addressRules: [...elsewhere, addressRule('192.0.2.1')] })
})

test('without an owner, keys that were none anyway can still be changed', async () => {
  await using world = await openWorld()
  const admin = await world.withRoles(['admin'])
  const owner = { organization, name: title('k'), type: 'secret', roles: ['owner'] } as const
  const off = await createKey(world.owner, owner)
  await updateKey(world.owner, { organization, key: off.key.id, active: false })
  const kept = await createKey(world.owner, { ...owner, roles: ['invoker'] })
  const bound = await createKey(world.owner, { ...owner, environment: 'test' })
  await expiringOwner(world, START_MS + 1)
  world.clock.nowMs = START_MS + 1
  const keys = [kept.key, bound.key, off.key, world.acme.key]
  for (const { id } of keys) {
    const demoted: UpdateKeyInput = { organization, key: id, roles: [] }
    await updateKey(admin, demoted)
    await deleteKey(admin, { organization, key: id })
  }
})
