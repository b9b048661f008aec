import { BALANCE_DEFAULT } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { parseRequest } from '../requests/request-problems.ts'
import { steps } from './steps.ts'

const URL_TEXT = 'https://a.example.com/orders/{id}'
const A = { origin: 'https://a.example.com' }
const B = { origin: 'https://b.example.com:8443' }

function read(fields: object) {
  return parseRequest(steps, [{ proxy: { url: URL_TEXT, ...fields } }])
}

function problemsOf(fields: object): Record<string, string> {
  const parsed = read(fields)
  return parsed.ok ? {} : Object.fromEntries(parsed.problems.map(({ path, message }) => [path, message]))
}

test('Omitted fields of targets are filled in', () => {
  const parsed = read({ targets: [A, { ...B, weight: 3, when: { consumers: ['Shop'] }, backup: true }] })
  expect(parsed.ok && parsed.value[0]).toEqual({
    kind: 'proxy',
    url: URL_TEXT,
    headers: {},
    timeoutMs: null,
    targets: [
      { ...A, weight: 1, when: null, isBackup: false },
      { ...B, weight: 3, when: { headers: {}, consumers: ['Shop'] }, isBackup: true },
    ],
    balance: BALANCE_DEFAULT,
  })
})

test('A call has the same fields', () => {
  const parsed = parseRequest(steps, [{ call: { url: URL_TEXT, targets: [A, B], firstByteTimeoutMs: 5 } }])
  expect(parsed.ok && parsed.value[0]).toMatchObject({
    targets: [{ ...A }, { ...B }],
    balance: BALANCE_DEFAULT,
    firstByteTimeoutMs: 5,
  })
  expect(parseRequest(steps, [{ call: { url: URL_TEXT, targets: [B] } }])).toMatchObject({
    problems: [{ path: '/0/call/targets' }],
  })
})

describe('Health checks', () => {
  const readHealth = (health: object) => read({ targets: [A], balance: { health } })

  test('have defaults', () => {
    const parsed = readHealth({ path: '/healthz?deep=1' })
    expect(parsed.ok && parsed.value[0]).toMatchObject({
      balance: {
        health: {
          path: '/healthz?deep=1',
          intervalMs: 10_000,
          timeoutMs: 2000,
          healthyAfter: 1,
          unhealthyAfter: 2,
          statuses: null,
        },
      },
    })
  })

  test.each<[string, object, string]>([
    ['without a path', {}, 'path'],
    ['with a URL as path', { path: 'http://evil.example.com/' }, 'path'],
    ['with an "@" for a host', { path: '@evil.example.com/' }, 'path'],
    ['with a placeholder', { path: '/{id}' }, 'path'],
    ['with a secret', { path: '/{secrets.A}' }, 'path'],
    ['with dots', { path: '/a/../b' }, 'path'],
    ['with a fragment', { path: '/a#b' }, 'path'],
    ['with a line break', { path: '/a\r\nx: y' }, 'path'],
    ['too often', { path: '/', intervalMs: 999 }, 'intervalMs'],
    ['without patience', { path: '/', timeoutMs: 0 }, 'timeoutMs'],
    ['never healthy', { path: '/', healthyAfter: 0 }, 'healthyAfter'],
    ['never unhealthy', { path: '/', unhealthyAfter: 11 }, 'unhealthyAfter'],
    ['with a status that is none', { path: '/', statuses: [200, 101] }, 'statuses/1'],
    ['with no status', { path: '/', statuses: [] }, 'statuses'],
  ])('are refused %s', (_, health, field) => {
    const parsed = readHealth(health)
    const paths = parsed.ok ? [''] : parsed.problems.map(({ path }) => path)
    expect(paths).toEqual([`/0/proxy/balance/health/${field}`])
  })
})

describe('Targets are refused', () => {
  const first = '/0/proxy/targets/0/origin'
  test.each<[string, object, Record<string, string>]>([
    ['none', { targets: [] }, { '/0/proxy/targets': expect.any(String) as string }],
    [
      'a path',
      { targets: [{ origin: 'https://b.example.com/x' }, A] },
      { [first]: 'A target is an origin without a path, such as https://a.example.com:8443.' },
    ],
    [
      'credentials',
      { targets: [{ origin: 'https://u:p@b.example.com' }, A] },
      { [first]: expect.stringContaining('user name or password') as string },
    ],
    [
      'a host that callers choose',
      { targets: [{ origin: 'https://{id}.example.com' }, A] },
      { [first]: expect.stringContaining('must be fixed') as string },
    ],
    [
      'a secret in the host',
      { targets: [{ origin: 'https://{secrets.HOST}' }, A] },
      { [first]: expect.stringContaining('must be fixed') as string },
    ],
    [
      'one twice, in another spelling',
      { targets: [A, { origin: 'https://A.example.com:443' }] },
      { '/0/proxy/targets/1/origin': 'This target is listed twice.' },
    ],
    [
      'all but that of the URL',
      { targets: [B] },
      {
        '/0/proxy/targets':
          'List https://a.example.com, the origin of the URL, too: only targets get requests.',
      },
    ],
    [
      'only some for special requests',
      {
        targets: [
          { ...A, when: { headers: { 'x-a': '1' } } },
          { ...B, backup: true },
        ],
      },
      { '/0/proxy/targets': 'At least one target must be for all requests: without "when" and "backup".' },
    ],
    [
      'an empty condition',
      { targets: [A, { ...B, when: {} }] },
      { '/0/proxy/targets/1/when': 'State a header or a consumer, or leave out the condition.' },
    ],
    [
      'rules without targets',
      { balance: {} },
      { '/0/proxy/balance': 'List the targets, or remove "balance".' },
    ],
    [
      'too much',
      {
        targets: [{ ...A, weight: 0 }],
        balance: { retries: 4, retryMethods: ['POST'], failures: 0, ejectionMs: 300_001 },
        connectTimeoutMs: 0,
      },
      {
        '/0/proxy/targets/0/weight': expect.any(String) as string,
        '/0/proxy/balance/retries': expect.any(String) as string,
        '/0/proxy/balance/retryMethods/0': expect.any(String) as string,
        '/0/proxy/balance/failures': expect.any(String) as string,
        '/0/proxy/balance/ejectionMs': expect.any(String) as string,
        '/0/proxy/connectTimeoutMs': expect.any(String) as string,
      },
    ],
  ])('%s', (_, fields, problems) => {
    expect(problemsOf(fields)).toEqual(problems)
  })
})
