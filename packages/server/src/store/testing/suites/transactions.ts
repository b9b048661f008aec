import { describe, expect, test } from 'vitest'
import { verifyAuditChain } from '../../audit/audit-chain.ts'
import type { Store } from '../../port/store.ts'
import { change, entry } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { key, keyId } from '../examples/keys.ts'
import { organization } from '../examples/organizations.ts'
import { EVERYTHING, insertOrganization, readSnapshot, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** Everything that a failed write could have left behind. */
async function everything(store: Store): Promise<unknown> {
  return {
    head: await store.feed.head(),
    snapshot: await readSnapshot(store),
    consumers: await store.read.consumers.list('acme', EVERYTHING),
    audit: await store.read.audit.list('acme', EVERYTHING),
  }
}

/** Reads the number in the consumer's description, then writes the next one. */
const countUp = (store: Store) =>
  change(store, 'acme', async (tx) => {
    const row = await tx.consumers.get('acme', 'con_1')
    if (row === undefined) throw new Error('The counter is gone')
    await tx.consumers.update({ ...row, description: String(Number(row.description) + 1) })
  })

/** Write transactions: atomic, one at a time, and with audit records. */
export function transactionsContract(database: () => Promise<TestDatabase>): void {
  describe('a write', () => {
    test('sees its own changes, which others see only after the commit', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_1'))
        expect(await tx.consumers.get('acme', 'con_1')).toEqual(consumer('acme', 'con_1'))
        expect(await store.read.consumers.get('acme', 'con_1')).toBeUndefined()
        expect(await store.feed.head()).toBe(1)
      })
      expect(await store.read.consumers.get('acme', 'con_1')).toEqual(consumer('acme', 'con_1'))
    })

    test('that throws is rolled back', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const before = await everything(store)
      const failing = store.write(async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_1'))
        tx.audit(entry('acme'))
        throw new Error('failed on purpose')
      })
      await expect(failing).rejects.toThrow('failed on purpose')
      expect(await everything(store)).toEqual(before)
    })

    test('that stages a change without an audit record is rolled back', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const before = await everything(store)
      await expect(store.write((tx) => tx.consumers.insert(consumer('acme', 'con_1')))).rejects.toThrow(
        'audit',
      )
      expect(await everything(store)).toEqual(before)
    })

    test('that continues after a failed statement is rolled back', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const before = await everything(store)
      const ignoring = change(store, 'acme', async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_1'))
        expect(await refusalOf(tx.organizations.insert(organization('acme')))).toBe('conflict')
      })
      await expect(ignoring).rejects.toThrow(/slug|aborted/)
      expect(await everything(store)).toEqual(before)
    })

    test('rejects the calls of work that goes on after it failed', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const before = await everything(store)
      let goesOn: Promise<unknown> = Promise.resolve()
      const failing = store.write(async (tx) => {
        goesOn = (async () => {
          for (let index = 0; ; index += 1) await tx.consumers.insert(consumer('acme', `con_${index}`))
        })()
        goesOn.catch(() => undefined)
        await tx.consumers.get('acme', 'con_0')
        throw new Error('failed on purpose')
      })
      await expect(failing).rejects.toThrow('failed on purpose')
      await expect(goesOn).rejects.toThrow(/transaction|unavailable/i)
      expect(await everything(store)).toEqual(before)
    })

    test('rejects a call made after the commit', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const { value: late } = await store.write(async (tx) => () => tx.projects.remove('acme', 'default'))
      await expect(late()).rejects.toThrow('has ended')
      expect(await store.read.projects.get('acme', 'default')).toBeDefined()
    })

    test('that gateways do not receive creates no revision', async () => {
      await using db = await database()
      await using store = await db.open()
      expect((await store.write(async () => 'unchanged')).revision).toBe(0)
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const { value, revision } = await change(store, 'acme', async () => 'audited only')
      expect([value, revision]).toEqual(['audited only', 1])
      expect((await store.read.audit.list('acme', EVERYTHING)).items).toHaveLength(2)
    })
  })

  describe('writers', () => {
    test('run one at a time, across stores', async () => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', (tx) =>
        tx.consumers.insert(consumer('acme', 'con_1', { description: '0' })),
      )
      const committed = await Promise.all(
        Array.from({ length: 60 }, (_, index) => countUp(index % 2 === 0 ? store : other)),
      )
      // No update is lost, and the revisions have no gap.
      expect((await store.read.consumers.get('acme', 'con_1'))?.description).toBe('60')
      const revisions = committed.map(({ revision }) => revision).toSorted((a, b) => a - b)
      expect(revisions).toEqual(Array.from({ length: 60 }, (_, index) => index + 3))
      const { items } = await other.read.audit.list('acme', EVERYTHING)
      expect(items.map(({ sequence }) => sequence)).toEqual(
        Array.from({ length: 62 }, (_, index) => index + 1),
      )
      expect(verifyAuditChain(items)).toBeUndefined()
    })

    test('finish before the store closes its database', async () => {
      await using db = await database()
      const store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const writes = Promise.all(
        ['1', '2', '3'].map((name) =>
          change(store, 'acme', (tx) => tx.keys.insert(key('acme', keyId(name)))),
        ),
      )
      await store[Symbol.asyncDispose]()
      await writes
      await using again = await db.open()
      expect((await again.read.keys.list('acme', EVERYTHING)).items).toHaveLength(3)
    })
  })

  describe('the audit log', () => {
    test('is one chain per organization, read back as written', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await store.write((tx) => insertOrganization(tx, 'globex'))
      const after = { b: [1, { z: null, a: 'ö' }], a: 0.1, gone: undefined }
      await store.write(async (tx) => {
        tx.audit(entry('globex', { action: 'first' }))
        tx.audit(entry('acme', { action: 'second', before: 'x', after }))
        tx.audit(entry('globex', { action: 'third', before: undefined }))
      })
      const acme = (await store.read.audit.list('acme', EVERYTHING)).items
      const globex = (await store.read.audit.list('globex', EVERYTHING)).items
      expect(acme.map(({ action }) => action)).toEqual(['organizations.create', 'second'])
      expect(globex.map(({ action }) => action)).toEqual(['organizations.create', 'first', 'third'])
      expect(acme[1]).toMatchObject({ before: 'x', after: { b: [1, { z: null, a: 'ö' }], a: 0.1 } })
      expect([verifyAuditChain(acme), verifyAuditChain(globex)]).toEqual([undefined, undefined])
      expect(verifyAuditChain(globex.slice(1))).toBe(1)
    })
  })
}
