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

describe('keyState', () => {
  test.each([
    ['nothing said against it', KEY, 'active'],
    ['switched off', { ...KEY, active: false }, 'inactive'],
    ['one millisecond before its expiry', { ...KEY, expiresAtMs: NOW + 1 }, 'active'],
    ['at its expiry', { ...KEY, expiresAtMs: NOW }, 'expired'],
    ['one millisecond before the grace ends', { ...KEY, secrets: rolled(NOW + 1) }, 'rolling'],
    ['at the end of the grace', { ...KEY, secrets: rolled(NOW) }, 'active'],
    ['deleted', { ...KEY, deletedAtMs: NOW }, 'deleted'],
    ['deleted at the epoch', { ...KEY, deletedAtMs: 0 }, 'deleted'],
    ['expired at the epoch', { ...KEY, expiresAtMs: 0 }, 'expired'],
    ['deleted, off and expired', { ...KEY, deletedAtMs: 1, active: false, expiresAtMs: 1 }, 'deleted'],
    ['off and expired', { ...KEY, active: false, expiresAtMs: 1 }, 'inactive'],
    ['expired and rolling', { ...KEY, expiresAtMs: NOW, secrets: rolled(NOW + 1) }, 'expired'],
  ] as const)('%s', (_name, key, state) => {
    expect(keyState(key, NOW)).toBe(state)
  })
})

describe('keyRefusal', () => {
  test.each([
    ['nothing', [false, true, Infinity, Infinity], undefined],
    ['one millisecond left of both', [false, true, NOW + 1, NOW + 1], undefined],
    ['the key at its expiry', [false, true, NOW, Infinity], 'key_expired'],
    ['the secret at the end of its grace', [false, true, Infinity, NOW], 'key_outdated'],
    ['both at once', [false, true, NOW, NOW], 'key_expired'],
    ['off', [false, false, Infinity, Infinity], 'key_inactive'],
    ['off and expired', [false, false, NOW, NOW], 'key_inactive'],
    ['deleted', [true, true, Infinity, Infinity], 'key_deleted'],
    ['everything', [true, false, NOW, NOW], 'key_deleted'],
  ] as const)('%s', (_name, [deleted, active, key, secret], refusal) => {
    expect(keyRefusal(deleted, active, key, secret, NOW)).toBe(refusal)
  })
})

test('liveSecrets keeps the order and leaves out what is over', () => {
  const secrets = [
    { sequence: 1, expiresAtMs: NOW },
    { sequence: 2, expiresAtMs: NOW + 1 },
    { sequence: 3, expiresAtMs: null },
  ]
  expect(liveSecrets({ secrets }, NOW).map((secret) => secret.sequence)).toEqual([2, 3])
})
