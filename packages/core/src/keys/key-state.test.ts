import { describe, expect, test } from 'vitest'
import { keyRefusal, keyState, liveSecrets, type KeyFacts } from './key-state.ts'

const NOW = 1_800_000_000_000
const KEY: KeyFacts = {
  active: true,
  deletedAtMs: null,
  expiresAtMs: null,
  secrets: [{ sequence: 1, expiresAtMs: null }],
}
const rolled = (graceEndsAtMs: number) => [
  { sequence: 1, expiresAtMs: graceEndsAtMs },
  { sequence: 2, expiresAtMs: null },
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
    { sequence: 1, expiresAtMs: NOW },
    { sequence: 2, expiresAtMs: NOW + 1 },
    { sequence: 3, expiresAtMs: null },
  ]
  expect(liveSecrets({ secrets }, NOW).map((secret) => secret.sequence)).toEqual([2, 3])
})
