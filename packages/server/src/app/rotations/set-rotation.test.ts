import type { Grant } from '@sallyport/core'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { createKey } from '../keys/create-key.ts'
import { deleteKey } from '../keys/delete-key.ts'
import { recordsOf } from '../testing/audited.ts'
import { addressRule, handOverHours, rotationDays, title } from '../testing/fields.ts'
import { member } from '../testing/member.ts'
import { codeOf, openWorld, problemOf, START_MS, type World } from '../testing/world.ts'
import { createWebhook } from '../webhooks/create-webhook.ts'
import { getKeyWithRotation, getRotation } from './reading.ts'
import { removeRotation } from './remove-rotation.ts'
import { setRotation } from './set-rotation.ts'

const organization = 'acme'
const DAY_MS = 24 * 3_600_000
const url = 'https://hooks.example.com/in'

let world: World
let webhook: string

beforeAll(async () => {
  world = await openWorld()
  webhook = (await createWebhook(world.owner, { organization, url, events: ['key.rotated'] })).webhook.id
})
afterAll(async () => await world[Symbol.asyncDispose]())
beforeEach(() => {
  world.clock.nowMs = START_MS
})

async function key(more: object = {}): Promise<string> {
  const input = { organization, name: title('app'), type: 'secret', ...more } as const
  return (await createKey(world.owner, input)).key.id
}

const every = (days: number, id: string, more: object = {}) => ({
  organization,
  key: id,
  rotateEveryDays: rotationDays(days),
  webhook,
  ...more,
})

const as = (...grants: readonly Grant[]) => ({ ...world.owner, actor: member({ acme: grants }) })

describe('the rotation of a key', () => {
  test('is set, read with the key, replaced and removed, each with its record', async () => {
    const id = await key()
    const one = { organization, key: id }
    expect(await codeOf(getRotation(world.owner, one))).toBe('not_found')
    expect((await getKeyWithRotation(world.owner, one)).rotation).toBeNull()
    const records = await recordsOf(world, async () => {
      const set = await setRotation(world.owner, every(30, id))
      expect(set).toMatchObject({
        isNew: true,
        rotation: { everyDays: 30, nextAtMs: START_MS + 30 * DAY_MS },
      })
      const handOver = { expiresInHours: handOverHours(24) }
      expect(await setRotation(world.owner, every(1, id, { handOver }))).toMatchObject({ isNew: false })
      expect((await getKeyWithRotation(world.owner, one)).rotation).toMatchObject({
        state: 'scheduled',
        everyDays: 1,
        webhook,
        handOverHours: 24,
        updatedBy: world.owner.actor.id,
        nextAtMs: START_MS + DAY_MS,
      })
      await removeRotation(world.owner, one)
    })
    const facts = { webhook, updatedAtMs: START_MS, updatedBy: world.owner.actor.id }
    expect(records.map(({ action, target, before, after }) => [action, target, before, after])).toEqual([
      ['keys.rotation.set', `key/${id}`, null, { everyDays: 30, handOverHours: null, ...facts }],
      [
        'keys.rotation.set',
        `key/${id}`,
        { everyDays: 30, handOverHours: null, ...facts },
        { everyDays: 1, handOverHours: 24, ...facts },
      ],
      ['keys.rotation.remove', `key/${id}`, { everyDays: 1, handOverHours: 24, ...facts }, null],
    ])
    expect(await codeOf(removeRotation(world.owner, one))).toBe('not_found')
  })

  test('goes with the key, and a deleted or public key gets none', async () => {
    const id = await key()
    await setRotation(world.owner, every(30, id))
    await deleteKey(world.owner, { organization, key: id })
    expect(await codeOf(getRotation(world.owner, { organization, key: id }))).toBe('not_found')
    expect((await problemOf(setRotation(world.owner, every(30, id)))).detail).toContain('deleted')
    const published = await problemOf(setRotation(world.owner, every(30, await key({ type: 'public' }))))
    expect([published.code, published.detail]).toEqual(['conflict', expect.stringContaining('public key')])
  })
})

describe('setting a rotation', () => {
  test('needs what a roll of the key needs, and nothing else', async () => {
    const id = await key({ roles: ['invoker'] })
    expect(await codeOf(setRotation(world.rival, every(30, id)))).toBe('not_found')
    expect(await codeOf(setRotation(as({ permission: 'webhooks.write' }), every(30, id)))).toBe('not_found')
    const reader = as({ permission: 'keys.read' }, { permission: 'keys.write' })
    for (const refused of [
      setRotation(reader, every(30, id)),
      removeRotation(reader, { organization, key: id }),
    ]) {
      expect((await problemOf(refused)).extensions).toEqual({ permission: 'keys.roll' })
    }
    const roller = as({ permission: 'keys.roll' })
    expect(await codeOf(setRotation(roller, every(30, id)))).toBe('permission_missing')
    await setRotation(roller, every(30, await key()))
  })

  test('needs bounds that are no narrower than those of the key', async () => {
    const addressRules = [addressRule('10.0.0.0/8')]
    const bounded = { roles: ['owner'], addressRules }
    const { token } = await createKey(world.owner, {
      organization,
      name: title('bounded'),
      type: 'secret',
      ...bounded,
    })
    const actor = await world.as(token, '10.0.0.1')
    expect(await codeOf(setRotation(actor, every(30, await key())))).toBe('permission_missing')
    await setRotation(actor, every(30, await key({ addressRules })))
  })

  test('needs a webhook of the organization that is set up for new tokens', async () => {
    const id = await key()
    const other = await createWebhook(world.owner, { organization, url, events: ['key.rolled'] })
    const foreign = await createWebhook(world.rival, { organization: 'rival', url, events: ['key.rotated'] })
    for (const [wrong, message] of [
      ['whk_unknown', 'There is no webhook'],
      [foreign.webhook.id, 'There is no webhook'],
      [other.webhook.id, 'Add key.rotated to its events'],
    ]) {
      const refused = await problemOf(setRotation(world.owner, every(30, id, { webhook: wrong })))
      expect(refused.extensions).toMatchObject({
        errors: [{ path: '/webhook', message: expect.stringContaining(message ?? '') }],
      })
    }
    await setRotation(world.owner, every(30, id))
  })
})
