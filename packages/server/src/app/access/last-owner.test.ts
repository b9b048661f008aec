import { expect, test } from 'vitest'
import { createKey } from '../keys/create-key.ts'
import { deleteKey } from '../keys/delete-key.ts'
import { updateKey, type UpdateKeyInput } from '../keys/update-key.ts'
import { codeOf, openWorld, problemOf, START_MS } from '../testing/world.ts'
import { title } from '../testing/fields.ts'

const organization = 'acme'

test('the last owner key cannot be deleted, switched off or demoted, until there is another one', async () => {
  await using world = await openWorld()
  const last = { organization, key: world.acme.key.id }
  for (const change of [{ active: false }, { roles: ['admin'] }]) {
    expect(await codeOf(updateKey(world.owner, { ...last, ...change }))).toBe('conflict')
  }
  const refused = await problemOf(deleteKey(world.owner, last))
  expect([refused.code, refused.detail]).toEqual([
    'conflict',
    'This is the last active key with the role owner, and an organization needs one. First create another key with the role owner and without an environment.',
  ])
  await updateKey(world.owner, { ...last, name: title('Still the owner'), expiresAtMs: START_MS + 1 })
  const input = {
    organization,
    name: title('next'),
    type: 'secret',
    roles: ['owner'],
    expiresAtMs: START_MS + 1,
  } as const
  await createKey(world.owner, { ...input, environment: 'test' })
  expect(await codeOf(deleteKey(world.owner, last))).toBe('conflict')
  const next = await createKey(world.owner, input)
  await deleteKey(world.owner, last)
  const nextOwner = await world.as(next.token)
  expect(await codeOf(deleteKey(nextOwner, { organization, key: next.key.id }))).toBe('conflict')
})

test('without an owner, keys that were none anyway can still be changed', async () => {
  await using world = await openWorld()
  const admin = await world.withRoles(['admin'])
  const owner = { organization, name: title('k'), type: 'secret', roles: ['owner'] } as const
  const off = await createKey(world.owner, owner)
  await updateKey(world.owner, { organization, key: off.key.id, active: false })
  const kept = await createKey(world.owner, { ...owner, roles: ['invoker'] })
  const bound = await createKey(world.owner, { ...owner, environment: 'test' })
  await updateKey(world.owner, { organization, key: world.acme.key.id, expiresAtMs: START_MS + 1 })
  world.clock.nowMs = START_MS + 1
  const keys = [kept.key, bound.key, off.key, world.acme.key]
  for (const { id } of keys) {
    const demoted: UpdateKeyInput = { organization, key: id, roles: [] }
    await updateKey(admin, demoted)
    await deleteKey(admin, { organization, key: id })
  }
})
