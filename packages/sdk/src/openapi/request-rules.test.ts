import { describe, expect, test } from 'vitest'
import { draftPipeline } from './index.ts'

interface Drafted {
  readonly trigger: {
    readonly path?: string
    readonly methods?: readonly string[]
    readonly request?: Readonly<Record<string, unknown>>
    readonly routes?: readonly unknown[]
    readonly schemas?: Readonly<Record<string, unknown>>
  }
  readonly notes: readonly string[]
}

function drafted(paths: object, schemas: object = {}, openapi = '3.1.0', options: object = {}): Drafted {
  const document = {
    openapi,
    info: { title: 'Pets' },
    servers: [{ url: 'https://api.example.com' }],
    security: [{ key: [] }],
    components: { schemas, securitySchemes: { key: { type: 'apiKey', in: 'header', name: 'X-Token' } } },
    paths,
  }
  const { spec, notes } = draftPipeline(document, options)
  return { trigger: spec.trigger as Drafted['trigger'], notes: notes.map(({ path }) => path) }
}

const bodyOf = (schema: unknown, more: object = {}) => ({
  requestBody: { required: true, content: { 'application/json': { schema } }, ...more },
})

/** The schema of the body of the one operation, and the notes. */
function converted(schema: unknown, schemas: object = {}, openapi = '3.1.0') {
  const { trigger, notes } = drafted({ '/a': { post: bodyOf(schema) } }, schemas, openapi)
  return { body: trigger.request?.['body'], schemas: trigger.schemas, notes }
}

/** A schema of so many lists within each other; each is two levels of JSON. */
function nested(count: number): unknown {
  let schema: unknown = { type: 'string' }
  for (let level = 0; level < count; level += 1) schema = { anyOf: [schema] }
  return schema
}

test('a part of a shared schema becomes a shared one of its own', () => {
  const pet = {
    type: 'object',
    properties: {
      tag: { type: 'string', nullable: true },
      'a/b': { type: 'integer' },
      mate: { $ref: '#/components/schemas/Pet/properties/tag' },
    },
  }
  const found = converted(
    {
      properties: {
        one: { $ref: '#/components/schemas/Pet/properties/tag' },
        two: { $ref: '#/components/schemas/Pet/properties/a~1b' },
        three: { $ref: '#/components/schemas/Pet/properties/mate' },
        four: { $ref: '#/components/schemas/Pet/properties/gone' },
      },
    },
    { Pet: pet },
    '3.0.3',
  )
  expect(found).toEqual({
    body: {
      properties: {
        one: { $ref: '#/$defs/Pet_properties_tag' },
        two: { $ref: '#/$defs/Pet_properties_a_b' },
        three: { $ref: '#/$defs/Pet_properties_mate' },
        four: true,
      },
    },
    schemas: {
      Pet_properties_tag: { type: ['string', 'null'] },
      Pet_properties_a_b: { type: 'integer' },
      Pet_properties_mate: { $ref: '#/$defs/Pet_properties_tag' },
    },
    notes: [expect.stringContaining('/four') as string],
  })
})

test('each operation has its rules, and schemas are shared', () => {
  const PET = {
    type: 'object',
    properties: { tag: { type: 'string' }, mate: { $ref: '#/components/schemas/a~1Pet' } },
  }
  const limit = { in: 'query', name: 'limit', schema: { type: 'integer', maximum: 9, example: 7 } }
  const { trigger, notes } = drafted(
    {
      '/pets': {
        get: { parameters: [limit] },
        post: bodyOf({ $ref: '#/components/schemas/a~1Pet' }),
        put: {},
        delete: {},
      },
      '/pets/{pet-id}': {
        parameters: [{ in: 'path', name: 'pet-id', required: true, schema: { type: 'integer' } }],
        get: {},
      },
      '/plain': { get: {} },
    },
    { 'a/Pet': PET, Unused: { type: 'string' } },
  )
  expect(trigger).toMatchObject({
    path: '/pets',
    methods: ['GET'],
    request: { query: { properties: { limit: { type: 'integer', maximum: 9 } } } },
    routes: [
      {
        path: '/pets',
        methods: ['POST'],
        request: { contentTypes: ['application/json'], body: { $ref: '#/$defs/a_Pet' } },
      },
      { path: '/pets', methods: ['PUT', 'DELETE'], request: {} },
      {
        path: '/pets/{pet_id}',
        methods: ['GET'],
        request: { params: { properties: { pet_id: { type: 'integer' } } } },
      },
      { path: '/plain', methods: ['GET'], request: {} },
    ],
    schemas: {
      a_Pet: { type: 'object', properties: { tag: { type: 'string' }, mate: { $ref: '#/$defs/a_Pet' } } },
    },
  })
  expect(Object.keys(trigger.schemas ?? {})).toEqual(['a_Pet'])
  expect(notes).toEqual(['/paths/~1pets~1{pet-id}'])
})

