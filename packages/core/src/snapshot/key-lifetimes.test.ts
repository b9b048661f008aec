import { describe, expect, test } from 'vitest'
import type { KeyAgeRecord, KeyRecord, SecretRecord } from '../feed/records.ts'
import type { KeyId } from '../keys/key-text.ts'
import type { RowContext } from '../tables/row.ts'
import { ValuePool } from '../tables/value-pool.ts'
import { KeyTable, KeyTableLoader } from './key-table.ts'

function context(): RowContext {
  return { pool: new ValuePool(), seed: [0, 0] }
}

const DAY_MS = 86_400_000
const CREATED = 1_800_000_000_000

function secret(sequence: number, more: Partial<SecretRecord> = {}): SecretRecord {
  return { sequence, digest: 'a'.repeat(64), expiresAtMs: null, createdAtMs: CREATED, ...more }
}

function key(number: number, more: Partial<KeyRecord> = {}): KeyRecord {
  return {
    kind: 'key',
    organization: 'acme',
    id: `key_${String(number).padStart(16, '0')}`,
    type: 'secret',
    environment: 'prod',
    consumer: null,
    roles: [],
    active: true,
    deleted: false,
    createdAtMs: CREATED - DAY_MS,
    expiresAtMs: null,
    addressRules: [],
    rateLimits: [],
    secrets: [secret(1)],
    ...more,
  }
}

function policy(maxLifetimeDays: number | null, more: Partial<KeyAgeRecord> = {}): KeyAgeRecord {
  return { kind: 'key-age', organization: 'acme', environment: 'prod', maxLifetimeDays, ...more }
}

function endOf(table: KeyTable, { id }: { readonly id: KeyId }): number | undefined {
  return table.find(id)?.endsAtMs
}

describe('a maximum lifetime', () => {
  test('ends the keys of its environment only, and those without one only by their own policy', async () => {
    const keys = [
      key(1),
      key(2, { environment: 'test' }),
      key(3, { environment: null }),
      key(4, { organization: 'partner' }),
    ]
    const loader = new KeyTableLoader(context())
    for (const each of keys) loader.add(each)
    const loaded = await loader.build([policy(10), policy(20, { environment: null })], () =>
      Promise.resolve(),
    )
    const changed = keys
      .reduce((table, each) => table.with(each), KeyTable.empty(context()).withAge(policy(10)))
      .withAge(policy(20, { environment: null }))
    for (const table of [loaded, changed]) {
      expect(keys.map((each) => endOf(table, each))).toEqual([
        CREATED + 10 * DAY_MS,
        Infinity,
        CREATED + 20 * DAY_MS,
        Infinity,
      ])
    }
  })

  test('follows each change of the policy, and leaves earlier tables as they were', () => {
    const first = KeyTable.empty(context()).with(key(1)).withAge(policy(10))
    const loosened = first.withAge(policy(11))
    expect(endOf(loosened, key(1))).toBe(CREATED + 11 * DAY_MS)
    expect(endOf(loosened.withAge(policy(null)), key(1))).toBe(Infinity)
    expect(endOf(loosened.withoutAge('acme', 'test'), key(1))).toBe(CREATED + 11 * DAY_MS)
    expect(endOf(loosened.withoutAge('acme', 'prod'), key(1))).toBe(Infinity)
    expect(endOf(first, key(1))).toBe(CREATED + 10 * DAY_MS)
  })

  test('counts for the current secret and for the old one each from its own creation', () => {
    const rolled = key(1, {
      secrets: [
        secret(1, { createdAtMs: CREATED - 9 * DAY_MS, expiresAtMs: CREATED + 5 * DAY_MS }),
        secret(2),
      ],
    })
    const view = KeyTable.empty(context()).with(rolled).withAge(policy(10)).find(rolled.id)
    expect(view?.endsAtMs).toBe(CREATED + 10 * DAY_MS)
    expect(view?.secretEndsAtMs(0)).toBe(CREATED + DAY_MS)
    expect(view?.secretEndsAtMs(1)).toBe(CREATED + 10 * DAY_MS)
    expect(view?.isRolling(CREATED + DAY_MS - 1)).toBe(true)
    expect(view?.isRolling(CREATED + DAY_MS)).toBe(false)
  })

  test('counts from the old secret again after the undo of a roll', () => {
    const undone = key(1, {
      secrets: [secret(1, { createdAtMs: CREATED - DAY_MS }), secret(2, { expiresAtMs: CREATED })],
    })
    expect(endOf(KeyTable.empty(context()).with(undone).withAge(policy(10)), undone)).toBe(
      CREATED + 9 * DAY_MS,
    )
  })

  test('takes a secret whose record does not say when it was created for as old as its key', () => {
    const { createdAtMs: _createdAtMs, ...older } = secret(1)
    const table = KeyTable.empty(context())
      .with(key(1, { secrets: [older] }))
      .withAge(policy(10))
    expect(endOf(table, key(1))).toBe(CREATED + 9 * DAY_MS)
  })
})
