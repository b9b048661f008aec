import { emptyEnvironment, NO_LABELS, type EnvironmentView } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { compileUpstream, type BoundUpstream } from './compiled-upstream.ts'
import type { UpstreamRun } from './run-values.ts'
import { NO_SECRETS } from './environment-secrets.ts'

function compiled(url: string, headers: Readonly<Record<string, string>> = {}): BoundUpstream {
  const upstream = compileUpstream({ url, headers, timeoutMs: null })
  if (typeof upstream === 'string') throw new Error(upstream)
  const bound = upstream.bind(NO_VARIABLES)
  if ('bindingProblem' in bound) throw new Error(bound.bindingProblem)
  return bound
}

const NO_RUN: UpstreamRun = {
  identity: {
    organization: 'acme',
    consumer: null,
    consumerId: null,
    keyId: null,
    secretSequence: null,
    basicCredential: null,
    claims: null,
    labels: NO_LABELS,
  },
}
const NO_VARIABLES = emptyEnvironment('acme', 'test')

function withVariable(name: string, value: string): EnvironmentView {
  const owner = { organization: 'acme', environment: 'test', id: 'var_1' }
  const record = { kind: 'environment-variable' as const, ...owner, name, value }
  return { ...NO_VARIABLES, variables: new Map([[record.id, record]]) }
}

test('a step with a variable follows its changes, and is bound once for each value', () => {
  const step = { url: 'http://{vars.HOST}/a', headers: { 'X-Up': '{vars.HOST}' }, timeoutMs: null }
  const upstream = compileUpstream(step)
  if (typeof upstream === 'string') throw new Error(upstream)
  const first = withVariable('HOST', 'one.example.com')
  expect(upstream.bind(first)).toMatchObject({ origin: 'http://one.example.com' })
  expect(upstream.bind(first)).toBe(upstream.bind({ ...first }))
  expect(upstream.bind(withVariable('HOST', 'two.example.com:81'))).toMatchObject({
    origin: 'http://two.example.com:81',
  })
  expect(upstream.bind(withVariable('HOST', 'two.example.com/'))).toMatchObject({
    bindingProblem: expect.stringContaining('"HOST"') as string,
  })
  expect(upstream.bind(NO_VARIABLES)).toMatchObject({
    bindingProblem: 'The variable "HOST" does not exist.',
  })
})

const SECRETS: ReadonlyMap<string, string> = new Map([
  ['GOOD', 'good'],
  ['LINES', 'a\nb'],
  ['DOTS', '..'],
  ['DOT', '.'],
])

describe('A step', () => {
  test('without placeholders is expanded once', () => {
    const upstream = compiled('http://up:9/a?b=c', { 'X-A': 'b', 'X-Json': '{"a":{}}' })
    const filled = upstream.expand('/x', '/x', NO_SECRETS, NO_RUN)
    expect(filled).toEqual({ target: '/a?b=c', headers: ['X-A', 'b', 'X-Json', '{"a":{}}'] })
    expect(upstream.expand('/y/:id', '/y/1', SECRETS, NO_RUN)).toBe(filled)
    expect([upstream.origin, upstream.usesSecrets]).toEqual(['http://up:9', false])
  })

  test('with placeholders in the URL or the headers keeps the other part constant', () => {
    const inUrl = compiled('http://up/{id}', { 'X-A': 'b' })
    const one = inUrl.expand('/x/:id', '/x/1', NO_SECRETS, NO_RUN)
    const two = inUrl.expand('/x/:id', '/x/2', NO_SECRETS, NO_RUN)
    expect([one, two]).toEqual([
      { target: '/1', headers: ['X-A', 'b'] },
      { target: '/2', headers: ['X-A', 'b'] },
    ])
    expect(compiled('http://up/a', { 'X-A': '{id}' }).expand('/x/:id', '/x/1', NO_SECRETS, NO_RUN)).toEqual({
      target: '/a',
      headers: ['X-A', '1'],
    })
  })

  test('sends the token of the run, which each run has its own of', () => {
    const upstream = compiled('http://up/a', { 'X-A': 'Bearer {oauth.token}' })
    const headersWith = (value: string): unknown =>
      upstream.expand('/', '/', NO_SECRETS, { ...NO_RUN, token: { value, refused: () => undefined } })
    expect(headersWith('one')).toEqual({ target: '/a', headers: ['X-A', 'Bearer one'] })
    expect(headersWith('two')).toEqual({ target: '/a', headers: ['X-A', 'Bearer two'] })
    expect(upstream.expand('/', '/', NO_SECRETS, NO_RUN).target).toBeUndefined()
    expect(upstream.dropped.fromOthers.has('x-a')).toBe(true)
  })

  test('names the parameters that its query sets', () => {
    const { queryNames } = compiled('http://up/?a=1&b={id}&c%5B%5D={secrets.GOOD}&{id}=2&d')
    expect([...queryNames]).toEqual(['a', 'b', 'c[]', 'd'])
    expect(compiled('http://up/{id}').queryNames.size).toBe(0)
  })

  test("drops the caller's headers that it sets, and sets no connection headers", () => {
    const upstream = compiled('http://up/', { 'X-A': '{secrets.GOOD}', Host: 'evil', 'Content-Length': '1' })
    expect(upstream.expand('/', '/', SECRETS, NO_RUN)).toEqual({ target: '/', headers: ['X-A', 'good'] })
    expect(upstream.dropped.fromOthers.has('x-a')).toBe(true)
    expect(upstream.usesSecrets).toBe(true)
  })

  test.each([
    ['http://{id}/', {}],
    ['http://up/{secrets.good}', {}],
    ['http://up/', { 'X-A': '{secrets.good}' }],
    ['http://up/', { 'X-A': 'a\r\nb' }],
  ])('%s with %j is invalid', (url, headers) => {
    expect(compileUpstream({ url, headers, timeoutMs: null })).toEqual(expect.any(String))
  })
})

describe('A request that cannot be expanded', () => {
  test.each([
    ['http://up/{id}', {}, '..'],
    ['http://up/{id}/{secrets.GOOD}', { 'X-A': '{secrets.GOOD}' }, '..'],
    ['http://up/a', { 'X-A': '{id} {secrets.GOOD}' }, 'a b'],
    // The secret alone is acceptable here, and so is a dot beside another character.
    ['http://up/{id}{secrets.GOOD}/x', {}, ''],
  ])("%s with %j is the caller's error for %j", (url, headers, value) => {
    expect(compiled(url, headers).expand('/:id', `/${value}`, SECRETS, NO_RUN)).toEqual({
      target: undefined,
      fault: 'path',
    })
  })

  test.each([
    ['http://up/{id}/{secrets.NONE}', {}, 'NONE'],
    ['http://up/{id}', { 'X-A': '{secrets.NONE}' }, 'NONE'],
    ['http://up/{secrets.GOOD}/{secrets.DOTS}', {}, 'DOTS'],
    ['http://up/{secrets.GOOD}', { 'X-A': '{secrets.LINES}' }, 'LINES'],
    ['http://up/{secrets.LINES}', { 'X-A': '{secrets.NONE}' }, 'NONE'],
  ])('%s with %j is a server error that names %s', (url, headers, name) => {
    // The server error has precedence: the caller cannot fix it by changing the path.
    for (const value of ['1', '..']) {
      expect(compiled(url, headers).expand('/:id', `/${value}`, SECRETS, NO_RUN)).toEqual({
        target: undefined,
        fault: 'secret',
        name,
      })
    }
  })
})
