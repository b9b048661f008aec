import type { Authentication, SpecDraft, Step } from '@sallyport/core'
import { completeSpec } from '@sallyport/core'
import { expect, test } from 'vitest'
import { gateWarnings } from './warnings.ts'
import { draft, OPEN } from '../testing/world.ts'

const NOTHING: Authentication = OPEN.authentication
const generate: Step = {
  kind: 'jwt.generate',
  subject: '"me"',
  claims: null,
  scopes: null,
  expiresInSeconds: 60,
}
const verify: Step = { kind: 'credentials.verify', username: 'body.user', password: 'body.password' }
const transform: Step = { kind: 'transform', body: '{}', headers: {}, status: null }
const proxy: Step = { kind: 'proxy', url: 'http://up/', headers: {}, timeoutMs: null }
const respond: Step = { kind: 'respond', status: 200, headers: {} }

function warned(trigger: Partial<SpecDraft['trigger']>, steps: readonly Step[] = [respond]): string[] {
  const spec = completeSpec(draft(trigger, steps), 'orders', 1)
  return gateWarnings(spec).map(({ rule, path }) => `${rule} ${path}`)
}

test('warns about a trigger without credentials, but not about a schedule', () => {
  expect(warned(OPEN)).toEqual(['open-to-everyone /trigger/authentication'])
  for (const toggle of ['apiKey', 'jwt', 'basic']) {
    expect(warned({ authentication: { ...NOTHING, [toggle]: true } })).toEqual([])
  }
  expect(warned({ ...OPEN, kind: 'schedule', schedule: '0 0 * * *' }, [transform])).toEqual([])
})

test('warns if Basic credentials and a JWT share a header', () => {
  const both = { ...NOTHING, basic: true, jwt: true }
  expect(warned({ authentication: both })).toEqual(['authorization-shared /trigger/authentication'])
  expect(warned({ authentication: { ...both, jwt: false, apiKey: true } })).toEqual([])
})

test('warns about a JWT without a known caller', () => {
  const nobody = ['open-to-everyone /trigger/authentication', 'token-of-nobody /steps/0/jwt.generate']
  expect(warned(OPEN, [generate])).toEqual(nobody)
  expect(warned(OPEN, [generate, verify])).toEqual(nobody)
  expect(warned(OPEN, [verify, generate])).toEqual(['open-to-everyone /trigger/authentication'])
  for (const toggle of ['apiKey', 'jwt', 'basic']) {
    expect(warned({ authentication: { ...NOTHING, [toggle]: true } }, [generate])).toEqual([])
  }
})

test('warns about a transform before a proxy step', () => {
  expect(warned({}, [transform, transform, proxy])).toEqual([
    'transform-unused /steps/0/transform',
    'transform-unused /steps/1/transform',
  ])
  expect(warned({}, [transform, respond])).toEqual([])
  expect(warned({}, [proxy, transform])).toEqual([])
})

test('warns about a login pipeline whose proxy step discards the JWT', () => {
  expect(warned({ login: true }, [generate, proxy])).toEqual(['login-answer-lost /steps/1/proxy'])
  expect(warned({ login: true }, [verify, generate, proxy])).toEqual(['login-answer-lost /steps/2/proxy'])
  expect(warned({ login: true }, [generate, respond])).toEqual([])
  expect(warned({ login: true }, [generate])).toEqual([])
  expect(warned({ login: true }, [proxy])).toEqual([])
  expect(warned({}, [generate, proxy])).toEqual([])
})

test('warns about steps of a schedule that need a caller', () => {
  const schedule = { ...OPEN, kind: 'schedule', schedule: '0 0 * * *' } as const
  expect(warned(schedule, [verify, respond])).toEqual([
    'caller-missing /steps/0/credentials.verify',
    'caller-missing /steps/1/respond',
  ])
  expect(warned(schedule, [generate])).toEqual(['token-of-nobody /steps/0/jwt.generate'])
})
