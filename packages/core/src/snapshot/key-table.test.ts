import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KeyRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import type { RowContext } from '../tables/row.ts'
import { ValuePool } from '../tables/value-pool.ts'
import { KeyTable, KeyTableLoader } from './key-table.ts'

const digestOf = (text: string) => createHash('sha256').update(text).digest()

const ALL_IDS = Array.from(
  { length: 26 },
  (_, number): KeyId => `key_${number.toString(36).padStart(16, 'Zz')}`,
)
const IDS = ALL_IDS.slice(0, 24)
const ABSENT = ALL_IDS.slice(24)

function context(): RowContext {
  return { pool: new ValuePool(), seed: [0, 0] }
}

const time = fc.oneof(fc.integer({ min: 0, max: 4_000_000_000_000 }), fc.constant(Number.MAX_SAFE_INTEGER))
const optionalTime = fc.option(time)
const secret = fc.record({
  sequence: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  digest: fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Buffer.from(bytes).toString('hex')),
  expiresAtMs: optionalTime,
  createdAtMs: fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((seconds) => seconds * 1000),
})
const unlabelledKey: fc.Arbitrary<KeyRecord> = fc.record({
  kind: fc.constant('key' as const),
  organization: fc.constantFrom('acme', 'partner', ''),
  id: fc.constantFrom(...IDS),
  type: fc.constantFrom('public' as const, 'secret' as const),
  environment: fc.option(fc.constantFrom('test', 'prod')),
  consumer: fc.option(fc.string()),
  roles: fc.array(fc.constantFrom('owner', 'a b', 'a', 'b', ''), { maxLength: 3 }),
  active: fc.boolean(),
  deleted: fc.boolean(),
  createdAtMs: time,
  expiresAtMs: optionalTime,
  addressRules: fc.subarray(['203.0.113.0/24', '::1/128']),
  rateLimits: fc.subarray([
    { requests: 1, per: 'second' as const, by: 'consumer' as const },
    { requests: 1, per: 'second' as const, by: 'credential' as const },
  ]),
  secrets: fc.array(secret, { maxLength: 4 }),
})
const labels = fc.constantFrom(
  { team: 'payments' },
  { team: 'payments', constructor: '' },
  { tier: 'payments' },
)
const ownKeyRecord: fc.Arbitrary<KeyRecord> = fc.oneof(
  unlabelledKey,
  fc.tuple(unlabelledKey, labels).map(([key, own]) => ({ ...key, labels: own })),
)

const keyRecord: fc.Arbitrary<KeyRecord> = fc
  .tuple(ownKeyRecord, fc.boolean())
  .map(([key, isForeign]) => (isForeign ? { ...key, hasForeignToken: true } : key))

function foreignCount(keys: Iterable<KeyRecord>): number {
  return [...keys].filter(({ hasForeignToken }) => hasForeignToken).length
}

function sorted(records: Iterable<KeyRecord>): KeyRecord[] {
  return [...records].toSorted((one, other) => (one.id < other.id ? -1 : 1))
}

function recordsOf(table: KeyTable): KeyRecord[] {
  return sorted(table.views().map((view) => view.toRecord()))
}

async function loaded(keys: Iterable<KeyRecord>): Promise<KeyTable> {
  const loader = new KeyTableLoader(context())
  for (const key of keys) loader.add(key)
  return await loader.build([], () => Promise.resolve())
}

