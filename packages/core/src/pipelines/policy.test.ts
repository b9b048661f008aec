import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { TriggerKind } from './pipeline-spec.ts'
import { EXTERNAL_API_ACCESS, type PolicyMode, policyViolations, policyWarnings } from './policy.ts'

type Row = [PolicyMode, TriggerKind, boolean, boolean, boolean, boolean, boolean, string[], boolean]

const vectors = JSON.parse(
  readFileSync(new URL('../../../../vectors/policies.json', import.meta.url), 'utf8'),
) as { readonly cases: readonly Row[] }

function subjectOf([, kind, apiKey, jwt, basic, login, generatesJwt]: Row) {
  return {
    trigger: { kind, authentication: { apiKey, jwt, basic }, login },
    stepKinds: generatesJwt ? ['jwt.generate', 'respond'] : ['proxy'],
  }
}

describe('policyViolations, by vectors/policies.json', () => {
  test('the vectors contain every combination', () => {
    expect(new Set(vectors.cases.map((row) => JSON.stringify(row.slice(0, 7)))).size).toBe(4 * 4 * 2 ** 5)
  })

  // One test for each mode and kind, with 32 combinations each.
  const groups = Map.groupBy(vectors.cases, ([mode, kind]) => `${mode}, ${kind}`)
  test.each([...groups])('%s', (_name, rows) => {
    const found = rows.map((row) => {
      const violations = policyViolations(row[0], 'prod', subjectOf(row)).map(({ rule }) => rule)
      return [...row.slice(0, 7), violations, policyWarnings(subjectOf(row)).length > 0]
    })
    expect(found).toEqual(rows)
  })

  test('every violation has an environment, a location, what is required and found, and a fix', () => {
    for (const row of vectors.cases) {
      for (const violation of policyViolations(row[0], 'prod', subjectOf(row))) {
        expect(violation.environment).toBe('prod')
        expect(violation.path).toMatch(/^\/trigger\/(login|authentication\/(apiKey|jwt))$/)
        expect([violation.required, violation.found, violation.fix]).not.toContain('')
        expect(violation.policy).toBe(violation.rule.endsWith('-required') ? EXTERNAL_API_ACCESS : undefined)
      }
    }
  })
})

describe('the sentences of a violation', () => {
  const login = {
    kind: 'rest',
    authentication: { apiKey: false, jwt: false, basic: false },
    login: true,
  } as const

  const fixOf = (mode: PolicyMode, isLogin: boolean) =>
    policyViolations(mode, 'prod', { trigger: { ...login, login: isLogin }, stepKinds: ['jwt.generate'] })
      .filter(({ rule }) => rule === 'api-key-required')
      .map(({ fix }) => fix)

  test('say why a login pipeline needs an API key where others do not', () => {
    const set = (mode: PolicyMode) =>
      `Set trigger.authentication.apiKey to true. The policy of prod is ${mode}`
    const why = ', and a login pipeline conforms to it with an API key'
    expect(fixOf('jwt', true)).toEqual([`${set('jwt')}${why}.`])
    expect(fixOf('jwt', false)).toEqual([])
    expect(fixOf('jwt-and-api-key', true)).toEqual([`${set('jwt-and-api-key')}${why}.`])
    expect(fixOf('jwt-and-api-key', false)).toEqual([`${set('jwt-and-api-key')}.`])
    expect(fixOf('api-key', true)).toEqual([`${set('api-key')}.`])
    expect(fixOf('api-key', false)).toEqual([`${set('api-key')}.`])
  })

  test('name the steps that a login pipeline has in place of jwt.generate', () => {
    const foundOf = (stepKinds: string[]) =>
      policyViolations('any', 'prod', { trigger: login, stepKinds })[0]?.found
    expect(foundOf([])).toBe('no steps')
    expect(foundOf(['call', 'respond'])).toBe('steps: call, respond')
  })

  test('count an optional key as none', () => {
    const trigger = {
      ...login,
      login: false,
      authentication: { apiKey: false, apiKeyOptional: true, jwt: false, basic: false },
    }
    const found = (mode: PolicyMode) =>
      policyViolations(mode, 'prod', { trigger, stepKinds: [] }).map(({ found: is }) => is)
    expect([found('any'), found('api-key'), found('jwt')]).toEqual([
      [],
      ['authentication.apiKey: optional'],
      ['authentication.jwt: false'],
    ])
    expect(policyWarnings({ trigger })).toHaveLength(1)
  })

  test('name the policy as in its URL', () => {
    const [violation] = policyViolations('api-key', 'prod', { trigger: login, stepKinds: ['jwt.generate'] })
    expect(violation?.policy).toBe('external-api-access')
  })

  test('warn of a pipeline that anyone can call, and say where to change that', () => {
    expect(policyWarnings({ trigger: { ...login, addressRules: ['192.0.2.0/24'] } })).toEqual([])
    expect(policyWarnings({ trigger: login })).toEqual([
      {
        rule: 'open-to-everyone',
        path: '/trigger/authentication',
        detail: expect.stringMatching(/anyone .* can call this pipeline/),
      },
    ])
  })
})
