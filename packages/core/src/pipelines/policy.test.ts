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

describe('the policy, by vectors/policies.json', () => {
  test('every combination is there', () => {
    expect(new Set(vectors.cases.map((row) => JSON.stringify(row.slice(0, 7)))).size).toBe(4 * 4 * 2 ** 5)
  })

  // One test for each mode and kind: 32 combinations in one.
  const groups = Map.groupBy(vectors.cases, ([mode, kind]) => `${mode}, ${kind}`)
  test.each([...groups])('%s', (_name, rows) => {
    const found = rows.map((row) => {
      const violations = policyViolations(row[0], 'prod', subjectOf(row)).map(({ rule }) => rule)
      return [...row.slice(0, 7), violations, policyWarnings(subjectOf(row)).length > 0]
    })
    expect(found).toEqual(rows)
  })

  test('every violation says where, what and how to mend it', () => {
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

describe('what a violation tells', () => {
  const login = {
    kind: 'rest',
    authentication: { apiKey: false, jwt: false, basic: false },
    login: true,
  } as const

  test('a login pipeline is told why it needs a key', () => {
    const [violation] = policyViolations('jwt', 'prod', { trigger: login, stepKinds: ['jwt.generate'] })
    expect(violation?.rule).toBe('api-key-required')
    expect(violation?.fix).toContain('a login pipeline meets it with an API key')
  })
  test('a pipeline without steps is told so', () => {
    expect(policyViolations('any', 'prod', { trigger: login, stepKinds: [] })[0]?.found).toBe('no steps')
  })
})
