import { request as send } from 'node:http'
import { NO_LABELS, type HeaderRule } from '@sallyport/core'
import { afterAll, describe, expect, test } from 'vitest'
import { startUpstream } from '../../../../test/support/upstream.ts'
import { compileUpstream } from './deployment/compiled-upstream.ts'
import type { UpstreamRun } from './deployment/run-values.ts'
import { ACME, deployment, makeKey, OPEN, proxyTo, secret, startWith } from './testing/started-gateway.ts'
import { callTo, pipeline, transform } from './testing/step-fixtures.ts'

/** Returns the lines of the request whose names have "a" to "d" after their "x", and sends headers of its own. */
const upstream = await startUpstream((request, response) => {
  const lines = request.rawHeaders.flatMap((name, index) =>
    index % 2 === 0 && /^x.[a-d]$|^accept$/i.test(name) ? [`${name}: ${request.rawHeaders[index + 1]}`] : [],
  )
  response.writeHead(200, {
    'content-type': 'application/json',
    'x-internal': 'secret host',
    'x-kept': 'upstream',
    'set-cookie': ['a=1', 'b=2'],
    server: 'nginx',
  })
  response.end(JSON.stringify(lines.toSorted()))
})
const key = makeKey()
const other = makeKey()
const RULES: Readonly<Record<string, Readonly<Record<string, HeaderRule>>>> = {
  removed: { 'x-a': null },
  underscored: { x_a: 'step' },
  appended: { 'x-a': { append: ['one', 'two {secrets.ONE}'] } },
  renamed: { 'x-b': { from: 'x-a' } },
  // No order: each rule sees the headers of the caller.
  chained: { 'x-b': { from: 'x-a' }, 'x-c': { from: 'x-b' } },
  swapped: { 'x-a': { from: 'x-b' }, 'x-b': { from: 'x-a' } },
  kept: { 'x-a': 'step', 'x-b': { from: 'x-a' } },
  'removed-renamed': { 'x-b': null, 'x-c': { from: 'x-b' }, 'x-d': { from: 'x-c' } },
  // What never passes does not pass under another name either.
  credentials: { 'x-b': { from: 'x-api-key' }, 'x-c': { from: 'x-real-ip' }, 'x-d': { from: 'connection' } },
}
const started = await startWith([
  ...ACME,
  secret('ONE', 's1'),
  secret('TWO', 's2'),
  key.record,
  other.record,
  ...Object.entries(RULES).map(([name, headers]) => pipeline(name, proxyTo(upstream.url, { headers }))),
  deployment(
    { paths: ['/mapped'], authentication: { ...OPEN, apiKey: true } },
    proxyTo(upstream.url, {
      headers: {
        'x-a': { by: 'key', values: { [key.record.id]: 'Bearer {secrets.ONE}' }, otherwise: null },
        'x-b': { by: 'key', values: { [key.record.id]: '{secrets.ONE}' }, otherwise: '{secrets.TWO}' },
        'x-c': '{auth.key}',
        'x-d': '{auth.consumer}',
      },
    }),
    { pipeline: 'mapped' },
  ),
  pipeline('call', [callTo(upstream.url, { headers: { accept: null, 'x-a': '{auth.key}', 'x-b': 'b' } })]),
  pipeline(
    'response',
    proxyTo(upstream.url, {
      responseHeaders: {
        'x-internal': null,
        'x-kept': 'step',
        'x-new': 'step',
        'set-cookie': null,
        'x-won': 'step',
      },
    }),
    { responseHeaders: { 'x-won': 'trigger', server: null } },
  ),
  pipeline('steps', transform({ headers: { 'x-kept': '"1"', server: '"2"' } }), {
    responseHeaders: { server: null },
  }),
])
afterAll(async () => {
  await started[Symbol.asyncDispose]()
  await upstream[Symbol.asyncDispose]()
})

/** The lines that the upstream gets of a request with these headers. */
async function sent(
  name: string,
  headers: Readonly<Record<string, string | string[]>> = {},
): Promise<unknown> {
  const { promise, resolve, reject } = Promise.withResolvers<unknown>()
  const request = send(`${started.url}/acme/prod/${name}`, { headers }, (response) => {
    let text = ''
    response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    response.on('end', () => resolve(JSON.parse(text)))
  })
  request.on('error', reject).end()
  return await promise
}

