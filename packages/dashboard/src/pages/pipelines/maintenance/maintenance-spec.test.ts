import { describe, expect, test } from 'vitest'
import {
  hasCallers,
  isInMaintenance,
  wayLive,
  withMaintenance,
  withoutMaintenance,
} from './maintenance-spec.ts'

const STEPS = [{ respond: { status: 200 } }]
const OPEN = { trigger: { kind: 'http', path: '/a' }, steps: STEPS }
const NOTHING = { detail: ' ', retryAfterSeconds: null, exceptAddresses: [] }

test('a spec is in maintenance while its trigger has an object for it', () => {
  expect(isInMaintenance({ trigger: { maintenance: {} } })).toBe(true)
  expect(isInMaintenance({ trigger: { maintenance: null } })).toBe(false)
  expect(isInMaintenance(OPEN)).toBe(false)
  expect(isInMaintenance('trigger')).toBe(false)
})

test('a schedule has no callers', () => {
  expect(hasCallers(OPEN)).toBe(true)
  expect(hasCallers({ trigger: { kind: 'schedule', schedule: '@daily' } })).toBe(false)
})

test('maintenance begins and ends without another change of the spec', () => {
  const said = { detail: ' We move. ', retryAfterSeconds: 60, exceptAddresses: ['203.0.113.7'] }
  const paused = withMaintenance({ ...OPEN, more: 1 }, said)
  expect(paused).toEqual({
    trigger: { kind: 'http', path: '/a', maintenance: { ...said, detail: 'We move.' } },
    steps: STEPS,
    more: 1,
  })
  expect(withoutMaintenance(paused)).toEqual({ ...OPEN, more: 1 })
  expect(withMaintenance(OPEN, NOTHING)).toMatchObject({ trigger: { maintenance: {} } })
})

describe('the way live of', () => {
  const paused = withMaintenance(OPEN, NOTHING)
  const before = {
    version: '1.0',
    spec: { steps: STEPS, trigger: { path: '/a', kind: 'http', maintenance: null } },
  }
  const during = { version: '1.1', spec: paused }

  test('a spec that a version of the major has already is that version', () => {
    expect(wayLive(withoutMaintenance(paused), '1.1', [during, before])).toEqual({
      kind: 'existing',
      version: '1.0',
    })
    expect(wayLive(paused, '1.0', [during, before])).toEqual({ kind: 'existing', version: '1.1' })
  })

  test('any other spec is a new version, a change of the newest', () => {
    const other = withMaintenance(OPEN, { ...NOTHING, retryAfterSeconds: 301 })
    expect(wayLive(other, '1.0', [during, before])).toEqual({ kind: 'new', base: '1.1' })
  })

  test('a spec of an older major is none unless a version has it', () => {
    const newer = { version: '2.0', spec: OPEN }
    expect(wayLive(paused, '1.0', [newer, before])).toEqual({ kind: 'none', newest: '2.0' })
    expect(wayLive(paused, '1.0', [newer, during, before])).toEqual({ kind: 'existing', version: '1.1' })
    expect(wayLive(OPEN, '1.1', [newer, during])).toEqual({ kind: 'none', newest: '2.0' })
  })

  test('the order of a list counts', () => {
    const [one, other] = [{ respond: {} }, { transform: { body: 'body' } }]
    const saved = { version: '1.0', spec: { ...OPEN, steps: [one, other] } }
    expect(wayLive({ ...OPEN, steps: [other, one] }, '1.0', [saved])).toEqual({ kind: 'new', base: '1.0' })
  })
})
