import { describe, expect, test } from 'vitest'
import {
  CONFIRMED_MS_MAX,
  isConfirmed,
  SESSION_IDLE_MS_MAX,
  sessionEndMs,
  sessionRefusal,
  type SessionFacts,
} from './session-state.ts'

const NOW_MS = 1_767_225_600_000

const session = (more: Partial<SessionFacts> = {}): SessionFacts => ({
  expiresAtMs: NOW_MS + 1,
  lastUsedAtMs: NOW_MS,
  secondFactorAtMs: null,
  ...more,
})

describe('a session', () => {
  test('lets a person in until its end, or until it was idle too long', () => {
    expect(sessionRefusal(session(), false, NOW_MS)).toBeUndefined()
    expect(sessionRefusal(session({ expiresAtMs: NOW_MS }), false, NOW_MS)).toBe('ended')
    const idle = (ms: number) => session({ lastUsedAtMs: NOW_MS - ms })
    expect(sessionRefusal(idle(SESSION_IDLE_MS_MAX - 1), false, NOW_MS)).toBeUndefined()
    expect(sessionRefusal(idle(SESSION_IDLE_MS_MAX), false, NOW_MS)).toBe('ended')
    expect(sessionEndMs(session())).toBe(NOW_MS + 1)
    expect(sessionEndMs(session({ expiresAtMs: Infinity }))).toBe(NOW_MS + SESSION_IDLE_MS_MAX)
  })

  test('needs the second factor of a person who has one, and ends all the same', () => {
    expect(sessionRefusal(session(), true, NOW_MS)).toBe('second_factor_required')
    expect(sessionRefusal(session({ secondFactorAtMs: 0 }), true, NOW_MS)).toBeUndefined()
    expect(sessionRefusal(session({ secondFactorAtMs: 0 }), false, NOW_MS)).toBeUndefined()
    expect(sessionRefusal(session({ expiresAtMs: NOW_MS }), true, NOW_MS)).toBe('ended')
  })

  test('is confirmed for five minutes', () => {
    expect(isConfirmed(NOW_MS, NOW_MS)).toBe(true)
    expect(isConfirmed(NOW_MS - CONFIRMED_MS_MAX + 1, NOW_MS)).toBe(true)
    expect(isConfirmed(NOW_MS - CONFIRMED_MS_MAX, NOW_MS)).toBe(false)
  })
})
