import { describe, expect, test } from 'vitest'
import { NO_KEY_AGE } from './key-age.ts'
import {
  currentSecret,
  keyEndsAtMs,
  keyRefusal,
  keyState,
  liveSecrets,
  secretEndsAtMs,
  type KeyFacts,
} from './key-state.ts'

const NOW = 1_800_000_000_000
const KEY: KeyFacts = {
  active: true,
  deletedAtMs: null,
  expiresAtMs: null,
  age: NO_KEY_AGE,
  secrets: [{ sequence: 1, createdAtMs: 0, expiresAtMs: null }],
}
const rolled = (graceEndsAtMs: number) => [
  { sequence: 1, createdAtMs: 0, expiresAtMs: graceEndsAtMs },
  { sequence: 2, createdAtMs: 0, expiresAtMs: null },
]

describe('keyState: a key', () => {
  test.each([
    ['is active by default', KEY, 'active'],
    ['is inactive when switched off', { ...KEY, active: false }, 'inactive'],
    ['is active one millisecond before its expiry', { ...KEY, expiresAtMs: NOW + 1 }, 'active'],
    ['is expired at its expiry', { ...KEY, expiresAtMs: NOW }, 'expired'],
    ['is rolling one millisecond before the grace ends', { ...KEY, secrets: rolled(NOW + 1) }, 'rolling'],
    ['is active at the end of the grace', { ...KEY, secrets: rolled(NOW) }, 'active'],
    ['is deleted once it is deleted', { ...KEY, deletedAtMs: NOW }, 'deleted'],
    ['is deleted when deletedAtMs is 0', { ...KEY, deletedAtMs: 0 }, 'deleted'],
    ['is expired when expiresAtMs is 0', { ...KEY, expiresAtMs: 0 }, 'expired'],
    [
      'is deleted even if inactive and expired',
      { ...KEY, deletedAtMs: 1, active: false, expiresAtMs: 1 },
      'deleted',
    ],
    ['is inactive even if expired', { ...KEY, active: false, expiresAtMs: 1 }, 'inactive'],
    ['is expired even if rolling', { ...KEY, expiresAtMs: NOW, secrets: rolled(NOW + 1) }, 'expired'],
  ] as const)('%s', (_name, key, state) => {
    expect(keyState(key, NOW)).toBe(state)
  })
})

describe('keyRefusal', () => {
  test.each([
    ['allows an active key', [false, true, Infinity, Infinity], undefined],
    ['allows a key and a secret with one millisecond left', [false, true, NOW + 1, NOW + 1], undefined],
    ['refuses a key at its expiry', [false, true, NOW, Infinity], 'key_expired'],
    ['refuses a secret at the end of its grace', [false, true, Infinity, NOW], 'key_outdated'],
    ['names the expiry of the key before that of the secret', [false, true, NOW, NOW], 'key_expired'],
    ['refuses an inactive key', [false, false, Infinity, Infinity], 'key_inactive'],
    ['names the inactive key before its expiry', [false, false, NOW, NOW], 'key_inactive'],
    ['refuses a deleted key', [true, true, Infinity, Infinity], 'key_deleted'],
    ['names the deletion first', [true, false, NOW, NOW], 'key_deleted'],
  ] as const)('%s', (_name, [deleted, active, key, secret], refusal) => {
    expect(keyRefusal(deleted, active, key, secret, NOW)).toBe(refusal)
  })
})

test('liveSecrets keeps the order and drops secrets whose grace has ended', () => {
  const secrets = [
    { sequence: 1, createdAtMs: 0, expiresAtMs: NOW },
    { sequence: 2, createdAtMs: 0, expiresAtMs: NOW + 1 },
    { sequence: 3, createdAtMs: 0, expiresAtMs: null },
  ]
  expect(liveSecrets({ secrets, age: NO_KEY_AGE }, NOW).map((secret) => secret.sequence)).toEqual([2, 3])
})

describe('a maximum lifetime of ten days', () => {
  const TEN_DAYS = 864_000_000
  const age = { rotationReminderDays: null, maxLifetimeDays: 10 } as const
  const old = { sequence: 1, createdAtMs: NOW - TEN_DAYS, expiresAtMs: NOW + 5_000 }
  const fresh = { sequence: 2, createdAtMs: NOW, expiresAtMs: null }
  const current = { ...old, expiresAtMs: null }

  test('expires a key with the lifetime of its current secret, and not one millisecond before', () => {
    const key = { ...KEY, age, secrets: [current] }
    expect(keyState(key, NOW - 1)).toBe('active')
    expect(keyState(key, NOW)).toBe('expired')
    expect(keyState({ ...key, active: false }, NOW)).toBe('inactive')
  })

  test('ends only the old secret of a rolled key', () => {
    const key = { ...KEY, age, secrets: [old, fresh] }
    expect(keyState(key, NOW - 1)).toBe('rolling')
    expect(keyState(key, NOW)).toBe('active')
    expect(liveSecrets(key, NOW)).toEqual([fresh])
  })

  test('counts from the old secret again after the undo of a roll', () => {
    const undone = { ...fresh, expiresAtMs: NOW - 1 }
    expect(currentSecret([current, undone])).toEqual(current)
    expect(keyEndsAtMs({ ...KEY, age, secrets: [current, undone] })).toBe(NOW)
    expect(currentSecret([old, undone])).toEqual(undone)
    expect(currentSecret([])).toBeUndefined()
  })

  test('leaves an earlier expiry and an earlier end of a grace as they are', () => {
    const key = { ...KEY, age, secrets: [current] }
    expect(keyEndsAtMs({ ...key, expiresAtMs: NOW - 1 })).toBe(NOW - 1)
    expect(keyEndsAtMs({ ...key, expiresAtMs: NOW + 1 })).toBe(NOW)
    expect(keyEndsAtMs({ ...key, secrets: [] })).toBe(Infinity)
    expect(secretEndsAtMs(key, { ...old, expiresAtMs: NOW - 1 })).toBe(NOW - 1)
    expect(secretEndsAtMs(key, old)).toBe(NOW)
    expect(secretEndsAtMs({ age: NO_KEY_AGE }, old)).toBe(NOW + 5_000)
  })
})
