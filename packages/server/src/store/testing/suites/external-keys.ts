import type { KeyId } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { AcceptanceRefusalRow } from '../../port/acceptances.ts'
import type { Store } from '../../port/store.ts'
import { refusal } from '../examples/acceptances.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { FIRST_MS } from '../examples/example.ts'
import { externalKey } from '../examples/external-keys.ts'
import { keyAge } from '../examples/key-ages.ts'
import { key, keyId } from '../examples/keys.ts'
import { usageRow } from '../examples/usage.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

const DAY_MS = 24 * 60 * 60 * 1000
const OURS = keyId('ours')
const OTHER = keyId('other')

/** `owner` has two keys. `here` and `there` can add them. */
async function insertPartners(store: Store): Promise<void> {
  await store.write(async (tx) => {
    for (const slug of ['owner', 'here', 'there']) await insertOrganization(tx, slug)
  })
  await change(store, 'owner', async (tx) => {
    for (const id of [OURS, OTHER]) await tx.keys.insert(key('owner', id, { environment: null }))
  })
}

const inHere = externalKey('here', 'ext_1', { owner: 'owner', keyId: OURS })
const inThere = externalKey('there', 'ext_1', { owner: 'owner', keyId: OURS, label: null })
const otherInHere = externalKey('here', 'ext_2', { owner: 'owner', keyId: OTHER, createdAtMs: FIRST_MS + 1 })

