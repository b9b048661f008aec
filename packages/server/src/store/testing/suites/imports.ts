import type { FeedRecord } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ImportChunk } from '../../port/keys/imports.ts'
import type { KeyRow } from '../../port/keys.ts'
import type { Store } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { FIRST_MS } from '../examples/example.ts'
import { importedLine, keyImport } from '../examples/imports.ts'
import { key, keyId } from '../examples/keys.ts'
import { changesOf, insertOrganization, readSnapshot, type TestDatabase } from '../fixtures.ts'

function chunk(bucket: number, number: number): ImportChunk {
  return { bucket, number, lines: [importedLine(bucket * 10 + number)] }
}

/** Keys with everything that is kept beside them. */
function keysOf(owner: string): readonly KeyRow[] {
  return [
    key(owner, keyId(`${owner}1`), { consumer: 'con_1', roles: ['invoker', 'owner'] }),
    key(owner, keyId(`${owner}2`), { environment: null, active: false, expiresAtMs: FIRST_MS + 5 }),
    key(owner, keyId(`${owner}3`), { name: '=1+1 "quoted", é', labels: { team: 'é' } }),
  ]
}

/** The keys of an organization as a gateway loads them, by id. */
async function loadedKeys(store: Store, owner: string): Promise<readonly FeedRecord[]> {
  const { records } = await readSnapshot(store)
  return records.filter((record) => record.kind === 'key' && record.organization === owner)
}

