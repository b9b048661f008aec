import { expect, test } from 'vitest'
import { setKeyAge } from '../key-ages/set-key-age.ts'
import { recordsOf } from '../testing/audited.ts'
import { graceSeconds, lifetimeDays, title } from '../testing/fields.ts'
import { openWorld, type World } from '../testing/world.ts'
import { createKey } from './create-key.ts'
import { reportDeadlines } from './report-deadlines.ts'
import { endRoll, rollKey } from './roll-key.ts'
import { updateKey } from './update-key.ts'

const organization = 'acme'
const environment = 'test'
const DAY_MS = 24 * 3_600_000
const LIFETIME_DAYS = 90
const SECOND_MS = 1_000

interface Aging extends AsyncDisposable {
  readonly world: World
  readonly key: string
  /** When the key was made. */
  readonly sinceMs: number
  /** Goes on to a day of the key's life, and tells ends as the server does. @returns when the told ends are, in days */
  readonly toldOn: (day: number, change?: () => Promise<unknown>) => Promise<readonly unknown[]>
}

/** A key whose secrets work for 90 days. */
async function aging(expiresOnDay: number | null = null): Promise<Aging> {
  await using stack = new AsyncDisposableStack()
  const world = stack.use(await openWorld())
  const { clock, owner, store } = world
  await setKeyAge(owner, {
    organization,
    environment,
    rotationReminderDays: null,
    maxLifetimeDays: lifetimeDays(LIFETIME_DAYS),
    dryRun: false,
  })
  const sinceMs = clock.nowMs
  const { key } = await createKey(owner, {
    organization,
    name: title('app'),
    type: 'secret',
    environment,
    expiresAtMs: expiresOnDay === null ? null : sinceMs + expiresOnDay * DAY_MS,
  })
  const parts = stack.move()
  return {
    world,
    key: key.id,
    sinceMs,
    async toldOn(day, change = async () => await Promise.resolve()) {
      clock.nowMs = sinceMs + day * DAY_MS
      const records = await recordsOf(world, async () => {
        await change()
        for (const laterMs of [0, 120 * SECOND_MS]) {
          clock.nowMs = sinceMs + day * DAY_MS + laterMs
          await reportDeadlines({ store, nowMs: () => clock.nowMs })
        }
      })
      return records
        .filter(({ action, target }) => action.startsWith('keys.expir') && target === `key/${key.id}`)
        .map(({ action, after }) => {
          const { endsAtMs } = after as { readonly endsAtMs: number }
          return [action, (endsAtMs - sinceMs) / DAY_MS]
        })
    },
    [Symbol.asyncDispose]: async () => await parts.disposeAsync(),
  }
}

test('a roll that is undone after the day of the warning is followed by the warning', async () => {
  await using one = await aging()
  const { world, key, toldOn } = one
  const grace = graceSeconds(30 * 24 * 3600)
  expect(await toldOn(59, () => rollKey(world.owner, { organization, key, graceSeconds: grace }))).toEqual([])
  expect(await toldOn(60)).toEqual([])
  const undo = () => endRoll(world.owner, { organization, key, by: 'undo' })
  expect(await toldOn(70, undo)).toEqual([['keys.expiring', 90]])
  expect(await toldOn(71)).toEqual([])
  expect(await toldOn(90)).toEqual([['keys.expired', 90]])
})

test('a roll that is undone before the day of the warning changes nothing about it', async () => {
  await using one = await aging()
  const { world, key, toldOn } = one
  await toldOn(50, () => rollKey(world.owner, { organization, key }))
  expect(await toldOn(50.1, () => endRoll(world.owner, { organization, key, by: 'undo' }))).toEqual([])
  expect(await toldOn(60.1)).toEqual([['keys.expiring', 90]])
})

test('an expiry that a roll puts before the end of the lifetime is warned of, once', async () => {
  await using one = await aging(100)
  const { world, key, toldOn } = one
  expect(await toldOn(60.1)).toEqual([['keys.expiring', 90]])
  expect(await toldOn(72)).toEqual([])
  expect(await toldOn(80, () => rollKey(world.owner, { organization, key }))).toEqual([
    ['keys.expiring', 100],
  ])
  expect(await toldOn(100)).toEqual([['keys.expired', 100]])
})

test('an expiry that is far away is warned of in time after a roll', async () => {
  await using one = await aging(140)
  const { world, key, toldOn } = one
  expect(await toldOn(61)).toEqual([['keys.expiring', 90]])
  expect(await toldOn(80, () => rollKey(world.owner, { organization, key }))).toEqual([])
  expect(await toldOn(111)).toEqual([['keys.expiring', 140]])
})

test('the end of a lifetime is warned of when the expiry before it is removed', async () => {
  await using one = await aging(80)
  const { world, key, toldOn } = one
  expect(await toldOn(51)).toEqual([['keys.expiring', 80]])
  const removed = () => updateKey(world.owner, { organization, key, expiresAtMs: null })
  expect(await toldOn(70, removed)).toEqual([['keys.expiring', 90]])
  expect(await toldOn(90)).toEqual([['keys.expired', 90]])
})

test('a change that does not move the end repeats no warning', async () => {
  await using one = await aging()
  const { world, key, toldOn } = one
  expect(await toldOn(61)).toEqual([['keys.expiring', 90]])
  expect(await toldOn(62, () => updateKey(world.owner, { organization, key, name: title('b') }))).toEqual([])
})

test.each([
  ['removed', null, 100],
  ['loosened to end after the expiry', 120, 100],
  ['loosened to end before the expiry', 95, 95],
])('the end that counts is warned of when the maximum is %s', async (_name, days, endsOnDay) => {
  await using one = await aging(100)
  const { world, toldOn } = one
  expect(await toldOn(61)).toEqual([['keys.expiring', 90]])
  expect(await toldOn(72)).toEqual([])
  const set = () =>
    setKeyAge(world.owner, {
      organization,
      environment,
      rotationReminderDays: null,
      maxLifetimeDays: days === null ? null : lifetimeDays(days),
      dryRun: false,
    })
  expect(await toldOn(80, set)).toEqual([['keys.expiring', endsOnDay]])
  expect(await toldOn(81)).toEqual([])
  expect(await toldOn(endsOnDay)).toEqual([['keys.expired', endsOnDay]])
})
