import { describe, expect, test } from 'vitest'
import { verifyAuditChain } from '../../audit/audit-chain.ts'
import type { Store, Writer } from '../../port/store.ts'
import { entry } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { key, keyId } from '../examples/keys.ts'
import { changesOf, EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

/** A write for a key of an organization, as those of requests are: it shares a transaction with others that wait. */
async function shared<T>(
  store: Store,
  owner: string,
  work: (tx: Writer) => Promise<T>,
): Promise<{ readonly value: T; readonly revision: number }> {
  return await store.write(
    async (tx) => {
      const value = await work(tx)
      tx.audit(entry(owner))
      return value
    },
    { organization: owner, actor: `key_of_${owner}` },
  )
}

const insert = async (store: Store, id: string, owner = 'acme') =>
  await shared(store, owner, (tx) => tx.consumers.insert(consumer(owner, id)))

const idsOf = async (store: Store, owner = 'acme'): Promise<readonly string[]> =>
  (await store.read.consumers.list(owner, EVERYTHING)).items.map(({ id }) => id)

async function openAcme(db: TestDatabase, writeMsMax?: number): Promise<Store> {
  {
    await using patient = await db.open()
    await patient.write((tx) => insertOrganization(tx, 'acme'))
    await patient.write((tx) => insertOrganization(tx, 'rival'))
  }
  return await db.open(Date.now, writeMsMax)
}

/** A write by itself that runs until it is released, so that others wait behind it. */
function hold(store: Store): { readonly held: Promise<unknown>; readonly release: () => void } {
  const gate = Promise.withResolvers<void>()
  return { held: store.write(() => gate.promise), release: gate.resolve }
}

/** The message of the error that a write rejects with. */
async function failureOf(write: Promise<unknown>): Promise<string> {
  const [result] = await Promise.allSettled([write])
  return result.status === 'rejected' ? (result.reason as Error).message : 'it did not fail'
}

async function verifiedEvents(store: Store): Promise<number> {
  const { items } = await store.read.audit.list('acme', EVERYTHING)
  expect(verifyAuditChain(items)).toBeUndefined()
  return items.length
}

/** Writes that wait share a transaction. */
export function writeGroupsContract(database: () => Promise<TestDatabase>): void {
  describe('writes that wait for their turn', () => {
    test('share a transaction, and none is answered before its commit', async () => {
      await using db = await database()
      await using store = await openAcme(db)
      const { held, release } = hold(store)
      let isAnswered = false
      const first = insert(store, 'con_1').finally(() => (isAnswered = true))
      const second = shared(store, 'acme', async (tx) => {
        expect(await tx.consumers.get('acme', 'con_1')).toEqual(consumer('acme', 'con_1'))
        expect(await store.read.consumers.get('acme', 'con_1')).toBeUndefined()
        expect(isAnswered).toBe(false)
        await tx.consumers.insert(consumer('acme', 'con_2'))
      })
      release()
      await held
      expect([(await first).revision, (await second).revision]).toEqual([3, 4])
      expect(await changesOf(store, 2)).toMatchObject([
        { revision: 3, records: [{ id: 'con_1' }] },
        { revision: 4, records: [{ id: 'con_2' }] },
      ])
      expect(await verifiedEvents(store)).toBe(3)
    })

    test('do not share one with what the server does by itself', async () => {
      await using db = await database()
      await using store = await openAcme(db)
      const { held, release } = hold(store)
      const first = insert(store, 'con_1')
      const own = store.write(async () => await store.read.consumers.get('acme', 'con_1'))
      const last = shared(store, 'acme', async () => await store.read.consumers.get('acme', 'con_1'))
      release()
      await Promise.all([held, first])
      // Organizations take turns, and what belongs to none has its turn as one of them.
      const seen = [(await own).value, (await last).value].map((row) => row?.id)
      expect(seen).toEqual(['con_1', 'con_1'])
    })

    test('fail alone, whatever fails in them', async () => {
      await using db = await database()
      await using store = await openAcme(db)
      await insert(store, 'con_taken')
      const { held, release } = hold(store)
      const first = insert(store, 'con_1')
      const thrown = shared(store, 'acme', async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_thrown'))
        throw new Error('failed on purpose')
      })
      const taken = insert(store, 'con_taken')
      const ignoring = shared(store, 'acme', async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_ignoring'))
        await refusalOf(tx.consumers.insert(consumer('acme', 'con_taken')))
      })
      const unaudited = store.write((tx) => tx.consumers.insert(consumer('acme', 'con_unaudited')), {
        organization: 'acme',
        actor: 'key_of_acme',
      })
      const failures = Promise.all([
        failureOf(thrown),
        refusalOf(taken),
        failureOf(ignoring),
        failureOf(unaudited),
      ])
      const last = insert(store, 'con_2')
      release()
      await held
      expect(await failures).toEqual([
        'failed on purpose',
        'conflict',
        expect.not.stringContaining('did not fail'),
        expect.stringContaining('audit'),
      ])
      expect([(await first).revision, (await last).revision]).toEqual([4, 5])
      expect(await idsOf(store)).toEqual(['con_1', 'con_2', 'con_taken'])
      expect(await verifiedEvents(store)).toBe(4)
    })

    test('run no statement once they have failed, neither in the transaction nor after it', async () => {
      await using db = await database()
      await using store = await openAcme(db)
      const { held, release } = hold(store)
      const first = insert(store, 'con_1')
      let goesOn: Promise<unknown> = Promise.resolve()
      const failing = shared(store, 'acme', async (tx) => {
        goesOn = (async () => {
          for (let index = 0; ; index += 1) await tx.consumers.insert(consumer('acme', `con_lost_${index}`))
        })()
        goesOn.catch(() => undefined)
        await tx.consumers.get('acme', 'con_0')
        throw new Error('failed on purpose')
      })
      const failure = failureOf(failing)
      const others = Array.from({ length: 5 }, (_, index) => insert(store, `con_other_${index}`))
      release()
      await Promise.all([held, first, ...others])
      expect(await failure).toBe('failed on purpose')
      await expect(goesOn).rejects.toThrow('has ended')
      expect((await idsOf(store)).filter((id) => id.startsWith('con_lost'))).toEqual([])
      expect(await verifiedEvents(store)).toBe(7)
    })

    test('see each other as if each had been committed: uniqueness, counts, lists and the index', async () => {
      await using db = await database()
      await using store = await openAcme(db)
      const { held, release } = hold(store)
      const made = shared(store, 'acme', (tx) =>
        tx.keys.insert(key('acme', keyId('1'), { roles: ['owner'], environment: null })),
      )
      const twice = refusalOf(shared(store, 'acme', (tx) => tx.keys.insert(key('acme', keyId('1')))))
      const seen = shared(store, 'acme', async (tx) => ({
        used: (await tx.organizations.quotaUsage('acme')).keys,
        owners: await tx.keys.countUsingRole('acme', 'owner', Date.now()),
        listed: (await tx.keys.list('acme', EVERYTHING)).items.map(({ id }) => id),
        events: (await tx.read.audit.list('acme', EVERYTHING)).items.length,
      }))
      const removed = shared(store, 'acme', async (tx) => {
        const row = await tx.keys.get('acme', keyId('1'))
        if (row !== undefined) await tx.keys.update({ ...row, deletedAtMs: Date.now() })
      })
      const left = shared(store, 'acme', async (tx) => (await tx.organizations.quotaUsage('acme')).keys)
      release()
      await Promise.all([held, made, removed])
      expect(await twice).toBe('conflict')
      expect((await seen).value).toEqual({ used: 1, owners: 1, listed: [keyId('1')], events: 2 })
      expect((await left).value).toBe(0)
      expect(await changesOf(store, 2)).toMatchObject([
        { revision: 3, records: [{ id: keyId('1'), deleted: false }] },
        { revision: 4, records: [{ id: keyId('1'), deleted: true }] },
      ])
    })

    test('are all done, once each and in one chain, over two stores', async () => {
      await using db = await database()
      await using store = await openAcme(db)
      await using other = await db.open()
      const results = await Promise.all(
        Array.from({ length: 120 }, async (_, index) => {
          const from = index % 2 === 0 ? store : other
          // One in three fails.
          if (index % 3 === 0)
            return await refusalOf(shared(from, 'acme', (tx) => insertOrganization(tx, 'acme')))
          return (await insert(from, `con_${index}`, index % 5 === 0 ? 'rival' : 'acme')).revision
        }),
      )
      const revisions = results.filter((result) => typeof result === 'number').toSorted((a, b) => a - b)
      expect(revisions).toEqual(Array.from({ length: 80 }, (_, index) => index + 3))
      expect((await changesOf(store, 2)).map(({ revision }) => revision)).toEqual(revisions)
      const ids = [...(await idsOf(store)), ...(await idsOf(store, 'rival'))]
      expect(new Set(ids).size).toBe(80)
      expect(await verifiedEvents(store)).toBe((await idsOf(store)).length + 1)
    })
  })

  describe('a write that is late while others wait for the same commit', () => {
    test('is taken back alone, if they are in time', async () => {
      await using db = await database()
      await using store = await openAcme(db, 4_000)
      const never = Promise.withResolvers<void>()
      const { held, release } = hold(store)
      // The organizations take turns: the one that fails, then that of the other organization, then the late one.
      const failing = refusalOf(shared(store, 'acme', (tx) => insertOrganization(tx, 'acme')))
      const late = problemOf(
        shared(store, 'acme', async (tx) => {
          await tx.consumers.insert(consumer('acme', 'con_late'))
          await never.promise
        }),
      )
      const arrivedMs = performance.now()
      while (performance.now() < arrivedMs + 1_500) await new Promise(setImmediate)
      const inTime = insert(store, 'con_in_time', 'rival')
      release()
      await held
      expect(await failing).toBe('conflict')
      expect((await late).detail).toContain('was not done')
      expect((await inTime).revision).toBe(3)
      expect([await idsOf(store), await idsOf(store, 'rival')]).toEqual([[], ['con_in_time']])
    })

    test('takes those with it that are late too, and the next ones go on', async () => {
      await using db = await database()
      await using store = await openAcme(db, 1_000)
      const never = Promise.withResolvers<void>()
      const done = problemOf(insert(store, 'con_done'))
      const hanging = problemOf(
        shared(store, 'acme', async (tx) => {
          await tx.consumers.insert(consumer('acme', 'con_hanging'))
          await never.promise
        }),
      )
      for (const { code, detail } of await Promise.all([done, hanging])) {
        expect([code, detail]).toEqual(['unavailable', expect.stringContaining('was not done')])
      }
      while ((await refusalOf(insert(store, 'con_next')).catch(() => 'written')) === 'unavailable');
      expect(await idsOf(store)).toEqual(['con_next'])
    })
  })
}
