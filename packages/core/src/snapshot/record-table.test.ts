import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { BasicCredentialRecord, ConsumerRecord, ExternalKeyRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import type { RowContext } from '../tables/row.ts'
import { ValuePool } from '../tables/value-pool.ts'
import { BASIC_CREDENTIAL_ROWS, basicCredentialNaturalKey } from './basic-credential-rows.ts'
import { CONSUMER_ROWS } from './consumer-rows.ts'
import { EXTERNAL_KEY_ROWS, externalKeyNaturalKey } from './external-key-rows.ts'
import { RecordTable, RecordTableLoader } from './record-table.ts'

function context(): RowContext {
  return { pool: new ValuePool(), seed: [3, 4] }
}

const base62 = fc
  .array(fc.constantFrom(...'0129AZaz'.split('')), { minLength: 16, maxLength: 16 })
  .map((characters) => characters.join(''))
const idWith = (prefix: string) =>
  fc.oneof(
    base62.map((text) => prefix + text),
    fc.string({ maxLength: 6 }),
  )
const names = fc.array(fc.string(), { maxLength: 3 })

const consumer: fc.Arbitrary<ConsumerRecord> = fc
  .record(
    {
      organization: fc.string(),
      id: idWith('con_'),
      name: fc.string({ unit: 'grapheme' }),
      environment: fc.string(),
      active: fc.boolean(),
      pipelines: names,
      projects: fc.array(fc.string(), { minLength: 1, maxLength: 3 }),
      labels: fc.dictionary(fc.constantFrom('team', 'constructor', 'a.b'), fc.string(), {
        minKeys: 1,
        noNullPrototype: true,
      }),
      plan: fc.string(),
    },
    { requiredKeys: ['organization', 'id', 'name', 'environment', 'active', 'pipelines'] },
  )
  .map((fields) => ({ kind: 'consumer', ...fields }))

const credential: fc.Arbitrary<BasicCredentialRecord> = fc.record({
  kind: fc.constant('basic-credential' as const),
  organization: fc.constantFrom('acme', 'partner'),
  environment: fc.constantFrom('test', 'prod'),
  id: idWith('bas_'),
  username: fc.string({ unit: 'grapheme' }),
  consumer: idWith('con_'),
  passwordHash: fc.string({ maxLength: 120 }),
})

const externalKey: fc.Arbitrary<ExternalKeyRecord> = fc.record({
  kind: fc.constant('external-key' as const),
  organization: fc.constantFrom('acme', 'partner'),
  id: idWith('ext_'),
  keyId: base62.map((text): KeyId => `key_${text}`),
  roles: names,
  active: fc.boolean(),
  addressRules: fc.subarray(['203.0.113.0/24', '::1/128']),
  rateLimits: fc.subarray([{ requests: 1, per: 'second' as const, by: 'consumer' as const }]),
})

/** The last record with each id, without those whose natural key a later one has. */
function lastOf<R extends { readonly id: string }>(
  records: readonly R[],
  naturalKeyOf: (record: R) => string,
): R[] {
  const last = new Map<string, R>()
  for (const record of records) {
    for (const other of last.values()) {
      if (naturalKeyOf(other) === naturalKeyOf(record)) last.delete(other.id)
    }
    last.set(record.id, record)
  }
  return [...last.values()]
}

const byId = <R extends { readonly id: string }>(records: Iterable<R>) =>
  [...records].toSorted((one, other) => (one.id < other.id ? -1 : 1))

describe('consumers', () => {
  test('come back as they were, one by one or loaded at once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(consumer), async (records) => {
        const last = lastOf(records, ({ id }) => id)
        const loader = new RecordTableLoader(CONSUMER_ROWS, context())
        for (const record of last) loader.add(record)
        for (const table of [
          RecordTable.empty(CONSUMER_ROWS, context()).withAll(records),
          await loader.build(() => Promise.resolve()),
        ]) {
          expect(byId(table.values())).toEqual(byId(last))
          for (const record of last) expect(table.find(record.id)).toEqual(record)
        }
      }),
    )
  })

  test('with the same associations share one list', () => {
    const [one] = fc.sample(consumer, 1)
    if (one === undefined) throw new Error('no sample')
    const others = ['con_a', 'con_b'].map((id) => ({ ...one, id, pipelines: ['orders'] }))
    const table = RecordTable.empty(CONSUMER_ROWS, context()).withAll(others)
    expect(table.find('con_a')?.pipelines).toBe(table.find('con_b')?.pipelines)
  })
})

test('Basic credentials are found by their username in an environment, and by their id', () => {
  const keyOf = ({ organization, environment, username }: BasicCredentialRecord) =>
    basicCredentialNaturalKey(organization, environment, username)
  fc.assert(
    fc.property(fc.array(credential), (records) => {
      const last = lastOf(records, keyOf)
      const table = RecordTable.empty(BASIC_CREDENTIAL_ROWS, context()).withAll(records)
      expect(byId(table.values())).toEqual(byId(last))
      for (const record of last) {
        expect(table.find(record.id)).toEqual(record)
        expect(table.findNatural(keyOf(record))).toEqual(record)
        expect(table.findNatural(`${keyOf(record)} `)).toBeUndefined()
      }
    }),
  )
})

test('external keys are found by their key in an organization, and by their id', () => {
  const keyOf = ({ organization, keyId }: ExternalKeyRecord) => externalKeyNaturalKey(organization, keyId)
  fc.assert(
    fc.property(fc.array(externalKey), (records) => {
      const last = lastOf(records, keyOf)
      const table = RecordTable.empty(EXTERNAL_KEY_ROWS, context()).withAll(records)
      expect(byId(table.values())).toEqual(byId(last))
      for (const record of last) {
        expect(table.find(record.id)).toEqual(record)
        expect(table.findNatural(keyOf(record))).toEqual(record)
        expect(table.findNatural(`other ${record.keyId}`)).toBeUndefined()
      }
    }),
  )
})
