import { tokenHint } from '@sallyport/core'
import { expect, test } from 'vitest'
import { tokenDigest } from '../../crypto/digest.ts'
import { authenticate } from '../access/authenticate.ts'
import { createKey } from './create-key.ts'
import { endRoll, rollKey } from './roll-key.ts'
import { usageRow } from '../../store/testing/examples/usage.ts'
import { codeOf, openWorld, problemOf, START_MS, type World } from '../testing/world.ts'
import { addressRule, graceSeconds, title } from '../testing/fields.ts'
import { getKey } from './reading.ts'

const organization = 'acme'
const HOUR_MS = 3_600_000

/** Whether each token can authenticate now. */
async function live(world: World, tokens: readonly string[]): Promise<boolean[]> {
  return await Promise.all(
    tokens.map(
      async (token) =>
        await authenticate(world.anonymous, token).then(
          () => true,
          () => false,
        ),
    ),
  )
}

test('a roll keeps the key and its usage; both tokens work during the grace period', async () => {
  await using world = await openWorld()
  const made = await createKey(world.owner, { organization, name: title('k'), type: 'secret' })
  const change = { organization, key: made.key.id }
  await world.store.addUsage([
    usageRow({ keyId: made.key.id, requests: 3, lastUsedAtMs: START_MS, lastUsedAddress: '192.0.2.1' }),
  ])
  const rolled = await rollKey(world.owner, change)
  expect(rolled.token).toMatch(new RegExp(`^sp_sk_${made.key.id.slice(4)}_`))
  expect(rolled.token).not.toBe(made.token)
  const kept = await getKey(world.owner, change)
  expect(kept.secrets).toMatchObject([
    { sequence: 1, expiresAtMs: START_MS + 12 * HOUR_MS, requests: 3, lastUsedAddress: '192.0.2.1' },
    {
      sequence: 2,
      digest: tokenDigest(rolled.token),
      hint: tokenHint(rolled.token),
      createdAtMs: START_MS,
      expiresAtMs: null,
      requests: 0,
      lastUsedAtMs: null,
      lastUsedAddress: null,
    },
  ])
  expect(kept).toEqual(rolled.key)
  expect(kept.publicTokens).toEqual([])
  const tokens = [made.token, rolled.token]
  world.clock.nowMs += 12 * HOUR_MS - 1
  expect(await live(world, tokens)).toEqual([true, true])
  const pending = await problemOf(rollKey(world.owner, change))
  expect([pending.code, pending.detail]).toEqual([
    'roll_pending',
    'The key already has two live secrets. Finish or undo the pending roll first.',
  ])
  world.clock.nowMs += 1
  expect(await live(world, tokens)).toEqual([false, true])
  await rollKey(world.owner, change)
})

test('finish ends the old token, undo the new one; both need a pending roll', async () => {
  await using world = await openWorld()
  const made = await createKey(world.owner, { organization, name: title('k'), type: 'secret' })
  const change = { organization, key: made.key.id }
  expect(await codeOf(endRoll(world.owner, { ...change, by: 'finish' }))).toBe('conflict')
  const first = await rollKey(world.owner, change)
  await endRoll(world.owner, { ...change, by: 'undo' })
  expect(await live(world, [made.token, first.token])).toEqual([true, false])
  expect(await codeOf(endRoll(world.owner, { ...change, by: 'undo' }))).toBe('conflict')
  const second = await rollKey(world.owner, { ...change, graceSeconds: graceSeconds(60) })
  await endRoll(world.owner, { ...change, by: 'finish' })
  expect(await live(world, [made.token, first.token, second.token])).toEqual([false, false, true])
})

test('a rolled public key shows its new token', async () => {
  await using world = await openWorld()
  const made = await createKey(world.owner, { organization, name: title('p'), type: 'public' })
  const change = { organization, key: made.key.id }
  const rolled = await rollKey(world.owner, { ...change, graceSeconds: graceSeconds(60) })
  expect((await getKey(world.owner, change)).publicTokens).toEqual([made.token, rolled.token])
  // The next roll drops the token whose grace is over.
  world.clock.nowMs += 60_000
  const again = await rollKey(world.owner, { ...change, graceSeconds: graceSeconds(0) })
  expect((await getKey(world.owner, change)).publicTokens).toEqual([again.token])
})

