import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { SPEC_SCHEMA } from '../packages/sdk/src/spec-schema.ts'
import { parseSpec } from '../packages/dashboard/src/pages/pipelines/spec/spec-text.ts'
import { STEP_KINDS, stepText } from '../packages/dashboard/src/pages/pipelines/spec/step-templates.ts'
import { faultsOf } from '../packages/dashboard/src/pages/pipelines/schema/faults.ts'
import { pipelineSpec } from '../packages/server/src/contract/spec/pipeline-spec.ts'
import { parseRequest } from '../packages/server/src/contract/requests/request-problems.ts'

/*
 * The editor of the dashboard marks what the server would refuse: never more, and what it can know of it.
 */

function refused(spec: unknown): readonly string[] {
  const parsed = parseRequest(pipelineSpec, spec)
  return parsed.ok ? [] : parsed.problems.map(({ path }) => path)
}

const TRIGGERS: readonly unknown[] = [
  { kind: 'http' },
  {
    kind: 'rest',
    path: '/orders/:id',
    routes: ['/o/*'],
    methods: ['GET', 'PUT'],
    authentication: { apiKey: true, jwt: false },
    acceptsPublicKeys: true,
    encodedSlashes: 'allow',
    cors: {
      origins: ['https://app.example.com', 'https://*.example.com'],
      headers: ['x-a'],
      exposedHeaders: ['x-b'],
      credentials: true,
      maxAge: 0,
    },
    limits: { requestBytes: 10, timeoutMs: 10 },
    rateLimits: [{ requests: 5, per: 'minute', by: 'consumer' }],
    responseHeaders: { 'x-b': 'c' },
    request: {
      body: { type: 'object', properties: { a: { const: null } } },
      query: true,
      params: {},
      contentTypes: ['application/json'],
    },
  },
  {
    kind: 'http-file',
    cors: null,
    login: false,
    apiKeyInQuery: true,
    sendLabels: true,
    correlationHeader: 'X-Correlation-ID',
  },
  { kind: 'schedule', schedule: '0 3 * * *', limits: { timeoutMs: 10 } },
]

const STEPS: readonly unknown[] = [
  {
    proxy: {
      url: 'https://a.example.com/{id}',
      headers: {
        'x-a': '{id}',
        'x-b': null,
        'x-c': { append: ['a'] },
        'x-d': { from: 'x-e' },
        'x-f': { by: 'key', values: { key_1: '{secrets.A}' }, otherwise: 'b' },
      },
      responseHeaders: { 'x-a': null, 'x-b': 'c' },
      timeoutMs: 5,
    },
  },
  {
    call: {
      url: 'https://a.example.com',
      method: 'POST',
      body: 'body',
      headers: { 'x-a': 'b', accept: null, 'x-c': { by: 'consumer', values: { shop: 'gold' } } },
    },
  },
  { transform: { body: 'body', headers: { 'x-a': '"b"' }, status: 201 } },
  { assert: { that: 'true', status: 422, code: 'wrong', detail: 'Do it again.' } },
  { 'credentials.verify': { username: 'body.username', password: 'body.password' } },
  {
    'jwt.generate': { subject: 'auth.consumer', claims: { tier: '"gold"' }, scopes: ['a'], expiresIn: '1h' },
  },
  { 'jwt.decode': { token: 'body.token' } },
  {
    'oauth.token': {
      tokenUrl: 'https://{vars.ID_HOST}/token',
      clientId: '{vars.CLIENT}',
      clientSecret: '{secrets.CLIENT_SECRET}',
      scopes: ['orders:read'],
      audience: 'orders',
      authentication: 'body',
      timeoutMs: 500,
    },
  },
  { respond: { status: 200, headers: {}, body: { ok: true } } },
]

const SPECS = TRIGGERS.map((trigger) => ({ trigger, steps: STEPS }))

test.each(SPECS)('a spec that the server accepts has no fault: $trigger', (spec) => {
  expect(refused(spec)).toEqual([])
  expect(faultsOf(spec)).toEqual([])
})

test.each(STEP_KINDS)('the first form of %s is accepted', (kind) => {
  const parsed = parseSpec(`trigger: { kind: http }\nsteps:\n  - ${stepText(kind, 4)}\n`)
  expect(parsed).toMatchObject({ ok: true, spec: { steps: [{ [kind]: expect.anything() }] } })
  const spec = parsed.ok ? parsed.spec : undefined
  expect(refused(spec)).toEqual([])
})

test('every kind of step has a first form', () => {
  expect(Object.keys(SPEC_SCHEMA.properties?.['steps']?.items?.properties ?? {})).toEqual(STEP_KINDS)
})

type Path = readonly (string | number)[]

function pathsIn(value: unknown, path: Path = []): readonly Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [path, ...entries.flatMap(([name, member]) => pathsIn(member, [...path, name]))]
}

type Edit = (around: Record<string, unknown>, name: string) => void

/** A copy of a spec with one edit at one of its places. */
function edited(spec: unknown, path: Path, edit: Edit): unknown {
  const copy = structuredClone(spec)
  let around = copy as Record<string, unknown>
  for (const step of path.slice(0, -1)) around = around[step] as Record<string, unknown>
  edit(around, String(path.at(-1)))
  return copy
}

const VALUES = [null, true, 'text', '', 7, -1, 1.5, 1e12, [], ['a'], {}, { a: 1 }, 'GET', 'x'.repeat(9000)]

const edits = fc.oneof(
  fc.constantFrom(...VALUES).map((value): Edit => (around, name) => {
    around[name] = value
  }),
  fc.constantFrom('ulr', 'bodi', 'pth', 'respnd', 'x').map((other): Edit => (around, name) => {
    if (Array.isArray(around)) return
    around[other] = around[name]
    Reflect.deleteProperty(around, name)
  }),
  fc.constant<Edit>((around, name) => {
    if (!Array.isArray(around)) Reflect.deleteProperty(around, name)
  }),
)

const wrongSpecs = fc
  .constantFrom(...SPECS)
  .chain((spec) =>
    fc
      .tuple(fc.constantFrom(...pathsIn(spec).slice(1)), edits)
      .map(([path, edit]) => edited(spec, path, edit)),
  )

describe('of a spec that was changed somewhere', () => {
  const runs = { numRuns: 3000, seed: 1 }

  test('the editor marks nothing that the server accepts', () => {
    fc.assert(
      fc.property(wrongSpecs, (spec) => {
        if (faultsOf(spec).length > 0) expect(refused(spec)).not.toEqual([])
      }),
      runs,
    )
  })

  test('the editor marks every unknown or missing name and wrong type that the server refuses', () => {
    fc.assert(
      fc.property(wrongSpecs, (spec) => {
        const parsed = pipelineSpec.safeParse(spec)
        const issues = parsed.success ? [] : parsed.error.issues
        const known = issues.filter(({ code }) => code === 'unrecognized_keys' || code === 'invalid_type')
        if (known.length > 0) expect(faultsOf(spec)).not.toEqual([])
      }),
      runs,
    )
  })
})
