import { OTHER_METHOD, STATEMENTS } from './client-statements.ts'
import { ORIGIN, OWN_HOST, PIPELINE_HOST, type GuardedService } from './guarded-service.ts'
import type { Front } from './front.ts'
import type { Call } from './send.ts'

/** A call that reaches the service. */
export interface AdmittedCall {
  readonly title: string
  readonly call: (guarded: GuardedService) => Call
  /** The target that the service gets; that of the call by default. */
  readonly target?: string
  /** `-` for calls without a key. */
  readonly consumer?: string
}

/** A call that does not reach the service. */
export interface RefusedCall {
  readonly title: string
  readonly call: (guarded: GuardedService, front: Front['name']) => Call
  readonly status: number
  /** The code of the problem; null if the front may refuse by itself. */
  readonly code: string | null
}

export const IDENTITY = [
  'x-sallyport-organization',
  'x-sallyport-environment',
  'x-sallyport-pipeline',
  'x-sallyport-consumer',
  'x-sallyport-key',
  'x-sallyport-claims',
  'x-sallyport-labels',
] as const

const ORDER = '/acme/prod/orders/7'
const LARGE = 'a body of 3 MB. '.repeat(192 * 1024)

function withKey({ token }: GuardedService): [name: string, value: string] {
  return ['X-Api-Key', token]
}

function order(headers: readonly (readonly [string, string])[] = [], rest: Partial<Call> = {}) {
  return (guarded: GuardedService): Call => ({
    path: ORDER,
    ...rest,
    headers: [withKey(guarded), ...headers],
  })
}

/** Spellings of a name that a service which gets headers as variables reads as the same one. */
function spellings(name: string): string[] {
  const parts = name.split('-')
  return ['_', '.'].flatMap((mark) => [
    parts.join(mark),
    `${parts[0]}${mark}${parts.slice(1).join('-')}`,
    `${parts.slice(0, -1).join('-')}${mark}${parts.at(-1)}`,
  ])
}

const FORGED = IDENTITY.map((name) => [name, 'forged'] as const)

