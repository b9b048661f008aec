import { once } from 'node:events'
import { connect } from 'node:net'
import type { Trigger } from '@sallyport/core'
import { afterAll, describe, expect, test } from 'vitest'
import { ACME, deployment, OPEN, startWith } from '../testing/started-gateway.ts'

const PATH = '/.well-known/openapi.json'

const pipeline = (name: string, trigger: Partial<Trigger>) =>
  deployment({ paths: [`/${name}`], methods: ['GET'], authentication: OPEN, ...trigger }, undefined, {
    pipeline: name,
    version: '1.2',
  })

const TREE = {
  $comment: 'for us alone',
  type: 'object',
  properties: { id: { $ref: '#/$defs/Id' }, below: { items: { $ref: '#/$defs/Tree' } } },
}
const BODY = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $defs: { Own: { const: { $ref: '#/$defs/Id' } } },
  properties: { tree: { $ref: '#/$defs/Tree' }, own: { $ref: '#/$defs/Own' }, same: { $ref: '#' } },
}
const started = await startWith([
  ...ACME,
  pipeline('trees', {
    paths: ['/trees/:id', '/trees/*', '/plain'],
    methods: ['GET', 'PUT'],
    writtenRoutes: [
      { path: '/trees/:id', methods: ['GET', 'PUT'] },
      { path: '/trees/*', methods: ['GET', 'PUT'] },
      { path: '/plain', methods: ['PUT'], request: { contentTypes: ['text/plain', 'image/*'] } },
      { path: '/plain', methods: ['GET'], request: {} },
    ],
    request: {
      body: BODY,
      query: { properties: { page: { type: 'integer' }, 'a/b': true }, required: ['page'] },
      params: { properties: { id: { $ref: '#/$defs/Tree/properties/id' } } },
    },
    schemas: { Tree: TREE, Id: { type: 'integer' }, Unused: true },
  }),
  pipeline('guarded', {
    authentication: { ...OPEN, apiKey: true },
    request: { query: { properties: { secret: { const: 'hidden' } } } },
  }),
  pipeline('anchored', { methods: ['PUT'], request: { body: { $anchor: 'a', not: { $ref: '#a' } } } }),
  pipeline('circle', {
    methods: ['POST'],
    request: { body: { $ref: '#/$defs/A' } },
    schemas: { A: { items: { $ref: '#/$defs/B' } }, B: { items: { $ref: '#/$defs/A' }, $anchor: 'b' } },
  }),
])
afterAll(() => started[Symbol.asyncDispose]())

interface Listed {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, unknown>>>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

async function listed(at = started): Promise<{ readonly text: string; readonly document: Listed }> {
  const response = await fetch(`${at.url}/acme/prod${PATH}`)
  const text = await response.text()
  expect([response.status, Number(response.headers.get('content-length'))]).toEqual([
    200,
    Buffer.byteLength(text),
  ])
  return { text, document: JSON.parse(text) as Listed }
}

describe('The document has the rules for requests', () => {
  test('by route and method, with their schemas as components', async () => {
    const { paths, components } = (await listed()).document
    const query = [
      {
        name: 'page',
        in: 'query',
        required: true,
        schema: { $ref: '#/components/schemas/trees-1.2.request.1/properties/page' },
      },
      {
        name: 'a/b',
        in: 'query',
        schema: { $ref: '#/components/schemas/trees-1.2.request.1/properties/a~1b' },
      },
    ]
    expect(paths['/trees/{id}']?.['put']).toMatchObject({
      parameters: [
        {
          name: 'id',
          in: 'path',
          schema: { $ref: '#/components/schemas/trees-1.2.request.2/properties/id' },
        },
        ...query,
      ],
      requestBody: {
        required: true,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/trees-1.2.request.3' } } },
      },
    })
    expect(paths['/trees/{id}']?.['get']).not.toHaveProperty('requestBody')
    expect(paths['/trees/{rest}']?.['get']?.['parameters']).toMatchObject([
      { name: 'rest', schema: { type: 'string' } },
      ...query,
    ])
    expect(paths['/plain']?.['put']?.['requestBody']).toEqual({
      content: { 'text/plain': {}, 'image/*': {} },
    })
    expect(paths['/plain']?.['get']).not.toHaveProperty('parameters')
    expect(components.schemas).toMatchObject({
      'trees-1.2.request.3': {
        $defs: { Own: { const: { $ref: '#/$defs/Id' } } },
        properties: {
          tree: { $ref: '#/components/schemas/trees-1.2.schemas.Tree' },
          own: { $ref: '#/components/schemas/trees-1.2.request.3/$defs/Own' },
          same: { $ref: '#/components/schemas/trees-1.2.request.3' },
        },
      },
      'trees-1.2.schemas.Tree': {
        properties: {
          id: { $ref: '#/components/schemas/trees-1.2.schemas.Id' },
          below: { items: { $ref: '#/components/schemas/trees-1.2.schemas.Tree' } },
        },
      },
      'trees-1.2.schemas.Id': { type: 'integer' },
    })
  })

  test('that the caller may meet, without comments, and what no route needs', async () => {
    const { text, document } = await listed()
    for (const hidden of ['for us alone', 'hidden', 'guarded', 'Unused', '$schema', '$anchor']) {
      expect([hidden, text.includes(hidden)]).toEqual([hidden, false])
    }
    expect(document.paths['/anchored']?.['put']?.['requestBody']).toEqual({
      required: true,
      content: { 'application/json': {} },
    })
  })

  test('and no reference to what it lacks', async () => {
    const { text, document } = await listed()
    const references = [...text.matchAll(/"#\/components\/schemas\/([^"/]+)/g)].map(([, name]) => name ?? '')
    expect(references.length).toBeGreaterThan(10)
    for (const name of references) expect(document.components.schemas).toHaveProperty([name])
    expect(document.paths['/circle']?.['post']?.['requestBody']).toEqual({
      required: true,
      content: { 'application/json': {} },
    })
  })
})

describe('A document of many routes', () => {
  const ROUTES = 4000
  const wide = {
    properties: Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`p${n}`, { maximum: n }])),
  }

  test('is written in pieces, has all of them, and a bounded part of their rules', async () => {
    await using large = await startWith([
      ...ACME,
      ...Array.from({ length: 8 }, (_, index) =>
        pipeline(`many-${index}`, {
          paths: Array.from({ length: ROUTES / 8 }, (_each, n) => `/many-${index}/${n}`),
          request: { query: wide, params: { description: 'x'.repeat(60_000), properties: {} } },
        }),
      ),
    ])
    const { text, document } = await listed(large)
    expect(Object.keys(document.paths)).toHaveLength(ROUTES)
    // Of 160,000 parameters.
    expect(text.match(/"name":"p\d+"/g)?.length).toBe(50_000)
    const head = await fetch(`${large.url}/acme/prod${PATH}`, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(Buffer.byteLength(text))])
    // A caller who leaves in the middle keeps no place.
    for (let time = 0; time < 3; time += 1) {
      const socket = connect(large.gateway.port, '127.0.0.1')
      socket.write(`GET /acme/prod${PATH} HTTP/1.1\r\nhost: a\r\n\r\n`)
      await once(socket, 'data')
      socket.destroy()
    }
    await expect
      .poll(async () => (await fetch(`${large.url}/acme/prod${PATH}`)).status, { timeout: 10_000 })
      .toBe(200)
  })
})
