import { describe, expect, test } from 'vitest'
import { draftPipeline, OpenApiError } from './index.ts'

const SERVERS = [{ url: 'https://api.example.com/v2/' }]
const KEY = { key: { type: 'apiKey', in: 'header', name: 'X-Token' } }

function document(paths: unknown, more: object = {}): unknown {
  return { openapi: '3.1.0', info: { title: 'Pets' }, servers: SERVERS, paths, ...more }
}

const secured = (schemes: object, security: unknown, paths: unknown = { '/a': { get: {} } }): unknown =>
  document(paths, { components: { securitySchemes: schemes }, security })

test('a document becomes routes with their methods, and one step that passes requests on', () => {
  const { name, spec, notes } = draftPipeline({
    ...(secured(KEY, [{ key: [] }]) as object),
    info: { title: '  Pet Störe & Co. — API v2' },
    paths: {
      '/pets': { get: {}, post: {}, summary: 'All' },
      '/pets/{petId}': { get: {}, put: {}, delete: {} },
      '/owners/': { post: {}, get: {} },
      'x-internal': { get: {} },
    },
  })
  expect(name).toBe('pet-store-co-api-v2')
  expect(notes).toEqual([])
  expect(spec).toEqual({
    trigger: {
      kind: 'rest',
      path: '/pets',
      methods: ['GET', 'POST'],
      routes: [{ path: '/pets/{petId}', methods: ['GET', 'PUT', 'DELETE'] }, '/owners/'],
      authentication: { apiKey: true },
    },
    steps: [{ proxy: { url: 'https://api.example.com/v2/{path}' } }],
  })
})

describe('paths', () => {
  const pathsOf = (paths: readonly string[]) => {
    const { spec, notes } = draftPipeline({
      ...(secured(KEY, [{ key: [] }]) as object),
      paths: Object.fromEntries(paths.map((path) => [path, { get: {} }])),
    })
    const { path, routes = [] } = spec.trigger as { path: string; routes?: readonly string[] }
    return { paths: [path, ...routes], notes }
  }

  test.each([
    ['/a/{b}.json', '/a/{b}.json'],
    ['/{name}:cancel', '/{name}:cancel'],
    ['/{account-id}/x', '/{account_id}/x'],
    ['/{1}/{a.b}/{a_b}', '/{_1}/{a_b}/{a_b_2}'],
    ['/files/{path}', '/files/{path_2}'],
    ['/{}', '/{_}'],
    ["/f('{id}')", "/f('{id}')"],
    ['/a/', '/a/'],
  ])('%s becomes %s', (from, to) => {
    const { paths, notes } = pathsOf([from])
    expect(paths).toEqual([to])
    expect(notes.length > 0).toBe(from !== to)
  })

  test.each([
    'a',
    '/a//b',
    '/a?b=c',
    '/#x',
    '/{a}{b}',
    '/a/../b',
    '/:a',
    '/a b',
    '/{a}-{b}-{c}-{d}-{e}',
    '/*',
    '/{a',
  ])('%s is left out with a note', (path) => {
    const { paths, notes } = pathsOf(['/ok', path])
    expect(paths).toEqual(['/ok'])
    expect(notes).toHaveLength(1)
    expect(notes[0]?.path).toBe(`/paths/${path.replaceAll('/', '~1')}`)
  })

  test('that match the same requests are one, with a note', () => {
    const { spec, notes } = draftPipeline({
      ...(secured(KEY, [{ key: [] }]) as object),
      paths: { '/a/{b}': { get: {} }, '/a/{c}': { get: {}, put: {} } },
    })
    expect(spec.trigger).toMatchObject({ path: '/a/{b}', methods: ['GET', 'PUT'] })
    expect(notes).toHaveLength(1)
  })

  test('and operations can be references, but not to other files', () => {
    const { spec, notes } = draftPipeline({
      ...(secured(KEY, [{ key: [] }]) as object),
      paths: {
        '/a': { $ref: '#/components/pathItems/a~1b' },
        '/b': { $ref: 'b.yaml#/b' },
        '/c': { $ref: '#/paths/~1c' },
        '/d': { $ref: '#/toString' },
      },
      components: { securitySchemes: KEY, pathItems: { 'a/b': { patch: {} } } },
    })
    expect(spec.trigger).toMatchObject({ path: '/a', methods: ['PATCH'] })
    expect(spec.trigger).not.toHaveProperty('routes')
    expect(notes.map(({ path }) => path)).toEqual(['/paths/~1b', '/paths/~1c', '/paths/~1d'])
  })

  test('can be taken by their beginning', () => {
    const given = secured(KEY, [{ key: [] }], { '/a/b': { get: {} }, '/c': { get: {} } })
    expect(draftPipeline(given, { pathPrefix: '/c' }).spec.trigger).toMatchObject({ path: '/c' })
    expect(() => draftPipeline(given, { pathPrefix: '/d' })).toThrow(OpenApiError)
  })
})

