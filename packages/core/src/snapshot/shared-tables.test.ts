import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeedRecord } from './feed-record.ts'
import { sharedInParts } from './shared-tables.ts'
import { Snapshot } from './snapshot.ts'
import { consumerOf, credentialOf, keyOf, OWNERS } from './testing/numbered-records.ts'

/** A thread that reads: what it gets is copied, apart from shared memory. */
class Reader {
  snapshot = Snapshot.empty()
  #before: Snapshot | undefined

  /** Hands over a snapshot as one message. */
  follow(after: Snapshot, records: readonly FeedRecord[]): void {
    const message = structuredClone({ tables: after.tablesSince(this.#before), records })
    this.snapshot = this.snapshot.withShared(after.revision, message.tables, message.records)
    this.#before = after
  }

  /** Hands over a whole snapshot, as a loaded one, in messages of few blocks of memory. @returns their number */
  load(after: Snapshot, blocksMax: number): number {
    let next = Snapshot.empty()
    const records = structuredClone([...after.otherRecords()])
    let messages = 0
    for (const tables of sharedInParts(after.tablesSince(undefined), blocksMax)) {
      next = next.withShared(after.revision, structuredClone(tables), messages === 0 ? records : [])
      messages += 1
    }
    this.snapshot = next
    this.#before = after
    return messages
  }
}

function apply(snapshot: Snapshot, records: readonly FeedRecord[]): Snapshot {
  return snapshot.apply({ revision: snapshot.revision + 1, atMs: 1, records })
}

async function loaded(records: readonly FeedRecord[]): Promise<Snapshot> {
  async function* batches(): AsyncGenerator<readonly FeedRecord[]> {
    yield await Promise.resolve(records)
  }
  return await Snapshot.load(1, batches(), { seed: [7, 9] })
}

const MANY = Array.from({ length: 2_000 }, (_, number) => number)
const MANY_RECORDS = [
  ...OWNERS,
  ...MANY.map((number) => consumerOf(number)),
  ...MANY.map((number) => keyOf(number, { hasForeignToken: true })),
  ...MANY.map((number) => credentialOf(number)),
]

const number = fc.integer({ min: 0, max: 40 })
const change = fc.oneof(
  number.map((of): FeedRecord => consumerOf(of)),
  fc
    .tuple(number, fc.string())
    .map(([of, role]): FeedRecord => keyOf(of, { roles: [role], labels: { role } })),
  number.map((of): FeedRecord => keyOf(of, { deleted: true, hasForeignToken: true })),
  fc.tuple(number, fc.constantFrom('ann', 'bob')).map(([of, name]) => credentialOf(of, name)),
  number.map((of): FeedRecord => ({
    kind: 'removed',
    of: 'consumer',
    organization: 'acme',
    id: consumerOf(of).id,
  })),
  fc.constantFrom('caller', 'other').map((name): FeedRecord => ({
    kind: 'role',
    organization: 'acme',
    name,
    grants: [{ permission: 'keys.read' }],
  })),
  fc.constant<FeedRecord>({
    kind: 'key-age',
    organization: 'acme',
    environment: 'prod',
    maxLifetimeDays: 30,
  }),
)

describe('a reading thread', () => {
  test('has what the writer has after each change', () => {
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 12 }), (changes) => {
        const reader = new Reader()
        let writer = apply(Snapshot.empty(), OWNERS)
        reader.follow(writer, OWNERS)
        for (const records of changes) {
          writer = apply(writer, records)
          reader.follow(writer, records)
          expect(reader.snapshot.revision).toBe(writer.revision)
          expect(reader.snapshot.toRecords()).toEqual(writer.toRecords())
          expect(reader.snapshot.keys.foreignCount).toBe(writer.keys.foreignCount)
        }
      }),
    )
  })

  test('gets a loaded snapshot in parts, and then its changes, also as pages are split and segments released', async () => {
    const reader = new Reader()
    let writer = await loaded(MANY_RECORDS)
    expect(reader.load(writer, 1)).toBeGreaterThan(12)
    expect(reader.snapshot.toRecords()).toEqual(writer.toRecords())
    for (let round = 0; round < 6; round += 1) {
      const records = MANY.map((of) => keyOf(of + round * 1_000, { roles: [`role-${round}`] }))
      writer = apply(writer, records)
      reader.follow(writer, records)
    }
    const removals = MANY.map((of): FeedRecord => ({
      kind: 'removed',
      of: 'consumer',
      organization: 'acme',
      id: consumerOf(of).id,
    }))
    writer = apply(writer, removals)
    reader.follow(writer, removals)
    expect(reader.snapshot.toRecords()).toEqual(writer.toRecords())
    expect(reader.snapshot.basicCredential('acme', 'prod', 'user-1999')?.id).toBe('bas_1999')
  })

  test('begins anew with a snapshot that was loaded again, and keeps nothing of the one before', async () => {
    const reader = new Reader()
    reader.load(await loaded(MANY_RECORDS), 1_000)
    const again = await loaded([...OWNERS, consumerOf(1), keyOf(1)])
    reader.load(again, 1_000)
    expect(reader.snapshot.toRecords()).toEqual(again.toRecords())
    expect(reader.snapshot.consumer(consumerOf(2).id)).toBeUndefined()
  })

  test('gets little for a change, however many rows there are', async () => {
    const before = await loaded(MANY_RECORDS)
    const { pool, tables } = apply(before, [keyOf(5, { active: false })]).tablesSince(before)
    expect(Object.keys(tables)).toEqual(['key'])
    const changed = tables.key?.byId.chunks.changed.flatMap(([, pages]) => pages.changed)
    expect(changed).toHaveLength(1)
    expect(tables.key?.segments.changed.length).toBeLessThanOrEqual(1)
    expect(pool.length).toBeLessThan(4)
  })

  test('that were to write would not change what the writer has', async () => {
    const reader = new Reader()
    const writer = await loaded(MANY_RECORDS)
    reader.load(writer, 1_000)
    const before = writer.toRecords()
    const own = apply(reader.snapshot, [
      keyOf(1, { roles: ['mine'], labels: { of: 'reader' } }),
      keyOf(9_999),
    ])
    expect(own.keys.find(keyOf(9_999).id)).toBeDefined()
    expect(writer.toRecords()).toEqual(before)
    expect(reader.snapshot.toRecords()).toEqual(before)
  })
})
