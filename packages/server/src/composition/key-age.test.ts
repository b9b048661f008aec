import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { textOf } from '../control/testing/control-world.ts'
import { type KeyWorld, openKeyWorld } from './testing/key-life/key-world.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const POLICY = '/v1/organizations/acme/policies/key-age'
const KEYS = '/v1/organizations/acme/keys'

/** Keys without an environment, called through a gateway that follows the store. */
describe('A gateway', () => {
  const resources = new AsyncDisposableStack()
  let world: KeyWorld

  beforeAll(async () => {
    world = resources.use(await openKeyWorld(undefined))
  })

  afterAll(async () => {
    await resources.disposeAsync()
  })

  const limit = async (maxLifetimeDays: number | null) => {
    const { status } = await world.change('PUT', POLICY, { rotationReminderDays: null, maxLifetimeDays })
    expect(status).toBe(200)
  }

  test('refuses a secret from the end of its lifetime, and lets it in again when the policy is loosened', async () => {
    const secondMs = Math.floor(world.clock.nowMs / 1000) * 1000
    world.clock.nowMs = secondMs + 999
    const { id, token } = await world.createKey()
    await limit(1)
    world.clock.nowMs = secondMs + DAY_MS - 1
    expect(await world.callWith(token, 'acme')).toBe('valid')
    world.clock.nowMs = secondMs + DAY_MS
    expect(await world.callWith(token, 'acme')).toBe('key_expired')
    world.clock.nowMs = secondMs + DAY_MS - 1
    await limit(2)
    world.clock.nowMs = secondMs + DAY_MS
    expect(await world.callWith(token, 'acme')).toBe('valid')
    await limit(null)
    world.clock.nowMs = secondMs + 500 * DAY_MS
    expect(await world.callWith(token, 'acme')).toBe('valid')
    expect((await world.read(`/keys/${id}`)).body).toMatchObject({ state: 'active', lifetimeEndsAt: null })
  })

  test('ends the old secret of a roll by its own age, before its grace', async () => {
    const { id, token } = await world.createKey()
    const createdMs = Math.floor(world.clock.nowMs / 1000) * 1000
    world.clock.nowMs += DAY_MS / 2
    const rolled = await world.change('POST', `${KEYS}/${id}/roll`, { graceSeconds: 86_400 })
    const current = textOf(rolled.body['token'])
    // The owner is as old as the policy is short, and a policy may not end the last one.
    await world.change('POST', KEYS, { name: 'younger', type: 'secret', roles: ['owner'] })
    await limit(1)
    const at = async (atMs: number) => {
      world.clock.nowMs = atMs
      return [await world.callWith(token, 'acme'), await world.callWith(current, 'acme')]
    }
    expect(await at(createdMs + DAY_MS - 1)).toEqual(['valid', 'valid'])
    expect(await at(createdMs + DAY_MS)).toEqual(['key_outdated', 'valid'])
    expect(await at(createdMs + DAY_MS * 2)).toEqual(['key_expired', 'key_expired'])
  })
})