export const ADMITTED: readonly AdmittedCall[] = [
  { title: 'with a key', call: order() },
  { title: 'with forged identity headers', call: order(FORGED) },
  {
    title: 'with forged identity headers in capitals, twice',
    call: order([...FORGED, ...FORGED].map(([name]) => [name.toUpperCase(), 'forged'])),
  },
  {
    title: 'that removes identity headers through Connection',
    call: order([['Connection', `close, ${IDENTITY.join(', ')}`]]),
  },
  {
    title: 'that removes one identity header through Connection',
    call: order([
      ['Connection', 'X-Sallyport-Consumer'],
      ['Connection', 'keep-alive'],
    ]),
  },
  {
    title: 'that forges and removes identity headers',
    call: order([...FORGED, ['Connection', `keep-alive, ${IDENTITY.join(',')}`]]),
  },
  {
    title: 'with identity headers spelled with underscores and dots',
    call: order(IDENTITY.flatMap(spellings).map((name) => [name, 'forged'])),
  },
  {
    title: 'that asks to change to HTTP/2',
    call: order([
      ['Connection', 'Upgrade, HTTP2-Settings'],
      ['Upgrade', 'h2c'],
      ['HTTP2-Settings', 'AAMAAABkAAQAoAAAAAIAAAAA'],
    ]),
  },
  {
    title: 'with answer headers of Sallyport',
    call: order([
      ['X-Sallyport-Outcome', 'allowed'],
      ['X-Sallyport-Target', '/forged'],
      ['X-Sallyport-Status', '200'],
      ['X-Sallyport-Mode', 'nginx'],
      ['X-Sallyport-Problem', 'forged'],
      ['X-Sallyport-Code', 'forged'],
    ]),
  },
  {
    title: 'with identity headers in trailers',
    call: order([], { method: 'POST', body: 'x', isChunked: true, trailers: FORGED }),
  },
  {
    title: 'with descriptions of another request',
    call: order([
      ['X-Original-Method', 'GET'],
      ['X-Original-URL', '/acme/prod/open'],
      ['X-Forwarded-Method', 'GET'],
      ['X-Forwarded-Uri', '/acme/prod/open'],
      ['X-Forwarded-Host', OWN_HOST],
      ['X-Rewrite-URL', '/acme/prod/open'],
      ['Forwarded', 'for=192.0.2.1;host=forged'],
      ['X-Real-IP', '192.0.2.1'],
      ['X-Forwarded-For', '192.0.2.1'],
    ]),
  },
  {
    title: 'with statements about the client and another method',
    call: order([...OTHER_METHOD, ...STATEMENTS].map((name) => [name, 'forged'])),
  },
  {
    title: 'with the key as Bearer',
    call: ({ token }) => ({ path: ORDER, headers: [['Authorization', `Bearer ${token}`]] }),
  },
  { title: 'with the key in apikey', call: ({ token }) => ({ path: ORDER, headers: [['apikey', token]] }) },
  {
    title: 'with the key as a pair',
    call: ({ token, keyId }) => ({
      path: ORDER,
      headers: [
        ['X-Api-AppKey', keyId],
        ['X-Api-AppToken', token],
      ],
    }),
  },
  {
    title: 'with other credentials beside the key',
    call: order([
      ['Authorization', 'Basic dXNlcjpzZWNyZXQ='],
      ['X-Access-Token', 'a.b.c'],
    ]),
  },
  {
    title: 'with credentials spelled with underscores',
    call: (guarded) => ({
      path: ORDER,
      headers: [withKey(guarded), ['X_Api_Key', guarded.token], ['X_Access_Token', guarded.token]],
    }),
  },
  {
    title: 'without a key, where none is needed',
    call: () => ({ path: '/acme/prod/open', headers: FORGED }),
    consumer: '-',
  },
  ...[
    '?',
    '?a=1&b=2',
    '?a=%20%2B+%2f&&=',
    '?apikey=mine',
    '?q={http.request.header.X-Api-Key}&r={env.PATH}',
    '?a=\'"<>|^`;$1\\1%25',
  ].map((query) => ({
    title: `with the query ${query}`,
    call: order([], { path: ORDER + query }),
  })),
  ...(
    [
      ['a key in the query', (token: string) => `?apikey=${token}`, ''],
      ['a key among parameters', (token: string) => `?a=1&apikey=${token}&b=%20`, '?a=1&b=%20'],
      [
        'a key under an encoded name',
        (token: string) => `?%61pi%6Bey=${token}&a={env.PATH}`,
        '?a={env.PATH}',
      ],
    ] as const
  ).map(([title, query, left]) => ({
    title: `with ${title}`,
    call: ({ queryToken }: GuardedService) => ({ path: `/acme/prod/keyed/7${query(queryToken)}` }),
    target: `/acme/prod/keyed/7${left}`,
    consumer: 'caller-of-keyed',
  })),
  {
    title: 'with a key in the query of a pipeline that reads none there',
    call: (guarded) => ({ path: `${ORDER}?a=1&apikey=${guarded.token}`, headers: [withKey(guarded)] }),
    target: `${ORDER}?a=1`,
  },
  ...[
    '/%6frders/7',
    '/orders/a%20b',
    '/orders/a;b=c',
    '/orders/a%3Bb',
    "/orders/a!$&'()*+,=:@~-._",
    '/orders/%C3%A4',
    '/orders/a%22b',
  ].map((path) => ({
    title: `to ${path}`,
    call: order([], { path: `/acme/prod${path}` }),
  })),
  {
    title: 'with a long target',
    call: order([], { path: `${ORDER}?a=${'x'.repeat(8000)}` }),
  },
  { title: 'with a body of known length', call: order([], { method: 'POST', body: 'a=1' }) },
  { title: 'with an empty body', call: order([], { method: 'POST', body: '' }) },
  { title: 'with a chunked body', call: order([], { method: 'POST', body: 'a=1', isChunked: true }) },
  { title: 'with a large body', call: order([], { method: 'POST', body: LARGE }) },
  { title: 'with a large chunked body', call: order([], { method: 'POST', body: LARGE, isChunked: true }) },
  {
    title: 'with a whole URL',
    call: order([], { path: `http://front.example${ORDER}?a=1` }),
    target: `${ORDER}?a=1`,
  },
  { title: 'with the host of an environment', call: order([], { host: OWN_HOST, path: '/orders/7?a=1' }) },
  {
    title: 'with the host of a pipeline',
    call: order([], { host: PIPELINE_HOST.toUpperCase(), path: '/only/7?a=1' }),
  },
  {
    title: 'with the host of an environment and a port',
    call: order([], { host: `${OWN_HOST}:8080`, path: '/orders/7' }),
  },
]

const NO_KEY = '401 without a key'

