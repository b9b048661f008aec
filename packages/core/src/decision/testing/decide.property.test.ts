import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decideModel, type ModelOutcome } from './decide-model.ts'
import { decide } from '../decide.ts'
import type { Ask, Decision } from '../decision.ts'
import type { DenyReason } from '../deny.ts'
import type { EntryRules } from '../../pipelines/entry-rules.ts'
import type {
  BasicCredentialRecord,
  DeploymentRecord,
  IssuerRecord,
  KeyRecord,
  SigningKeyRecord,
} from '../../feed/records.ts'
import { makeToken, parseToken, type KeyId } from '../../keys/key-text.ts'
import type { Grant } from '../../access/permissions.ts'
import type { FeedRecord } from '../../snapshot/feed-record.ts'
import { Snapshot } from '../../snapshot/snapshot.ts'

const NOW = 1_800_000_000_000
const DAY_MS = 86_400_000
const ORGANIZATIONS = ['acme', 'partner'] as const
const ENVIRONMENTS = ['test', 'prod'] as const
const PIPELINES = ['orders', 'invoices'] as const
const CONSUMERS = ['con_1', 'con_2', 'con_3'] as const
const KEY_IDS = ['1', '2', '3', '4'].map((each): KeyId => `key_${each.repeat(16)}`)

/** For each key, two secrets that it can have and one that it never has. */
const SECRETS_PER_KEY = 3
const TOKENS = KEY_IDS.map((id) =>
  Array.from({ length: SECRETS_PER_KEY }, (_, index) =>
    makeToken('secret', id, (count) => new Uint8Array(count).fill(index + 1)),
  ),
)
const digestOf = (token: string) => createHash('sha256').update(token).digest()

const organization = fc.constantFrom(...ORGANIZATIONS)
const environment = fc.constantFrom(...ENVIRONMENTS)
const pipeline = fc.constantFrom(...PIPELINES)
const project = fc.constantFrom('sales', 'billing')
const consumer = fc.constantFrom(...CONSUMERS)
const role = fc.constantFrom('invoker', 'auditor', 'custom-1', 'custom-2', 'nobody')
const mostly = fc.integer({ min: 0, max: 7 }).map((drawn) => drawn > 0)
const seldom = mostly.map((each) => !each)
const instant = fc.oneof(
  { weight: 4, arbitrary: fc.constant(null) },
  fc.constantFrom(NOW - 1, NOW, NOW + 1, NOW + 60_000),
)
/** Around the instants at which lifetimes of a day and of ten days end now. */
const created = fc.oneof(
  { weight: 4, arbitrary: fc.constant(NOW) },
  fc.constantFrom(
    ...[1, 10].flatMap((days) => [-1000, -1, 0, 1, 999, 1000].map((ms) => NOW - days * DAY_MS + ms)),
  ),
)
const limits = fc.constantFrom([], [], [], [{ requests: 1, per: 'minute' as const, by: 'consumer' as const }])

const grant: fc.Arbitrary<Grant> = fc.record(
  {
    permission: fc.constantFrom('pipelines.invoke', 'pipelines.invoke', 'pipelines.read'),
    environment,
    project,
    pipeline,
  },
  { requiredKeys: ['permission'] },
)

const addresses = fc.constantFrom([], ['192.0.2.0/24'])
const maintenance = fc.record({
  detail: fc.constant(null),
  retryAfterSeconds: fc.constant(60),
  exceptAddresses: addresses,
})
/** Most pipelines have none of these, so that the other checks are reached. */
const entryRules: fc.Arbitrary<EntryRules> = fc.oneof(
  { weight: 12, arbitrary: fc.constant({}) },
  fc.record({ addressRules: addresses }),
  fc.record({ maintenance }),
  fc.record({ addressRules: addresses, maintenance }),
)