test('a draft without validation has no rules', () => {
  const { trigger } = drafted({ '/a': { post: bodyOf({ type: 'object' }) } }, {}, '3.1.0', {
    validation: false,
  })
  expect(trigger).not.toHaveProperty('request')
  expect(trigger).not.toHaveProperty('schemas')
})

describe('schemas', () => {
  test.each([
    ['3.0.3', { type: 'string', nullable: true }, { type: ['string', 'null'] }],
    [
      '3.0.3',
      { type: 'string', enum: ['a'], nullable: true },
      { anyOf: [{ type: 'string', enum: ['a'] }, { type: 'null' }] },
    ],
    [
      '3.0.3',
      { type: 'number', minimum: 1, exclusiveMinimum: true },
      { type: 'number', exclusiveMinimum: 1 },
    ],
    ['3.0.3', { type: 'number', maximum: 1, exclusiveMaximum: false }, { type: 'number', maximum: 1 }],
    ['3.1.0', { type: 'number', exclusiveMinimum: 1 }, { type: 'number', exclusiveMinimum: 1 }],
    ['3.1.0', { type: 'string', format: 'int32', example: 'a', title: 'A', 'x-a': 1 }, { type: 'string' }],
    ['3.1.0', { type: 'string', format: 'date' }, { type: 'string', format: 'date' }],
    [
      '3.1.0',
      { oneOf: [{ type: 'string' }, { type: 'null' }] },
      { anyOf: [{ type: 'string' }, { type: 'null' }] },
    ],
    ['3.1.0', { allOf: [{ type: 'string' }] }, { type: 'string' }],
    [
      '3.0.3',
      { required: ['id', 'name'], properties: { id: { type: 'integer', readOnly: true }, name: {} } },
      { required: ['name'], properties: { id: { type: 'integer' }, name: {} } },
    ],
    [
      '3.1.0',
      { properties: { a: false }, additionalProperties: false },
      { properties: { a: false }, additionalProperties: false },
    ],
    [
      '3.1.0',
      { type: 'strin', minLength: -1, enum: [], items: [], multipleOf: 0, maximum: 1 },
      { maximum: 1 },
    ],
  ])('of %s: %j becomes %j', (openapi, from, to) => {
    expect(converted(from, {}, openapi)).toMatchObject({ body: to, notes: [] })
  })

  test.each([
    [{ pattern: '(?=a)b', type: 'string' }, { type: 'string' }],
    [{ pattern: '\\u0041', type: 'string' }, { type: 'string' }],
    [{ pattern: '[^]', type: 'string' }, { type: 'string' }],
    [{ pattern: '[[:alpha:]]', type: 'string' }, { type: 'string' }],
    [{ pattern: '(a{1,100}){1,100}', type: 'string' }, { type: 'string' }],
    [{ items: { $ref: 'other.yaml#/A' } }, { items: true }],
    [{ items: { $ref: '#/components/schemas/None' } }, { items: true }],
    [{ items: { $ref: '#/components/schemas/toString' } }, { items: true }],
    [{ items: { $ref: '#/components/schemas/None/properties/x' } }, { items: true }],
    [{ items: { $ref: '#/components/parameters/A' } }, { items: true }],
    [{ $dynamicRef: '#a', type: 'object' }, { type: 'object' }],
    [{ not: { type: 'string' }, maximum: 1 }, { maximum: 1 }],
  ])('%j becomes %j, with a note', (from, to) => {
    const { body, notes } = converted(from)
    expect(body).toEqual(to)
    expect(notes).toHaveLength(1)
    expect(notes[0]).toMatch(/^\/paths\/~1a\/post\/requestBody\/content\/application~1json\/schema/)
  })

  test.each<[unknown, unknown, readonly string[]]>([
    [
      { properties: { constructor: {}, a: { type: 'string' } } },
      { properties: { a: { type: 'string' } } },
      ['/properties/constructor'],
    ],
    [
      JSON.parse(
        '{ "properties": { "__proto__": {}, "prototype": {} }, "additionalProperties": false, "required": ["prototype"] }',
      ),
      { properties: {}, required: ['prototype'] },
      ['/properties/__proto__', '/properties/prototype', '/additionalProperties'],
    ],
    [
      { properties: { toString: {} }, additionalProperties: false },
      { properties: { toString: {} }, additionalProperties: false },
      [],
    ],
    [
      { patternProperties: { '^x-': {} }, additionalProperties: false },
      undefined,
      ['/patternProperties', '/additionalProperties'],
    ],
    [{ prefixItems: [{}], items: false }, undefined, ['/prefixItems', '/items']],
    [
      { properties: { 'a\0': {} }, required: ['a\0', 'b'] },
      { properties: {}, required: ['b'] },
      ['/properties/a\0'],
    ],
    [
      { properties: { '\ud83d': {}, '\ud83d\ude00': {} } },
      { properties: { '\ud83d\ude00': {} } },
      ['/properties/\ud83d'],
    ],
    [{ const: { constructor: 1 } }, undefined, ['/const']],
    [{ const: { constructors: 1 } }, { const: { constructors: 1 } }, []],
    [{ enum: ['a', '\ude00'] }, undefined, ['/enum']],
    [{ enum: [1, Infinity] }, undefined, ['/enum']],
    [{ pattern: '^\0$' }, undefined, ['/pattern']],
    [nested(24), nested(24), []],
    [nested(26), undefined, ['']],
  ])('have only what a request to save them can have: %j becomes %j', (from, to, places) => {
    const { body, notes } = converted(from)
    expect(body).toEqual(to)
    expect(notes).toEqual(
      places.map((place) => `/paths/~1a/post/requestBody/content/application~1json/schema${place}`),
    )
  })

  test('and their components and parameters have names that can be saved', () => {
    const { trigger, notes } = drafted(
      {
        '/a/{constructor}': {
          post: {
            ...bodyOf({ $ref: '#/components/schemas/constructor' }),
            parameters: [
              { in: 'path', name: 'constructor', schema: { type: 'integer' } },
              { in: 'query', name: 'prototype', schema: { type: 'integer' }, required: true },
              { in: 'query', name: 'q', schema: { type: 'integer' } },
            ],
          },
        },
      },
      { constructor: { type: 'object' } },
    )
    expect(trigger).toMatchObject({
      path: '/a/{constructor_2}',
      request: {
        body: { $ref: '#/$defs/constructor_2' },
        params: { properties: { constructor_2: { type: 'integer' } } },
        query: { properties: { q: { type: 'integer' } } },
      },
      schemas: { constructor_2: { type: 'object' } },
    })
    expect(trigger.request?.['query']).not.toHaveProperty('required')
    expect(notes).toEqual(['/paths/~1a~1{constructor}', '/paths/~1a~1{constructor}/post/parameters/1'])
  })

  test('that lead back to themselves or are too large are left out', () => {
    const circle = {
      A: { allOf: [{ $ref: '#/components/schemas/B' }, {}] },
      B: { $ref: '#/components/schemas/A' },
    }
    const found = converted({ items: { $ref: '#/components/schemas/A' } }, circle)
    expect(found.notes).toEqual(['/components/schemas/A'])
    const large = { enum: Array.from({ length: 9000 }, (_, index) => `value ${index}`) }
    expect(converted(large).body).toBeUndefined()
    const doubling = Object.fromEntries(
      Array.from({ length: 40 }, (_, index) => [
        `S${index}`,
        {
          allOf: [
            { $ref: `#/components/schemas/S${index + 1}` },
            { $ref: `#/components/schemas/S${index + 1}` },
          ],
        },
      ]),
    )
    expect(converted({ $ref: '#/components/schemas/S0' }, doubling).notes.length).toBeGreaterThan(0)
  })

  test('of the largest bodies are left out if a spec would be too long', () => {
    const operation = (count: number) => ({
      post: bodyOf({ enum: Array.from({ length: count }, (_, index) => `value ${index}`) }),
    })
    const paths = Object.fromEntries(
      Array.from({ length: 10 }, (_, index) => [`/p${index}`, operation(2000 + index)]),
    )
    const { trigger, notes } = drafted(paths)
    expect(JSON.stringify(trigger).length).toBeLessThan(262_144)
    expect(notes).toEqual(['/paths/~1p9/post'])
  })

  test('of the largest bodies are left out if a request would have too many values to save them', () => {
    const schema = (count: number) => ({ enum: Array.from({ length: count }, () => 1) })
    const paths = { '/p0': { post: bodyOf(schema(24_000)) }, '/p1': { post: bodyOf(schema(26_000)) } }
    expect(drafted(paths).notes).toEqual(['/paths/~1p1/post'])
  })
})

