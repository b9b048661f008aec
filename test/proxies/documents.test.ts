import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CREDENTIAL_HEADERS } from '@sallyport/core'
import { parse } from 'yaml'
import { expect, test } from 'vitest'
import { OTHER_METHOD, STATEMENTS } from './client-statements.ts'
import { IDENTITY } from './hostile-calls.ts'

function read(file: string): string {
  return readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'proxies', file), 'utf8')
}

function names(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, name = '']) => name.toLowerCase())
}

/** Everything in a parsed file below members of this name. */
function below(value: unknown, member: string): unknown[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) =>
    name === member ? [inner as unknown] : below(inner, member),
  )
}

function textsOf(values: readonly unknown[]): string[] {
  return values.flatMap((value): string[] => {
    if (typeof value === 'string') return [value.toLowerCase()]
    return typeof value === 'object' && value !== null ? textsOf(Object.values(value)) : []
  })
}

const traefik: unknown = parse(read('traefik.yaml'))
const envoy: unknown = parse(read('envoy.yaml'))
const gatewayApi: unknown = parse(read('gateway-api.yaml'))
const lua = read('sallyport.lua')

test.each([
  ['HAProxy', names(lua, /"([a-z-]+)"/g)],
  ['Traefik', textsOf(below(traefik, 'authRequestHeaders'))],
  ['Envoy', textsOf(below(envoy, 'allowed_headers'))],
  ['the Gateway API', textsOf(below(gatewayApi, 'allowedHeaders'))],
])('%s sends Sallyport every credential', (_proxy, sent) => {
  for (const name of CREDENTIAL_HEADERS) expect(sent).toContain(name)
})

const REMOVED: readonly (readonly [string, readonly string[]])[] = [
  ['nginx', names(read('nginx.conf'), /proxy_set_header (\S+) "";/g)],
  ['Caddy', names(read('Caddyfile'), /header_up -(\S+)/g)],
  ['HAProxy', names(read('haproxy.cfg'), /http-request del-header (\S+)\n/g)],
  [
    'Traefik',
    below(traefik, 'customRequestHeaders').flatMap((headers) =>
      Object.entries(headers as Record<string, string>).flatMap(([name, value]) =>
        value === '' ? [name.toLowerCase()] : [],
      ),
    ),
  ],
  ['Envoy', textsOf(below(envoy, 'request_headers_to_remove'))],
  ['the Gateway API', textsOf(below(gatewayApi, 'remove'))],
]

test.each(REMOVED)(
  '%s removes every credential, and headers with another path or method',
  (_proxy, removed) => {
    for (const name of [...CREDENTIAL_HEADERS, 'x-original-url', 'x-rewrite-url', ...OTHER_METHOD]) {
      expect(removed).toContain(name.toLowerCase())
    }
  },
)

// A filter of the Gateway API takes at most 16 names.
test.each(REMOVED.filter(([proxy]) => proxy !== 'the Gateway API'))(
  '%s removes statements about the client',
  (_proxy, removed) => {
    for (const name of STATEMENTS) expect(removed).toContain(name.toLowerCase())
  },
)

test.each([
  ['nginx', names(read('nginx.conf'), /proxy_set_header (\S+) \$sallyport_(?!upgrade|connection)/g)],
  ['Caddy', names(read('Caddyfile'), /header_up (\S+) \{http\.reverse_proxy\.header\.X-Sallyport-/g)],
  ['HAProxy', names(read('haproxy.cfg'), /http-request set-header (\S+) %\[var\(txn\.sallyport_/g)],
  ['Envoy', textsOf(below(envoy, 'allowed_upstream_headers'))],
  ['the Gateway API', textsOf(below(gatewayApi, 'allowedResponseHeaders'))],
])('%s sets every identity header, and no other', (_proxy, set) => {
  const sorted = (list: readonly string[]): string[] =>
    list.toSorted((one, other) => one.localeCompare(other))
  expect(sorted(set)).toEqual(sorted(IDENTITY))
})

test('Traefik replaces identity headers in every spelling', () => {
  const [expression = ''] = below(traefik, 'authResponseHeadersRegex').map(String)
  // Go writes the flag into the expression.
  const pattern = new RegExp(expression.replace('(?i)', ''), 'i')
  for (const name of IDENTITY) {
    const [x, sallyport, last] = name.split('-')
    for (const spelling of [name, `${x}_${sallyport}-${last}`, `X.${sallyport}_${last}`]) {
      expect(spelling).toMatch(pattern)
    }
  }
  expect('x-sallyportal-key').not.toMatch(pattern)
  expect('my-x-sallyport-key').not.toMatch(pattern)
})

test('Envoy recognizes a key in the query, and nothing else', () => {
  const [route] = below(envoy, 'safe_regex') as { readonly regex: string }[]
  // Envoy compares the whole path and query.
  const pattern = new RegExp(`^(?:${route?.regex})$`)
  for (const target of [
    '/a?apikey=x',
    '/a?b=1&apikey=x&c',
    '/?%61pikey=x',
    '/?a=b&%61%70%69%6B%65%79=',
    '/?apikey',
  ]) {
    expect(target).toMatch(pattern)
  }
  for (const target of ['/apikey=x', '/a?b=apikey', '/a?apikeys=1', '/a?my-apikey=1', '/a?apikey%20=1']) {
    expect(target).not.toMatch(pattern)
  }
})
