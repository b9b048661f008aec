import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { curlCommand, variablesOf } from './curl-command.ts'
import type { ExampleValue } from './operations/operation-text.ts'

const READ = {
  method: 'get',
  path: '/v1/organizations/{organization}/keys/{key}',
  credential: 'key',
} as const
const CREATE = { method: 'post', path: '/v1/organizations/{organization}/keys', credential: 'key' } as const
const sourceOf = (variable: string): string => `the source of ${variable}`

/** The body that bash passes to curl. */
function sentBody(body: ExampleValue, variables: Readonly<Record<string, string>> = {}): unknown {
  const command = curlCommand(CREATE, { body }, sourceOf)
  const printed = `curl() { printf '%s' "\${!#}"; }\n${command}`
  const env = { PATH: process.env['PATH'], SALLYPORT_URL: 'http://localhost', SALLYPORT_TOKEN: 't' }
  return JSON.parse(
    execFileSync('bash', ['--norc', '-euc', printed], { encoding: 'utf8', env: { ...env, ...variables } }),
  )
}

describe('a curl command', () => {
  test('names the source of each variable that the introduction does not explain', () => {
    expect(curlCommand(READ, { path: { key: '$KEY_ID' } }, sourceOf)).toBe(
      [
        '# KEY_ID: the source of KEY_ID',
        'curl "$SALLYPORT_URL/v1/organizations/acme/keys/$KEY_ID" \\',
        '  -H "Authorization: Bearer $SALLYPORT_TOKEN"',
      ].join('\n'),
    )
  })

  test('breaks a body that is too long for one line', () => {
    const body = {
      name: 'mobile-app',
      spec: { description: 'x'.repeat(60), methods: ['GET', 'POST'], isOpen: false },
    }
    expect(curlCommand(CREATE, { query: { wait: '10' }, body }, sourceOf)).toBe(
      [
        'curl -X POST \\',
        '  "$SALLYPORT_URL/v1/organizations/acme/keys?wait=10" \\',
        '  -H "Authorization: Bearer $SALLYPORT_TOKEN" \\',
        "  -H 'Content-Type: application/json' \\",
        "  -d '{",
        '    "name": "mobile-app",',
        '    "spec": {',
        `      "description": "${'x'.repeat(60)}",`,
        '      "methods": ["GET", "POST"],',
        '      "isOpen": false',
        '    }',
        "  }'",
      ].join('\n'),
    )
  })

  test('sends no key to an operation that needs none', () => {
    const open = { method: 'get', path: '/healthz', credential: 'none' } as const
    expect(curlCommand(open, {}, sourceOf)).toBe('curl "$SALLYPORT_URL/healthz"')
  })

  test.each<[string, ExampleValue]>([
    ['a single quote', { name: "the team's key" }],
    ['a backslash and a double quote', { name: String.raw`\ "` }],
    ['a dollar sign within a text', { name: 'costs $HOME or $(id)' }],
    ['nested lists', { list: [[1, 2], [{ a: [true] }], []] }],
  ])('sends %s unchanged', (_name, body) => {
    expect(sentBody(body)).toEqual(body)
  })

  test('fills a variable of the body in', () => {
    expect(sentBody({ token: '$CALLER_TOKEN' }, { CALLER_TOKEN: 'sp_sk_1 2' })).toEqual({
      token: 'sp_sk_1 2',
    })
  })

  test('is refused without a value for a path parameter', () => {
    expect(() => curlCommand(READ, {}, sourceOf)).toThrow('has no value for "key"')
  })

  test('is refused with a value that the path has no parameter for', () => {
    expect(() => curlCommand(CREATE, { path: { key: '$KEY_ID' } }, sourceOf)).toThrow(
      'has no parameter "key"',
    )
  })
})

test('the variables of a command are found once each', () => {
  expect(variablesOf('curl "$URL/$KEY_ID/$URL" # ID costs $5')).toEqual(['URL', 'KEY_ID'])
})
