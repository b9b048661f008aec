import { generateKeyPairSync } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { draftPipeline, type PipelineDraft } from '../packages/sdk/src/openapi/index.ts'
import { type ApiClient, setUpAcme, textAt } from './support/api-client.ts'
import { issuedJwt, startIssuer, type StartedIssuer } from './support/issuer.ts'
import { exampleOf, resolvedIn } from './support/schema-example.ts'
import { startServerProcess, temporaryFolder, type ServerProcess } from './support/server-process.ts'
import { startUpstream, type Upstream } from './support/upstream.ts'

/*
 * Public OpenAPI documents, see openapi-import/README.md: the drafted pipeline is saved, deployed, and every operation of
 * the document is called through it.
 */

const ORGANIZATION = '/v1/organizations/acme'
const ISSUER = 'https://idp.example.com'

const stack = new AsyncDisposableStack()
let server: ServerProcess
let acme: ApiClient
let issuer: StartedIssuer
let upstream: Upstream
/** What the upstream has received: method and target. */
let received: string[] = []
const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

beforeAll(async () => {
  const folder = stack.use(await temporaryFolder())
  issuer = stack.use(await startIssuer({ ...publicKey.export({ format: 'jwk' }), kid: 'idp-1', use: 'sig' }))
  upstream = stack.use(
    await startUpstream((request, response) => {
      received.push(`${request.method} ${request.url}`)
      request.resume().on('end', () => response.end())
    }),
  )
  server = stack.use(await startServerProcess({ SALLYPORT_DATA: folder.path }))
  acme = await setUpAcme(server)
  await acme.must('POST', `${ORGANIZATION}/environments/test/issuers`, {
    issuer: ISSUER,
    audience: 'acme-api',
    jwksUrl: issuer.jwksUrl,
  })
})

afterAll(async () => await stack.disposeAsync())

interface Operation {
  readonly method: string
  readonly path: string
  readonly query: string
  readonly contentTypes: readonly string[]
  /** What its body is, as JSON. */
  readonly body: string
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, PathMember>>>>
}

interface PathMember {
  readonly parameters?: readonly unknown[]
  readonly requestBody?: { readonly content?: Readonly<Record<string, { readonly schema?: unknown }>> }
}

const METHODS = new Set(['get', 'head', 'post', 'put', 'patch', 'delete', 'options'])

/** Every operation of a document, with a valid value for each parameter of its path and all that is required. */
function operationsOf(document: Document): Operation[] {
  return Object.entries(document.paths).flatMap(([template, item]) =>
    Object.entries(item)
      .filter(([member]) => METHODS.has(member))
      .map(([method, { requestBody, parameters = [] }]) => {
        const shared = (item['parameters'] ?? []) as readonly unknown[]
        const all = [...shared, ...parameters].map((parameter) => resolvedIn(document, parameter))
        const valueOf = (name: string): string => {
          const schema = all.find((parameter) => parameter['in'] === 'path' && parameter['name'] === name)?.[
            'schema'
          ]
          return schema === undefined ? 'a1' : String(exampleOf(document, schema))
        }
        const required = all.filter(
          (parameter) => parameter['in'] === 'query' && parameter['required'] === true,
        )
        const query = required.flatMap((parameter) =>
          [exampleOf(document, parameter['schema'])]
            .flat()
            .map((value) => [String(parameter['name']), String(value)]),
        )
        const [content] = Object.values(requestBody?.content ?? {})
        return {
          method: method.toUpperCase(),
          path: template.replaceAll(/\{([^{}]*)\}/g, (_, name: string) => valueOf(name)),
          query: new URLSearchParams(query).toString(),
          contentTypes: Object.keys(requestBody?.content ?? {}),
          body: JSON.stringify(exampleOf(document, content?.schema)),
        }
      }),
  )
}

/** The paths of a spec with their methods. */
function routesOf({ trigger }: PipelineDraft['spec']): string[] {
  if (trigger.kind === 'schedule') return []
  const methods = trigger.methods ?? []
  const routes = [{ path: trigger.path ?? '', methods }, ...(trigger.routes ?? [])].map((route) =>
    typeof route === 'string' ? { path: route, methods } : route,
  )
  return [...new Set(routes.map(({ path }) => path))]
    .map(
      (path) =>
        [path, routes.filter((route) => route.path === path).flatMap((route) => route.methods)] as const,
    )
    .map(([path, all]) => `${path} ${all.toSorted().join()}`)
    .toSorted()
}

/** Headers with the credentials that a pipeline requires. */
async function credentialsFor(pipeline: string, required: object): Promise<Record<string, string>> {
  if ('jwt' in required) {
    const now = Math.floor(Date.now() / 1000)
    const claims = { iss: ISSUER, aud: 'acme-api', sub: 'ada', iat: now, exp: now + 600 }
    return { authorization: `Bearer ${issuedJwt(privateKey, claims)}` }
  }
  const created = await acme.must('POST', `${ORGANIZATION}/consumers`, {
    name: `caller of ${pipeline}`,
    environment: 'test',
    pipelines: [pipeline],
  })
  const id = textAt(created, 'consumer', 'id')
  if ('basic' in required) {
    const path = `${ORGANIZATION}/consumers/${id}/basic-credentials`
    const password = textAt(await acme.must('POST', path, { username: pipeline }), 'password')
    return { authorization: `Basic ${Buffer.from(`${pipeline}:${password}`).toString('base64')}` }
  }
  const key = await acme.must('POST', `${ORGANIZATION}/keys`, {
    name: pipeline,
    type: 'secret',
    consumer: id,
  })
  return { 'x-api-key': textAt(key, 'token') }
}

