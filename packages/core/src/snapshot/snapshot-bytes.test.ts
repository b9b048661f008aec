import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FeedRecord } from './feed-record.ts'
import { RECORD_KINDS } from './record-kinds.ts'
import { Snapshot } from './snapshot.ts'
import { SnapshotBytesError } from './snapshot-bytes.ts'
import { TABLE_KINDS } from './table-kinds.ts'
import { consumerOf, credentialOf, keyOf, OWNERS } from './testing/numbered-records.ts'

const OTHERS: readonly FeedRecord[] = [
  ...OWNERS,
  { kind: 'key-age', organization: 'acme', environment: 'prod', maxLifetimeDays: 30 },
  {
    kind: 'environment-variable',
    organization: 'acme',
    environment: 'prod',
    id: 'var_1',
    name: 'HOST',
    value: 'up.example.com \u0161',
  },
]

function recordsOf(count: number): FeedRecord[] {
  const numbers = Array.from({ length: count }, (_, number) => number)
  return [
    ...OTHERS,
    ...numbers.map((number) => consumerOf(number)),
    ...numbers.map((number) => keyOf(number)),
    ...numbers.map((number) => credentialOf(number)),
    ...numbers.map((number): FeedRecord => ({
      kind: 'external-key',
      organization: 'acme',
      id: `ext_${number}`,
      keyId: keyOf(number + 1_000_000).id,
      roles: ['caller'],
      active: true,
      addressRules: [],
      rateLimits: [],
    })),
  ]
}

function snapshotOf(records: readonly FeedRecord[], revision = 7): Snapshot {
  return Snapshot.empty().apply({ revision, atMs: 1, records })
}

async function piecesOf(snapshot: Snapshot): Promise<Uint8Array[]> {
  const pieces: Uint8Array[] = []
  for await (const piece of snapshot.toBytes()) pieces.push(piece)
  return pieces
}

async function bytesOf(snapshot: Snapshot): Promise<Uint8Array> {
  return Buffer.concat(await piecesOf(snapshot))
}

/** Divides bytes into chunks of so many. */
async function* chunksOf(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size))
}

async function read(bytes: Uint8Array, size = bytes.length): Promise<Snapshot> {
  return await Snapshot.fromBytes(chunksOf(bytes, size))
}

test('the kinds that are rows are those with a number in the bytes', () => {
  const rows = Object.entries(RECORD_KINDS).filter(([, kind]) => 'isRows' in kind)
  expect(new Set(rows.map(([name]) => name))).toEqual(new Set(TABLE_KINDS))
})

describe('a snapshot as bytes', () => {
  test.each([1, 3, 16, 1_000, 1_000_000])('comes back from chunks of %i bytes', async (size) => {
    const snapshot = snapshotOf(recordsOf(20), 2 ** 40 + 3)
    const copy = await read(await bytesOf(snapshot), size)
    expect(copy.toRecords()).toEqual(snapshot.toRecords())
    expect(copy.revision).toBe(2 ** 40 + 3)
    expect(copy.keys.foreignCount).toBe(snapshot.keys.foreignCount)
    expect(copy.basicCredential('acme', 'prod', 'user-3')?.id).toBe('bas_3')
    expect(copy.externalKey('acme', keyOf(1_000_004).id)?.id).toBe('ext_4')
  })

  test('leaves out what has been replaced or removed, and takes further changes', async () => {
    const first = snapshotOf(recordsOf(300))
    const changed = first.apply({
      revision: 8,
      atMs: 1,
      records: [
        ...Array.from({ length: 200 }, (_, number) => keyOf(number, { active: false, roles: ['caller'] })),
        ...Array.from({ length: 50 }, (_, number): FeedRecord => ({
          kind: 'removed',
          of: 'consumer',
          organization: 'acme',
          id: consumerOf(number).id,
        })),
      ],
    })
    const bytes = await bytesOf(changed)
    expect(bytes.length).toBeLessThan((await bytesOf(first)).length)
    const copy = await read(bytes)
    expect(copy.toRecords()).toEqual(changed.toRecords())
    const later = { revision: 9, atMs: 1, records: [keyOf(7), consumerOf(7, { name: 'other' }), keyOf(900)] }
    expect(copy.apply(later).toRecords()).toEqual(changed.apply(later).toRecords())
    expect(await bytesOf(copy)).toHaveLength(bytes.length)
  })

  test('of many rows is written in pieces', async () => {
    const snapshot = snapshotOf(recordsOf(2_000))
    const pieces = await piecesOf(snapshot)
    expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(2 ** 20)
    expect((await read(Buffer.concat(pieces), 10_000)).toRecords()).toEqual(snapshot.toRecords())
  })

  test('of nothing comes back, too', async () => {
    expect((await read(await bytesOf(Snapshot.empty()))).toRecords()).toEqual([])
  })
})

describe('bytes that are not a whole snapshot', () => {
  test('are refused, wherever they end', async () => {
    const bytes = await bytesOf(snapshotOf(recordsOf(3)))
    for (let end = 0; end < bytes.length; end += 1) {
      await expect(read(bytes.subarray(0, end))).rejects.toThrow(SnapshotBytesError)
    }
    await expect(read(Buffer.concat([bytes, Buffer.alloc(4)]))).rejects.toThrow(SnapshotBytesError)
    await expect(read(Buffer.concat([bytes, bytes]))).rejects.toThrow(SnapshotBytesError)
  })

  test('are refused if they are of another version or byte order', async () => {
    const bytes = await bytesOf(snapshotOf(recordsOf(1)))
    for (const change of [
      (copy: Buffer) => copy.writeUInt32LE(0x53_50_00_02, 8),
      (copy: Buffer) => copy.swap32(),
      (copy: Buffer) => copy.writeUInt32LE(2, 0),
    ]) {
      const copy = Buffer.from(bytes)
      change(copy)
      await expect(read(copy)).rejects.toThrow(SnapshotBytesError)
    }
  })

  test('are refused, or read to an end, whatever is changed in them', async () => {
    const bytes = await bytesOf(snapshotOf(recordsOf(6)))
    const change = fc.record({
      at: fc.nat({ max: bytes.length / 4 - 1 }),
      word: fc.oneof(
        fc.nat({ max: 2 ** 32 - 1 }),
        fc.constantFrom(0, 1, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0x8000ffff, 0xc0000001, 0xffffffff),
      ),
    })
    let refused = 0
    let accepted = 0
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const copy = Buffer.from(bytes)
        for (const { at, word } of changes) copy.writeUInt32LE(word, at * 4)
        const outcome = await read(copy).then(
          (snapshot) => snapshot.toRecords().length,
          (error: unknown) => error instanceof SnapshotBytesError,
        )
        expect(outcome).not.toBe(false)
        if (outcome === true) refused += 1
        else accepted += 1
      }),
      { numRuns: 800 },
    )
    expect(Math.min(refused, accepted)).toBeGreaterThan(100)
  })
})