describe('KeyTable', () => {
  test('behaves like a Map, built key by key or loaded at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(keyRecord, { maxLength: 40 }), async (changes) => {
        let table = KeyTable.empty(context())
        const model = new Map<KeyId, KeyRecord>()
        for (const key of changes) {
          table = table.with(key)
          model.set(key.id, key)
          expect(table.size).toBe(model.size)
          expect(table.foreignCount).toBe(foreignCount(model.values()))
        }
        for (const each of [table, await loaded(model.values())]) {
          expect(each.size).toBe(model.size)
          expect(each.foreignCount).toBe(foreignCount(model.values()))
          for (const id of IDS) expect(each.find(id)?.toRecord()).toEqual(model.get(id))
          for (const id of ABSENT) expect(each.find(id)).toBeUndefined()
          expect(recordsOf(each)).toEqual(sorted(model.values()))
        }
      }),
    )
  })

  test('is the same after all keys of a change at once as after one key at a time', () => {
    fc.assert(
      fc.property(fc.array(fc.array(keyRecord, { maxLength: 20 }), { maxLength: 5 }), (changes) => {
        let atOnce = KeyTable.empty(context())
        let oneByOne = KeyTable.empty(context())
        for (const keys of changes) {
          const before = atOnce
          const records = recordsOf(before)
          atOnce = atOnce.withAll(keys)
          for (const key of keys) oneByOne = oneByOne.with(key)
          expect(atOnce.size).toBe(oneByOne.size)
          expect(atOnce.foreignCount).toBe(oneByOne.foreignCount)
          expect(recordsOf(atOnce)).toEqual(recordsOf(oneByOne))
          for (const id of IDS) expect(atOnce.find(id)?.toRecord()).toEqual(oneByOne.find(id)?.toRecord())
          for (const id of ABSENT) expect(atOnce.find(id)).toBeUndefined()
          expect(recordsOf(before)).toEqual(records)
        }
      }),
    )
  })

  test('leaves earlier tables unchanged', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(keyRecord, { maxLength: 12 }),
        fc.array(keyRecord, { maxLength: 12 }),
        async (before, after) => {
          const start = await loaded(new Map(before.map((key) => [key.id, key])).values())
          const records = recordsOf(start)
          let table = start
          for (const key of after) table = table.with(key)
          expect(recordsOf(start)).toEqual(records)
          const both = new Map([...before, ...after].map((key) => [key.id, key]))
          expect(recordsOf(table)).toEqual(sorted(both.values()))
        },
      ),
    )
  })

  test('finds each secret by its digest, and none when one bit differs', () => {
    const names = ['one', 'two', 'three']
    fc.assert(
      fc.property(keyRecord, keyRecord, fc.nat(255), (key, other, bit) => {
        fc.pre(key.id !== other.id)
        const secrets = names.map((name, index) => ({
          sequence: index + 1,
          digest: digestOf(name).toString('hex'),
          // A time whose binary form has bits in both words.
          expiresAtMs: 1_800_000_000_001 + index,
        }))
        const view = KeyTable.empty(context())
          .with(other)
          .with({ ...key, secrets })
          .with(other)
          .find(key.id)
        for (const [index, name] of names.entries()) {
          const digest = digestOf(name)
          expect(view?.findSecret(digest)).toBe(index)
          expect(view?.secretSequence(index)).toBe(index + 1)
          expect(view?.secretExpiresAtMs(index)).toBe(1_800_000_000_001 + index)
          digest.writeUInt8(digest.readUInt8(bit >>> 3) ^ (1 << (bit & 7)), bit >>> 3)
          expect(view?.findSecret(digest)).toBe(-1)
        }
      }),
    )
  })

  test('never finds the secret of another key, such as the next one in memory', async () => {
    const [sample] = fc.sample(keyRecord, 1)
    if (sample === undefined) throw new Error('no sample')
    const keys = IDS.map((id) => ({
      ...sample,
      id,
      secrets: [{ sequence: 1, digest: digestOf(id).toString('hex'), expiresAtMs: null }],
    }))
    const table = await loaded(keys)
    for (const id of IDS) {
      for (const other of IDS) {
        expect(table.find(id)?.findSecret(digestOf(other))).toBe(id === other ? 0 : -1)
      }
    }
  })

  test('returns the expiry, or Infinity without one', () => {
    const [id = 'key_'] = IDS
    const [sample] = fc.sample(keyRecord, 1)
    if (sample === undefined) throw new Error('no sample')
    const view = (expiresAtMs: number | null) =>
      KeyTable.empty(context())
        .with({ ...sample, id, expiresAtMs })
        .find(id)
    expect(view(null)?.expiresAtMs).toBe(Infinity)
    expect(view(1_800_000_000_000)?.expiresAtMs).toBe(1_800_000_000_000)
    expect(view(0)?.expiresAtMs).toBe(0)
  })

  test.each([
    ['a digit missing', 'a'.repeat(63)],
    ['a digit too many', 'a'.repeat(65)],
    ['a capital letter', `${'a'.repeat(63)}A`],
    ['a character that is not a digit', `${'a'.repeat(63)}g`],
    ['a character outside Latin-1', `${'a'.repeat(63)}\u0161`],
    ['an invalid first digit', `g${'a'.repeat(63)}`],
  ])('rejects a digest with %s', (_name, digest) => {
    const [sample] = fc.sample(keyRecord, 1)
    if (sample === undefined) throw new Error('no sample')
    const secrets = [{ sequence: 1, digest: 'a'.repeat(64), expiresAtMs: null }]
    expect(() => KeyTable.empty(context()).with({ ...sample, secrets })).not.toThrow()
    expect(() =>
      KeyTable.empty(context()).with({ ...sample, secrets: [{ sequence: 1, digest, expiresAtMs: null }] }),
    ).toThrow(new RangeError('a digest has 64 hexadecimal digits'))
  })

  test('has keys whose values are too large for the pool', () => {
    const samples = fc.sample(keyRecord, IDS.length).map((key, index) => ({
      ...key,
      id: IDS[index] ?? key.id,
      consumer: `${index}${'y'.repeat(10_000)}`,
      roles: [`${index}${'z'.repeat(17_000)}`],
      addressRules: [`${index}${'w'.repeat(17_000)}`],
    }))
    const table = KeyTable.empty(context()).withAll(samples)
    expect(recordsOf(table)).toEqual(sorted(samples))
    expect(table.records.context.pool.size).toBe(0)
  })

  test('refuses more secrets than a row can count', () => {
    const [sample] = fc.sample(keyRecord, 1)
    if (sample === undefined) throw new Error('no sample')
    const secrets = Array.from({ length: 256 }, (_, index) => ({
      sequence: index + 1,
      digest: 'a'.repeat(64),
      expiresAtMs: null,
      createdAtMs: 0,
    }))
    const most = { ...sample, secrets: secrets.slice(1) }
    expect(recordsOf(KeyTable.empty(context()).with(most))).toEqual([most])
    expect(() => KeyTable.empty(context()).with({ ...sample, secrets })).toThrow(
      new RangeError('a key has at most 255 secrets'),
    )
  })

  test('takes at most 100 bytes for a key with a consumer and one secret', async () => {
    const count = 20_000
    const keys = Array.from({ length: count }, (_, number): KeyRecord => ({
      kind: 'key',
      organization: 'acme',
      id: `key_${number.toString(36).padStart(16, '0')}`,
      type: 'secret',
      environment: 'prod',
      consumer: `con_${number.toString(36).padStart(16, '0')}`,
      roles: [],
      active: true,
      deleted: false,
      createdAtMs: 1_800_000_000_001 + number,
      expiresAtMs: null,
      addressRules: [],
      rateLimits: [],
      secrets: [{ sequence: 1, digest: 'a'.repeat(64), expiresAtMs: null }],
    }))
    const table = await loaded(keys)
    expect(keys.filter(({ id }) => table.find(id)?.id !== id)).toEqual([])
    // 20 words, and a slot and a half.
    expect(table.byteLength / count).toBeGreaterThan(86)
    expect(table.byteLength / count).toBeLessThan(100)
  })
})
