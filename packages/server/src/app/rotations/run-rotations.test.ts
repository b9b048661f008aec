import type { RotationProblem } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { createKey } from '../keys/create-key.ts'
import { deleteKey } from '../keys/delete-key.ts'
import { endRoll } from '../keys/roll-key.ts'
import { updateKey } from '../keys/update-key.ts'
import { recordsOf } from '../testing/audited.ts'
import { handOverHours, rotationDays, title } from '../testing/fields.ts'
import { codeOf, openWorld, type World } from '../testing/world.ts'
import { createWebhook } from '../webhooks/create-webhook.ts'
import { removeWebhook } from '../webhooks/remove-webhook.ts'
import { updateWebhook } from '../webhooks/update-webhook.ts'
import { getRotation } from './reading.ts'
import { removeRotation } from './remove-rotation.ts'
import { runRotations } from './run-rotations.ts'
import { setRotation } from './set-rotation.ts'

const organization = 'acme'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

interface Scheduled extends AsyncDisposable {
  readonly world: World
  /** The key that rolls every day. */
  readonly key: string
  readonly webhook: string
  /** The key that set the rotation. */
  readonly creator: string
  readonly faults: unknown[]
  /** @param publicUrl that people reach the server at */
  readonly run: (publicUrl?: string) => Promise<void>
  readonly secrets: () => Promise<number>
}

