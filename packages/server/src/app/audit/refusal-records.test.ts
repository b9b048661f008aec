import { expect, test } from 'vitest'
import { openWorld, type World } from '../testing/world.ts'
import { RefusalRecords, type Refusal } from './refusal-records.ts'

const HOUR_MS = 3_600_000

const refusal = (more: Partial<Refusal> = {}): Refusal => ({
  organization: 'acme',
  actor: 'key_a',
  action: 'keys.refused',
  target: 'organization/acme',
  after: { code: 'permission_missing' },
  ...more,
})

async function open() {
  const world = await openWorld()
  const faults: unknown[] = []
  const records = new RefusalRecords({
    store: world.store,
    nowMs: () => world.clock.nowMs,
    onFault: (cause) => void faults.push(cause),
  })
  return { world, records, faults, [Symbol.asyncDispose]: () => world[Symbol.asyncDispose]() }
}

async function recordedIn({ store }: World, organization = 'acme') {
  const filter = { fromMs: 0 }
  const { items } = await store.read.audit.newest(organization, { limit: 1000 }, filter)
  return items.filter(({ action }) => action.endsWith('refused')).toReversed()
}

test('an actor gets 20 records an hour, and then one that says how many more there were', async () => {
  await using opened = await open()
  const { world, records } = opened
  const startMs = world.clock.nowMs
  for (let index = 0; index < 1000; index += 1) records.note(refusal())
  records.note(refusal({ actor: 'key_b' }))
  records.note(refusal({ organization: 'rival' }))
  world.clock.nowMs += HOUR_MS - 1
  records.closeWindows()
  records.note(refusal())
  world.clock.nowMs += 1
  records.closeWindows()
  records.note(refusal({ target: 'key/1' }))
  await records.end()
  const recorded = await recordedIn(world)
  const ofA = recorded.filter(({ actor }) => actor === 'key_a')
  expect(ofA.map(({ action }) => action)).toEqual([
    ...Array.from({ length: 20 }, () => 'keys.refused'),
    'audit.more-refused',
    'keys.refused',
  ])
  expect(recorded).toHaveLength(ofA.length + 1)
  expect(ofA[20]).toMatchObject({
    target: 'organization/acme',
    before: null,
    after: { refused: 981, from: new Date(startMs).toISOString() },
  })
  expect(ofA[21]).toMatchObject({ target: 'key/1', atMs: startMs + HOUR_MS })
  expect(await recordedIn(world, 'rival')).toHaveLength(1)
})

test('the next refusal after an hour closes it, and so does the end', async () => {
  await using opened = await open()
  const { world, records } = opened
  for (let index = 0; index < 22; index += 1) records.note(refusal())
  world.clock.nowMs += HOUR_MS
  for (let index = 0; index < 23; index += 1) records.note(refusal())
  await records.end()
  await records.end()
  const more = (await recordedIn(world)).filter(({ action }) => action === 'audit.more-refused')
  expect(more.map(({ after }) => (after as { refused: number }).refused)).toEqual([2, 3])
})

test('an organization gets 200 records an hour, however many actors it has', async () => {
  await using opened = await open()
  const { world, records } = opened
  for (let index = 0; index < 250; index += 1) {
    records.note(refusal({ actor: `key_${index % 125}` }))
    // A queue that is full would make a record a number.
    if (index % 50 === 49) {
      const written = Math.min(index + 1, 200)
      await expect
        .poll(async () => (await recordedIn(world)).length, { interval: 5, timeout: 60_000 })
        .toBe(written)
    }
  }
  await records.end()
  const { items: events } = await world.store.read.audit.list('acme', { limit: 1000 })
  expect(events.filter(({ action }) => action === 'keys.refused').length).toBe(200)
  const more = events.flatMap(({ action, after }) =>
    action === 'audit.more-refused' ? [(after as { refused: number }).refused] : [],
  )
  const single = events.filter(({ action }) => action === 'keys.refused').length
  expect(single + more.reduce((sum, one) => sum + one, 0)).toBe(250)
})

test('a database that fails is reported, and nothing is thrown', async () => {
  await using opened = await open()
  const { records, faults } = opened
  records.note(refusal({ organization: 'none' }))
  await records.end()
  expect(faults).toHaveLength(1)
})