describe('A rule for a header of a request', () => {
  test.each<[string, Record<string, string | string[]>, string[]]>([
    ['removed', { 'X-A': '1', x_a: '2', 'x.a': '3', 'x-b': '4' }, ['x-b: 4']],
    ['underscored', { 'x-a': '1', x_a: '2' }, ['x_a: step']],
    ['appended', { 'x-a': ['0', '1'] }, ['x-a: 0', 'x-a: 1', 'x-a: one', 'x-a: two s1']],
    ['appended', {}, ['x-a: one', 'x-a: two s1']],
    ['renamed', { 'X-A': ['1', '2'], 'x-b': 'forged', x_b: 'forged', x_a: '3' }, ['x-b: 1', 'x-b: 2']],
    ['renamed', { 'x-b': 'forged' }, []],
    ['renamed', { 'x-a': '1', connection: 'x-a' }, []],
    ['chained', { 'x-a': '1', 'x-b': '2', 'x-c': '3' }, ['x-b: 1', 'x-c: 2']],
    ['swapped', { 'x-a': '1', 'x-b': '2' }, ['x-a: 2', 'x-b: 1']],
    ['kept', { 'x-a': '1' }, ['x-a: step', 'x-b: 1']],
    ['removed-renamed', { 'x-b': '1' }, ['x-c: 1']],
    ['removed-renamed', { 'x-b': '1', 'x-c': '2', 'x-d': '3' }, ['x-c: 1', 'x-d: 2']],
    ['credentials', { 'x-api-key': 'a', 'x-real-ip': '1.2.3.4' }, []],
  ])('%s of %j', async (name, headers, lines) => {
    expect(await sent(name, headers)).toEqual(lines)
  })

  test('chooses a secret by the key, and the caller cannot send the header itself', async () => {
    const forged = { 'x-a': 'forged', 'X-B': 'forged', x_c: 'forged', 'x.d': 'forged' }
    expect(await sent('mapped', { ...forged, 'x-api-key': key.token })).toEqual([
      'x-a: Bearer s1',
      'x-b: s1',
      `x-c: ${key.record.id}`,
    ])
    expect(await sent('mapped', { ...forged, 'x-api-key': other.token })).toEqual([
      'x-b: s2',
      `x-c: ${other.record.id}`,
    ])
  })

  test('leaves out defaults of a call, and values that there are not', async () => {
    expect(await sent('call')).toEqual(['x-b: b'])
  })
})

describe('A rule for a header of a response', () => {
  test('removes and replaces those of the upstream, and the trigger has the last word', async () => {
    const { headers } = await fetch(`${started.url}/acme/prod/response`)
    expect(
      ['x-internal', 'x-kept', 'x-new', 'set-cookie', 'x-won', 'server'].map((name) => headers.get(name)),
    ).toEqual([null, 'step', 'step', null, 'trigger', null])
  })

  test('of the trigger removes those of steps', async () => {
    const { headers } = await fetch(`${started.url}/acme/prod/steps`)
    expect([headers.get('x-kept'), headers.get('server')]).toEqual(['1', null])
  })
})

describe('A value about the caller', () => {
  function lines(template: string, claims: Record<string, unknown> | null): unknown {
    const compiled = compileUpstream({ url: 'http://up/', headers: { 'x-a': template }, timeoutMs: null })
    if (typeof compiled === 'string') throw new Error(compiled)
    const view = started.environment('acme', 'prod')
    const bound = compiled.bind(view)
    if ('bindingProblem' in bound) throw new Error(bound.bindingProblem)
    const run: UpstreamRun = {
      identity: {
        organization: 'acme',
        consumer: 'Mobile App',
        consumerId: 'con_1',
        keyId: null,
        secretSequence: null,
        basicCredential: null,
        claims,
        labels: NO_LABELS,
      },
    }
    const expanded = bound.expand('/', '/', new Map(), run)
    return expanded.target === undefined ? expanded.fault : expanded.headers
  }

  test.each<[string, Record<string, unknown> | null, unknown]>([
    ['{auth.consumer}', null, ['x-a', 'Mobile%20App']],
    ['{auth.organization}/{auth.consumerId}', null, ['x-a', 'acme/con_1']],
    ['{auth.key}', null, []],
    ['{auth.claims.sub}', null, []],
    ['{auth.claims.sub}', { sub: 'a@b.example' }, ['x-a', 'a@b.example']],
    ['{auth.claims.sub}', { sub: '' }, ['x-a', '']],
    ['{auth.claims.sub}', { sub: null }, []],
    ['u:{auth.claims.a} {auth.claims.b}', { a: 'x' }, []],
    // Nothing that ends a header or starts another one.
    ['{auth.claims.a}', { a: 'x\r\nx-admin: 1' }, ['x-a', 'x%0D%0Ax-admin%3A%201']],
    ['{auth.claims.a}', { a: 'é\0%0D{secrets.ONE}' }, ['x-a', '%C3%A9%00%250D%7Bsecrets.ONE%7D']],
    ['{auth.claims.a}', { a: '{secrets.ONE}' }, ['x-a', '{secrets.ONE}']],
    ['{auth.claims.a}', { a: '\ud800' }, ['x-a', '%EF%BF%BD']],
    ['{auth.claims.a}', { a: ['b', 'c'] }, ['x-a', '["b","c"]']],
    ['{auth.claims.a}', { a: { b: 'c d' } }, ['x-a', '%7B%22b%22%3A%22c%20d%22%7D']],
    ['{auth.claims.a}{auth.claims.b}', { a: 1.5, b: true }, ['x-a', '1.5true']],
    ['{auth.claims.https://a.example/roles}', { 'https://a.example/roles': 'r' }, ['x-a', 'r']],
    // Only claims of the JWT, and none of the prototype.
    ['{auth.claims.constructor}', {}, []],
    ['{auth.claims.__proto__}', {}, []],
    ['{auth.claims.a}', { a: 'x'.repeat(8192) }, ['x-a', 'x'.repeat(8192)]],
    ['{auth.claims.a}', { a: 'x'.repeat(8193) }, 'caller'],
    ['{auth.claims.a}', { a: '\n'.repeat(2731) }, 'caller'],
  ])('%s with the claims %j', (template, claims, expected) => {
    expect(lines(template, claims)).toEqual(expected)
  })
})
