import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACME, openAcme, type AcmeWorld, type Answer } from './testing/control-world.ts'

/* Bodies that two readers understand differently must be refused before anything is stored. */

const POLICY = `${ACME}/environments/prod/policies/external-api-access`
const YAML = { 'content-type': 'application/yaml' }

let world: AcmeWorld

beforeAll(async () => {
  world = await openAcme()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

function expectInvalid({ status, body }: Answer): void {
  expect([status, body['code']]).toEqual([400, 'invalid_request'])
  expect(body['errors']?.[0 as never]?.['message']).toMatch(/\(line \d+, column \d+\)\.$/)
}

describe('A policy', () => {
  test.each([
    ['{"mode":"api-key","mode":"any"}', '{"mode":"api-key"}'],
    ['{"mode":"api-key","\\u006dode":"any"}', '{"\\u006dode":"api-key"}'],
  ])('%s is refused, and %s is not', async (twice, once) => {
    await world.own('PUT', POLICY, { mode: 'jwt' })
    expectInvalid(await world.own('PUT', POLICY, twice))
    expect((await world.own('GET', POLICY)).body['mode']).toBe('jwt')
    expect((await world.own('PUT', POLICY, once)).status).toBe(200)
    expect((await world.own('GET', POLICY)).body['mode']).toBe('api-key')
  })
})

describe('A body that cannot be read names', () => {
  const JSON_TYPE = { 'content-type': 'application/json' }
  const long = 'n'.repeat(200)
  const two = (name: string): string => `has two members ${name}. Remove one of them`

  test.each([
    [
      'the member that is there twice',
      JSON_TYPE,
      '{"mode":"api-key",\n "mode":"any"}',
      two('"mode"'),
      '2, column 2',
    ],
    [
      'a long member in short',
      JSON_TYPE,
      `{"${long}":1,"${long}":2}`,
      two(`"${'n'.repeat(100)}…"`),
      '1, column 207',
    ],
    [
      'the place of a syntax error',
      JSON_TYPE,
      '{"mode":\n  api-key}',
      'is not valid JSON. Correct it',
      '2, column 3',
    ],
    [
      'the end, if it comes too early',
      JSON_TYPE,
      '{"mode":"any"',
      'is not valid JSON. Correct it',
      '1, column 14',
    ],
    ['the YAML name that is there twice', YAML, 'mode: any\nmode: jwt', two('"mode"'), '2, column 1'],
  ])('%s', async (_about, type, sent, message, place) => {
    const { status, body } = await world.own('PUT', POLICY, sent, type)
    expect(status).toBe(400)
    expect(body['detail']).toMatch(new RegExp(`${message.replaceAll('.', '\\.')}.*\\(line ${place}\\)\\.$`))
    expect(body['errors']?.[0 as never]?.['message']).toBe(body['detail'])
  })
})

describe('A number that would lose digits', () => {
  const JSON_TYPE = { 'content-type': 'application/json' }
  const json = (number: string): string =>
    `{"name":"digits","spec":{"trigger":{"kind":"rest"},"steps":[{"respond":{"body":{"a/b":[1,${number}]}}}]}}`
  const yaml = (number: string): string =>
    `name: digits\nspec:\n  trigger: {kind: rest}\n  steps:\n    - respond:\n        body:\n          a/b: [1, ${number}]\n`

  test.each([
    '9007199254740993',
    '1234567890123456789',
    '1e400',
    '-1e400',
    '1e-400',
    '1e999999999',
    '0.1000000000000000055511151231257827',
  ])('such as %s is refused with its place, in JSON and in YAML', async (number) => {
    for (const [type, body] of [
      [JSON_TYPE, json(number)],
      [YAML, yaml(number)],
    ] as const) {
      const { status, body: problem } = await world.own('POST', `${ACME}/pipelines`, body, type)
      expect([status, problem['code']]).toEqual([400, 'invalid_request'])
      expect(problem['errors']?.[0 as never]).toMatchObject({
        path: '/spec/steps/0/respond/body/a~1b/1',
        message: expect.stringMatching(/has a number that would lose digits\. .+ \(line \d, column \d+\)\.$/),
      })
    }
    expect((await world.own('GET', `${ACME}/pipelines/digits`)).status).toBe(404)
  })

  test('does so in any field and operation', async () => {
    const limits = '{"name":"k","type":"secret","rateLimits":[{"requests":1e400,"per":"day","by":"key"}]}'
    const refused = await world.own('POST', `${ACME}/keys`, limits)
    expect(refused).toMatchObject({ status: 400, body: { errors: [{ path: '/rateLimits/0/requests' }] } })
    const twice = await world.own('PUT', POLICY, '{"mode":"any","in":{"a":1,"a":2}}')
    expect(twice).toMatchObject({ status: 400, body: { errors: [{ path: '/in/a' }] } })
  })

  test('and one in another form is stored by its value', async () => {
    const forms = ['9007199254740992', '1.0', '1E5', '-0', '0.30000000000000004']
    for (const [index, number] of forms.entries()) {
      const body = json(number).replace('"digits"', `"digits-${index}"`)
      expect((await world.own('POST', `${ACME}/pipelines`, body)).status).toBe(201)
      const { body: stored } = await world.own('GET', `${ACME}/pipelines/digits-${index}`)
      expect(stored['spec']?.['steps']?.[0 as never]).toEqual({
        respond: { body: { 'a/b': [1, Number(number) + 0] } },
      })
    }
  })
})

describe('A spec in YAML', () => {
  const body = (authentication: string): string =>
    `name: guarded\nspec:\n  trigger:\n    kind: rest\n    authentication: ${authentication}\n  steps: [respond: {}]\n`

  test.each([
    ['!!omap [apiKey: true]'],
    ['!!set {apiKey}'],
    ['!!binary YXBpS2V5'],
    ['!!map {apiKey: true}'],
    ['{apiKey: true, apiKey: false}'],
    ['{apiKey: true, "apiK\\x65y": false}'],
    ['{apiKey: true, <<: {apiKey: false}}'],
    ['{}\n---\nspec: {trigger: {authentication: {apiKey: true}}}'],
    ['{}\n...\nspec: {trigger: {authentication: {apiKey: true}}}'],
  ])('with authentication: %s is refused, and nothing is stored', async (authentication) => {
    expectInvalid(await world.own('POST', `${ACME}/pipelines`, body(authentication), YAML))
    expect((await world.own('GET', `${ACME}/pipelines/guarded`)).status).toBe(404)
  })

  test('is stored if it is one document without tags', async () => {
    const document = `---\n${body('{apiKey: true}')}...\n`
    expect((await world.own('POST', `${ACME}/pipelines`, document, YAML)).status).toBe(201)
    const { body: stored } = await world.own('GET', `${ACME}/pipelines/guarded`)
    expect(stored['spec']?.['trigger']?.['authentication']).toEqual({ apiKey: true })
  })
})

describe('A spec in JSON', () => {
  const body = (authentication: string): string =>
    `{"name":"twice","spec":{"trigger":{"kind":"rest","authentication":${authentication}},"steps":[{"respond":{}}]}}`

  test.each([
    ['{"apiKey":true,"apiKey":false}'],
    ['{"apiKey":true},"authentication":{}'],
    ['{"apiKey":true,"\\u0061piKey":false}'],
  ])('with authentication: %s is refused, and nothing is stored', async (authentication) => {
    expectInvalid(await world.own('POST', `${ACME}/pipelines`, body(authentication)))
    expect((await world.own('GET', `${ACME}/pipelines/twice`)).status).toBe(404)
  })
})

test('encoded slashes are part of a spec, and allowing them gives a warning at the deployment', async () => {
  const trigger = { kind: 'http', authentication: { apiKey: true }, encodedSlashes: 'allow' }
  const spec = { trigger, steps: [{ respond: {} }] }
  expect((await world.own('POST', `${ACME}/pipelines`, { name: 'slashes', spec })).status).toBe(201)
  const wanted = { pipeline: 'slashes', version: '1.0', environment: 'test' }
  const { status, body } = await world.own('POST', `${ACME}/deployments`, wanted)
  expect([status, body['warnings']]).toEqual([
    201,
    [expect.objectContaining({ rule: 'encoded-slashes-allowed', path: '/trigger/encodedSlashes' })],
  ])
  const unknown = { ...spec, trigger: { ...trigger, encodedSlashes: 'decode' } }
  expect((await world.own('POST', `${ACME}/pipelines`, { name: 'other', spec: unknown })).status).toBe(400)
  const schedule = {
    trigger: { kind: 'schedule', schedule: '0 0 * * *', encodedSlashes: 'allow' },
    steps: [{ transform: { body: '1' } }],
  }
  expect((await world.own('POST', `${ACME}/pipelines`, { name: 'nightly', spec: schedule })).status).toBe(400)
})

test('a weaker route on the upstream of a stronger one gives a warning, whichever is deployed first', async () => {
  const publish = async (
    name: string,
    path: string,
    authentication: unknown,
    url: string,
  ): Promise<Answer> => {
    const spec = { trigger: { kind: 'http', path, authentication }, steps: [{ proxy: { url } }] }
    await world.own('POST', `${ACME}/pipelines`, { name, spec })
    return await world.own('POST', `${ACME}/deployments`, {
      pipeline: name,
      version: '1.0',
      environment: 'test',
    })
  }
  const rulesOf = ({ body }: Answer): unknown[] =>
    Object.values(body['warnings'] ?? {}).map((warning) => warning['rule'])
  const guarded = await publish('admin', '/w/admin', { apiKey: true }, 'http://up.example/w/admin')
  expect(rulesOf(guarded)).toEqual([])
  const open = await publish('all', '/w/*', {}, 'http://up.example/w/{*}')
  expect(rulesOf(open)).toEqual(['open-to-everyone', 'guarded-path-reachable'])
  const again = await world.own('POST', `${ACME}/deployments`, {
    pipeline: 'admin',
    version: '1.0',
    environment: 'test',
  })
  expect(rulesOf(again)).toEqual(['guarded-path-exposed'])
  // A redeployment is not compared with the version that it replaces.
  const replaced = await world.own('POST', `${ACME}/pipelines/all/versions`, {
    spec: {
      trigger: { kind: 'http', path: '/w/*', authentication: { apiKey: true } },
      steps: [{ proxy: { url: 'http://up.example/w/{*}' } }],
    },
  })
  expect(replaced.status).toBe(201)
  const strong = await world.own('POST', `${ACME}/deployments`, {
    pipeline: 'all',
    version: '1.1',
    environment: 'test',
  })
  expect(rulesOf(strong)).toEqual([])
})