describe('credentials', () => {
  test.each([
    ['an API key in a header', KEY, [{ key: [] }], { apiKey: true }, undefined],
    ['one in the query', { q: { type: 'apiKey', in: 'query' } }, [{ q: [] }], { apiKey: true }, true],
    ['Basic', { b: { type: 'http', scheme: 'Basic' } }, [{ b: [] }], { basic: true }, undefined],
    ['a bearer token', { b: { type: 'http', scheme: 'bearer' } }, [{ b: [] }], { jwt: true }, undefined],
    ['OAuth 2', { o: { type: 'oauth2' } }, [{ o: ['read'] }], { jwt: true }, undefined],
    [
      'both',
      { ...KEY, o: { type: 'openIdConnect' } },
      [{ key: [], o: [] }],
      { apiKey: true, jwt: true },
      undefined,
    ],
    [
      'the first that is possible',
      { ...KEY, m: { type: 'mutualTLS' } },
      [{ m: [] }, { key: [] }],
      { apiKey: true },
      undefined,
    ],
    [
      'a reference',
      { r: { $ref: '#/components/securitySchemes/k' }, k: KEY.key },
      [{ r: [] }],
      { apiKey: true },
      undefined,
    ],
    ['nothing', {}, undefined, { apiKey: true }, undefined],
    ['nothing, said so', {}, [{}], { apiKey: true }, undefined],
    ['an unknown scheme', {}, [{ constructor: [] }], { apiKey: true }, undefined],
    ['a cookie', { c: { type: 'apiKey', in: 'cookie' } }, [{ c: [] }], { apiKey: true }, undefined],
  ])('of %s', (_, schemes, security, authentication, apiKeyInQuery) => {
    const { trigger } = draftPipeline(secured(schemes, security)).spec
    expect(trigger).toMatchObject({ authentication })
    expect(Object.keys(trigger).includes('apiKeyInQuery')).toBe(apiKeyInQuery === true)
  })

  test('are those of most operations, never none, with a note for each that differs', () => {
    const schemes = { ...KEY, b: { type: 'http', scheme: 'basic' }, m: { type: 'mutualTLS' } }
    const { spec, notes } = draftPipeline(
      secured(schemes, [{ key: [] }], {
        '/1': { get: {}, put: {}, post: { security: [] } },
        '/2': { get: { security: [{ b: [] }] }, put: { security: [{ m: [] }] }, post: { security: [{}] } },
      }),
    )
    expect(spec.trigger).toMatchObject({ authentication: { apiKey: true } })
    expect(notes.map(({ path }) => path)).toEqual([
      '/paths/~11/post',
      '/paths/~12/get',
      '/paths/~12/post',
      '/paths/~12/put',
    ])
  })
})