export const REFUSED: readonly RefusedCall[] = [
  { title: NO_KEY, call: () => ({ path: ORDER }), status: 401, code: 'credential_missing' },
  {
    title: '401 with a wrong key',
    call: ({ token }) => ({ path: ORDER, headers: [['X-Api-Key', `${token.slice(0, -1)}_`]] }),
    status: 401,
    code: 'credential_invalid',
  },
  {
    title: '401 with a key under a name that is no credential',
    call: ({ token }) => ({ path: ORDER, headers: [['X_Api_Key', token]] }),
    status: 401,
    code: 'credential_missing',
  },
  {
    title: '401 with two keys',
    call: (guarded) => ({ path: ORDER, headers: [withKey(guarded), withKey(guarded)] }),
    status: 401,
    code: 'credential_ambiguous',
  },
  {
    title: '401 with a body',
    call: () => ({ path: ORDER, method: 'POST', body: LARGE.slice(0, 50_000) }),
    status: 401,
    code: 'credential_missing',
  },
  {
    title: '401 with a chunked body',
    call: () => ({ path: ORDER, method: 'POST', body: 'a', isChunked: true }),
    status: 401,
    code: 'credential_missing',
  },
  {
    title: '401 with a query',
    call: () => ({ path: `${ORDER}?a=1` }),
    status: 401,
    code: 'credential_missing',
  },
  {
    title: '401 with a key in a query where none is read',
    call: ({ token }) => ({ path: `${ORDER}?apikey=${token}` }),
    status: 401,
    code: 'credential_missing',
  },
  {
    title: '401 with a description of an open request',
    call: () => ({
      path: ORDER,
      headers: [
        ['X-Original-Method', 'GET'],
        ['X-Original-URL', '/acme/prod/open'],
        ['X-Forwarded-Method', 'GET'],
        ['X-Forwarded-Uri', '/acme/prod/open'],
      ],
    }),
    status: 401,
    code: 'credential_missing',
  },
  {
    title: '401 with a mode of the caller',
    call: () => ({
      path: ORDER,
      headers: [
        ['X-Sallyport-Mode', 'nginx'],
        ['X-Sallyport-Outcome', 'allowed'],
      ],
    }),
    status: 401,
    code: 'credential_missing',
  },
  {
    title: '403 with a key of another consumer',
    call: ({ strangerToken }) => ({ path: ORDER, headers: [['X-Api-Key', strangerToken]] }),
    status: 403,
    code: 'pipeline_not_allowed',
  },
  {
    title: '404 for an unknown path',
    call: (guarded) => ({ path: '/acme/prod/nothing', headers: [withKey(guarded)] }),
    status: 404,
    code: 'route_not_found',
  },
  {
    title: '404 for a forwarded host of the caller',
    call: (guarded) => ({ path: '/orders/7', headers: [withKey(guarded), ['X-Forwarded-Host', OWN_HOST]] }),
    status: 404,
    code: 'route_not_found',
  },
  {
    title: '404 for a pipeline with a host, at another host of its environment',
    call: (guarded) => ({ path: '/only/7', host: OWN_HOST, headers: [withKey(guarded)] }),
    status: 404,
    code: 'route_not_found',
  },
  {
    title: '404 for a pipeline with a host, by the path of its environment',
    call: (guarded) => ({ path: '/acme/prod/only/7', headers: [withKey(guarded)] }),
    status: 404,
    code: 'route_not_found',
  },
  {
    title: '401 for a path that needs no key at other hosts',
    call: () => ({ path: '/open', host: PIPELINE_HOST }),
    status: 401,
    code: 'credential_missing',
  },
  {
    title: '404 at the host of an environment, for its path at other hosts',
    call: (guarded) => ({ path: ORDER, host: OWN_HOST, headers: [withKey(guarded)] }),
    status: 404,
    code: 'route_not_found',
  },
  {
    title: '405 for a method that the pipeline does not have',
    call: (guarded) => ({ path: ORDER, method: 'DELETE', headers: [withKey(guarded)] }),
    status: 405,
    code: 'method_not_allowed',
  },
  {
    title: '429 over the limit',
    call: ({ limitedTokens }, front) => ({
      path: `/acme/prod/limited-${front}`,
      headers: [['X-Api-Key', limitedTokens.get(front) ?? '']],
    }),
    status: 429,
    code: 'rate_limited',
  },
  {
    title: '503 if a token cannot be verified',
    call: ({ unverifiableJwt }) => ({
      path: '/acme/prod/signed',
      headers: [['Authorization', `Bearer ${unverifiableJwt}`]],
    }),
    status: 503,
    code: 'unavailable',
  },
  ...[
    '/open/../orders/7',
    '/open/%2e%2e/orders/7',
    '/orders/%2E%2E/open',
    '/orders/./7',
    '//orders/7',
    '/orders//7',
    '/orders/a%2fb',
    '/orders/a%5cb',
    '/orders/%252e%252e/7',
    '/orders/..%2f7',
  ].map((path): RefusedCall => ({
    title: `400 for ${path}`,
    call: (guarded) => ({ path: `/acme/prod${path}`, headers: [withKey(guarded)] }),
    status: 400,
    code: 'invalid_request',
  })),
  ...['/orders/%zz', '/orders/a%00b', '/orders/a\\b'].map((path): RefusedCall => ({
    title: `400 for ${path}`,
    call: (guarded) => ({ path: `/acme/prod${path}`, headers: [withKey(guarded)] }),
    status: 400,
    code: null,
  })),
]

/** A browser asks for permission. */
export const PREFLIGHT: Call = {
  method: 'OPTIONS',
  path: '/acme/prod/pages',
  headers: [
    ['Origin', ORIGIN],
    ['Access-Control-Request-Method', 'GET'],
  ],
}