const deployments = fc
  .tuple(
    ...ORGANIZATIONS.flatMap((org) =>
      ENVIRONMENTS.flatMap((env) =>
        PIPELINES.map((name) =>
          fc.record({
            kind: fc.constant('deployment' as const),
            organization: fc.constant(org),
            environment: fc.constant(env),
            id: fc.constant(`dep_${org}_${env}_${name}`),
            pipeline: fc.constant(name),
            project,
            version: fc.constant('1.0'),
            spec: fc.record({
              trigger: fc
                .tuple(
                  entryRules,
                  fc.record({
                    kind: fc.constant('http' as const),
                    paths: fc.constant(['/']),
                    methods: fc.constant(['GET']),
                    authentication: fc
                      .record({
                        apiKey: mostly,
                        jwt: fc.boolean(),
                        basic: seldom,
                        apiKeyOptional: fc.boolean(),
                      })
                      .map(({ apiKeyOptional, ...required }) => ({
                        ...required,
                        ...(apiKeyOptional && !required.apiKey && { apiKeyOptional }),
                      })),
                    acceptsPublicKeys: fc.boolean(),
                    apiKeyInQuery: fc.boolean(),
                    login: fc.constant(false),
                    cors: fc.constantFrom(null, { origins: ['*'], headers: [], credentials: false }),
                    requestBytesMax: fc.constant(1),
                    timeoutMs: fc.constant(1),
                    rateLimits: limits,
                    responseHeaders: fc.constant({}),
                    schedule: fc.constant(null),
                  }),
                )
                .map(([rules, trigger]) => ({ ...trigger, ...rules })),
              steps: fc.constant([]),
            }),
          }),
        ),
      ),
    ),
  )
  .map((all): DeploymentRecord[] => all)

const consumers = fc.tuple(
  ...CONSUMERS.map((id) =>
    fc.record(
      {
        kind: fc.constant('consumer' as const),
        organization: fc.oneof({ weight: 3, arbitrary: fc.constant('acme') }, organization),
        id: fc.constant(id),
        name: fc.constant(id),
        environment,
        active: mostly,
        pipelines: fc.subarray([...PIPELINES]),
        projects: fc.subarray(['sales', 'billing'], { maxLength: 1 }),
        plan: environment,
      },
      { requiredKeys: ['kind', 'organization', 'id', 'name', 'environment', 'active', 'pipelines'] },
    ),
  ),
)

/** A plan has the name of its environment, so that a consumer can also name the plan of another one. */
const plans = fc
  .subarray(ORGANIZATIONS.flatMap((org) => ENVIRONMENTS.map((env) => [org, env] as const)))
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map(([org, env]) =>
        fc.record({
          kind: fc.constant('plan' as const),
          organization: fc.constant(org),
          environment: fc.constant(env),
          id: fc.constant(env),
          rateLimits: fc.constantFrom([], [{ requests: 1, per: 'day' as const, scope: 'pipeline' as const }]),
        }),
      ),
    ),
  )

const keys = fc.tuple(
  ...KEY_IDS.map((id, index) =>
    fc
      .record({
        kind: fc.constant('key' as const),
        organization: fc.oneof({ weight: 3, arbitrary: fc.constant('acme') }, organization),
        id: fc.constant(id),
        type: fc.constantFrom('secret' as const, 'secret' as const, 'public' as const),
        environment: fc.option(environment),
        consumer: fc.option(consumer),
        roles: fc.array(role, { maxLength: 2 }),
        active: mostly,
        deleted: seldom,
        createdAtMs: fc.constant(1),
        expiresAtMs: instant,
        addressRules: fc.constantFrom([], [], ['203.0.113.0/24']),
        rateLimits: limits,
        graces: fc.array(fc.tuple(instant, created), { minLength: 1, maxLength: 2 }),
      })
      .map(({ graces, ...key }): KeyRecord => ({
        ...key,
        secrets: graces.map(([expiresAtMs, createdAtMs], secretIndex) => ({
          sequence: secretIndex + 1,
          digest: digestOf(TOKENS[index]?.[secretIndex] ?? '').toString('hex'),
          expiresAtMs,
          createdAtMs,
        })),
      })),
  ),
)

const ages = fc
  .subarray(ORGANIZATIONS.flatMap((org) => [null, ...ENVIRONMENTS].map((env) => [org, env] as const)))
  .chain((chosen) =>
    fc.tuple(
      ...chosen.map(([org, env]) =>
        fc.record({
          kind: fc.constant('key-age' as const),
          organization: fc.constant(org),
          environment: fc.constant(env),
          maxLifetimeDays: fc.constantFrom(null, 1, 10),
        }),
      ),
    ),
  )

const others = fc.tuple(
  ages,
  plans,
  fc
    .subarray(
      ORGANIZATIONS.flatMap((org) => ['custom-1', 'custom-2'].map((name) => ({ organization: org, name }))),
    )
    .chain((named) =>
      fc.tuple(
        ...named.map((each) =>
          fc.record({
            kind: fc.constant('role' as const),
            organization: fc.constant(each.organization),
            name: fc.constant(each.name),
            grants: fc.array(grant, { maxLength: 2 }),
          }),
        ),
      ),
    ),
  fc
    .subarray(ORGANIZATIONS.flatMap((org) => KEY_IDS.map((keyId) => ({ organization: org, keyId }))))
    .chain((given) =>
      fc.tuple(
        ...given.map((each) =>
          fc.record({
            kind: fc.constant('external-key' as const),
            organization: fc.constant(each.organization),
            id: fc.constant(`ext_${each.organization}_${each.keyId}`),
            keyId: fc.constant(each.keyId),
            roles: fc.array(role, { maxLength: 2 }),
            active: mostly,
            addressRules: fc.constantFrom([], [], ['198.51.100.0/24']),
            rateLimits: limits,
          }),
        ),
      ),
    ),
)

