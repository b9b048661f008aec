import { describe, expect, test } from 'vitest'
import { NO_KEY_AGE } from './key-age.ts'
import type { SecretFacts } from './key-state.ts'
import { planRoll, planUndo } from './rolling.ts'
import { planGrace, rotationDueMs, rotationSubject } from './rotation.ts'

const NOW = 1_700_000_000_000
const HOUR = 3_600_000
const DAY = 24 * HOUR

const key = {
  active: true,
  deletedAtMs: null,
  expiresAtMs: null,
  age: NO_KEY_AGE,
  secrets: [{ sequence: 1, expiresAtMs: null, createdAtMs: NOW }],
}
const rolling = {
  ...key,
  secrets: [
    { sequence: 1, expiresAtMs: NOW + 5 * DAY, createdAtMs: NOW - 9 * DAY },
    { sequence: 2, expiresAtMs: null, createdAtMs: NOW },
  ],
}

describe('a rotation is due', () => {
  test('so many days after the creation of the newest secret', () => {
    expect(rotationDueMs(key, 1)).toBe(NOW + DAY)
    expect(rotationDueMs(key, 365)).toBe(NOW + 365 * DAY)
    expect(rotationDueMs({ ...key, secrets: [] }, 1)).toBe(DAY)
  })

  test('not before the grace of the old secret has ended', () => {
    expect(rotationDueMs(rolling, 4)).toBe(NOW + 5 * DAY)
    expect(rotationDueMs(rolling, 6)).toBe(NOW + 6 * DAY)
  })

  test('counted from the secret of a roll that was undone', () => {
    const plan = planUndo(rolling, NOW + HOUR)
    const undone = { ...rolling, secrets: plan.ok ? plan.secrets : [] }
    expect(rotationDueMs(undone, 4)).toBe(NOW + 4 * DAY)
  })
})

describe('the grace after a delivery', () => {
  test('begins when the new token has arrived', () => {
    expect(planGrace(rolling, 12 * 3600, NOW + DAY)?.secrets).toEqual([
      { ...rolling.secrets[0], expiresAtMs: NOW + DAY + 12 * HOUR },
      rolling.secrets[1],
    ])
  })

  test('never lets the old secret work longer than planned', () => {
    const late = NOW + 5 * DAY - 12 * HOUR
    expect(planGrace(rolling, 12 * 3600, late)?.secrets[0]?.expiresAtMs).toBe(NOW + 5 * DAY)
    expect(planGrace(rolling, 12 * 3600, late + 1)?.secrets[0]?.expiresAtMs).toBe(NOW + 5 * DAY)
    expect(planGrace(rolling, 12 * 3600, late - 1)?.secrets[0]?.expiresAtMs).toBe(NOW + 5 * DAY - 1)
  })

  test('is none for a roll that has ended, and for a deleted key', () => {
    expect(planGrace(rolling, 60, NOW + 5 * DAY)).toBeUndefined()
    expect(planGrace(rolling, 60, NOW + 5 * DAY - 1)).toBeDefined()
    expect(planGrace({ ...rolling, deletedAtMs: NOW }, 60, NOW)).toBeUndefined()
    expect(planGrace(key, 60, NOW)).toBeUndefined()
  })
})

test('a key keeps its live secret, however often its rolls are undone', () => {
  let secrets: readonly SecretFacts[] = key.secrets
  for (let roll = 0; roll < 20; roll += 1) {
    const plan = planRoll({ ...key, secrets }, 60, NOW)
    const added = plan.ok
      ? [...plan.secrets, { sequence: plan.newSequence, expiresAtMs: null, createdAtMs: NOW }]
      : []
    const undone = planUndo({ ...key, secrets: added }, NOW)
    secrets = undone.ok ? undone.secrets : []
  }
  expect(secrets.map(({ sequence }) => sequence)).toEqual([1, 15, 16, 17, 18, 19, 20, 21])
  expect(secrets[0]?.expiresAtMs).toBeNull()
})

test('each new secret has a subject of its own', () => {
  expect(rotationSubject('key_1', 2)).toBe('key-rotation/key_1/2')
})
