import type { Authentication, SpecDraft, Step } from '@sallyport/core'
import { completeSpec, deploymentFacts } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { LiveRoutes } from '../../store/port/deployments.ts'
import { gateWarnings } from './warnings.ts'
import { draft, OPEN } from '../testing/drafts.ts'

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
  return gateWarnings(spec, []).map(({ rule, path }) => `${rule} ${path}`)
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
  expect(warned({ authentication: both, kind: 'schedule', schedule: '0 0 * * *' }, [transform])).toEqual([])
})

test('warns about a JWT without a known caller', () => {
  const both = ['open-to-everyone /trigger/authentication', 'token-of-nobody /steps/0/jwt.generate']
  expect(warned(OPEN, [generate])).toEqual(both)
  expect(warned(OPEN, [generate, verify])).toEqual(both)
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

test('warns about lists in bodies and claims that become their only item', () => {
  const open = 'body.items[open = true]'
  const call: Step = {
    kind: 'call',
    url: 'http://up/',
    method: 'POST',
    headers: {},
    body: `{ "open": ${open} }`,
    timeoutMs: null,
  }
  const claims = { open, all: 'body.items', kept: `[${open}]` }
  const steps: Step[] = [
    { ...transform, body: open },
    call,
    { ...generate, claims },
    { ...generate, claims: `{ "open": ${open}, "roles": $keys(body.roles) }` },
    { ...transform, body: `[${open}]`, headers: { 'x-open': open }, status: open },
    { ...transform, body: `$count(${open})` },
    { ...transform, body: `${open}[` },
    { ...transform, body: null },
    respond,
  ]
  expect(warned({}, steps)).toEqual([
    'list-varies /steps/0/transform/body',
    'list-varies /steps/1/call/body',
    'list-varies /steps/2/jwt.generate/claims/open',
    'list-varies /steps/3/jwt.generate/claims',
    'list-varies /steps/3/jwt.generate/claims',
  ])
})

test('does not parse for warnings what is too long to be deployed', () => {
  const long: Step = { ...transform, body: `body.items[open = true]${' '.repeat(8000)}` }
  expect(warned({}, [...Array.from({ length: 8 }, () => long), respond])).toHaveLength(8)
  expect(warned({}, [...Array.from({ length: 9 }, () => long), respond])).toEqual([])
})

test('warns about a login pipeline whose proxy step discards the JWT', () => {
  expect(warned({ login: true }, [generate, proxy])).toEqual(['login-answer-lost /steps/1/proxy'])
  expect(warned({ login: true }, [verify, generate, proxy])).toEqual(['login-answer-lost /steps/2/proxy'])
  expect(warned({ login: true }, [generate, respond])).toEqual([])
  expect(warned({ login: true }, [generate])).toEqual([])
  expect(warned({ login: true }, [proxy])).toEqual([])
  expect(warned({ login: true }, [verify, proxy])).toEqual([])
  expect(warned({ login: true }, [proxy, generate])).toEqual([])
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

test('warns about a trigger that allows encoded slashes', () => {
  expect(warned({ encodedSlashes: 'allow' })).toEqual(['encoded-slashes-allowed /trigger/encodedSlashes'])
  expect(warned({ encodedSlashes: 'refuse' })).toEqual([])
  expect(warned({})).toEqual([])
})

describe('beside other deployments', () => {
  const to = (url: string): Step => ({ ...proxy, url })
  const row = (
    pipeline: string,
    trigger: Partial<SpecDraft['trigger']>,
    steps: readonly Step[],
  ): LiveRoutes => ({
    organization: 'acme',
    id: `dep_${pipeline}`,
    environment: 'prod',
    pipeline,
    major: 1,
    minor: 0,
    ...deploymentFacts(completeSpec(draft(trigger, steps), pipeline, 1)),
  })
  const warnedBeside = (
    trigger: Partial<SpecDraft['trigger']>,
    steps: readonly Step[],
    others: readonly LiveRoutes[],
  ): string[] =>
    gateWarnings(completeSpec(draft(trigger, steps), 'new', 1), others)
      .filter(({ rule }) => rule !== 'open-to-everyone')
      .map(({ rule, path }) => `${rule} ${path}`)
  const KEY = { authentication: { ...NOTHING, apiKey: true } }

  test('warns if a URL can reach what a stronger deployment guards, and the other way round', () => {
    const admin = row('admin', KEY, [to('http://up/w/admin')])
    const all = row('all', OPEN, [to('http://up/w/{*}')])
    expect(warnedBeside(OPEN, [to('http://up/w/{*}')], [admin])).toEqual([
      'guarded-path-reachable /steps/0/proxy/url',
    ])
    expect(warnedBeside(KEY, [to('http://up/w/admin')], [all])).toEqual([
      'guarded-path-exposed /steps/0/proxy/url',
    ])
    const call: Step = {
      kind: 'call',
      url: 'http://UP:80/W/Admin/',
      method: 'GET',
      headers: {},
      body: null,
      timeoutMs: null,
    }
    expect(warnedBeside(OPEN, [transform, call], [admin])).toEqual([
      'guarded-path-reachable /steps/1/call/url',
    ])
    const jwt = { authentication: { ...NOTHING, jwt: true } }
    expect(warnedBeside(jwt, [to('http://up/w/admin')], [admin])).toEqual([
      'guarded-path-reachable /steps/0/proxy/url',
      'guarded-path-exposed /steps/0/proxy/url',
    ])
  })

  test('warns about every target of a step', () => {
    const withTargets = (url: string, ...origins: readonly string[]): Step => {
      const targets = origins.map((origin) => ({ origin, weight: 1, when: null, isBackup: true }))
      return { kind: 'proxy', url, headers: {}, timeoutMs: null, targets }
    }
    const admin = row('admin', KEY, [to('http://up/w/admin')])
    const step = withTargets('http://one/w/{*}', 'http://one', 'http://UP:80')
    expect(warnedBeside(OPEN, [step], [admin])).toEqual(['guarded-path-reachable /steps/0/proxy/url'])
    const guarded = row('guarded', KEY, [withTargets('http://two/w/admin', 'http://two', 'http://up')])
    expect(warnedBeside(OPEN, [step], [guarded])).toEqual(['guarded-path-reachable /steps/0/proxy/url'])
    expect(warnedBeside(OPEN, [to('http://up/w/{*}')], [guarded])).toEqual([
      'guarded-path-reachable /steps/0/proxy/url',
    ])
    const elsewhere = withTargets('http://one/w/{*}', 'http://one', 'http://three')
    expect(warnedBeside(OPEN, [elsewhere], [admin, guarded])).toEqual([])
    const otherPath = withTargets('http://one/x/{*}', 'http://one', 'http://up')
    expect(warnedBeside(OPEN, [otherPath], [admin, guarded])).toEqual([])
  })

  test('does not warn about equal credentials, other origins, paths or methods, or schedules', () => {
    const admin = row('admin', { ...KEY, methods: ['GET'] }, [to('http://up/w/admin')])
    for (const [trigger, step] of [
      [KEY, to('http://up/w/{*}')],
      [OPEN, to('http://other/w/{*}')],
      [OPEN, to('http://up/v/{*}')],
      [OPEN, to('http://up/w/{id}/x')],
      [{ ...OPEN, methods: ['POST'] }, to('http://up/w/{*}')],
      [OPEN, respond],
      [OPEN, to('not a URL')],
    ] as const) {
      expect(warnedBeside(trigger, [step], [admin])).toEqual([])
    }
    const nightly = row('nightly', { ...OPEN, kind: 'schedule', schedule: '0 0 * * *' }, [
      { kind: 'call', url: 'http://up/w/admin', method: 'GET', headers: {}, body: null, timeoutMs: null },
    ])
    expect(warnedBeside(KEY, [to('http://up/w/{*}')], [nightly])).toEqual([])
    // GET also answers HEAD.
    expect(warnedBeside({ ...OPEN, methods: ['HEAD'] }, [to('http://up/w/{*}')], [admin])).toHaveLength(1)
  })

  test('names at most five pipelines', () => {
    const many = Array.from({ length: 7 }, (_, index) => row(`p${index}`, KEY, [to('http://up/w/admin')]))
    const spec = completeSpec(draft(OPEN, [to('http://up/{*}')]), 'new', 1)
    const named = (others: readonly LiveRoutes[]): string | undefined => gateWarnings(spec, others)[1]?.detail
    const five = ' p0 1.0, p1 1.0, p2 1.0, p3 1.0, p4 1.0'
    expect(named(many)).toContain(`${five} and 2 more guards`)
    expect(named(many.slice(0, 5))).toContain(`${five} guards`)
    expect(named([row('p0', KEY, [to('http://up/w/a'), to('http://up/w/b')])])).toContain(' p0 1.0 guards')
  })

  test('compares the methods of calls, whatever the trigger serves', () => {
    const call = (method: string): Step => ({
      kind: 'call',
      url: 'http://up/w/admin',
      method,
      headers: {},
      body: null,
      timeoutMs: null,
    })
    const admin = row('admin', KEY, [call('PUT')])
    expect(warnedBeside(OPEN, [call('PUT')], [admin])).toHaveLength(1)
    expect(warnedBeside(OPEN, [call('GET')], [admin])).toEqual([])
    expect(warnedBeside({ ...OPEN, methods: ['PUT'] }, [to('http://up/w/admin')], [admin])).toHaveLength(1)
    expect(warnedBeside(OPEN, [to('http://up/w/admin')], [admin])).toEqual([])
  })

  test('ignores URLs that no request could be sent to', () => {
    const broken = to('http://up/{')
    expect(warnedBeside(OPEN, [broken], [row('admin', KEY, [to('http://up/{*}')])])).toEqual([])
    expect(warnedBeside(OPEN, [to('http://up/{*}')], [row('admin', KEY, [broken])])).toEqual([])
  })

  test('parses a thousand URLs of usual length, compares ten thousand, and no further ones', () => {
    const steps = (count: number, origin: string, name: (index: number) => string = String): Step[] =>
      Array.from({ length: count }, (_, index) => to(`${origin}/apart/${name(index).padEnd(42, '-')}`))
    const spared = [
      row('elsewhere', KEY, steps(2_000, 'http://up2')),
      row('equal', OPEN, steps(2_000, 'http://up')),
      row('writing', { ...KEY, methods: ['POST'] }, steps(2_000, 'http://up')),
    ]
    const admin = row('admin', KEY, [to('http://up/w/admin')])
    const warnings = (others: readonly Step[]): readonly string[] =>
      warnedBeside(OPEN, [to('http://up/w/{*}')], [...spared, row('many', KEY, others), admin])
    expect(warnings(steps(1_000, 'http://up'))).toHaveLength(1)
    expect(warnings(steps(1_200, 'http://up'))).toEqual([])
    const same = (count: number): Step[] => steps(count, 'http://up', () => 'same')
    expect(warnings(same(10_000))).toHaveLength(1)
    expect(warnings(same(100_000))).toEqual([])
  })

  test('bounds the work for all steps of a version together', () => {
    const long = (name: string): Step => to(`http://up/{*}/${'a/'.repeat(900)}${name}`)
    const admins = Array.from({ length: 100 }, (_, index) => row(`p${index}`, KEY, [long(String(index))]))
    const spec = completeSpec(draft(OPEN, [long('{*}')]), 'new', 1)
    const detail = gateWarnings(spec, admins).find(({ rule }) => rule === 'guarded-path-reachable')?.detail
    const found = Number(/and (\d+) more/.exec(detail ?? '')?.[1]) + 5
    expect(found).toBeGreaterThan(20)
    expect(found).toBeLessThan(50)
  })
})