const verifiers = fc.record({
  signingKeys: fc.array(
    fc.record({ organization, environment, verifiesUntilMs: instant }).map((fields): SigningKeyRecord => ({
      kind: 'signing-key',
      id: 'sig_1',
      algorithm: 'EdDSA',
      publicJwk: { kty: 'OKP' },
      sealedPrivateJwk: '',
      createdAtMs: 1,
      ...fields,
    })),
    { maxLength: 1 },
  ),
  issuers: fc.array(
    fc.record({ organization, environment }).map((fields): IssuerRecord => ({
      kind: 'issuer',
      id: 'iss_1',
      issuer: 'https://idp.example',
      audiences: ['orders'],
      jwksUrl: null,
      jwks: null,
      ...fields,
    })),
    { maxLength: 1 },
  ),
  credentials: fc.array(
    fc.record({ organization, environment, consumer }).map((fields): BasicCredentialRecord => ({
      kind: 'basic-credential',
      id: 'bas_1',
      username: 'mobile',
      passwordHash: '',
      ...fields,
    })),
    { maxLength: 1 },
  ),
})
const VERIFIERS = ['sig_1', 'iss_1', 'sig_2'] as const
const verifierOf = (id: (typeof VERIFIERS)[number]): SigningKeyRecord | IssuerRecord => {
  const where = { organization: 'acme', environment: 'prod', id }
  return id === 'iss_1'
    ? {
        kind: 'issuer',
        ...where,
        issuer: 'https://idp.example',
        audiences: ['orders'],
        jwksUrl: null,
        jwks: null,
      }
    : {
        kind: 'signing-key',
        ...where,
        algorithm: 'EdDSA',
        publicJwk: { kty: 'OKP' },
        sealedPrivateJwk: '',
        createdAtMs: 1,
        verifiesUntilMs: null,
      }
}

/** The API key that a caller sends: usually a token of an existing key. */
const shown = fc.oneof(
  { weight: 8, arbitrary: fc.tuple(fc.nat(KEY_IDS.length - 1), fc.constantFrom(0, 0, 0, 0, 1, 1, 2)) },
  fc.constantFrom('missing' as const, 'ambiguous' as const, 'invalid' as const),
)
const named = fc.oneof(consumer, fc.constantFrom(...KEY_IDS, 'con_9', 'key_9999999999999999', 'key_9'))
const facts = fc.record(
  {
    entry: fc.record({ isAdmitted: mostly, isExempt: fc.boolean() }),
    addressAllowed: mostly,
    basic: fc.oneof(
      {
        weight: 6,
        arbitrary: fc.record(
          { kind: fc.constant('valid' as const), consumer, credential: fc.constantFrom('bas_1', 'bas_2') },
          { requiredKeys: ['kind', 'consumer'] },
        ),
      },
      fc.constantFrom('missing' as const, 'ambiguous' as const, 'invalid' as const).map((kind) => ({ kind })),
    ),
    jwt: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record(
          {
            kind: fc.constant('valid' as const),
            mintedFor: fc.option(named, { freq: 4 }),
            mintedWith: fc.option(fc.constantFrom<KeyId[]>(...KEY_IDS, ...KEY_IDS, 'key_9999999999999999'), {
              freq: 2,
            }),
            secretSequence: fc.constantFrom(1, 1, 2, 3, null),
            basicCredential: fc.constantFrom('bas_1', 'bas_2', null, null, null, null),
            issuedAtMs: fc.constantFrom(NOW - 5000, NOW - 5000, NOW + 600_000),
            expiresAtMs: fc.constantFrom(NOW + 1, NOW + 1, NOW + 1, NOW),
            verifiedBy: fc.constantFrom(...VERIFIERS).map(verifierOf),
            claims: fc.constant({ sub: 'user-1' }),
          },
          { requiredKeys: ['kind', 'mintedFor', 'claims'] },
        ),
      },
      fc
        .constantFrom('missing' as const, 'ambiguous' as const, 'invalid' as const, 'expired' as const)
        .map((kind) => ({ kind })),
    ),
    limit: fc.constantFrom(
      { kind: 'within' as const },
      { kind: 'within' as const },
      { kind: 'exceeded' as const, retryAfterMs: 5 },
    ),
  },
  { requiredKeys: [] },
)
const target = fc.oneof(
  { weight: 20, arbitrary: fc.nat(ORGANIZATIONS.length * ENVIRONMENTS.length * PIPELINES.length - 1) },
  fc.constantFrom('not_found' as const, 'method_not_allowed' as const),
)