describe('the upstream', () => {
  test.each([
    [
      [
        {
          url: 'https://{region}.example.com:{port}/v1',
          variables: { region: { default: 'eu' }, port: { default: '8443' } },
        },
      ],
      'https://eu.example.com:8443/v1/{path}',
    ],
    [[{ url: 'http://a.example' }, { url: 'http://b.example' }], 'http://a.example/{path}'],
  ])('of %j is %s', (servers, url) => {
    const { spec } = draftPipeline(document({ '/a': { get: {} } }, { servers }))
    expect(spec.steps).toEqual([{ proxy: { url } }])
  })

  test.each([
    { url: 'https://a.example/{secrets.PASSWORD}' },
    { url: 'https://a.example/{v}', variables: { v: { default: '{secrets.PASSWORD}' } } },
    { url: 'https://a.example/{unknown}' },
    { url: 'https://user:pass@a.example' },
    { url: 'https://user@a.example' },
    { url: 'https://a.example/?key=1' },
    { url: 'https://a.example/#part' },
    { url: 'https://a.example:99999' },
    { url: 'https://a b.example' },
    { url: 'https://a.example/b c' },
    { url: 'https://ä.example' },
    { url: 'https://a.example/\0' },
    { url: `https://a.example/${'b'.repeat(2000)}` },
  ])('is never %j, which a document must not choose', (server) => {
    const open = document({ '/a': { get: {} } }, { servers: [server] })
    expect(() => draftPipeline(open)).toThrow(/braces.*`upstreamUrl`/)
    const { spec } = draftPipeline(open, { upstreamUrl: 'https://{vars.HOST}/v1' })
    expect(spec.steps).toEqual([{ proxy: { url: 'https://{vars.HOST}/v1/{path}' } }])
  })

  test('can be given, and must be where the document names none', () => {
    const relative = document({ '/a': { get: {} } }, { servers: [{ url: '/v1' }] })
    expect(() => draftPipeline(relative)).toThrow('upstreamUrl')
    const { spec } = draftPipeline(relative, { upstreamUrl: 'http://10.0.0.7:9000/base/' })
    expect(spec.steps).toEqual([{ proxy: { url: 'http://10.0.0.7:9000/base/{path}' } }])
  })
})

test('a pipeline with other bodies than JSON takes any content', () => {
  const kindOf = (type: string) =>
    draftPipeline(document({ '/a': { post: { requestBody: { content: { [type]: {} } } } } })).spec.trigger
      .kind
  expect(kindOf('application/json; charset=utf-8')).toBe('rest')
  expect(kindOf('application/merge-patch+json')).toBe('rest')
  expect(kindOf('multipart/form-data')).toBe('http')
  expect(kindOf('*/*')).toBe('http')
})

test('what pipelines do not have is noted', () => {
  const { notes } = draftPipeline(
    secured(KEY, [{ key: [] }], {
      '/a': { get: { servers: [{ url: 'https://other.example' }] }, trace: {} },
      '/b': { get: {}, servers: SERVERS },
    }),
  )
  expect(notes.map(({ path }) => path)).toEqual(['/paths/~1a/trace', '/paths/~1a'])
})

test.each([
  [null, 'not OpenAPI'],
  ['openapi: 3.1.0', 'not OpenAPI'],
  [{ swagger: '2.0', paths: {} }, 'Swagger 2.0'],
  [{ openapi: '4.0.0' }, 'not OpenAPI'],
  [document([]), 'no path'],
  [document(null), 'no path'],
])('%j is refused with what to do', (given, message) => {
  expect(() => draftPipeline(given)).toThrow(message)
})

test('members of other types are like missing ones', () => {
  const given = document(
    { '/a': null, '/b': 'x', '/c': { get: 7 } },
    { info: [], components: 'x', security: {} },
  )
  const { name, spec } = draftPipeline(given)
  expect(name).toBe('api')
  expect(spec.trigger).toMatchObject({ path: '/c', methods: ['GET'] })
})

test('a document with more paths than a pipeline can have is refused', () => {
  const paths = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`/p${index}`, { get: {} }]))
  expect(draftPipeline(document(paths(501))).spec.trigger).toMatchObject({ path: '/p0' })
  expect(() => draftPipeline(document(paths(502)))).toThrow('502 paths')
  const long = Object.fromEntries(
    Array.from({ length: 501 }, (_, at) => [`/${'p'.repeat(500)}${at}`, { get: {} }]),
  )
  expect(() => draftPipeline(document(long))).toThrow('several prefixes')
})
