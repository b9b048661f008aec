import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { GRACE_SECONDS_DEFAULT, GRACE_SECONDS_MAX, SECRETS_PER_KEY_MAX } from './key-bounds.ts'
import { NO_KEY_AGE } from './key-age.ts'
import { liveSecrets, type KeyFacts } from './key-state.ts'
import { planFinish, planRoll, planUndo } from './rolling.ts'

const NOW = 1_700_000_000_000
const HOUR = 3_600_000

const key: KeyFacts = {
  active: true,
  deletedAtMs: null,
  expiresAtMs: null,
  age: NO_KEY_AGE,
  secrets: [{ sequence: 1, createdAtMs: NOW - HOUR, expiresAtMs: null }],
}

function rolled(from: KeyFacts, graceSeconds: number, nowMs: number): KeyFacts {
  const plan = planRoll(from, graceSeconds, nowMs)
  if (!plan.ok) throw new Error(plan.detail)
  return {
    ...from,
    secrets: [...plan.secrets, { sequence: plan.newSequence, createdAtMs: nowMs, expiresAtMs: null }],
  }
}

describe('planRoll', () => {
  test('ends the old secret after the grace and gives the new one the next number', () => {
    expect(planRoll(key, 12 * 3600, NOW)).toEqual({
      ok: true,
      secrets: [{ sequence: 1, createdAtMs: NOW - HOUR, expiresAtMs: NOW + 12 * HOUR }],
      newSequence: 2,
    })
  })

  test('shortens a grace that would outlive the key, and only such a grace', () => {
    const ends = { ...key, expiresAtMs: NOW + HOUR }
    expect(planRoll(ends, 3601, NOW)).toMatchObject({ secrets: [{ expiresAtMs: NOW + HOUR }] })
    expect(planRoll(ends, 3599, NOW)).toMatchObject({ secrets: [{ expiresAtMs: NOW + HOUR - 1000 }] })
  })

  test('ends the old secret at once without a grace', () => {
    expect(liveSecrets(rolled(key, 0, NOW), NOW)).toEqual([
      { sequence: 2, createdAtMs: NOW, expiresAtMs: null },
    ])
  })

  test('lets both secrets work for 12 hours unless the caller chooses, and for 30 days at most', () => {
    const graceOf = (seconds: number) => rolled(key, seconds, 0).secrets[0]?.expiresAtMs
    expect(graceOf(GRACE_SECONDS_DEFAULT)).toBe(12 * HOUR)
    expect(graceOf(GRACE_SECONDS_MAX)).toBe(720 * HOUR)
  })

  test('keeps the newest secrets of a key that is rolled often, and numbers them on', () => {
    let facts = key
    for (let roll = 1; roll < SECRETS_PER_KEY_MAX; roll += 1) facts = rolled(facts, 0, NOW)
    const sequences = () => facts.secrets.map(({ sequence }) => sequence)
    expect(sequences()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
    facts = rolled(facts, 0, NOW)
    expect(sequences()).toEqual([2, 3, 4, 5, 6, 7, 8, 9])
    expect(liveSecrets(facts, NOW)).toEqual([{ sequence: 9, createdAtMs: NOW, expiresAtMs: null }])
  })

  test('refuses a second roll until the grace of the first one has ended', () => {
    const pending = rolled(key, 60, NOW)
    expect(planRoll(pending, 60, NOW + 59_999)).toMatchObject({
      ok: false,
      code: 'roll_pending',
      detail: expect.stringContaining('Finish or undo'),
    })
    expect(planRoll(pending, 60, NOW + 60_000)).toMatchObject({ ok: true, newSequence: 3 })
  })

  test.each([
    ['inactive', { ...key, active: false }],
    ['expired', { ...key, expiresAtMs: NOW }],
    ['deleted', { ...key, deletedAtMs: NOW - 1 }],
  ])('refuses a key that is %s', (state, facts) => {
    expect(planRoll(facts, 60, NOW)).toMatchObject({
      ok: false,
      code: 'key_not_rollable',
      detail: expect.stringContaining(state),
    })
    expect(planRoll({ ...key, expiresAtMs: NOW + 1 }, 60, NOW)).toMatchObject({ ok: true })
  })
})

describe('planFinish and planUndo', () => {
  const pending = rolled(key, 60, NOW)

  test('finish ends the old secret now and keeps the new one', () => {
    const plan = planFinish(pending, NOW + 5)
    if (!plan.ok) throw new Error(plan.detail)
    expect(liveSecrets({ ...pending, secrets: plan.secrets }, NOW + 5)).toEqual([
      { sequence: 2, createdAtMs: NOW, expiresAtMs: null },
    ])
  })

  test('undo ends the new secret now and removes the end of the old one', () => {
    const plan = planUndo(pending, NOW + 5)
    if (!plan.ok) throw new Error(plan.detail)
    expect(liveSecrets({ ...pending, secrets: plan.secrets }, NOW + 5)).toEqual([
      { sequence: 1, createdAtMs: NOW - HOUR, expiresAtMs: null },
    ])
  })

  test('refuse to act without a pending roll', () => {
    for (const plan of [planFinish, planUndo]) {
      expect(plan(pending, NOW + 59_999)).toMatchObject({ ok: true })
      expect(plan(pending, NOW + 60_000)).toMatchObject({ ok: false, code: 'conflict' })
      expect(plan(key, NOW)).toMatchObject({
        ok: false,
        code: 'conflict',
        detail: expect.stringContaining('No roll of this key is pending'),
      })
    }
  })

  test('refuse a deleted key, even if its roll was pending', () => {
    for (const plan of [planFinish, planUndo]) {
      expect(plan({ ...pending, deletedAtMs: NOW }, NOW)).toMatchObject({ ok: false, code: 'conflict' })
      expect(plan({ ...pending, active: false }, NOW)).toMatchObject({ ok: true })
    }
  })
})

describe('with a maximum lifetime of one day', () => {
  const age = { rotationReminderDays: null, maxLifetimeDays: 1 } as const
  const endsAtMs = NOW + 23 * HOUR
  const limited = { ...key, age }

  test('a key can be rolled until its secret ends, and not from then on', () => {
    expect(planRoll(limited, 60, endsAtMs - 1)).toMatchObject({ ok: true, newSequence: 2 })
    expect(planRoll(limited, 60, endsAtMs)).toMatchObject({ ok: false, code: 'key_not_rollable' })
  })

  test('a roll is pending until the old secret ends by its age', () => {
    const pending = rolled(limited, 30 * 24 * 3600, NOW)
    for (const plan of [planFinish, planUndo]) {
      expect(plan(pending, endsAtMs - 1)).toMatchObject({ ok: true })
      expect(plan(pending, endsAtMs)).toMatchObject({ ok: false, code: 'conflict' })
    }
  })

  test('a roll ends a secret for good that only its age had ended', () => {
    const again = rolled(rolled(limited, 30 * 24 * 3600, NOW), 60, endsAtMs)
    expect(liveSecrets({ ...again, age: NO_KEY_AGE }, endsAtMs).map(({ sequence }) => sequence)).toEqual([
      2, 3,
    ])
  })
})

test('any sequence of operations leaves one or two live secrets and never reuses a number', () => {
  const step = fc.record({
    what: fc.constantFrom('roll', 'finish', 'undo'),
    graceSeconds: fc.integer({ min: 0, max: 100 }),
    laterMs: fc.integer({ min: 0, max: 100_000 }),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      let nowMs = NOW
      let facts = key
      const seen = new Set([1])
      for (const { what, graceSeconds, laterMs } of steps) {
        nowMs += laterMs
        if (what === 'roll') {
          const plan = planRoll(facts, graceSeconds, nowMs)
          if (!plan.ok) continue
          expect(seen.has(plan.newSequence)).toBe(false)
          seen.add(plan.newSequence)
          // The secret in use is kept, with a grace.
          const [inUse] = liveSecrets(facts, nowMs)
          expect(plan.secrets.map(({ sequence }) => sequence)).toContain(inUse?.sequence)
          facts = {
            ...facts,
            secrets: [...plan.secrets, { sequence: plan.newSequence, createdAtMs: nowMs, expiresAtMs: null }],
          }
        } else {
          const plan = what === 'finish' ? planFinish(facts, nowMs) : planUndo(facts, nowMs)
          if (plan.ok) facts = { ...facts, secrets: plan.secrets }
        }
        const live = liveSecrets(facts, nowMs).length
        expect(live === 1 || live === 2).toBe(true)
        expect(facts.secrets.length).toBeLessThanOrEqual(8)
      }
    }),
  )
})