/** Keys of other organizations, and which organizations may accept a key. */
export function externalKeysContract(database: () => Promise<TestDatabase>): void {
  describe('external keys', () => {
    test('are read back as written, and gateways receive each change', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertPartners(store)
      for (const row of [inHere, inThere]) {
        await change(store, row.organization, (tx) => tx.externalKeys.insert(row))
      }
      const { read } = store
      expect(await read.externalKeys.get('here', 'ext_1')).toEqual(inHere)
      expect((await read.externalKeys.list('there', EVERYTHING)).items).toEqual([inThere])
      expect(await read.externalKeys.acceptedBy('owner', OURS)).toEqual([
        { partner: 'here', partnerName: 'HERE', active: true, createdAtMs: FIRST_MS },
        { partner: 'there', partnerName: 'THERE', active: true, createdAtMs: FIRST_MS },
      ])
      expect(await read.externalKeys.acceptedBy('here', OURS)).toEqual([])
      const again = { ...inHere, id: 'ext_9' }
      const problem = await problemOf(change(store, 'here', (tx) => tx.externalKeys.insert(again)))
      expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('has this key')])

      const changed = { ...inHere, roles: ['auditor'], addressRules: ['192.0.2.0/24'], allowed: false }
      await change(store, 'here', (tx) => tx.externalKeys.update(changed))
      // The owner's refusals decide whether it is allowed, and not an update.
      expect(await read.externalKeys.get('here', 'ext_1')).toEqual({ ...changed, allowed: true })
      const { revision } = await change(store, 'here', (tx) => tx.externalKeys.remove('here', 'ext_1'))
      const { roles, addressRules, rateLimits } = changed
      const record = { kind: 'external-key', organization: 'here', id: 'ext_1', keyId: OURS, active: true }
      expect(await store.feed.changesAfter(revision - 2, 10)).toMatchObject([
        { records: [{ ...record, roles, addressRules, rateLimits }] },
        { records: [{ kind: 'removed', of: 'external-key', organization: 'here', id: 'ext_1' }] },
      ])
      const gone = change(store, 'here', (tx) => tx.externalKeys.remove('here', 'ext_1'))
      expect(await refusalOf(gone)).toBe('not_found')
      expect(await refusalOf(change(store, 'here', (tx) => tx.externalKeys.update(inHere)))).toBe('not_found')
      expect(await read.externalKeys.get('there', 'ext_1')).toEqual(inThere)
    })

    test('are holders of their roles', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertPartners(store)
      const own = key('here', keyId('own'), { name: 'own', roles: ['invoker'] })
      await change(store, 'here', (tx) => tx.keys.insert(own))
      await change(store, 'here', (tx) => tx.externalKeys.insert(inHere))
      await change(store, 'here', (tx) => tx.externalKeys.insert({ ...otherInHere, label: null }))
      await change(store, 'there', (tx) => tx.externalKeys.insert(inThere))
      const { roles } = store.read
      const ours = { kind: 'key', id: own.id, name: 'own' }
      const theirs = [
        { kind: 'external-key', id: 'ext_1', name: inHere.label },
        { kind: 'external-key', id: 'ext_2', name: OTHER },
      ]
      expect(await roles.holders('here', 'invoker', 10)).toEqual([ours, ...theirs])
      expect(await roles.countHolders('here', 'invoker')).toBe(3)
      const keysOnly = { member: [], key: undefined, 'external-key': [] }
      const externalOnly = { member: [], key: [{ environment: 'prod' }], 'external-key': undefined }
      expect(await roles.holders('here', 'invoker', 10, keysOnly)).toEqual([ours])
      expect(await roles.holders('here', 'invoker', 10, externalOnly)).toEqual(theirs)
      expect(await roles.countHolders('here', 'invoker', externalOnly)).toBe(2)
      await change(store, 'here', (tx) => tx.externalKeys.update({ ...inHere, roles: ['auditor'] }))
      await change(store, 'here', (tx) => tx.externalKeys.remove('here', 'ext_2'))
      expect(await roles.holders('here', 'invoker', 10)).toEqual([ours])
      expect(await roles.holders('here', 'auditor', 10)).toEqual([theirs[0]])
      expect(await roles.countHolders('there', 'invoker')).toBe(1)
    })

    test('show of their key what decides whether it works', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertPartners(store)
      const partnerKeys = (ids: readonly KeyId[]) => store.read.externalKeys.partnerKeys(ids)
      const known = {
        keyId: OURS,
        owner: 'owner',
        ownerName: 'OWNER',
        isPublic: false,
        active: true,
        endsAtMs: Infinity,
        deletedAtMs: null,
      }
      expect(await partnerKeys([OURS, keyId('unknown')])).toEqual([known])
      expect(await partnerKeys([])).toEqual([])
      const of = (id: typeof OURS) => partnerKeys([id]).then(([found]) => found)
      await change(store, 'owner', async (tx) => {
        await tx.consumers.insert(consumer('owner', 'con_1', { active: false, pipelines: [] }))
        await tx.keys.update(key('owner', OURS, { consumer: 'con_1', expiresAtMs: 7 }))
        await tx.keys.update(key('owner', OTHER, { active: false, deletedAtMs: 9 }))
      })
      expect(await of(OURS)).toEqual({ ...known, active: false, endsAtMs: 7 })
      expect(await of(OTHER)).toEqual({ ...known, keyId: OTHER, active: false, deletedAtMs: 9 })
      await change(store, 'owner', async (tx) => {
        await tx.keys.update(key('owner', OURS, { environment: null, consumer: 'con_1' }))
        await tx.keyAges.put(keyAge('owner', { maxLifetimeDays: 2 }))
        await tx.keyAges.put(keyAge('owner', { environment: null, maxLifetimeDays: 1 }))
      })
      expect(await of(OURS)).toEqual({ ...known, active: false, endsAtMs: FIRST_MS + DAY_MS })
    })

    test('remember their last use in each organization until they are removed', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertPartners(store)
      for (const row of [inHere, inThere, otherInHere]) {
        await change(store, row.organization, (tx) => tx.externalKeys.insert(row))
      }
      const use = (organization: string, lastUsedAtMs: number) =>
        usageRow({ organization, keyId: OURS, isExternal: organization !== 'owner', lastUsedAtMs })
      await store.addUsage([use('here', 30), use('there', 10), use('nowhere', 50), use('owner', 60)])
      await store.addUsage([use('here', 20), use('there', 15), use('there', 12)])
      const lastUses = (slug: string, ids: readonly KeyId[]) => store.read.externalKeys.lastUses(slug, ids)
      expect(await lastUses('here', [OURS, OTHER])).toEqual(new Map([[OURS, 30]]))
      expect(await lastUses('there', [OURS])).toEqual(new Map([[OURS, 15]]))
      expect(await lastUses('here', [])).toEqual(new Map())
      const accepted = await store.read.acceptances.list('owner', EVERYTHING)
      const found = accepted.items.map((row) => [row.keyId, row.partner, row.lastUsedAtMs])
      const ofOurs = [
        [OURS, 'here', 30],
        [OURS, 'there', 15],
      ]
      const ofOther = [[OTHER, 'here', null]]
      expect(found).toEqual(OURS < OTHER ? [...ofOurs, ...ofOther] : [...ofOther, ...ofOurs])
      // Each is also a use of the secret.
      const [secret] = (await store.read.keys.get('owner', OURS))?.secrets ?? []
      expect(secret).toMatchObject({ requests: 7, lastUsedAtMs: 60 })
      await change(store, 'here', (tx) => tx.externalKeys.remove('here', 'ext_1'))
      await store.addUsage([use('here', 70)])
      await change(store, 'here', (tx) => tx.externalKeys.insert(inHere))
      expect(await lastUses('here', [OURS])).toEqual(new Map())
    })
  })

  describe('refusals of acceptances', () => {
    test('switch off the external keys that they concern, until none is left', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertPartners(store)
      const rows = [inHere, otherInHere, inThere]
      for (const row of rows) await change(store, row.organization, (tx) => tx.externalKeys.insert(row))
      const { read } = store
      const allowed = async (): Promise<boolean[]> =>
        await Promise.all(
          rows.map(async ({ organization, id }) => {
            const row = await read.externalKeys.get(organization, id)
            return row?.allowed === true
          }),
        )
      const decide = async (
        kind: 'refuse' | 'allow',
        row: AcceptanceRefusalRow,
      ): Promise<readonly string[]> => {
        const { value, revision } = await change(store, 'owner', (tx) => tx.acceptances[kind](row))
        const decided = value.map(({ organization, id }) => `${organization} ${id}`).toSorted()
        // Gateways receive these external keys and no others.
        const changes = await store.feed.changesAfter(revision - 1, 1)
        const staged = decided.length === 0 || typeof changes === 'string' ? [] : changes
        const records = staged.flatMap((one) =>
          one.records.map((record) => ('id' in record ? record.id : '')),
        )
        expect(records.toSorted()).toEqual(value.map(({ id }) => id).toSorted())
        return decided
      }
      const all = refusal('owner')
      const ours = refusal('owner', { keyId: OURS })
      const oursHere = refusal('owner', { keyId: OURS, partner: 'here' })
      expect(await allowed()).toEqual([true, true, true])
      expect(await decide('refuse', oursHere)).toEqual(['here ext_1'])
      expect(await allowed()).toEqual([false, true, true])
      expect(await decide('refuse', ours)).toEqual(['there ext_1'])
      expect(await decide('refuse', all)).toEqual(['here ext_2'])
      expect(await allowed()).toEqual([false, false, false])
      expect(await read.acceptances.refusalsOf('owner', OURS)).toEqual([all, ours, oursHere])
      expect(await read.acceptances.refusalsOf('owner', OTHER)).toEqual([all])
      expect(await read.acceptances.get(ours)).toEqual(ours)
      expect(await decide('allow', ours)).toEqual([])
      expect(await decide('allow', all)).toEqual(['here ext_2', 'there ext_1'])
      expect(await allowed()).toEqual([false, true, true])
      expect(await decide('allow', oursHere)).toEqual(['here ext_1'])
      expect(await refusalOf(decide('allow', oursHere))).toBe('not_found')
      // Another organization's rules say nothing about these keys.
      const foreign = refusal('there', { keyId: OURS })
      await change(store, 'there', (tx) => tx.acceptances.refuse(foreign))
      expect(await allowed()).toEqual([true, true, true])
      expect(await refusalOf(change(store, 'there', (tx) => tx.acceptances.refuse(foreign)))).toBe('conflict')
    })

    test('concern an organization that adds the key later', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertPartners(store)
      await change(store, 'owner', (tx) =>
        tx.acceptances.refuse(refusal('owner', { keyId: OURS, partner: 'here' })),
      )
      await change(store, 'here', (tx) => tx.externalKeys.insert(inHere))
      expect((await store.read.externalKeys.get('here', 'ext_1'))?.allowed).toBe(false)
    })
  })
}
