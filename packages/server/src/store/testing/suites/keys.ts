import { SECRETS_PER_KEY_MAX } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { KeyRow } from '../../port/keys.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { FIRST_MS } from '../examples/example.ts'
import { key, keyId, secret } from '../examples/keys.ts'
import { usageRow } from '../examples/usage.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

/** The latest time of a JavaScript Date. The store must keep it to the millisecond. */
const FAR_MS = 8_640_000_000_000_000

/** Keys and their secrets. */
export function keysContract(database: () => Promise<TestDatabase>): void {
  describe('keys', () => {
    test('are read back as written, within their organization or by id alone', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const full = key('acme', keyId('1'), {
        type: 'public',
        roles: ['owner', 'rôle'],
        active: false,
        expiresAtMs: FAR_MS,
        addressRules: ['10.0.0.0/8', '::1/128'],
        rateLimits: [{ requests: 5, per: 'second', by: 'credential' }],
        publicTokens: ['sp_pk_example', 'sp_pk_another'],
        secrets: [secret(1, { expiresAtMs: 9 }), secret(2)],
      })
      await change(store, 'acme', (tx) => tx.keys.insert(full))
      expect(await store.read.keys.get('acme', full.id)).toEqual(full)
      expect(await store.read.keys.find(full.id)).toEqual(full)
      expect(await store.read.keys.find(keyId('2'))).toBeUndefined()
      expect(await refusalOf(change(store, 'acme', (tx) => tx.keys.insert(full)))).toBe('conflict')
      for (const wrong of [{ environment: 'stage' }, { consumer: 'con_9' }, { organization: 'unknown' }]) {
        expect(
          await refusalOf(change(store, 'acme', (tx) => tx.keys.insert(key('acme', keyId('2'), wrong)))),
        ).toBe('conflict')
      }
    })

    test('cannot store the token of a secret key', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const leaking = key('acme', keyId('1'), { publicTokens: ['sp_sk_example'] })
      await expect(change(store, 'acme', (tx) => tx.keys.insert(leaking))).rejects.toThrow(/constraint/i)
      expect(await store.read.keys.find(leaking.id)).toBeUndefined()
    })

    test('keep id, type, creation and secrets in an update, and stay deleted once deleted', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const first = key('acme', keyId('1'))
      await change(store, 'acme', (tx) => tx.keys.insert(first))
      await change(store, 'acme', (tx) =>
        tx.keys.update({
          ...first,
          name: 'renamed',
          type: 'public',
          createdAtMs: 1,
          createdBy: 'x',
          secrets: [],
        }),
      )
      expect(await store.read.keys.get('acme', first.id)).toEqual({ ...first, name: 'renamed' })
      await change(store, 'acme', (tx) => tx.keys.update({ ...first, deletedAtMs: 5 }))
      expect(await refusalOf(change(store, 'acme', (tx) => tx.keys.update(first)))).toBe('conflict')
      expect(
        await refusalOf(
          change(store, 'acme', (tx) => tx.keys.update(key('acme', keyId('2'), { deletedAtMs: 5 }))),
        ),
      ).toBe('not_found')
    })

    test('are listed by environment and consumer, without tombstones by default', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.consumers.insert(consumer('acme', 'con_1'))
        await tx.keys.insert(key('acme', keyId('1'), { consumer: 'con_1' }))
        await tx.keys.insert(key('acme', keyId('2'), { consumer: 'con_1', deletedAtMs: 5 }))
        await tx.keys.insert(key('acme', keyId('3'), { environment: 'prod' }))
        await tx.keys.insert(key('acme', keyId('4'), { environment: null }))
      })
      const ids = async (filter?: { environment?: string; consumer?: string; includeDeleted?: boolean }) =>
        (await store.read.keys.list('acme', EVERYTHING, { filter })).items.map(({ id }) =>
          Number(id.slice(4)),
        )
      expect(await ids()).toEqual([1, 3, 4])
      expect(await ids({ includeDeleted: true })).toEqual([1, 2, 3, 4])
      expect(await ids({ environment: 'prod' })).toEqual([3])
      expect(await ids({ consumer: 'con_1' })).toEqual([1])
      expect(await ids({ consumer: 'con_1', includeDeleted: true })).toEqual([1, 2])
      const ofConsumer = await store.read.keys.allOfConsumer('acme', 'con_1')
      expect(ofConsumer.map(({ id }) => id)).toEqual([keyId('1')])
    })

    test('are counted by role if they are active and belong to no environment', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write(async (tx) => {
        await insertOrganization(tx, 'acme')
        await insertOrganization(tx, 'rival')
      })
      const nowMs = FIRST_MS + 10
      const count = async (role = 'owner') => await store.read.keys.countUsingRole('acme', role, nowMs)
      let made = 0
      const insert = async (more: Partial<KeyRow>, owner = 'acme') => {
        made += 1
        const row = key(owner, keyId(String(made)), { environment: null, roles: ['owner'], ...more })
        await change(store, owner, (tx) => tx.keys.insert(row))
      }
      expect(await count()).toBe(0)
      for (const none of [
        { roles: [] },
        { roles: ['owner-of-nothing', 'co-owner', 'Owner'] },
        { environment: 'test' },
        { active: false },
        { deletedAtMs: nowMs - 1 },
        { expiresAtMs: nowMs },
      ]) {
        await insert(none)
      }
      await insert({}, 'rival')
      expect(await count()).toBe(0)
      await insert({ expiresAtMs: nowMs + 1 })
      await insert({ roles: ['auditor', 'owner'] })
      expect(await count()).toBe(2)
      expect(await count('auditor')).toBe(1)
      expect(
        await store.write(async (tx) => await tx.keys.countUsingRole('acme', 'owner', nowMs + 1)),
      ).toEqual(expect.objectContaining({ value: 1 }))
    })

    test('replace their secrets as a set, keeping the counters of those that stay', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const id = keyId('1')
      await change(store, 'acme', (tx) => tx.keys.insert(key('acme', id)))
      await store.addUsage([usageRow({ keyId: id, requests: 2, lastUsedAtMs: 20, lastUsedAddress: '::1' })])
      const replace = (secrets: ReturnType<typeof secret>[]) =>
        change(store, 'acme', (tx) => tx.keys.replaceSecrets('acme', id, secrets))
      await replace([secret(1, { expiresAtMs: 99, requests: 0 }), secret(2, { requests: 7 })])
      const used = { requests: 2, lastUsedAtMs: 20, lastUsedAddress: '::1' }
      expect((await store.read.keys.get('acme', id))?.secrets).toEqual([
        secret(1, { expiresAtMs: 99, ...used }),
        secret(2),
      ])
      await replace([secret(2)])
      await replace([secret(1), secret(2)])
      expect((await store.read.keys.get('acme', id))?.secrets).toEqual([secret(1), secret(2)])
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.keys.replaceSecrets('acme', keyId('2'), []))),
      ).toBe('not_found')
    })

    test('have only their newest secrets in the feed', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const secrets = Array.from({ length: SECRETS_PER_KEY_MAX + 2 }, (_, index) => secret(index + 1))
      const { revision } = await change(store, 'acme', (tx) =>
        tx.keys.insert(key('acme', keyId('1'), { secrets })),
      )
      const changes = await store.feed.changesAfter(revision - 1, 1)
      const [record] = typeof changes === 'string' ? [] : (changes[0]?.records ?? [])
      const sequences = record?.kind === 'key' ? record.secrets.map(({ sequence }) => sequence) : []
      expect(sequences).toEqual(secrets.slice(2).map(({ sequence }) => sequence))
      expect((await store.read.keys.get('acme', keyId('1')))?.secrets).toEqual(secrets)
    })
  })
}
