import { describe, expect, test } from 'vitest'
import type { Reader, Store } from '../../port/store.ts'
import { EXAMPLES, seedOf } from '../examples.ts'
import type { StoreWrites } from '../examples/example.ts'
import { EVERYTHING, insertOrganization, readSnapshot, type TestDatabase } from '../fixtures.ts'

/** Bookkeeping, what belongs to a person and not to an organization, and the audit log itself. */
const UNAUDITED: ReadonlySet<string> = new Set<keyof Reader>([
  'people',
  'providerLinks',
  'sessions',
  'secondFactors',
  'tickets',
  'passkeys',
  'probes',
  'scheduleRuns',
  'usage',
  'deliveries',
  'idempotency',
  'audit',
  'imports',
])

const SEED = seedOf('acme', 0)

/** Drops the audit records of each write. */
function withoutAudit(store: Store): StoreWrites {
  return {
    write: (work) => store.write((tx) => work({ ...tx, audit: () => undefined })),
    claimRun: (row) => store.claimRun(row),
    finishRun: (row) => store.finishRun(row),
    addUsage: (rows) => store.addUsage(rows),
    webhookQueues: store.webhookQueues,
  }
}

/** The row of an example, and everything that its write could have left behind elsewhere. */
async function stateOf(store: Store, name: keyof Reader): Promise<unknown> {
  return {
    row: await EXAMPLES[name].get(store.read, SEED),
    snapshot: await readSnapshot(store),
    audit: await store.read.audit.list('acme', EVERYTHING),
  }
}

/** Every change of an entity has an audit record. */
export function auditRecordsContract(database: () => Promise<TestDatabase>): void {
  describe('a write without an audit record', () => {
    test('is rolled back if it inserts, updates or removes any entity', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const refuses = async (name: keyof Reader, write: (store: StoreWrites) => Promise<unknown>) => {
        const before = await stateOf(store, name)
        await expect(write(withoutAudit(store))).rejects.toThrow('without an audit record')
        expect([name, await stateOf(store, name)]).toEqual([name, before])
      }
      const entities = Object.entries(EXAMPLES) as [keyof Reader, (typeof EXAMPLES)[keyof Reader]][]
      for (const [name, { insert }] of entities) {
        if (!UNAUDITED.has(name)) await refuses(name, (writes) => insert(writes, SEED))
        await insert(store, SEED)
      }
      for (const [name, { update, remove }] of entities.toReversed()) {
        if (UNAUDITED.has(name)) continue
        if (update !== null) {
          await refuses(name, (writes) => update(writes, SEED))
          await update(store, SEED)
        }
        if (remove === null) continue
        await refuses(name, (writes) => remove(writes, SEED))
        await remove(store, SEED)
      }
    })

    test('commits if it writes only bookkeeping', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      for (const [name, { insert, get, row }] of Object.entries(EXAMPLES)) {
        const isBookkeeping = UNAUDITED.has(name) && name !== 'audit'
        await insert(isBookkeeping ? withoutAudit(store) : store, SEED)
        expect([name, await get(store.read, SEED)]).toEqual([name, row(SEED)])
      }
    })
  })
}