const world = fc.record({ deployments, consumers, keys, others, verifiers })
const question = fc.record({ target, shown, facts, preflight: seldom })

function askOf(
  {
    target: at,
    shown: claim,
    facts: found,
    preflight,
  }: typeof question extends fc.Arbitrary<infer Q> ? Q : never,
  all: readonly DeploymentRecord[],
): Ask {
  const deployment = typeof at === 'number' ? all[at] : undefined
  const route =
    deployment !== undefined
      ? ({ kind: 'found', deployment } as const)
      : at === 'not_found'
        ? ({ kind: 'not_found' } as const)
        : ({ kind: 'method_not_allowed', allowed: ['GET'] } as const)
  if (typeof claim === 'string') {
    return { ...found, route, preflight, apiKey: { kind: claim }, digest: null }
  }
  const parsed = parseToken(TOKENS[claim[0]]?.[claim[1]] ?? '')
  if (parsed === undefined) throw new Error('not a token')
  return { ...found, route, preflight, apiKey: { kind: 'token', parsed }, digest: digestOf(parsed.token) }
}

function summary(decision: Decision): ModelOutcome {
  switch (decision.kind) {
    case 'allow':
      return {
        kind: 'allow',
        principal: decision.principal,
        sequence: decision.secret?.sequence ?? null,
      }
    case 'deny':
      return { kind: 'deny', what: decision.reason }
    case 'needs':
      return { kind: 'needs', what: decision.fact }
    case 'preflight':
      return { kind: 'preflight' }
  }
}

const OUTCOMES: readonly (
  | DenyReason
  | 'allow'
  | 'preflight'
  | 'entry'
  | 'address'
  | 'basic'
  | 'jwt'
  | 'limit'
)[] = [
  'allow',
  'preflight',
  'entry',
  'address',
  'basic',
  'jwt',
  'limit',
  'route_not_found',
  'method_not_allowed',
  'caller_address_not_allowed',
  'maintenance',
  'credential_missing',
  'credential_ambiguous',
  'credential_invalid',
  'key_inactive',
  'key_expired',
  'key_outdated',
  'key_deleted',
  'key_wrong_environment',
  'address_not_allowed',
  'pipeline_not_allowed',
  'basic_invalid',
  'token_missing',
  'token_invalid',
  'token_expired',
  'token_wrong_consumer',
  'rate_limited',
]

describe('decide', () => {
  // Thousands of worlds take seconds, and much longer on a busy machine.
  test('agrees with the model', () => {
    const reached = new Map<string, number>()
    fc.assert(
      fc.property(world, fc.array(question, { minLength: 8, maxLength: 16 }), (made, questions) => {
        const records: FeedRecord[] = [
          ...ORGANIZATIONS.map((slug) => ({ kind: 'organization' as const, slug })),
          ...ORGANIZATIONS.flatMap((org) =>
            ENVIRONMENTS.map((name) => ({ kind: 'environment' as const, organization: org, name })),
          ),
          ...made.others.flat(),
          ...made.deployments,
          ...made.consumers,
          ...made.keys,
          ...made.verifiers.signingKeys,
          ...made.verifiers.issuers,
          ...made.verifiers.credentials,
        ]
        const snapshot = Snapshot.empty().apply({ revision: 1, atMs: NOW, records })
        for (const each of questions) {
          const ask = askOf(each, made.deployments)
          const digest = ask.digest === null ? null : Buffer.from(ask.digest).toString('hex')
          const expected = decideModel(records, ask, digest, NOW)
          const outcome = expected.what ?? expected.kind
          reached.set(outcome, (reached.get(outcome) ?? 0) + 1)
          expect(summary(decide(snapshot, ask, NOW))).toEqual(expected)
        }
      }),
      { numRuns: 2500 },
    )
    // The test is only meaningful when its requests reach every outcome.
    expect(OUTCOMES.filter((outcome) => (reached.get(outcome) ?? 0) === 0)).toEqual([])
  })
})