/** Imports, their chunks, and the keys that they insert together. */
export function importsContract(database: () => Promise<TestDatabase>): void {
  describe('imports', () => {
    const resources = new AsyncDisposableStack()
    let store: Store

    beforeAll(async () => {
      const db = resources.use(await database())
      store = resources.use(await db.open())
    })

    afterAll(async () => {
      await resources.disposeAsync()
    })

    test('give the first chunks back in order, until they are removed', async () => {
      await store.write((tx) => insertOrganization(tx, 'chunks'))
      const inOrder = [chunk(3, 0), chunk(3, 1), chunk(5, 0), chunk(900, 2)]
      const found = await change(store, 'chunks', async (tx) => {
        await tx.imports.insert(keyImport('chunks', 'imp_1'))
        await tx.imports.insert(keyImport('chunks', 'imp_2'))
        await tx.imports.addChunks('chunks', 'imp_1', inOrder.toReversed())
        await tx.imports.addChunks('chunks', 'imp_2', [chunk(0, 0)])
        const firstOf = async (limit: number, after?: ImportChunk) =>
          await tx.imports.firstChunks('chunks', 'imp_1', limit, after)
        const before = [await firstOf(1), await firstOf(4), await firstOf(2, inOrder[0])]
        await tx.imports.removeChunks('chunks', 'imp_1', { bucket: 3, number: 0 })
        const next = await firstOf(1)
        await tx.imports.removeChunks('chunks', 'imp_1', { bucket: 5, number: 0 })
        const last = await firstOf(2)
        await tx.imports.removeSomeChunks('chunks', 'imp_1')
        return [...before, next, last, await firstOf(2), await tx.imports.firstChunks('chunks', 'imp_2', 1)]
      })
      expect(found.value).toEqual([
        inOrder.slice(0, 1),
        inOrder,
        inOrder.slice(1, 3),
        [chunk(3, 1)],
        [chunk(900, 2)],
        [],
        [chunk(0, 0)],
      ])
    })

    test('are listed by creator and in both orders, and counted while they are under way', async () => {
      await store.write((tx) => insertOrganization(tx, 'listed'))
      await change(store, 'listed', async (tx) => {
        await tx.imports.insert(keyImport('listed', 'imp_1', { state: 'receiving', createdBy: 'a' }))
        await tx.imports.insert(keyImport('listed', 'imp_2', { createdBy: 'b' }))
        await tx.imports.insert(keyImport('listed', 'imp_3', { state: 'done', createdBy: 'a' }))
      })
      const ofA = await store.read.imports.list('listed', { limit: 10 }, { createdBy: 'a' })
      expect(ofA.items.map(({ id }) => id)).toEqual(['imp_1', 'imp_3'])
      const order = 'newest-first'
      const newest = await store.read.imports.list('listed', { limit: 2 }, { order })
      expect(newest.items.map(({ id }) => id)).toEqual(['imp_3', 'imp_2'])
      const rest = { limit: 2, cursor: newest.next ?? undefined }
      const oldest = await store.read.imports.list('listed', rest, { order })
      expect(oldest.items.map(({ id }) => id)).toEqual(['imp_1'])
      const newestOfA = await store.read.imports.list('listed', { limit: 10 }, { order, createdBy: 'a' })
      expect(newestOfA.items.map(({ id }) => id)).toEqual(['imp_3', 'imp_1'])
      expect(await store.read.imports.countUnderWay('listed')).toBe(2)
      const running = (await store.unfinishedImports(100)).filter((one) => one.organization === 'listed')
      expect(running).toEqual([{ organization: 'listed', id: 'imp_2', createdBy: 'b' }])
    })

    test('are unfinished while they run, and after their end until their chunks are removed in parts', async () => {
      await store.write((tx) => insertOrganization(tx, 'ended'))
      const states = ['running', 'stopped', 'failed', 'receiving', 'done'] as const
      await change(store, 'ended', async (tx) => {
        for (const state of states) {
          await tx.imports.insert(keyImport('ended', state, { state }))
          await tx.imports.insert(keyImport('ended', `${state}-empty`, { state }))
          if (state !== 'done') await tx.imports.addChunks('ended', state, [chunk(0, 0)])
        }
        const many = Array.from({ length: 5_000 }, (_, number) => ({ bucket: 1, number, lines: [] }))
        await tx.imports.addChunks('ended', 'stopped', many)
      })
      const unfinished = async () =>
        (await store.unfinishedImports(100)).filter((one) => one.organization === 'ended').map(({ id }) => id)
      expect(await unfinished()).toEqual(['failed', 'running', 'running-empty', 'stopped'])
      const remove = async (id: string) =>
        (await change(store, 'ended', (tx) => tx.imports.removeSomeChunks('ended', id))).value
      expect(await remove('stopped')).toBe(true)
      expect(await unfinished()).toContain('stopped')
      expect([await remove('stopped'), await remove('failed')]).toEqual([false, false])
      expect(await unfinished()).toEqual(['running', 'running-empty'])
    })

    test('are removed with their chunks when they are old, or their file never arrived', async () => {
      await store.write((tx) => insertOrganization(tx, 'old'))
      await change(store, 'old', async (tx) => {
        await tx.imports.insert(keyImport('old', 'ended', { state: 'done', endedAtMs: FIRST_MS - 1 }))
        await tx.imports.insert(keyImport('old', 'ended-later', { state: 'done', endedAtMs: FIRST_MS }))
        await tx.imports.insert(keyImport('old', 'broken', { state: 'receiving', createdAtMs: FIRST_MS - 1 }))
        await tx.imports.insert(keyImport('old', 'arriving', { state: 'receiving' }))
        await tx.imports.insert(keyImport('old', 'running', { createdAtMs: FIRST_MS - 1 }))
        await tx.imports.addChunks('old', 'broken', [{ bucket: 0, number: 0, lines: [importedLine(2)] }])
        await tx.imports.prune(FIRST_MS, FIRST_MS)
      })
      const left = await store.read.imports.list('old', { limit: 10 })
      expect(left.items.map(({ id }) => id).toSorted()).toEqual(['arriving', 'ended-later', 'running'])
    })

    test('insert keys together exactly as one by one', async () => {
      const facts = async (owner: string) => {
        const { items, total } = await store.read.keys.list(owner, { limit: 10 })
        const used = await store.read.organizations.quotaUsage(owner)
        const holders = await store.read.keys.countUsingRole(owner, 'owner', FIRST_MS)
        const found = await store.read.keys.list(owner, { limit: 10 }, { filter: { words: ['quoted'] } })
        return JSON.parse(
          JSON.stringify([items, total, used, holders, found.items]).replaceAll(owner, 'owner'),
        ) as unknown
      }
      for (const owner of ['single', 'joined']) {
        await store.write((tx) => insertOrganization(tx, owner))
        await change(store, owner, (tx) => tx.consumers.insert(consumer(owner, 'con_1')))
      }
      for (const row of keysOf('single')) await change(store, 'single', (tx) => tx.keys.insert(row))
      const { revision } = await change(store, 'joined', (tx) => tx.keys.insertAll(keysOf('joined')))
      expect(await facts('joined')).toEqual(await facts('single'))
      const [published] = await changesOf(store, revision - 1)
      expect(published?.records).toHaveLength(3)
      expect(published?.records).toEqual(await loadedKeys(store, 'joined'))
      const deadlines = await change(store, 'joined', (tx) => tx.keys.takeDeadlines(FIRST_MS + 5, 100))
      const own = deadlines.value.filter(({ organization }) => organization === 'joined')
      expect(own.map(({ kind }) => kind)).toEqual(['expiring', 'expired'])
    })

    test('publish a key as it is at the end of the transaction that inserted it with others', async () => {
      await store.write((tx) => insertOrganization(tx, 'edited'))
      const rows = ['edited1', 'edited2', 'edited3'].map((name) => key('edited', keyId(name), { name }))
      const [first, second] = rows
      const { revision } = await change(store, 'edited', async (tx) => {
        await tx.keys.insertAll(rows)
        if (first !== undefined) await tx.keys.update({ ...first, name: 'renamed', active: false })
        if (second !== undefined) {
          await tx.keys.replaceSecrets('edited', second.id, [
            ...second.secrets,
            ...second.secrets.map((secret) => ({ ...secret, sequence: 2, hint: 'other…z9y8' })),
          ])
        }
      })
      const [published] = await changesOf(store, revision - 1)
      expect(published?.records).toEqual(await loadedKeys(store, 'edited'))
      const found = async (word: string) =>
        (await store.read.keys.list('edited', { limit: 10 }, { filter: { words: [word] } })).items.map(
          ({ name }) => name,
        )
      expect(await found('renamed')).toEqual(['renamed'])
      expect(await found('edited1')).toEqual([])
      expect(await found('z9y8')).toEqual(['edited2'])
      expect(await found('edited3')).toEqual(['edited3'])
    })

    test('tell from each hint, as the feed does, whether the token was issued elsewhere', async () => {
      await store.write((tx) => insertOrganization(tx, 'hinted'))
      const hints: readonly ((id: string) => string)[] = [
        (id) => `sp_sk_${id}_ab12`,
        (id) => `sp_sk_${id}`,
        (id) => `sp_sk_${id.slice(0, 15)}`,
        (id) => `sp_sk__${id}`,
        // The database counts characters, of which some take two units.
        (id) => `😀p_sk_${id}`,
        (id) => `😀_sk_${id}`,
        () => 'ab',
        () => '😀'.repeat(64),
      ]
      const rows = hints.map((hintOf, index) => {
        const row = key('hinted', keyId(`hinted${index}`))
        const hint = hintOf(row.id.slice('key_'.length))
        return { ...row, secrets: row.secrets.map((secret) => ({ ...secret, hint })) }
      })
      const { revision } = await change(store, 'hinted', (tx) => tx.keys.insertAll(rows))
      const [published] = await changesOf(store, revision - 1)
      expect(published?.records).toEqual(await loadedKeys(store, 'hinted'))
      const foreign = (await loadedKeys(store, 'hinted')).map((record) => 'hasForeignToken' in record)
      expect(foreign).toEqual([false, false, true, true, false, true, true, true])
    })

    test('find out which ids are taken in any organization', async () => {
      await store.write((tx) => insertOrganization(tx, 'taken'))
      const taken = [
        key('taken', keyId('taken1')),
        key('taken', keyId('taken3'), { deletedAtMs: FIRST_MS, environment: null }),
      ]
      await change(store, 'taken', (tx) => tx.keys.insertAll(taken))
      const found = await store.read.keys.taken([keyId('taken1'), keyId('taken2'), keyId('taken3')])
      expect(found.toSorted((one, other) => one.id.localeCompare(other.id))).toEqual(
        taken.map(({ organization, id, environment, deletedAtMs }) => ({
          organization,
          id,
          environment,
          deletedAtMs,
        })),
      )
    })

    test('count the keys of many consumers, and find consumers by id and by name', async () => {
      await store.write((tx) => insertOrganization(tx, 'many'))
      await change(store, 'many', async (tx) => {
        await tx.consumers.insert(consumer('many', 'con_1', { name: 'one' }))
        await tx.consumers.insert(consumer('many', 'con_2', { name: 'two' }))
        await tx.keys.insertAll([
          key('many', keyId('many1'), { consumer: 'con_1' }),
          key('many', keyId('many2'), { consumer: 'con_1' }),
        ])
        await tx.keys.insert(key('many', keyId('many3'), { consumer: 'con_1', deletedAtMs: FIRST_MS }))
      })
      const counts = await store.read.keys.countsOfConsumers('many', ['con_1', 'con_2'])
      expect(counts).toEqual(new Map([['con_1', 2]]))
      const named = { ids: ['con_1'], names: ['two', 'con_1'], environments: ['test'] }
      const found = await store.read.consumers.matching('many', named)
      expect(found.map(({ id }) => id).toSorted()).toEqual(['con_1', 'con_2'])
      expect(
        await store.read.consumers.matching('many', { ...named, ids: [], environments: ['prod'] }),
      ).toEqual([])
    })
  })
}
