import { expect, test } from 'vitest'
import { deleteKey } from '../keys/delete-key.ts'
import { updateKey } from '../keys/update-key.ts'
import { member } from '../testing/member.ts'
import { codeOf, openWorld } from '../testing/world.ts'
import { authorizedStore } from './context.ts'

const organization = 'acme'

test('a write reads its actor again before anything else', async () => {
  await using world = await openWorld()
  const manager = await world.withRoles(['key-manager'])
  const key = manager.actor.id
  const grants = async (): Promise<number> =>
    (await manager.store.write(async () => await Promise.resolve(manager.actor.grantsIn(organization) ?? [])))
      .value.length
  expect(await grants()).toBeGreaterThan(0)
  await updateKey(world.owner, { organization, key, roles: [] })
  expect(await grants()).toBe(0)
  await deleteKey(world.owner, { organization, key })
  let hasRun = false
  const refused = manager.store.write(async () => {
    hasRun = true
    await Promise.resolve()
  })
  expect(await codeOf(refused)).toBe('unauthenticated')
  expect(hasRun).toBe(false)
})

test('an actor without a credential writes as it is', async () => {
  await using world = await openWorld()
  const store = authorizedStore(world.anonymous, member({}))
  expect(store.read).toBe(world.store.read)
  expect((await store.write(async () => await Promise.resolve('done'))).value).toBe('done')
})
