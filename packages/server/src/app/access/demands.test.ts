import { CONFIRMED_MS_MAX, type Grant, NO_CUSTOM_ROLES } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { member } from '../testing/member.ts'
import { problemOf } from '../testing/problems.ts'
import type { Actor, ActorReaders, Demand } from './actor.ts'
import { NO_BOUNDS, type CredentialBounds } from './credential-bounds.ts'
import { recordingActor, requireDemands } from './demands.ts'
import { isPermitted } from './permission-checks.ts'
import { requireCovered, requireWithinBounds } from './roles.ts'
import { requireStepUp } from './step-up.ts'

const READER = [{ permission: 'keys.read' }] as const

async function refusal(actor: Actor, ...demands: readonly Demand[]): Promise<unknown> {
  const { code, extensions } = await problemOf(
    (async () => await Promise.resolve(requireDemands(actor, demands, () => 0)))(),
  )
  return [code, extensions]
}

describe('a recording actor', () => {
  test('is the same actor', () => {
    const bounds = { ...NO_BOUNDS, expiresAtMs: 5 }
    const rolesIn = (organization: string) => (organization === 'acme' ? ['reader'] : [])
    const { actor } = recordingActor(member({ acme: READER }, { bounds, rolesIn }))
    expect(actor).toMatchObject({ kind: 'member', id: 'mem_1', organizations: ['acme'], bounds })
    expect(actor.grantsIn('acme')).toBe(READER)
    expect(actor.grantsIn('rival')).toBeUndefined()
    expect([actor.rolesIn('acme'), actor.rolesIn('rival')]).toEqual([['reader'], []])
    expect(recordingActor(member({})).actor.bounds).toEqual(NO_BOUNDS)
  })

  test('records each check that it passes, in order', () => {
    const { actor, demands } = recordingActor(member({ acme: READER }))
    expect(demands).toEqual([])
    isPermitted({ actor }, 'acme', 'keys.read', { environment: 'prod' })
    isPermitted({ actor }, 'acme', 'keys.write', {})
    requireCovered(
      { actor, nowMs: () => 0 },
      { organization: 'acme', roles: [], environment: null },
      NO_CUSTOM_ROLES,
    )
    requireWithinBounds({ actor }, 'keys.create', NO_BOUNDS)
    expect(demands).toEqual([
      {
        kind: 'permission',
        organization: 'acme',
        permission: 'keys.read',
        target: { environment: 'prod' },
      },
      { kind: 'grants', organization: 'acme', grants: [] },
      { kind: 'bounds', permission: 'keys.create', bounds: NO_BOUNDS },
    ])
  })

  test('has the bounds of now after it is renewed', async () => {
    let bounds: CredentialBounds = NO_BOUNDS
    const renewed: unknown[] = []
    const original: Actor = {
      ...member({}),
      get bounds() {
        return bounds
      },
      renew: async (_readers, nowMs) => {
        bounds = { ...NO_BOUNDS, expiresAtMs: nowMs }
        renewed.push(await Promise.resolve(nowMs))
      },
    }
    const { actor } = recordingActor(original)
    const readers = {} as ActorReaders
    await actor.renew?.(readers, 7)
    expect([renewed, actor.bounds]).toEqual([[7], { ...NO_BOUNDS, expiresAtMs: 7 }])
    await recordingActor(member({})).actor.renew?.(readers, 7)
  })
})

describe('a recorded check', () => {
  test('of a permission is made on the same target again', async () => {
    const demand = (environment: string): Demand => ({
      kind: 'permission',
      organization: 'acme',
      permission: 'keys.read',
      target: { environment },
    })
    const actor = member({ acme: [{ permission: 'keys.read', environment: 'prod' }] })
    requireDemands(actor, [demand('prod'), demand('prod')], () => 0)
    expect(await refusal(actor, demand('prod'), demand('test'))).toEqual([
      'permission_missing',
      { permission: 'keys.read' },
    ])
    expect(await refusal(member({ rival: READER }), demand('prod'))).toEqual([
      'permission_missing',
      { permission: 'keys.read' },
    ])
  })

  test('of given grants names the first one that the actor no longer has', async () => {
    const demand = (...grants: readonly Grant[]): Demand => ({ kind: 'grants', organization: 'acme', grants })
    const actor = member({ acme: READER })
    requireDemands(actor, [demand(), demand({ permission: 'keys.read', environment: 'prod' })], () => 0)
    expect(
      await refusal(actor, demand(...READER, { permission: 'keys.roll' }, { permission: 'keys.write' })),
    ).toEqual(['permission_missing', { permission: 'keys.roll' }])
    expect(await refusal(member({ rival: READER }), demand(...READER))).toEqual([
      'permission_missing',
      { permission: 'keys.read' },
    ])
  })

  test('of a step-up holds for five minutes', async () => {
    const confirmed = (confirmedAtMs: number): Actor => member({}, { confirmedAtMs })
    const { actor, demands } = recordingActor(confirmed(0))
    requireStepUp({ actor, nowMs: () => CONFIRMED_MS_MAX - 1 })
    expect(demands).toEqual([{ kind: 'step-up' }])
    requireDemands(confirmed(1), demands, () => CONFIRMED_MS_MAX)
    await expect(
      (async () => await Promise.resolve(requireDemands(confirmed(0), demands, () => CONFIRMED_MS_MAX)))(),
    ).rejects.toThrow(expect.objectContaining({ code: 'step_up_required' }) as Error)
  })

  test('of given bounds is made against the bounds of now; an actor without bounds passes', async () => {
    const given: Demand = {
      kind: 'bounds',
      permission: 'keys.create',
      bounds: { ...NO_BOUNDS, expiresAtMs: 9 },
    }
    requireDemands(member({}), [given], () => 0)
    requireDemands(member({}, { bounds: { ...NO_BOUNDS, expiresAtMs: 9 } }), [given], () => 0)
    expect(await refusal(member({}, { bounds: { ...NO_BOUNDS, expiresAtMs: 8 } }), given)).toEqual([
      'permission_missing',
      { permission: 'keys.create' },
    ])
  })
})
