import type { WhenStale } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { Reader } from '../../port/store.ts'
import { ENVIRONMENT_CONTENTS } from '../../sql/registry.ts'
import { EXAMPLES, seedOf } from '../examples.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { deployment, ended } from '../examples/deployments.ts'
import { environment } from '../examples/environments.ts'
import { key, keyId } from '../examples/keys.ts'
import { policy } from '../examples/policies.ts'
import { changesOf, EVERYTHING, insertOrganization, readSnapshot, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** The feed record of a removed row of `acme`. */
const removed = (of: string, id: string) => ({ kind: 'removed', of, organization: 'acme', id })

/** The entities that must be removed or ended before their environment. */
const IN_USE: ReadonlySet<string> = new Set<keyof Reader>([
  'deployments',
  'basicCredentials',
  'keys',
  'consumers',
])

/** The entities that stay with the tombstone of their key, without the environment. */
const DETACHED: ReadonlySet<string> = new Set<keyof Reader>(['handOvers', 'leaks'])

/** Environments. */
export function environmentsContract(database: () => Promise<TestDatabase>): void {
  describe('environments', () => {
    test('are listed in promotion order, and can be moved', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', (tx) => tx.environments.move('acme', 'test', 2))
      const { items } = await store.read.environments.list('acme', EVERYTHING)
      expect(items.map(({ name, position }) => [name, position])).toEqual([
        ['prod', 1],
        ['test', 2],
      ])
      expect(await refusalOf(change(store, 'acme', (tx) => tx.environments.move('acme', 'tes', 0)))).toBe(
        'not_found',
      )
    })

    test('keep what they require of a version', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const required = async () =>
        (await store.read.environments.list('acme', EVERYTHING)).items.map((row) => row.requiresPrevious)
      const set = (name: string, requiresPrevious: boolean) =>
        change(store, 'acme', (tx) => tx.environments.setRequiresPrevious('acme', name, requiresPrevious))
      expect(await required()).toEqual([false, false])
      await set('prod', true)
      expect(await required()).toEqual([false, true])
      await set('prod', false)
      expect(await required()).toEqual([false, false])
      expect(await refusalOf(set('pro', true))).toBe('not_found')
    })

    describe('when stale', () => {
      test('serve at first, and gateways learn of each change, and of nothing that changes nothing', async () => {
        await using db = await database()
        await using store = await db.open()
        await store.write((tx) => insertOrganization(tx, 'acme'))
        const set = async (name: string, whenStale: WhenStale) =>
          await change(store, 'acme', (tx) => tx.environments.setWhenStale('acme', name, whenStale))
        const stored = async () => (await store.read.environments.get('acme', 'prod'))?.whenStale
        const record = { kind: 'environment', organization: 'acme', name: 'prod' }
        expect(await stored()).toBe('serve')
        const { revision } = await set('prod', 'refuse')
        expect(await stored()).toBe('refuse')
        expect((await set('prod', 'refuse')).revision).toBe(revision)
        await set('prod', 'serve')
        expect(await stored()).toBe('serve')
        expect(await refusalOf(set('pro', 'refuse'))).toBe('not_found')
        await change(store, 'acme', (tx) =>
          tx.environments.insert(environment('acme', 'stage', { whenStale: 'refuse' })),
        )
        const changes = await changesOf(store, revision - 1)
        expect(changes.map(({ records }) => records)).toEqual([
          [{ ...record, whenStale: 'refuse' }],
          [record],
          [{ ...record, name: 'stage', whenStale: 'refuse' }],
        ])
        const { records } = await readSnapshot(store)
        expect(records.filter(({ kind }) => kind === 'environment')).toEqual([
          record,
          { ...record, name: 'stage', whenStale: 'refuse' },
          { ...record, name: 'test' },
        ])
      })

      test('refuse by all since the newest change that made one refuse', async () => {
        await using db = await database()
        await using store = await db.open()
        await store.write((tx) => insertOrganization(tx, 'globex'))
        await store.write((tx) => insertOrganization(tx, 'acme'))
        const set = async (name: string, whenStale: WhenStale) =>
          await change(store, 'acme', (tx) => tx.environments.setWhenStale('acme', name, whenStale))
        const refusal = async () => await store.read.environments.staleRefusal('acme')
        expect(await refusal()).toEqual({ isByAll: false, sinceRevision: 0 })
        const first = await set('test', 'refuse')
        expect(await refusal()).toEqual({ isByAll: false, sinceRevision: first.revision })
        const second = await set('prod', 'refuse')
        expect(await refusal()).toEqual({ isByAll: true, sinceRevision: second.revision })
        // Neither an unrelated change nor the same value again moves it.
        await set('test', 'refuse')
        await change(store, 'globex', (tx) => tx.environments.setWhenStale('globex', 'prod', 'refuse'))
        expect(await refusal()).toEqual({ isByAll: true, sinceRevision: second.revision })
        await set('test', 'serve')
        expect(await refusal()).toEqual({ isByAll: false, sinceRevision: second.revision })
        const third = await set('test', 'refuse')
        expect(third.revision).toBeGreaterThan(second.revision)
        expect(await refusal()).toEqual({ isByAll: true, sinceRevision: third.revision })
        const fourth = await change(store, 'acme', (tx) =>
          tx.environments.insert(environment('acme', 'stage', { whenStale: 'refuse' })),
        )
        expect(await refusal()).toEqual({ isByAll: true, sinceRevision: fourth.revision })
      })

      test('refuse by all only since the removal of the last one that served', async () => {
        await using db = await database()
        await using store = await db.open()
        await store.write((tx) => insertOrganization(tx, 'acme'))
        const refusal = async () => await store.read.environments.staleRefusal('acme')
        const remove = async (name: string) =>
          await change(store, 'acme', (tx) => tx.environments.remove('acme', name))
        await change(store, 'acme', (tx) => tx.environments.setWhenStale('acme', 'prod', 'refuse'))
        const { revision } = await remove('test')
        // A gateway without this change still knows the environment, and serves it.
        expect(await refusal()).toEqual({ isByAll: true, sinceRevision: revision })
        await remove('prod')
        expect(await refusal()).toEqual({ isByAll: true, sinceRevision: revision })
      })
    })

    test('have a name that is unique in their organization', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await store.write((tx) => insertOrganization(tx, 'globex'))
      await change(store, 'acme', (tx) => tx.environments.insert(environment('acme', 'stage')))
      await change(store, 'globex', (tx) => tx.environments.insert(environment('globex', 'stage')))
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.environments.insert(environment('acme', 'stage')))),
      ).toBe('conflict')
      expect(
        await refusalOf(
          change(store, 'acme', (tx) => tx.environments.insert(environment('unknown', 'stage'))),
        ),
      ).toBe('conflict')
    })

    test('are removed with their policies and ended deployments, but not while in use', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.policies.insert(policy('acme'))
        await tx.deployments.insert(deployment('acme', 'dep_1'))
        await tx.consumers.insert(consumer('acme', 'con_1'))
        await tx.keys.insert(key('acme', keyId('1'), { consumer: 'con_1' }))
      })
      const removal = () => change(store, 'acme', (tx) => tx.environments.remove('acme', 'test'))
      expect(await refusalOf(removal())).toBe('conflict')
      await change(store, 'acme', (tx) => tx.deployments.end('acme', 'dep_1', ended(5)))
      expect(await refusalOf(removal())).toBe('conflict')
      await change(store, 'acme', async (tx) => {
        await tx.keys.update(key('acme', keyId('1'), { consumer: 'con_1', deletedAtMs: 6 }))
        await tx.consumers.remove('acme', 'con_1')
      })
      const { revision } = await removal()
      expect(await store.read.environments.get('acme', 'test')).toBeUndefined()
      expect(await store.read.policies.current('acme', 'test')).toBeUndefined()
      expect(await store.read.deployments.get('acme', 'dep_1')).toBeUndefined()
      // The tombstone stays, and still names its consumer.
      expect(await store.read.keys.get('acme', keyId('1'))).toMatchObject({
        environment: null,
        consumer: 'con_1',
        deletedAtMs: 6,
      })
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          records: [
            { kind: 'key', id: keyId('1'), environment: null, deleted: true },
            { kind: 'removed', of: 'environment', organization: 'acme', id: 'test' },
          ],
        },
      ])
      expect(await refusalOf(removal())).toBe('not_found')
    })

    test('are removed with what belongs to them alone, and after it in the change', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      // The second row first, because the change has them in order of their ids.
      const seeds = [seedOf('acme', 1), seedOf('acme', 0)]
      for (const { insert } of Object.values(EXAMPLES)) {
        for (const seed of seeds) await insert(store, seed)
      }
      for (const seed of seeds) await EXAMPLES.deployments.update?.(store, seed)
      for (const name of ['basicCredentials', 'keys', 'consumers'] as const) {
        for (const seed of seeds) await EXAMPLES[name].remove?.(store, seed)
      }
      const stored = seeds.flatMap((seed) =>
        Object.entries(EXAMPLES).flatMap(([name, { get, row }]) => {
          const isInTest = (row(seed) as { readonly environment?: string }).environment === 'test'
          return isInTest && !IN_USE.has(name) ? [{ name, get: () => get(store.read, seed) }] : []
        }),
      )
      const before = await Promise.all(stored.map(({ get }) => get()))
      expect(before).not.toContain(undefined)

      await change(store, 'acme', (tx) => tx.environments.remove('acme', 'prod'))
      expect(await Promise.all(stored.map(({ get }) => get()))).toEqual(before)

      const { revision } = await change(store, 'acme', (tx) => tx.environments.remove('acme', 'test'))
      for (const { name, get } of stored) {
        const row = (await get()) as { readonly environment?: string | null } | undefined
        expect([name, row?.environment]).toEqual([name, DETACHED.has(name) ? null : undefined])
      }
      const [removal] = await changesOf(store, revision - 1)
      const contents = ENVIRONMENT_CONTENTS.flatMap(({ feed }) =>
        feed === null ? [] : [removed(feed.kind, 'id_0'), removed(feed.kind, 'id_1')],
      )
      expect(removal?.records.filter(({ kind }) => kind !== 'key')).toEqual([
        ...contents,
        removed('environment', 'test'),
      ])
    })
  })
}
