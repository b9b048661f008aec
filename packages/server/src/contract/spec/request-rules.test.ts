import { describe, expect, test } from 'vitest'
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

describe('shared schemas', () => {
  const problemsOf = (schemas: unknown, request?: unknown) => {
    const result = parseRequest(pipelineSpec, { trigger: { kind: 'http', schemas, request }, steps: STEPS })
    return result.ok ? [] : result.problems.map(({ path, message }) => `${path} ${message}`)
  }
  test('have parts that others refer to', () => {
    const schemas = {
      A: { $defs: { Own: { type: 'string' } }, properties: { x: { type: 'integer' }, 'a/b': true } },
      B: { allOf: [{ $ref: '#/$defs/A/properties/x' }, { $ref: '#/$defs/C/items' }] },
      C: { items: { $ref: '#/$defs/A/$defs/Own' } },
    }
    expect(
      problemsOf(schemas, {
        body: { $ref: '#/$defs/B/allOf/1' },
        params: { properties: { id: { $ref: '#/$defs/A/properties/a~1b' } } },
      }),
    ).toEqual([])
  })

  const TREE = { type: 'object', properties: { below: { items: { $ref: '#/$defs/Tree' } } } }

  test('may refer to each other and to themselves', () => {
    expect(
      problemsOf({ Tree: TREE, 'a.b-c': { $ref: '#/$defs/Tree' } }, { body: { $ref: '#/$defs/a.b-c' } }),
    ).toEqual([])
    const own = { $defs: { X: true }, allOf: [{ $ref: '#/$defs/X' }, { $ref: '#/$defs/Y' }] }
    expect(problemsOf({ X: own, Y: { $anchor: 'a', items: { $ref: '#a' } } })).toEqual([])
  })

  test.each<[unknown, unknown, readonly RegExp[]]>([
    [
      { A: { type: 'strin' } },
      { body: { $ref: '#/$defs/A' } },
      [/^\/trigger\/schemas\/A\/type Use "object"/],
    ],
    [{ A: { $ref: '#/$defs/B' } }, undefined, [/^\/trigger\/schemas\/A\/\$ref This refers to nothing/]],
    [{}, { query: { $ref: '#/$defs/A' } }, [/^\/trigger\/request\/query\/\$ref This refers to nothing/]],
    [{ A: TREE }, { body: { $ref: '#/$defs/A/properties/below' } }, [/^\/trigger\/schemas\/A/]],
    ...['properties/above', 'properties', 'examples/0', 'properties/below/', 'title'].map(
      (part): [unknown, unknown, RegExp[]] => [
        { A: { title: 'A', properties: { below: true }, examples: [{}] } },
        { body: { $ref: `#/$defs/A/${part}` } },
        [/body\/\$ref This refers to nothing/],
      ],
    ),
    [
      { A: { properties: { x: true } } },
      { body: { $defs: { A: {} }, $ref: '#/$defs/A/properties/x' } },
      [/body\/\$ref This refers to nothing/],
    ],
    [
      {
        A: { properties: { x: { $ref: '#/$defs/B/allOf/0' } } },
        B: { allOf: [{ $ref: '#/$defs/A/properties/x' }] },
      },
      undefined,
      [/This leads back to itself/],
    ],
    [
      { A: { $ref: '#/$defs/B' }, B: { allOf: [{ $ref: '#/$defs/A' }] } },
      { body: { $ref: '#/$defs/A' } },
      [/^\/trigger\/schemas\/B\/allOf\/0\/\$ref This leads back to itself/],
    ],
    [{ 'a/b': true }, undefined, [/^\/trigger\/schemas\/a~1b Use a name of letters/]],
    [{ A: 7 }, undefined, [/^\/trigger\/schemas\/A Use a JSON Schema/]],
    [{ A: { not: { $ref: '#/$defs/toString' } } }, undefined, [/This refers to nothing/]],
  ])('%j with %j has its faults at their places, once', (schemas, request, expected) => {
    const problems = problemsOf(schemas, request)
    expect(problems).toHaveLength(expected.length)
    for (const [index, pattern] of expected.entries()) expect(problems[index]).toMatch(pattern)
  })

  test('that hold a value against too much are refused, and not followed without end', () => {
    const names = Array.from({ length: 900 }, (_, index) => `S${index}`)
    const chain = Object.fromEntries(names.map((name, index) => [name, { $ref: `#/$defs/S${index + 1}` }]))
    const deep = { allOf: [{ allOf: [{ allOf: [{ allOf: [{ $ref: '#/$defs/S0' }] }] }] }] }
    expect(problemsOf({ ...chain, S900: true, Deep: deep })).toHaveLength(1)
    const doubling = Object.fromEntries(
      names
        .slice(0, 12)
        .map((name, index) => [
          name,
          { allOf: [{ $ref: `#/$defs/S${index + 1}` }, { $ref: `#/$defs/S${index + 1}` }] },
        ]),
    )
    expect(problemsOf({ ...doubling, S12: true })[0]).toMatch(/schemas or more/)
    const half = { ...Object.fromEntries(Object.entries(doubling).slice(5)), S12: true }
    expect(problemsOf(half)).toEqual([])
    const refs = Array.from({ length: 4 }, () => ({ $ref: '#/$defs/S5' }))
    expect(problemsOf(half, { body: { allOf: refs } })[0]).toMatch(
      /^\/trigger\/request\/body .*schemas or more/,
    )
  })

  test('are limited', () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, index) => [`S${index}`, true]))
    expect(problemsOf(many)[0]).toMatch(/^\/trigger\/schemas Use at most 1000 schemas/)
    expect(problemsOf({ A: { title: 'x'.repeat(65_536) } })[0]).toMatch(/A Use a schema of at most 65536/)
  })
})
