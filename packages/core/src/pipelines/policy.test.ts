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

  test('say why a login pipeline needs an API key', () => {
    const [violation] = policyViolations('jwt', 'prod', { trigger: login, stepKinds: ['jwt.generate'] })
    expect(violation?.rule).toBe('api-key-required')
    expect(violation?.fix).toContain('a login pipeline conforms to it with an API key')
  })
  test('say that a pipeline has no steps', () => {
    expect(policyViolations('any', 'prod', { trigger: login, stepKinds: [] })[0]?.found).toBe('no steps')
  })
})
