import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AffectedKey, KeyAgePosition, KeyAgeRow, LifetimeEnd } from '../../port/keys/key-ages.ts'
import type { KeyRow } from '../../port/keys.ts'
import type { Store } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { FIRST_MS } from '../examples/example.ts'
import { keyAge } from '../examples/key-ages.ts'
import { key, keyId, secret } from '../examples/keys.ts'
import { changesOf, insertOrganization, type TestDatabase } from '../fixtures.ts'

const DAY_MS = 24 * 60 * 60 * 1000

function affectedKey(name: string, endsAtMs: number): AffectedKey {
  const id = keyId(`affected-${name}`)
  return { keyId: id, name: `name of ${id}`, consumer: null, endsAtMs }
}

/** Policies about the age of keys. Each test has an organization of its own. */
export function keyAgesContract(database: () => Promise<TestDatabase>): void {
  describe('policies about the age of keys', () => {
    const resources = new AsyncDisposableStack()
    let store: Store

    beforeAll(async () => {
      const db = resources.use(await database())
      store = resources.use(await db.open())
    })

    afterAll(async () => {
      await resources.disposeAsync()
    })

    /** Makes an organization with keys that have one secret, created at these times in ms after the first time. */
    async function organizationWithKeys(
      owner: string,
      created: Readonly<Record<string, number>>,
      more: Readonly<Record<string, Partial<KeyRow>>> = {},
    ): Promise<void> {
      await store.write((tx) => insertOrganization(tx, owner))
      await change(store, owner, async (tx) => {
        for (const [name, afterMs] of Object.entries(created)) {
          const secrets = [secret(1, { createdAtMs: FIRST_MS + afterMs })]
          await tx.keys.insert(key(owner, keyId(`${owner}-${name}`), { secrets, ...more[name] }))
        }
      })
    }

    const put = (row: KeyAgeRow) => change(store, row.organization, (tx) => tx.keyAges.put(row))

    const owners = (nowMs: number) => store.read.keys.countUsingRole('counted', 'owner', nowMs)

    /** Takes all ends that are due in an organization, a few at a time: the kind and the name of each key. */
    async function takenOf(owner: string, nowMs: number, limit = 2): Promise<readonly string[]> {
      const ends: LifetimeEnd[] = []
      let after: KeyAgePosition | undefined
      let isLast = false
      while (!isLast) {
        const { value } = await store.write((tx) => tx.keyAges.takeEnds(nowMs, limit, after))
        ends.push(...value.ends)
        after = value.through
        isLast = value.ends.length < limit && after === undefined
      }
      return ends
        .filter(({ organization }) => organization === owner)
        .map(({ kind, keyId: id }) => `${kind} ${id.slice(id.lastIndexOf('-') + 1)}`)
    }

    test('are in force for the keys of their environment, or for those without one', async () => {
      await organizationWithKeys('force', { in: 0, out: 0 }, { out: { environment: null } })
      const inTest = keyAge('force', { maxLifetimeDays: 1 })
      const without = keyAge('force', { environment: null, rotationReminderDays: null, maxLifetimeDays: 2 })
      await put(inTest)
      await put(without)
      await put({ ...inTest, environment: 'prod', maxLifetimeDays: 3 })
      const { keys, keyAges } = store.read
      expect(await keyAges.current('force', 'test')).toEqual(inTest)
      expect(await keyAges.current('force', null)).toEqual(without)
      expect(await keyAges.current('force', 'nowhere')).toBeUndefined()
      expect(await keyAges.rules('force', 'nowhere')).toEqual({
        rotationReminderDays: null,
        maxLifetimeDays: null,
      })
      const { items } = await keys.list('force', { limit: 10 })
      const found = [
        await keys.get('force', keyId('force-in')),
        await keys.find(keyId('force-out')),
        ...items,
      ]
      expect(found.map((row) => [row?.environment, row?.age.maxLifetimeDays])).toEqual([
        ['test', 1],
        [null, 2],
        ['test', 1],
        [null, 2],
      ])
    })

    test('are removed with their environment, also for gateways', async () => {
      await organizationWithKeys('gone', {})
      await put(keyAge('gone', { environment: 'prod' }))
      await put(keyAge('gone', { environment: null }))
      const { revision } = await change(store, 'gone', (tx) => tx.environments.remove('gone', 'prod'))
      expect(await store.read.keyAges.current('gone', 'prod')).toBeUndefined()
      expect(await store.read.keyAges.current('gone', null)).toBeDefined()
      const [removal] = await changesOf(store, revision - 1)
      const removed = { kind: 'removed', organization: 'gone', id: 'prod' }
      expect(removal?.records).toEqual([
        { ...removed, of: 'key-age' },
        { ...removed, of: 'environment' },
      ])
    })

    test('tell which keys a shorter lifetime ends earlier, in the order in which they end', async () => {
      await organizationWithKeys(
        'affected',
        { late: 5999, early: 1000, off: 0, expired: 0, soon: 0, prod: 0, gone: 0, ended: -2 * DAY_MS },
        {
          off: { active: false },
          expired: { expiresAtMs: FIRST_MS + DAY_MS },
          // It expires just when the lifetime ends it.
          soon: { expiresAtMs: FIRST_MS + 3 * DAY_MS },
          prod: { environment: 'prod' },
          gone: { deletedAtMs: FIRST_MS },
        },
      )
      const atMs = FIRST_MS + DAY_MS
      const affected = async (before: number | null, after: number | null, limit = 9) =>
        await store.read.keyAges.affected(
          { organization: 'affected', environment: 'test', before, after, atMs },
          limit,
        )
      const ended = affectedKey('ended', FIRST_MS + DAY_MS)
      const early = affectedKey('early', FIRST_MS + 3 * DAY_MS + 1000)
      const late = affectedKey('late', FIRST_MS + 3 * DAY_MS + 5000)
      expect(await affected(null, 3)).toEqual({ first: [ended, early, late], total: 3, isTotalExact: true })
      expect(await affected(null, 3, 1)).toEqual({ first: [ended], total: 3, isTotalExact: true })
      // The lifetime of three days has just ended the first key.
      expect(await affected(3, 2)).toMatchObject({ total: 3, isTotalExact: true })
      expect((await affected(3, 2)).first.map(({ name }) => name)).toEqual(
        [affectedKey('soon', 0), early, late].map(({ name }) => name),
      )
      for (const [before, after] of [
        [3, 3],
        [3, 4],
        [3, null],
        [null, null],
      ] as const) {
        expect(await affected(before, after)).toEqual({ first: [], total: 0, isTotalExact: true })
      }
    })

    test('have each end told once: 30 days before and at the end', async () => {
      await organizationWithKeys(
        'told',
        { b: 1500, a: 0, c: 2000, other: 0 },
        { other: { environment: 'prod' } },
      )
      await put(keyAge('told', { maxLifetimeDays: 100 }))
      const warnedAtMs = FIRST_MS + 70 * DAY_MS
      expect(await takenOf('told', warnedAtMs - 1)).toEqual([])
      expect(await takenOf('told', warnedAtMs)).toEqual(['expiring a'])
      expect(await takenOf('told', warnedAtMs)).toEqual([])
      expect(await takenOf('told', warnedAtMs + 9000)).toEqual(['expiring b', 'expiring c'])
      const endedAtMs = FIRST_MS + 100 * DAY_MS
      expect(await takenOf('told', endedAtMs - 1)).toEqual([])
      expect(await takenOf('told', endedAtMs + 1000)).toEqual(['expired a', 'expired b'])
      expect(await takenOf('told', endedAtMs + 1999)).toEqual([])
      expect(await takenOf('told', endedAtMs + 2000)).toEqual(['expired c'])
      expect(await takenOf('told', endedAtMs + DAY_MS)).toEqual([])
    })

    test('have ends told anew after another maximum, but not of keys that had ended', async () => {
      await organizationWithKeys('anew', { a: 0, b: 5 * DAY_MS, c: 50 * DAY_MS })
      await put(keyAge('anew', { maxLifetimeDays: 100 }))
      expect(await takenOf('anew', FIRST_MS + 100 * DAY_MS)).toEqual([
        'expiring a',
        'expiring b',
        'expired a',
      ])
      const atMs = FIRST_MS + 101 * DAY_MS
      await put(keyAge('anew', { maxLifetimeDays: 97, version: 2, updatedAtMs: atMs }))
      expect(await takenOf('anew', atMs)).toEqual(['expiring b'])
      // Another version with the same maximum tells nothing anew.
      await put(keyAge('anew', { maxLifetimeDays: 97, version: 3, updatedAtMs: atMs }))
      expect(await takenOf('anew', atMs)).toEqual([])
      await put(keyAge('anew', { maxLifetimeDays: 60, version: 4, updatedAtMs: atMs }))
      expect(await takenOf('anew', atMs)).toEqual(['expiring c', 'expired b'])
      await put(keyAge('anew', { maxLifetimeDays: null, version: 5, updatedAtMs: atMs }))
      expect(await takenOf('anew', atMs + 500 * DAY_MS)).toEqual([])
    })

    test('count a role only while its keys are not too old', async () => {
      const owner = { environment: null, roles: ['owner'] }
      await organizationWithKeys('counted', { a: 0, b: 1000 }, { a: owner, b: owner })
      expect(await owners(Number.MAX_SAFE_INTEGER)).toBe(2)
      await put(keyAge('counted', { environment: null, maxLifetimeDays: 1 }))
      expect(await owners(FIRST_MS + DAY_MS - 1)).toBe(2)
      expect(await owners(FIRST_MS + DAY_MS)).toBe(1)
      expect(await owners(FIRST_MS + DAY_MS + 1000)).toBe(0)
    })
  })
}
