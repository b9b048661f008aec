import { expect, test } from 'vitest'
import { parseRequest } from '../requests/request-problems.ts'
import { pipelineSpec } from './pipeline-spec.ts'

const STEPS = [{ proxy: { url: 'https://a.example.com' } }]

function parsed(request: unknown, kind = 'http') {
  return parseRequest(pipelineSpec, { trigger: { kind, request }, steps: STEPS })
}

test('schemas and types are kept as they are written', () => {
  const request = {
    body: { type: 'object', properties: { a: { default: null, const: null, 'x-own': [1] } }, examples: [{}] },
    query: false,
    params: {},
    contentTypes: ['application/json', 'application/vnd.api+json', 'image/*'],
  }
  expect(parsed(request)).toMatchObject({ ok: true, value: { trigger: { request } } })
  const without = parsed(undefined)
  expect(without.ok && 'request' in without.value.trigger).toBe(false)
})

test.each<[unknown, string, RegExp]>([
  [{ body: 7 }, '/trigger/request/body', /^Use a JSON Schema/],
  [{ body: { type: 'strin' } }, '/trigger/request/body/type', /^Use "object", /],
  [
    { query: { properties: { 'a/b': { minimum: '1' } } } },
    '/trigger/request/query/properties/a~1b/minimum',
    /^Use a number/,
  ],
  [
    { params: { $ref: 'https://a.example.com/s' } },
    '/trigger/request/params/$ref',
    /^Use a reference within this schema/,
  ],
  [
    { body: { items: { pattern: '(?=a)' } } },
    '/trigger/request/body/items/pattern',
    /^Use a regular expression in the syntax of RE2/,
  ],
  [{ body: { $ref: '#' } }, '/trigger/request/body/$ref', /^This leads back to itself/],
  [
    { body: { title: 'x'.repeat(65_536) } },
    '/trigger/request/body',
    /^Use a schema of at most 65536 characters/,
  ],
  [{ contentTypes: [] }, '/trigger/request/contentTypes', /^Send at least 1 item/],
  [{ contentTypes: ['Text/Plain'] }, '/trigger/request/contentTypes/0', /^Use a media type in lower case/],
  [{ contentTypes: ['text/plain; charset=utf-8'] }, '/trigger/request/contentTypes/0', /^Use a media type/],
  [{ contentTypes: ['*/*'] }, '/trigger/request/contentTypes/0', /^Use a media type/],
  [{ headers: {} }, '/trigger/request/headers', /^This field is unknown/],
])('%j is refused at %s', (request, path, message) => {
  expect(parsed(request)).toEqual({
    ok: false,
    problems: [{ path, message: expect.stringMatching(message) as string }],
  })
})

test('a trigger whose body is not read, or that has no callers, cannot check one', () => {
  expect(parsed({ body: true }, 'http-file')).toMatchObject({
    ok: false,
    problems: [
      {
        path: '/trigger/request/body',
        message: expect.stringContaining('`http-file` is not read') as string,
      },
    ],
  })
  expect(parsed({ query: true, contentTypes: ['image/*'] }, 'http-file').ok).toBe(true)
  const schedule = {
    trigger: { kind: 'schedule', schedule: '0 0 * * *', request: { query: true } },
    steps: STEPS,
  }
  expect(parseRequest(pipelineSpec, schedule)).toMatchObject({
    ok: false,
    problems: [{ path: '/trigger/request' }],
  })
})

test('rules of a route have their own places', () => {
  const withRoutes = (kind: string, ...routes: readonly object[]) =>
    parseRequest(pipelineSpec, { trigger: { kind, path: '/a', routes }, steps: STEPS })
  const request = { query: { maxProperties: 0 }, contentTypes: ['image/*'] }
  const kept = withRoutes(
    'http',
    { path: '/a', methods: ['POST'], request },
    { path: '/b', methods: ['GET'] },
  )
  expect(kept).toMatchObject({
    ok: true,
    value: {
      trigger: {
        routes: [
          { path: '/a', methods: ['POST'], request },
          { path: '/b', methods: ['GET'] },
        ],
      },
    },
  })
  expect(
    withRoutes('http', { path: '/b', methods: ['PUT'], request: { body: { type: 'strin' } } }),
  ).toMatchObject({
    ok: false,
    problems: [
      { path: '/trigger/routes/0/request/body/type', message: expect.stringMatching(/^Use "object"/) },
    ],
  })
  expect(
    withRoutes(
      'http-file',
      { path: '/b', methods: ['PUT'] },
      { path: '/c', methods: ['PUT'], request: { body: true } },
    ),
  ).toMatchObject({ ok: false, problems: [{ path: '/trigger/routes/1/request/body' }] })
})
