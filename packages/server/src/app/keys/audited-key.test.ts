import { expect, test } from 'vitest'
import { recordsOf } from '../testing/audited.ts'
import { title } from '../testing/fields.ts'
import { openWorld } from '../testing/world.ts'
import { createKey } from './create-key.ts'
import { deleteKey } from './delete-key.ts'
import { endRoll, rollKey } from './roll-key.ts'
import { updateKey } from './update-key.ts'

const organization = 'acme'

test('the changes of a key record its states before and after', async () => {
  await using world = await openWorld()
  const { owner } = world
  let key = ''
  /** The action, and the states before and after, of the one record of an operation on the key. */
  const states = async (operate: () => Promise<unknown>): Promise<unknown[]> => {
    const [record, ...others] = await recordsOf(world, operate)
    expect(others).toEqual([])
    expect(record).toMatchObject({ organization, actor: owner.actor.id, target: `key/${key}` })
    return [record?.action, record?.before, record?.after]
  }
  const input = { organization, name: title('k'), type: 'secret', roles: ['invoker'] } as const
  const made = await states(async () => {
    key = (await createKey(owner, input)).key.id
  })
  const created = { id: key, name: 'k', type: 'secret', roles: ['invoker'], active: true, secrets: [1] }
  expect(made).toEqual(['keys.create', null, expect.objectContaining(created)])
  const change = { organization, key }
  expect(
    await states(async () => await updateKey(owner, { ...change, active: false, roles: [] })),
  ).toMatchObject(['keys.update', created, { ...created, active: false, roles: [] }])
  await updateKey(owner, { ...change, active: true })
  expect(await states(async () => await rollKey(owner, change))).toMatchObject([
    'keys.roll',
    { id: key, secrets: [1] },
    { id: key, secrets: [1, 2] },
  ])
  expect(await states(async () => await endRoll(owner, { ...change, by: 'undo' }))).toMatchObject([
    'keys.roll.undo',
    { id: key, secrets: [1, 2] },
    { id: key, secrets: [1, 2] },
  ])
  await rollKey(owner, change)
  expect(await states(async () => await endRoll(owner, { ...change, by: 'finish' }))).toMatchObject([
    'keys.roll.finish',
    { id: key },
    { id: key },
  ])
  expect(await states(async () => await deleteKey(owner, change))).toMatchObject([
    'keys.delete',
    { id: key, deletedAtMs: null },
    { id: key, deletedAtMs: world.clock.nowMs },
  ])
})