test('a body that may be missing can be null, and one of other types has only its type checked', () => {
  const optional = (method: string, schema: unknown) =>
    drafted({ '/a': { [method]: bodyOf(schema, { required: false }) } }).trigger.request?.['body']
  expect(optional('post', { type: 'object' })).toEqual({ type: ['object', 'null'] })
  expect(optional('delete', { type: 'object' })).toEqual({ type: 'object' })
  const content = {
    'application/json; charset=utf-8': { schema: { type: 'object' } },
    'multipart/form-data': {},
  }
  const { trigger, notes } = drafted({ '/a': { post: { requestBody: { content } } } })
  expect(trigger.request).toEqual({ contentTypes: ['application/json', 'multipart/form-data'] })
  expect(notes).toEqual(['/paths/~1a/post/requestBody'])
})

test.each([
  [{ schema: { type: 'string' } }, { type: 'string' }],
  [{ schema: { type: 'array', items: { type: 'integer' } } }, { type: 'array', items: { type: 'integer' } }],
  [{ schema: { type: 'array', items: { type: 'integer' } }, explode: false }, undefined],
  [{ schema: { type: 'array', items: { type: 'object' } } }, undefined],
  [{ schema: { type: 'object' }, style: 'deepObject' }, undefined],
  [{ schema: { anyOf: [{ type: 'integer' }, { type: 'boolean' }] } }, undefined],
  [{ schema: { type: 'boolean' }, allowEmptyValue: true }, undefined],
  [{ content: { 'application/json': {} } }, undefined],
])('the parameter %j is checked as %j', (parameter, schema) => {
  const { trigger, notes } = drafted({
    '/a': { get: { parameters: [{ in: 'query', name: 'q', ...parameter }] } },
  })
  expect(trigger.request).toEqual(schema === undefined ? undefined : { query: { properties: { q: schema } } })
  expect(notes).toHaveLength(schema === undefined ? 1 : 0)
})

test('a document with more rules than a pipeline has routes loses those of the last paths', () => {
  const item = {
    get: { parameters: [{ in: 'query', name: 'q', schema: { type: 'integer' } }] },
    put: {},
    delete: {},
  }
  const paths = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`/p${index}`, item]))
  const { trigger, notes } = drafted(paths)
  expect(trigger.routes).toHaveLength(500)
  expect(notes).toHaveLength(99)
})