test('a document with names that no request can have can be saved and deployed', async () => {
  const text = `{
    "openapi": "3.1.0", "info": { "title": "Hostile" }, "security": [{ "key": [] }],
    "components": {
      "securitySchemes": { "key": { "type": "apiKey", "in": "header", "name": "X-Token" } },
      "schemas": {
        "constructor": { "type": "object", "properties": { "__proto__": { "type": "string" } }, "additionalProperties": false },
        "__proto__": { "const": { "prototype": "\\u0000\\ud800" } }
      }
    },
    "paths": { "/{constructor}/{__proto__}": { "post": {
      "parameters": [
        { "in": "path", "name": "constructor", "schema": { "type": "integer" } },
        { "in": "query", "name": "__proto__", "schema": { "type": "integer" } }
      ],
      "requestBody": { "required": true, "content": { "application/json": { "schema": {
        "type": "object",
        "properties": {
          "prototype": { "type": "string" },
          "own": { "$ref": "#/components/schemas/constructor" },
          "proto": { "$ref": "#/components/schemas/__proto__" }
        }
      } } } }
    } } }
  }`
  const { name, spec, notes } = draftPipeline(JSON.parse(text), { upstreamUrl: upstream.url })
  expect(notes.length).toBeGreaterThan(5)
  await acme.must('POST', `${ORGANIZATION}/pipelines`, { name, spec })
  await acme.must('POST', `${ORGANIZATION}/deployments`, {
    pipeline: name,
    version: '1.0',
    environment: 'test',
  })
  const headers = {
    ...(await credentialsFor(name, { apiKey: true })),
    'content-type': 'application/json',
  }
  const post = async (path: string, body: string) =>
    (await fetch(`${server.gatewayUrl}/acme/test${path}`, { method: 'POST', headers, body })).status
  expect(await post('/1/x', '{ "own": { "__proto__": "a" }, "prototype": 1, "proto": 1 }')).toBe(200)
  expect(await post('/one/x', '{}')).toBe(400)
  expect(await post('/1/x', '{ "own": 1 }')).toBe(400)
})

test.each([
  ['discord', 150, { apiKey: true }, { 400: 60, 415: 80 }],
  ['twilio', 121, { basic: true }, { 400: 0, 415: 60 }],
  ['mastodon', 174, { jwt: true }, { 400: 30, 415: 40 }],
])(
  '%s: each operation of %i paths reaches the upstream as it was sent',
  async (name, count, required, least) => {
    const text = readFileSync(new URL(`openapi-import/${name}.json`, import.meta.url), 'utf8')
    const document = JSON.parse(text) as Document
    expect(Object.keys(document.paths)).toHaveLength(count)
    const { spec } = draftPipeline(document, { upstreamUrl: `${upstream.url}/base` })
    expect(spec.trigger).toMatchObject({ authentication: required })
    await acme.must('POST', `${ORGANIZATION}/pipelines`, { name, spec })
    await acme.must('POST', `${ORGANIZATION}/deployments`, {
      pipeline: name,
      version: '1.0',
      environment: 'test',
    })
    const credentials = await credentialsFor(name, required)

    const operations = operationsOf(document)
    expect(operations.length).toBeGreaterThan(count)
    const refusals: number[] = []
    for (const { method, path, query, contentTypes, body: content } of operations) {
      received = []
      const target = `${path}?sent=1&${query}`
      const url = `${server.gatewayUrl}/acme/test${target}`
      const hasBody = method !== 'GET' && method !== 'HEAD' && contentTypes[0] !== undefined
      const body = hasBody
        ? { body: content, headers: { ...credentials, 'content-type': contentTypes[0] ?? '' } }
        : {}
      const response = await fetch(url, { method, headers: credentials, ...body })
      const problem = await response.text()
      expect([method, path, response.status, received], problem).toEqual([
        method,
        path,
        200,
        [`${method} /base${target}`],
      ])
      // The same call with what is no body of the operation.
      for (const type of hasBody ? ['application/json', 'text/plain'] : []) {
        const wrong = { body: '7', headers: { ...credentials, 'content-type': type } }
        refusals.push((await fetch(url, { method, ...wrong })).status)
      }
      // The same call without credentials.
      expect((await fetch(url, { method, ...body, headers: {} })).status).toBe(401)
    }
    for (const [status, expected] of Object.entries(least)) {
      expect(refusals.filter((found) => found === Number(status)).length).toBeGreaterThanOrEqual(expected)
    }
    const listing = await fetch(`${server.gatewayUrl}/acme/test/.well-known/openapi.json`, {
      headers: credentials,
    })
    const listed = draftPipeline(await listing.json(), { upstreamUrl: `${upstream.url}/base` })
    expect(routesOf(listed.spec)).toEqual(routesOf(spec))
    const [first] = operations
    const other = ['PUT', 'PATCH', 'DELETE'].find(
      (method) =>
        !operations.some((operation) => operation.path === first?.path && operation.method === method),
    )
    const refused = await fetch(`${server.gatewayUrl}/acme/test${first?.path}`, {
      method: other ?? 'OPTIONS',
      headers: credentials,
    })
    expect(refused.status).toBe(405)
  },
)