test('undoing the roll of a public key restores its old token', async () => {
  await using world = await openWorld()
  const made = await createKey(world.owner, { organization, name: title('p'), type: 'public' })
  const change = { organization, key: made.key.id }
  await rollKey(world.owner, change)
  await endRoll(world.owner, { ...change, by: 'undo' })
  expect((await getKey(world.owner, change)).publicTokens).toEqual([made.token])
  const again = await rollKey(world.owner, change)
  await endRoll(world.owner, { ...change, by: 'finish' })
  expect((await getKey(world.owner, change)).publicTokens).toEqual([again.token])
})

test('rolling a key requires its permissions, because the actor receives the token', async () => {
  await using world = await openWorld()
  const manager = await world.withRoles(['key-manager'])
  const strong = await createKey(world.owner, {
    organization,
    name: title('k'),
    type: 'secret',
    roles: ['owner'],
  })
  expect(await codeOf(rollKey(manager, { organization, key: strong.key.id }))).toBe('permission_missing')
  const weak = await createKey(world.owner, {
    organization,
    name: title('w'),
    type: 'secret',
    roles: ['key-manager'],
  })
  await rollKey(manager, { organization, key: weak.key.id })
  const reader = await world.withRoles(['auditor'])
  const change = { organization, key: weak.key.id }
  for (const refused of [() => rollKey(reader, change), () => endRoll(reader, { ...change, by: 'finish' })]) {
    expect((await problemOf(refused())).extensions).toEqual({ permission: 'keys.roll' })
  }
  expect(await codeOf(rollKey(world.rival, { organization, key: weak.key.id }))).toBe('not_found')
})

test('a grace of 0 ends the old token at once', async () => {
  await using world = await openWorld()
  const made = await createKey(world.owner, { organization, name: title('k'), type: 'secret' })
  const change = { organization, key: made.key.id, graceSeconds: graceSeconds(0) }
  const rolled = await rollKey(world.owner, change)
  expect(await live(world, [made.token, rolled.token])).toEqual([false, true])
  expect(rolled.key.secrets.map(({ expiresAtMs }) => expiresAtMs)).toEqual([START_MS, null])
})

test('an actor that may not roll a key may not undo its roll, but may finish it', async () => {
  await using world = await openWorld()
  const manager = await world.withRoles(['key-manager'])
  const input = { organization, name: title('k'), type: 'secret', roles: ['owner'] } as const
  const leaked = await createKey(world.owner, input)
  const change = { organization, key: leaked.key.id }
  const rolled = await rollKey(world.owner, change)
  expect(await codeOf(endRoll(manager, { ...change, by: 'undo' }))).toBe('permission_missing')
  expect(await live(world, [leaked.token, rolled.token])).toEqual([true, true])
  await endRoll(manager, { ...change, by: 'finish' })
  expect(await live(world, [leaked.token, rolled.token])).toEqual([false, true])
})

test('rolling a key, or undoing its roll, needs bounds that are no narrower than those of the key', async () => {
  await using world = await openWorld()
  const input = { organization, name: title('k'), type: 'secret', roles: ['key-manager'] } as const
  const addressRules = [addressRule('10.0.0.0/8')]
  const { token } = await createKey(world.owner, { ...input, addressRules })
  const actor = await world.as(token, '10.0.0.1')
  const wide = { organization, key: (await createKey(world.owner, input)).key.id }
  const narrow = { organization, key: (await createKey(actor, { ...input, addressRules })).key.id }
  await rollKey(actor, narrow)
  await endRoll(actor, { ...narrow, by: 'undo' })
  expect((await problemOf(rollKey(actor, wide))).extensions).toEqual({ permission: 'keys.roll' })
  await rollKey(world.owner, wide)
  const undone = await problemOf(endRoll(actor, { ...wide, by: 'undo' }))
  expect(undone.extensions).toEqual({ permission: 'keys.roll' })
  const finished = await endRoll(actor, { ...wide, by: 'finish' })
  expect(finished.key).toEqual(await getKey(world.owner, wide))
  expect(finished.revision).toBe(await world.store.feed.head())
})
