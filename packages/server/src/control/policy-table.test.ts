import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACME, openAcme, type AcmeWorld, type Json } from './testing/control-world.ts'

/*
 * Section 5 of the design as a complete table, written by hand: the verdict of each policy on each trigger. It shares no
 * code with the product.
 *
 * K  an API key is demanded                            J  a JWT is demanded
 * L  a login pipeline cannot demand a JWT              .  it is deployed
 *
 * The columns are the demands of the trigger: nothing, an API key, a JWT, both. Basic changes no verdict.
 */
const VERDICTS = {
  //                               nothing  key  JWT   both
  any: { plain: ['.', '.', '.', '.'], login: ['.', '.', 'L', 'L'] },
  'api-key': { plain: ['K', '.', 'K', '.'], login: ['K', '.', 'KL', 'L'] },
  jwt: { plain: ['J', 'J', '.', '.'], login: ['K', '.', 'KL', 'L'] },
  'jwt-and-api-key': { plain: ['KJ', 'J', 'K', '.'], login: ['K', '.', 'KL', 'L'] },
} as const

const MODES = ['any', 'api-key', 'jwt', 'jwt-and-api-key'] as const
type Mode = (typeof MODES)[number]
const EXPOSING = ['rest', 'http', 'http-file'] as const
const SWITCH = [false, true]

interface Case {
  readonly name: string
  readonly apiKey: boolean
  readonly jwt: boolean
  readonly basic: boolean
  /** `trigger.login` */
  readonly login: boolean
  /** Whether there is a `jwt.generate` step. */
  readonly mints: boolean
}

const CASES: readonly Case[] = SWITCH.flatMap((apiKey) =>
  SWITCH.flatMap((jwt) =>
    SWITCH.flatMap((basic) =>
      SWITCH.flatMap((login) =>
        SWITCH.map((mints) => {
          const parts = [apiKey && 'key', jwt && 'jwt', basic && 'basic', login && 'login', mints && 'mints']
          return { name: parts.filter((part) => part !== false).join('-'), apiKey, jwt, basic, login, mints }
        }),
      ),
    ),
  ),
)

const pipelineOf = (kind: string, { name }: Case): string => (name === '' ? kind : `${kind}-${name}`)
const environmentOf = (mode: Mode): string => `where-${mode}`

const MINTING = [{ 'jwt.generate': { subject: '"someone"', expiresIn: '15m' } }]
const ANSWERING = [{ respond: {} }]

function verdictOf(mode: Mode, { apiKey, jwt, login }: Case): string {
  const column = (apiKey ? 1 : 0) + (jwt ? 2 : 0)
  return VERDICTS[mode][login ? 'login' : 'plain'][column] ?? ''
}

/** Every violation of a case, with its exact fields. */
function violationsOf(mode: Mode, each: Case): unknown[] {
  const environment = environmentOf(mode)
  const policy = 'external-api-access'
  const verdict = verdictOf(mode, each)
  const violations: unknown[] = []
  if (each.login && !each.mints) {
    violations.push({
      rule: 'login-generates-jwt',
      environment,
      path: '/trigger/login',
      required: 'a jwt.generate step in a login pipeline',
      found: 'steps: respond',
      fix: 'Add a jwt.generate step, or remove login: true from the trigger.',
    })
  }
  if (verdict.includes('K')) {
    const instead =
      each.login && mode !== 'api-key' ? ', and a login pipeline conforms to it with an API key' : ''
    violations.push({
      rule: 'api-key-required',
      policy,
      environment,
      path: '/trigger/authentication/apiKey',
      required: 'authentication.apiKey: true',
      found: 'authentication.apiKey: false',
      fix: `Set trigger.authentication.apiKey to true. The policy of ${environment} is ${mode}${instead}.`,
    })
  }
  if (verdict.includes('J')) {
    violations.push({
      rule: 'jwt-required',
      policy,
      environment,
      path: '/trigger/authentication/jwt',
      required: 'authentication.jwt: true',
      found: 'authentication.jwt: false',
      fix: `Set trigger.authentication.jwt to true. The policy of ${environment} is ${mode}. If callers get their JWT from this pipeline, set trigger.login to true and add a jwt.generate step instead.`,
    })
  }
  if (verdict.includes('L')) {
    violations.push({
      rule: 'login-cannot-require-jwt',
      environment,
      path: '/trigger/authentication/jwt',
      required: 'authentication.jwt: false in a login pipeline',
      found: 'authentication.jwt: true',
      fix: 'Set trigger.authentication.jwt to false. Callers of a login pipeline do not have a JWT yet.',
    })
  }
  return violations
}

