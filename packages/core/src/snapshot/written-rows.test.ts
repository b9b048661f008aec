import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ConsumerRecord, KeyRecord } from '../feed/records.ts'
import type { FeedRecord } from './feed-record.ts'
import { Snapshot } from './snapshot.ts'
import { RowWriter, type WrittenBatch } from './written-rows.ts'

const OWNERS: FeedRecord[] = [
  { kind: 'organization', slug: 'acme' },
  { kind: 'environment', organization: 'acme', name: 'prod' },
]

function consumerOf(number: number, labels: Record<string, string>): ConsumerRecord {
  return {
    kind: 'consumer',
    organization: 'acme',
    id: `con_${number}`,
    name: `consumer-${number}`,
    environment: 'prod',
    active: number % 2 === 0,
    pipelines: number % 3 === 0 ? [] : ['orders', `p${number % 7}`],
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  }
}

function keyOf(number: number, addressRules: readonly string[]): KeyRecord {
  return {
    kind: 'key',
    organization: 'acme',
    id: `key_${String(number).padStart(16, '0')}`,
    type: number % 5 === 0 ? 'public' : 'secret',
    environment: number % 4 === 0 ? null : 'prod',
    consumer: number % 6 === 0 ? null : `con_${number}`,
    roles: number % 2 === 0 ? [] : [`role-${number % 11}`],
    active: true,
    deleted: false,
    createdAtMs: 1_800_000_000_000,
    expiresAtMs: number % 3 === 0 ? 1_900_000_000_001 : null,
    addressRules,
    rateLimits: [],
    secrets: [{ sequence: 1, digest: 'a'.repeat(64), expiresAtMs: null, createdAtMs: 1_800_000_000_000 }],
    ...(number % 4 === 0 && { hasForeignToken: true as const }),
  }
}

function othersOf(number: number): FeedRecord[] {
  return [
    {
      kind: 'external-key',
      organization: 'acme',
      id: `exk_${number}`,
      keyId: `key_${String(number).padStart(16, '1')}`,
      roles: ['caller'],
      active: true,
      addressRules: number % 2 === 0 ? [] : ['10.0.0.0/8'],
      rateLimits: [],
    },
    {
      kind: 'basic-credential',
      organization: 'acme',
      environment: 'prod',
      id: `bas_${number}`,
      username: `user ${number}`,
      consumer: `con_${number}`,
      passwordHash: '$x$y',
    },
  ]
}

/** What two writers hand over: the first has all but consumers. A batch is sent to the other thread as a copy. */
async function* written(records: readonly FeedRecord[]): AsyncGenerator<WrittenBatch> {
  const writers = [new RowWriter(0, [3, 4]), new RowWriter(1, [3, 4])] as const
  for (const record of records) {
    const writer = record.kind === 'consumer' ? writers[1] : writers[0]
    writer.add(record)
    const batch = writer.take()
    if (batch !== undefined) yield structuredClone(batch)
  }
  for (const writer of writers) yield structuredClone(writer.finish())
  await Promise.resolve()
}

test('a snapshot of rows that two threads have written is the one of their records', async () => {
  const label = fc.dictionary(fc.constantFrom('team', 'tier'), fc.constantFrom('a', 'b\u0161'), {
    maxKeys: 2,
  })
  const rules = fc.array(fc.constantFrom('10.0.0.0/8', '::1/128'), { maxLength: 2 })
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(label, rules), { maxLength: 40 }), async (pairs) => {
      const records = [
        ...OWNERS,
        ...pairs.map(([labels], number) => consumerOf(number, labels)),
        ...pairs.map(([, addressRules], number) => keyOf(number, addressRules)),
        ...pairs.flatMap((_, number) => othersOf(number)),
      ]
      const loaded = await Snapshot.loadWritten(7, written(records), { seed: [3, 4] })
      const expected = records.reduce(
        (snapshot, record) => snapshot.apply({ revision: 7, atMs: 0, records: [record] }),
        Snapshot.empty(),
      )
      expect(loaded.toRecords()).toEqual(expected.toRecords())
      expect(loaded.keys.foreignCount).toBe(expected.keys.foreignCount)
      expect(loaded.basicCredential('acme', 'prod', 'user 0')).toEqual(
        expected.basicCredential('acme', 'prod', 'user 0'),
      )
    }),
    { numRuns: 50 },
  )
})

test('more rows than a segment has are handed over in several parts', async () => {
  const records = [...OWNERS, ...Array.from({ length: 8_000 }, (_, number) => keyOf(number, []))]
  const batches: WrittenBatch[] = []
  for await (const batch of written(records)) batches.push(batch)
  expect(batches.flatMap(({ tables }) => tables).length).toBeGreaterThan(2)
  const loaded = await Snapshot.loadWritten(1, fromList(batches), { seed: [3, 4] })
  expect(loaded.keys.size).toBe(8_000)
  expect(loaded.keys.find('key_0000000000007999')?.toRecord()).toEqual(keyOf(7_999, []))
})

test('rows that refer to a value that has not come are refused', async () => {
  const writer = new RowWriter(0, [3, 4])
  writer.add(keyOf(1, []))
  const batch = { ...writer.finish(), values: [] }
  await expect(Snapshot.loadWritten(1, fromList([batch]))).rejects.toThrow(RangeError)
})

test('values for which a writer has no number are in the rows', async () => {
  const records = Array.from({ length: 17_000 }, (_, number) =>
    keyOf(number, [`10.0.${number >> 8}.${number & 255}/32`]),
  )
  const loaded = await Snapshot.loadWritten(1, written(records), { seed: [3, 4] })
  expect(loaded.keys.find('key_0000000000016999')?.rules.addressRules).toEqual(['10.0.66.103/32'])
  expect(loaded.keys.find('key_0000000000000007')?.rules.addressRules).toEqual(['10.0.0.7/32'])
})

async function* fromList(batches: readonly WrittenBatch[]): AsyncGenerator<WrittenBatch> {
  for (const batch of batches) yield await Promise.resolve(batch)
}
