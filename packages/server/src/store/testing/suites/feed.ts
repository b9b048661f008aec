import { setImmediate } from 'node:timers/promises'
import { SECRETS_PER_KEY_MAX, type Change, type FeedRecord, Snapshot } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { feedSnapshot } from '../../feed/snapshot.ts'
import { loadInThreads } from '../../feed/snapshot-threads.ts'
import type { Store } from '../../port/store.ts'
import { FEEDS } from '../../sql/registry.ts'
import { FEED_KINDS, insertExamples, seedOf } from '../examples.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { key, keyId, secret } from '../examples/keys.ts'
import { changesOf, insertOrganization, readSnapshot, type TestDatabase } from '../fixtures.ts'
import { dangling, fold } from '../fold.ts'

const LOAD_OPTIONS = { seed: [1, 2], pause: async () => await setImmediate() } as const

/** Follows the feed like a gateway until revision `last`, and returns all changes in order. */
async function follow(store: Store, last: number): Promise<readonly Change[]> {
  const seen: Change[] = []
  while ((seen.at(-1)?.revision ?? 0) < last) {
    seen.push(...(await changesOf(store, seen.at(-1)?.revision ?? 0, 3)))
    // SQLite answers synchronously, so the writers need this turn of the event loop.
    await setImmediate()
  }
  return seen
}

/** The ids of the keys among records, and whether each has a token that was issued elsewhere. */
function flagOf(records: readonly FeedRecord[]) {
  return records.filter((one) => one.kind === 'key').map((one) => [one.id, one.hasForeignToken])
}