function warningsOf({ apiKey, jwt, basic, mints }: Case): string[] {
  const asksNothing = !apiKey && !jwt && !basic
  return [
    ...(asksNothing ? ['open-to-everyone /trigger/authentication'] : []),
    ...(basic && jwt ? ['authorization-shared /trigger/authentication'] : []),
    ...(asksNothing && mints ? ['token-of-nobody /steps/0/jwt.generate'] : []),
  ]
}

let world: AcmeWorld

async function save(name: string, trigger: unknown, steps: unknown): Promise<{ status: number; body: Json }> {
  return await world.own('POST', `${ACME}/pipelines`, { name, spec: { trigger, steps } })
}

async function deploy(pipeline: string, mode: Mode): Promise<{ status: number; body: Json }> {
  const environment = environmentOf(mode)
  return await world.own('POST', `${ACME}/deployments`, { pipeline, version: '1.0', environment })
}

beforeAll(async () => {
  world = await openAcme()
  for (const mode of MODES) {
    await world.own('POST', `${ACME}/environments`, { name: environmentOf(mode) })
    const policy = `${ACME}/environments/${environmentOf(mode)}/policies/external-api-access`
    expect(await world.own('PUT', policy, { mode })).toMatchObject({ status: 200, body: { mode } })
  }
  for (const kind of EXPOSING) {
    for (const each of CASES) {
      const { apiKey, jwt, basic, login, mints } = each
      const trigger = { kind, authentication: { apiKey, jwt, basic }, login }
      const saved = await save(pipelineOf(kind, each), trigger, mints ? MINTING : ANSWERING)
      expect(saved.status).toBe(201)
    }
  }
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

describe.each(MODES)('Where the policy is %s', (mode) => {
  test.each(EXPOSING)('each trigger of kind %s is deployed or refused with every violation', async (kind) => {
    for (const each of CASES) {
      const violations = violationsOf(mode, each)
      const { status, body } = await deploy(pipelineOf(kind, each), mode)
      if (violations.length === 0) {
        const warnings = body['warnings'] as unknown as readonly { rule: string; path: string }[]
        expect([each.name, status, ...warnings.map(({ rule, path }) => `${rule} ${path}`)]).toEqual([
          each.name,
          201,
          ...warningsOf(each),
        ])
      } else {
        expect([each.name, status, body['code'], body['violations']]).toEqual([
          each.name,
          422,
          'deployment_refused',
          violations,
        ])
      }
    }
  })

  test('exactly the deployed versions are live and conform', async () => {
    const live = EXPOSING.flatMap((kind) =>
      CASES.filter((each) => violationsOf(mode, each).length === 0).map((each) => pipelineOf(kind, each)),
    )
    const path = `${ACME}/environments/${environmentOf(mode)}`
    const { body } = await world.own('GET', `${path}/conformity?limit=200`)
    const items = body['items'] as unknown as readonly { pipeline: string; conforming: boolean }[]
    expect(items.map(({ pipeline }) => pipeline).toSorted()).toEqual(live.toSorted())
    expect(items.every(({ conforming }) => conforming)).toBe(true)
    expect((await world.own('GET', `${path}/policies/external-api-access`)).body).toMatchObject({
      mode,
      conformity: { total: live.length, conforming: live.length },
    })
  })
})

describe('a schedule', () => {
  const schedule = { kind: 'schedule', schedule: '0 3 * * *' }

  test('cannot be saved with any authentication', async () => {
    for (const { name, apiKey, jwt, basic, login } of CASES.filter((each) => each.mints)) {
      const trigger = { ...schedule, authentication: { apiKey, jwt, basic }, login }
      const { status, body } = await save(`nightly-${name}`, trigger, MINTING)
      const message =
        'A schedule has no callers, so it has only kind, schedule, timeZone, overlap, catchUp and limits.timeoutMs.'
      expect([status, body['code'], body['errors']]).toEqual([
        400,
        'invalid_request',
        [
          { path: '/spec/trigger/authentication', message },
          { path: '/spec/trigger/login', message },
        ],
      ])
    }
  })

  test('deploys under every policy', async () => {
    expect((await save('nightly', schedule, [{ transform: { body: '1' } }])).status).toBe(201)
    for (const mode of MODES) {
      expect(await deploy('nightly', mode)).toMatchObject({ status: 201, body: { url: null, warnings: [] } })
    }
  })
})