/** A rotation that a key with the roles of an owner has set. */
async function scheduled(more: object = {}): Promise<Scheduled> {
  await using stack = new AsyncDisposableStack()
  const world = stack.use(await openWorld())
  const { owner } = world
  const input = { organization, type: 'secret' } as const
  const creator = await createKey(owner, { ...input, name: title('creator'), roles: ['owner'] })
  const { key } = await createKey(owner, { ...input, name: title('app'), roles: ['invoker'] })
  const url = 'https://hooks.example.com/in'
  const events = ['key.rotated'] as const
  const { webhook } = await createWebhook(owner, { organization, url, events })
  await setRotation(await world.as(creator.token), {
    organization,
    key: key.id,
    rotateEveryDays: rotationDays(1),
    webhook: webhook.id,
    ...more,
  })
  const faults: unknown[] = []
  const parts = stack.move()
  return {
    world,
    key: key.id,
    webhook: webhook.id,
    creator: creator.key.id,
    faults,
    async run(publicUrl = 'https://console.example.com') {
      const context = { ...world.anonymous, publicUrl: () => publicUrl }
      await runRotations(context, (cause) => faults.push(cause))
    },
    secrets: async () => (await world.store.read.keys.get(organization, key.id))?.secrets.length ?? 0,
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

/** What keeps a key from rolling, and how to mend it. */
interface Obstacle {
  readonly problem: RotationProblem
  readonly make: (one: Scheduled) => Promise<unknown>
  readonly mend?: (one: Scheduled) => Promise<unknown>
}

const changeKey = (id: string, { world }: Scheduled, change: object) =>
  updateKey(world.owner, { organization, key: id, ...change })
const changeWebhook = ({ world, webhook }: Scheduled, change: object) =>
  updateWebhook(world.owner, { organization, webhook, ...change })

const OBSTACLES: readonly Obstacle[] = [
  {
    problem: 'creator_gone',
    make: (one) => changeKey(one.creator, one, { active: false }),
    mend: (one) => changeKey(one.creator, one, { active: true }),
  },
  {
    problem: 'creator_gone',
    make: ({ world, creator }) => deleteKey(world.owner, { organization, key: creator }),
  },
  {
    problem: 'permission_missing',
    make: (one) => changeKey(one.creator, one, { roles: ['auditor'] }),
    mend: (one) => changeKey(one.creator, one, { roles: ['owner'] }),
  },
  {
    // It may roll keys, but not this one any more, which can do more than it.
    problem: 'permission_missing',
    make: async (one) => {
      await changeKey(one.creator, one, { roles: ['key-manager'] })
      await changeKey(one.key, one, { roles: ['owner'] })
    },
    mend: (one) => changeKey(one.creator, one, { roles: ['owner'] }),
  },
  {
    problem: 'permission_missing',
    make: (one) => changeKey(one.creator, one, { expiresAtMs: one.world.clock.nowMs + 9 * DAY_MS }),
    mend: (one) => changeKey(one.creator, one, { expiresAtMs: null }),
  },
  {
    problem: 'key_not_rollable',
    make: (one) => changeKey(one.key, one, { active: false }),
    mend: (one) => changeKey(one.key, one, { active: true }),
  },
  {
    problem: 'key_not_rollable',
    make: (one) => changeKey(one.key, one, { expiresAtMs: one.world.clock.nowMs + 1 }),
    mend: (one) => changeKey(one.key, one, { expiresAtMs: null }),
  },
  {
    problem: 'webhook_removed',
    make: ({ world, webhook }) => removeWebhook(world.owner, { organization, webhook }),
  },
  {
    problem: 'webhook_changed',
    make: (one) => changeWebhook(one, { url: 'https://hooks.example.com/other' }),
    mend: (one) => changeWebhook(one, { url: 'https://hooks.example.com/in' }),
  },
  {
    problem: 'webhook_inactive',
    make: (one) => changeWebhook(one, { active: false }),
    mend: (one) => changeWebhook(one, { active: true }),
  },
  {
    problem: 'webhook_not_subscribed',
    make: (one) => changeWebhook(one, { events: ['key.rolled'] }),
    mend: (one) => changeWebhook(one, { events: ['key.rotated'] }),
  },
]

describe('a key that is due', () => {
  test.each(OBSTACLES)('does not roll: $problem', async ({ problem, make, mend }) => {
    await using one = await scheduled()
    const { world, run, secrets } = one
    await make(one)
    world.clock.nowMs += DAY_MS
    const records = await recordsOf(world, async () => {
      await run()
      world.clock.nowMs += HOUR_MS
      await run()
    })
    expect(records.map(({ actor, action, after }) => [actor, action, after])).toMatchObject([
      ['rotation', 'keys.rotation.fail', { id: one.key, rotation: { problem, webhook: one.webhook } }],
    ])
    expect(await secrets()).toBe(1)
    const sinceMs = world.clock.nowMs - HOUR_MS
    expect(await getRotation(world.owner, { organization, key: one.key })).toMatchObject({
      problem,
      problemAtMs: sinceMs,
      nextAtMs: world.clock.nowMs + HOUR_MS,
    })
    await mend?.(one)
    world.clock.nowMs += HOUR_MS - 1
    await run()
    expect(await secrets()).toBe(1)
    world.clock.nowMs += 1
    await run()
    expect(await secrets()).toBe(mend === undefined ? 1 : 2)
    expect(one.faults).toEqual([])
  })

  test('does not roll if no link could be made, and leaves nothing behind', async () => {
    await using one = await scheduled({ handOver: { expiresInHours: handOverHours(1) } })
    one.world.clock.nowMs += DAY_MS
    const records = await recordsOf(one.world, () => one.run('http://10.0.0.5'))
    expect(records.map(({ action }) => action)).toEqual(['keys.rotation.fail'])
    expect(await one.secrets()).toBe(1)
    one.world.clock.nowMs += HOUR_MS
    const rolled = await recordsOf(one.world, () => one.run())
    expect(rolled.map(({ actor, action }) => [actor, action])).toEqual([
      ['rotation', 'keys.roll'],
      ['rotation', 'hand-overs.create'],
      ['rotation', 'keys.rotate'],
    ])
  })

  test('keeps its rotation until the new token has arrived, or the roll is undone', async () => {
    await using one = await scheduled()
    const { world } = one
    const change = { organization, key: one.key }
    world.clock.nowMs += DAY_MS
    await one.run()
    const set = { ...change, rotateEveryDays: rotationDays(2), webhook: one.webhook }
    expect(await codeOf(setRotation(world.owner, set))).toBe('conflict')
    expect(await codeOf(removeRotation(world.owner, change))).toBe('conflict')
    await endRoll(world.owner, { ...change, by: 'undo' })
    await setRotation(world.owner, set)
    await removeRotation(world.owner, change)
    expect(one.faults).toEqual([])
  })

  test('does not keep others from rolling with a fault of its own', async () => {
    await using one = await scheduled()
    const { world } = one
    const { token } = await createKey(world.owner, {
      organization,
      name: title('other'),
      type: 'secret',
      roles: ['owner'],
    })
    const other = await world.as(token)
    const set = { organization, rotateEveryDays: rotationDays(1), webhook: one.webhook }
    await setRotation(world.owner, { ...set, key: other.actor.id })
    world.clock.nowMs += DAY_MS
    const faults: unknown[] = []
    let seals = 0
    const sealer = {
      ...world.anonymous.sealer,
      seal: (text: string, context: string) => {
        seals += 1
        if (seals === 1) throw new Error('no entropy')
        return world.anonymous.sealer.seal(text, context)
      },
    }
    await runRotations({ ...world.anonymous, sealer }, (cause) => faults.push(cause))
    expect(faults).toEqual([new Error('no entropy')])
    const rolled = await Promise.all(
      [one.key, other.actor.id].map(
        async (key) => (await getRotation(world.owner, { organization, key })).state,
      ),
    )
    expect(rolled.toSorted()).toEqual(['delivering', 'scheduled'])
  })
})
