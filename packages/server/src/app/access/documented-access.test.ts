import { readdirSync, readFileSync } from 'node:fs'
import {
  BUILT_IN_ROLES,
  EXTERNAL_API_ACCESS,
  PERMISSIONS,
  PERMISSION_SCOPES,
  POLICY_MODES,
  policyViolations,
  PROBLEMS,
  type Permission,
  type PolicyMode,
} from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { consumerCreation } from '../../contract/consumers.ts'
import { issuerCreation } from '../../contract/issuers.ts'

const PAGE = readFileSync(new URL('../../../../../docs/access.md', import.meta.url), 'utf8')

/** The cells of the rows of a section whose first cell is a name in backticks. */
function rowsOf(section: string): readonly (readonly string[])[] {
  const text = PAGE.split('\n## ').find((part) => part.startsWith(`${section}\n`)) ?? ''
  return [...text.matchAll(/^\| (`.*) \|$/gm)].map(([, row = '']) =>
    row.split('|').map((cell) => cell.trim()),
  )
}

/** The names of all rules: the hyphenated string literals of the code. */
function rulesInCode(): ReadonlySet<string> {
  const here = new URL('../gate/', import.meta.url)
  const files = readdirSync(here).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
  expect(files.length).toBeGreaterThanOrEqual(6)
  const sources = [
    ...files.map((name) => new URL(name, here)),
    new URL('../../../../core/src/pipelines/policy.ts', import.meta.url),
  ].map((url) => readFileSync(url, 'utf8'))
  const others: ReadonlySet<string> = new Set([...POLICY_MODES, EXTERNAL_API_ACCESS])
  const texts = sources.flatMap((source) => [...source.matchAll(/'([a-z]+(?:-[a-z]+)+)'/g)])
  return new Set(texts.map(([, rule = '']) => rule).filter((rule) => !others.has(rule)))
}

test('docs/access.md lists exactly the rules of the gate', () => {
  const listed = rowsOf('Deployment gate').map(([rule = '']) => rule.replaceAll('`', ''))
  expect(listed.toSorted()).toEqual([...rulesInCode()].toSorted())
})

test('docs/access.md states the demands of each mode', () => {
  const demands = (mode: PolicyMode, login: boolean): string => {
    const trigger = {
      kind: 'http',
      authentication: { apiKey: false, jwt: false, basic: false },
      login,
    } as const
    const rules = new Set(
      policyViolations(mode, 'prod', { trigger, stepKinds: ['jwt.generate'] }).map(({ rule }) => rule),
    )
    const wanted = [
      ...(rules.has('jwt-required') ? ['JWT'] : []),
      ...(rules.has('api-key-required') ? ['API key'] : []),
    ]
    return wanted.length === 0 ? 'nothing' : wanted.join(' and ')
  }
  expect(rowsOf('Policies')).toEqual(
    POLICY_MODES.map((mode) => [`\`${mode}\``, demands(mode, false), demands(mode, true)]),
  )
})

test('docs/access.md lists each permission once, with its roles', () => {
  const rows = rowsOf('Permissions')
  const listed = rows.flatMap(([permissions = '']) =>
    [...permissions.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name),
  )
  expect(listed.toSorted()).toEqual(PERMISSIONS.toSorted())
  for (const [permissions = '', roles = ''] of rows) {
    for (const [, permission] of permissions.matchAll(/`([^`]+)`/g)) {
      const having = Object.entries(BUILT_IN_ROLES)
        .filter(([, grants]) => grants.some((grant) => grant.permission === (permission as Permission)))
        .map(([role]) => role)
      expect([permission, having.join(', ')]).toEqual([permission, roles])
    }
  }
})

test('docs/access.md lists what limits each permission of a custom role', () => {
  const listed = rowsOf('Custom roles').flatMap(([permissions = '', scopes = '']) =>
    [...permissions.matchAll(/`([a-z-]+\.[a-z-]+)`/g)].map(([, permission = '']) => [permission, scopes]),
  )
  expect(Object.keys(PERMISSION_SCOPES)).toHaveLength(listed.length)
  for (const [permission = '', scopes] of listed) {
    const known = PERMISSION_SCOPES[permission as Permission].join(', ')
    expect([permission, scopes]).toEqual([permission, known === '' ? 'nothing' : known])
  }
})

describe('docs/access.md states', () => {
  test('the names of the keys of a new organization', () => {
    const source = readFileSync(new URL('../organizations/new-organization.ts', import.meta.url), 'utf8')
    const names = [...source.matchAll(/newKey\(.*name: '([^']+)'/g)].map(([, name = '']) => name)
    expect(names).toHaveLength(2)
    for (const name of names) expect(PAGE).toContain(`\`${name}\``)
  })

  test('a body of POST /consumers that is valid', () => {
    const [, body = ''] = /\$ACME\/consumers [^']*'[^']*' -d '([^']+)'/.exec(PAGE) ?? []
    expect(consumerCreation.safeParse(JSON.parse(body)).error).toBeUndefined()
  })

  test.each(Object.keys(issuerCreation.shape))('the field `%s` of an issuer', (field) => {
    const [, section = ''] = /\n### Trusted issuers\n(.*?)\n###? /s.exec(PAGE) ?? []
    expect(section).toContain(`\`${field}\``)
  })

  test('the status of each code', () => {
    const codes = new Map(Object.entries(PROBLEMS).map(([code, { status }]) => [code, String(status)]))
    const said = [...PAGE.matchAll(/\b([45]\d\d) `([a-z_]+)`/g)]
    expect(said.length).toBeGreaterThan(10)
    for (const [, status, code = ''] of said) expect([code, status]).toEqual([code, codes.get(code)])
  })
})