/** The feed: changes in commit order, snapshots that match them, and pruning. */
export function feedContract(database: () => Promise<TestDatabase>): void {
  describe('the feed', () => {
    test('is empty at first, then has each change once, oldest first', async () => {
      await using db = await database()
      await using store = await db.open(() => 77)
      expect(await store.feed.head()).toBe(0)
      expect(await store.feed.changesAfter(0, 10)).toEqual([])
      expect(await readSnapshot(store)).toEqual({ revision: 0, hash: '', records: [] })
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', 'con_1')))
      await change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', 'con_2')))
      expect(await store.feed.head()).toBe(3)
      const all = await changesOf(store, 0)
      expect(all.map(({ revision, atMs }) => [revision, atMs])).toEqual([
        [1, 77],
        [2, 77],
        [3, 77],
      ])
      expect(all[0]?.records).toEqual([
        { kind: 'organization', slug: 'acme' },
        { kind: 'environment', organization: 'acme', name: 'test' },
        { kind: 'environment', organization: 'acme', name: 'prod' },
      ])
      expect(await changesOf(store, 1, 1)).toEqual([all[1]])
      expect(await changesOf(store, 3)).toEqual([])
      // A reader with a newer revision than the store followed another history.
      expect(await store.feed.changesAfter(4, 10)).toBe('forked')
    })

    test('tells a reader whose history is not the one of the database', async () => {
      await using db = await database()
      let nowMs = 10
      await using store = await db.open(() => nowMs)
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const add = (id: string) => change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', id)))
      for (const id of ['con_1', 'con_2', 'con_3']) await add(id)
      const seen = await changesOf(store, 0)
      const [, , third, fourth] = seen.map(({ hash }) => hash)
      expect(new Set(seen.map(({ hash }) => hash)).size).toBe(4)
      expect(await readSnapshot(store)).toMatchObject({ revision: 4, hash: fourth })
      expect(await store.feed.changesAfter(4, 10, fourth)).toEqual([])
      expect(await store.feed.changesAfter(3, 10, third)).toMatchObject([{ revision: 4, hash: fourth }])
      expect(await store.feed.changesAfter(0, 1, '')).toMatchObject([{ revision: 1 }])
      expect(await store.feed.changesAfter(4, 10, third)).toBe('forked')
      // The database loses its newest two changes, and writers continue.
      await using backend = await db.backend()
      await backend.counter.deleteFrom('changes').where('revision', '>', 2).execute()
      nowMs = 20
      await add('con_4')
      expect(await store.feed.changesAfter(4, 10, fourth)).toBe('forked')
      expect(await store.feed.changesAfter(3, 10, third)).toBe('forked')
      await add('con_5')
      await add('con_6')
      expect(await store.feed.changesAfter(4, 10, fourth)).toBe('forked')
      expect(await store.feed.changesAfter(3, 10, third)).toBe('forked')
      expect(await store.feed.changesAfter(2, 10, seen[1]?.hash)).toHaveLength(3)
      // Behind the oldest remaining change, its hash of the change before it tells.
      await store.feed.prune(1_000, 100)
      expect(await store.feed.changesAfter(4, 10, fourth)).toBe('forked')
      expect(await store.feed.changesAfter(3, 10, third)).toBe('pruned')
    })

    test('has one record per changed row, with its state at the commit', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const { revision } = await change(store, 'acme', async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_1'))
        await tx.keys.insert(key('acme', keyId('1'), { consumer: 'con_1' }))
        await tx.consumers.update(consumer('acme', 'con_1', { active: false, pipelines: ['orders'] }))
        await tx.consumers.insert(consumer('acme', 'con_2'))
        await tx.consumers.remove('acme', 'con_2')
      })
      expect(await changesOf(store, revision - 1)).toMatchObject([
        {
          records: [
            { kind: 'consumer', id: 'con_1', active: false, pipelines: ['orders'] },
            { kind: 'key', id: keyId('1') },
            { kind: 'removed', of: 'consumer', id: 'con_2' },
          ],
        },
      ])
    })

    test('says which keys have a token that was issued elsewhere, until newer secrets displace it', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const id = keyId('1')
      const own = (sequence: number) => secret(sequence, { hint: `sp_sk_${id.slice(4)}_…a1B${sequence}` })
      const others = ['', 'imported', '…a1B2', 'sp_sk_', `sp_sk_${keyId('2').slice(4)}_…a1B2`]
      for (const [index, hint] of others.entries()) {
        const foreign = key('acme', keyId(`f${index}`), { secrets: [secret(1, { hint })] })
        await change(store, 'acme', (tx) => tx.keys.insert(foreign))
      }
      const { revision } = await change(store, 'acme', (tx) =>
        tx.keys.insert(key('acme', id, { secrets: [own(1)] })),
      )
      const changed = (await changesOf(store, 0)).flatMap((one) => one.records)
      const expected = [...others.map((_, index) => [keyId(`f${index}`), true]), [id, undefined]]
      expect(flagOf(changed)).toEqual(expected)
      expect(flagOf((await readSnapshot(store)).records)).toEqual(
        expected.toSorted(([one], [other]) => (String(one) < String(other) ? -1 : 1)),
      )
      const secrets = [
        secret(1, { hint: 'imported' }),
        ...Array.from({ length: SECRETS_PER_KEY_MAX }, (_, more) => own(more + 2)),
      ]
      const flags: unknown[] = []
      for (const count of [2, SECRETS_PER_KEY_MAX, SECRETS_PER_KEY_MAX + 1]) {
        await change(store, 'acme', (tx) => tx.keys.replaceSecrets('acme', id, secrets.slice(0, count)))
      }
      for (const { records } of await changesOf(store, revision)) flags.push(...flagOf(records))
      expect(flags).toEqual([
        [id, true],
        [id, true],
        [id, undefined],
      ])
    })

    test('has a consistent snapshot, whatever is committed while it is read', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', (tx) => tx.keys.insert(key('acme', keyId('1'))))
      const records: FeedRecord[] = []
      const revision = await store.feed.readSnapshot(async (snapshot) => {
        for await (const batch of snapshot.records) {
          if (records.length === 0) {
            await change(store, 'acme', async (tx) => {
              await tx.keys.update(key('acme', keyId('1'), { active: false }))
              await tx.keys.insert(key('acme', keyId('2')))
            })
          }
          records.push(...batch)
        }
        return snapshot.revision
      })
      expect(revision).toBe(2)
      expect(dangling(records)).toEqual([])
      expect(records.filter(({ kind }) => kind === 'key')).toMatchObject([{ id: keyId('1'), active: true }])
      const caughtUp = [...records, ...(await changesOf(store, revision)).flatMap((one) => one.records)]
      expect(fold(caughtUp)).toEqual(fold((await readSnapshot(store)).records))
    })

    test('shows a reader every revision while writers overlap', async () => {
      await using db = await database()
      await using first = await db.open()
      await using second = await db.open()
      await using reader = await db.open()
      await first.write((tx) => insertOrganization(tx, 'acme'))
      const last = 101
      const following = follow(reader, last)
      await Promise.all(
        Array.from({ length: last - 1 }, (_, index) =>
          change(index % 2 === 0 ? first : second, 'acme', async (tx) => {
            await tx.consumers.insert(consumer('acme', `con_${index}`))
            // Some writers take longer, so that others would overtake them if they could.
            for (let more = 0; more < index % 5; more += 1) await tx.consumers.get('acme', 'con_0')
          }),
        ),
      )
      const seen = await following
      expect(seen.map(({ revision }) => revision)).toEqual(
        Array.from({ length: last }, (_, index) => index + 1),
      )
      expect(fold(seen.flatMap(({ records }) => records))).toEqual(fold((await readSnapshot(first)).records))
    })

    test('prunes the oldest changes first, without a gap, and keeps the newest', async () => {
      await using db = await database()
      let nowMs = 0
      await using store = await db.open(() => nowMs)
      await store.write((tx) => insertOrganization(tx, 'acme'))
      // The clock goes back once: revision 4 has an earlier time than revision 3.
      for (const [index, atMs] of [10, 30, 20, 40].entries()) {
        nowMs = atMs
        await change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', `con_${index}`)))
      }
      await store.feed.prune(30, 100)
      expect(await store.feed.changesAfter(0, 10)).toBe('pruned')
      expect(await store.feed.changesAfter(1, 10)).toBe('pruned')
      expect((await changesOf(store, 2)).map(({ revision }) => revision)).toEqual([3, 4, 5])
      await store.feed.prune(0, 2)
      expect(await store.feed.changesAfter(2, 10)).toBe('pruned')
      expect((await changesOf(store, 3)).map(({ revision }) => revision)).toEqual([4, 5])
      await store.feed.prune(1_000, 100)
      expect(await store.feed.head()).toBe(5)
      expect(await store.feed.changesAfter(3, 10)).toBe('pruned')
      expect(await changesOf(store, 4)).toHaveLength(1)
      expect(await changesOf(store, 5)).toEqual([])
      const { revision } = await change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', 'con_9')))
      expect(revision).toBe(6)
    })

    test('wakes each listener until it stops listening', async () => {
      await using db = await database()
      await using store = await db.open()
      const woken = Promise.withResolvers<void>()
      let calls = 0
      const end = store.feed.onChange(() => woken.resolve())
      const endOther = store.feed.onChange(() => (calls += 1))
      endOther()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await woken.promise
      expect(calls).toBe(0)
      end()
    })

    test('is available: the store answers a ping', async () => {
      await using db = await database()
      await using store = await db.open()
      await expect(store.ping()).resolves.toBeUndefined()
    })
  })

  describe('a snapshot', () => {
    test('is the same when threads read it, while changes are committed', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      for (const index of [0, 1, 2, 3, 4]) await insertExamples(store, seedOf('acme', index))
      await using backend = await db.backend()
      const loading = loadInThreads(backend.source, LOAD_OPTIONS)
      for (const index of [5, 6, 7, 8, 9]) await insertExamples(store, seedOf('acme', index))
      const loaded = await loading
      const changes = await changesOf(store, 0)
      const own = changes.find(({ revision }) => revision === loaded?.snapshot.revision)
      expect(loaded?.hash).toBe(own?.hash)
      const followed = changes
        .filter(({ revision }) => revision <= (own?.revision ?? 0))
        .reduce((snapshot, one) => snapshot.apply(one), Snapshot.empty())
      expect(loaded?.snapshot.toRecords()).toEqual(followed.toRecords())
      const whole = await store.feed.loadSnapshot(LOAD_OPTIONS)
      expect(whole.hash).toBe(changes.at(-1)?.hash)
    })

    test('fails with the reason when a thread cannot read it', async () => {
      await using db = await database()
      await using backend = await db.backend()
      // The database is not migrated.
      await expect(loadInThreads(backend.source, LOAD_OPTIONS)).rejects.toThrow(/changes/)
    })

    test('has the same records in batches of any size, and the same as the changes', async () => {
      await using db = await database()
      await using store = await db.open()
      for (const owner of ['acme', 'acme0', 'globex']) {
        await store.write((tx) => insertOrganization(tx, owner))
        for (const index of [0, 1, 2, 3, 4]) await insertExamples(store, seedOf(owner, index))
      }
      const whole = await readSnapshot(store)
      // A record comes after the records that it refers to.
      const kinds = whole.records.map(({ kind }) => kind)
      expect([...new Set(kinds)]).toEqual(FEED_KINDS)
      expect(dangling(whole.records)).toEqual([])
      const changes = await changesOf(store, 0)
      expect(changes.at(-1)?.revision).toBe(whole.revision)
      expect(fold(changes.flatMap(({ records }) => records))).toEqual(fold(whole.records))
      const most = Math.max(...FEED_KINDS.map((kind) => kinds.filter((one) => one === kind).length))
      await using backend = await db.backend()
      for (const batchSize of [1, 2, 3, 5, 15, 16, most, most + 1]) {
        const batches = await backend.readConsistently(async (transaction) => {
          const read: (readonly FeedRecord[])[] = []
          const { records } = await feedSnapshot(transaction, FEEDS, batchSize)
          for await (const batch of records) read.push(batch)
          return read
        })
        expect(batches.flat()).toEqual(whole.records)
        expect(Math.max(...batches.map(({ length }) => length))).toBe(Math.min(batchSize, most))
      }
    })
  })
}
