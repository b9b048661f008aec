import type { Grant } from '../access/permissions.ts'
import type { PlanLimit, PlanLimitScope } from '../limits/plan-limit.ts'
import type { CacheRules } from '../pipelines/cache-rules.ts'
import type { CompressionRules } from '../pipelines/compression-rules.ts'
import type { Deprecation, Maintenance } from '../pipelines/entry-rules.ts'
import type { HeaderChoice } from '../pipelines/header-rule.ts'
import type {
  AssertStep,
  Authentication,
  CallStep,
  Cors,
  CredentialsVerifyStep,
  JwtDecodeStep,
  JwtGenerateStep,
  OauthTokenStep,
  PipelineSpec,
  ProxyStep,
  RateLimit,
  RateWindow,
  RespondStep,
  Step,
  TransformStep,
  Trigger,
  TriggerKind,
} from '../pipelines/pipeline-spec.ts'
import type { RequestRules } from '../pipelines/request-rules.ts'
import type {
  Balance,
  HealthCheck,
  TargetCondition,
  UpstreamOptions,
  UpstreamTarget,
} from '../pipelines/upstream-targets.ts'
import type { UpstreamTlsSettings } from '../pipelines/upstream-tls.ts'
import type { WrittenRoute } from '../pipelines/written-routes.ts'
import type { FeedRecord, RemovedRecord } from '../snapshot/feed-record.ts'
import { each, fields, kinds, OPAQUE, type Shape, values } from './record-shape.ts'
import type {
  BasicCredentialRecord,
  ConsumerRecord,
  DeploymentRecord,
  EnvironmentRecord,
  EnvironmentSecretRecord,
  EnvironmentVariableRecord,
  ExternalKeyRecord,
  IssuerRecord,
  KeyAgeRecord,
  KeyRecord,
  OrganizationRecord,
  PlanRecord,
  RoleRecord,
  SecretRecord,
  SigningKeyRecord,
} from '../feed/records.ts'

const OWNED = { kind: OPAQUE, organization: OPAQUE, id: OPAQUE }
const OF_ENVIRONMENT = { ...OWNED, environment: OPAQUE }

const WINDOW = values<RateWindow>({ second: 1, minute: 1, hour: 1, day: 1, month: 1 })
const RATE_LIMITS = each(
  fields<RateLimit>({
    requests: OPAQUE,
    per: WINDOW,
    by: values<RateLimit['by']>({ consumer: 1, credential: 1 }),
  }),
)
const REQUEST = fields<RequestRules>({ body: OPAQUE, query: OPAQUE, params: OPAQUE, contentTypes: OPAQUE })

const TRIGGER = fields<Trigger>({
  kind: values<TriggerKind>({ rest: 1, http: 1, 'http-file': 1, schedule: 1 }),
  hosts: OPAQUE,
  authentication: fields<Authentication>({
    apiKey: OPAQUE,
    apiKeyOptional: OPAQUE,
    jwt: OPAQUE,
    basic: OPAQUE,
  }),
  acceptsPublicKeys: OPAQUE,
  encodedSlashes: values<Required<Trigger>['encodedSlashes']>({ refuse: 1, allow: 1 }),
  trailingSlash: values<Required<Trigger>['trailingSlash']>({ exact: 1, optional: 1 }),
  apiKeyInQuery: OPAQUE,
  login: OPAQUE,
  cors: fields<Cors>({
    origins: OPAQUE,
    headers: OPAQUE,
    exposedHeaders: OPAQUE,
    credentials: OPAQUE,
    maxAge: OPAQUE,
  }),
  requestBytesMax: OPAQUE,
  timeoutMs: OPAQUE,
  rateLimits: RATE_LIMITS,
  responseHeaders: OPAQUE,
  sendLabels: OPAQUE,
  request: REQUEST,
  schemas: OPAQUE,
  deprecation: fields<Deprecation>({ since: OPAQUE, sunset: OPAQUE, link: OPAQUE, successor: OPAQUE }),
  correlationHeader: OPAQUE,
  compression: fields<CompressionRules>({ minBytes: OPAQUE, contentTypes: OPAQUE }),
  schedule: OPAQUE,
  timeZone: OPAQUE,
  overlap: values<Required<Trigger>['overlap']>({ allow: 1, forbid: 1, replace: 1 }),
  catchUp: values<Required<Trigger>['catchUp']>({ none: 1, one: 1 }),
  addressRules: OPAQUE,
  maintenance: fields<Maintenance>({ detail: OPAQUE, retryAfterSeconds: OPAQUE, exceptAddresses: OPAQUE }),
  paths: OPAQUE,
  methods: OPAQUE,
  routeMethods: OPAQUE,
  writtenRoutes: each(fields<WrittenRoute>({ path: OPAQUE, methods: OPAQUE, request: REQUEST })),
})

const UPSTREAM: { readonly [Name in keyof UpstreamOptions]-?: Shape } = {
  connectTimeoutMs: OPAQUE,
  firstByteTimeoutMs: OPAQUE,
  targets: each(
    fields<UpstreamTarget>({
      origin: OPAQUE,
      weight: OPAQUE,
      when: fields<TargetCondition>({ headers: OPAQUE, consumers: OPAQUE }),
      isBackup: OPAQUE,
    }),
  ),
  balance: fields<Balance>({
    by: values<Balance['by']>({ request: 1, caller: 1 }),
    retries: OPAQUE,
    retryMethods: OPAQUE,
    failures: OPAQUE,
    ejectionMs: OPAQUE,
    health: fields<HealthCheck>({
      path: OPAQUE,
      intervalMs: OPAQUE,
      timeoutMs: OPAQUE,
      healthyAfter: OPAQUE,
      unhealthyAfter: OPAQUE,
      statuses: OPAQUE,
    }),
  }),
  tls: fields<UpstreamTlsSettings>({ ca: OPAQUE, certificate: OPAQUE, key: OPAQUE, serverName: OPAQUE }),
}

/** A text alone is a template. */
const HEADER_RULES = each(
  fields<HeaderChoice & { readonly append: unknown; readonly from: unknown }>({
    append: OPAQUE,
    from: OPAQUE,
    by: values<HeaderChoice['by']>({ consumer: 1, key: 1 }),
    values: OPAQUE,
    otherwise: OPAQUE,
  }),
)

const STEP = kinds<Step>({
  proxy: fields<ProxyStep>({
    ...UPSTREAM,
    kind: OPAQUE,
    url: OPAQUE,
    headers: HEADER_RULES,
    responseHeaders: OPAQUE,
    cache: fields<CacheRules>({ seconds: OPAQUE, isShared: OPAQUE, headers: OPAQUE }),
    timeoutMs: OPAQUE,
    preserveHost: OPAQUE,
    forwardedPrefix: OPAQUE,
  }),
  call: fields<CallStep>({
    ...UPSTREAM,
    kind: OPAQUE,
    url: OPAQUE,
    method: OPAQUE,
    headers: HEADER_RULES,
    body: OPAQUE,
    timeoutMs: OPAQUE,
  }),
  transform: fields<TransformStep>({ kind: OPAQUE, body: OPAQUE, headers: OPAQUE, status: OPAQUE }),
  assert: fields<AssertStep>({ kind: OPAQUE, that: OPAQUE, status: OPAQUE, code: OPAQUE, detail: OPAQUE }),
  'credentials.verify': fields<CredentialsVerifyStep>({ kind: OPAQUE, username: OPAQUE, password: OPAQUE }),
  'jwt.generate': fields<JwtGenerateStep>({
    kind: OPAQUE,
    subject: OPAQUE,
    claims: OPAQUE,
    scopes: OPAQUE,
    expiresInSeconds: OPAQUE,
  }),
  'jwt.decode': fields<JwtDecodeStep>({ kind: OPAQUE, token: OPAQUE }),
  'oauth.token': fields<OauthTokenStep>({
    kind: OPAQUE,
    tokenUrl: OPAQUE,
    clientId: OPAQUE,
    clientSecret: OPAQUE,
    scopes: OPAQUE,
    audience: OPAQUE,
    authentication: values<OauthTokenStep['authentication']>({ basic: 1, body: 1 }),
    timeoutMs: OPAQUE,
  }),
  respond: fields<RespondStep>({ kind: OPAQUE, status: OPAQUE, headers: OPAQUE, body: OPAQUE }),
})

/** All records. The permissions of a grant are opaque: one that a gateway does not know grants nothing there. */
export const RECORD_SHAPE = kinds<FeedRecord>({
  organization: fields<OrganizationRecord>({ kind: OPAQUE, slug: OPAQUE }),
  environment: fields<EnvironmentRecord>({
    kind: OPAQUE,
    organization: OPAQUE,
    name: OPAQUE,
    whenStale: values<Required<EnvironmentRecord>['whenStale']>({ refuse: 1 }),
  }),
  'key-age': fields<KeyAgeRecord>({
    kind: OPAQUE,
    organization: OPAQUE,
    environment: OPAQUE,
    maxLifetimeDays: OPAQUE,
  }),
  role: fields<RoleRecord>({
    kind: OPAQUE,
    organization: OPAQUE,
    name: OPAQUE,
    grants: each(
      fields<Grant>({ permission: OPAQUE, environment: OPAQUE, project: OPAQUE, pipeline: OPAQUE }),
    ),
  }),
  consumer: fields<ConsumerRecord>({
    ...OF_ENVIRONMENT,
    name: OPAQUE,
    active: OPAQUE,
    pipelines: OPAQUE,
    projects: OPAQUE,
    labels: OPAQUE,
    plan: OPAQUE,
  }),
  plan: fields<PlanRecord>({
    ...OF_ENVIRONMENT,
    rateLimits: each(
      fields<PlanLimit>({
        requests: OPAQUE,
        per: WINDOW,
        scope: values<PlanLimitScope>({ environment: 1, pipeline: 1 }),
      }),
    ),
  }),
  key: fields<KeyRecord>({
    ...OF_ENVIRONMENT,
    type: values<KeyRecord['type']>({ public: 1, secret: 1 }),
    consumer: OPAQUE,
    roles: OPAQUE,
    active: OPAQUE,
    deleted: OPAQUE,
    createdAtMs: OPAQUE,
    expiresAtMs: OPAQUE,
    addressRules: OPAQUE,
    rateLimits: RATE_LIMITS,
    labels: OPAQUE,
    secrets: each(
      fields<SecretRecord>({ sequence: OPAQUE, digest: OPAQUE, expiresAtMs: OPAQUE, createdAtMs: OPAQUE }),
    ),
    hasForeignToken: OPAQUE,
  }),
  'external-key': fields<ExternalKeyRecord>({
    ...OWNED,
    keyId: OPAQUE,
    roles: OPAQUE,
    active: OPAQUE,
    addressRules: OPAQUE,
    rateLimits: RATE_LIMITS,
  }),
  deployment: fields<DeploymentRecord>({
    ...OF_ENVIRONMENT,
    pipeline: OPAQUE,
    project: OPAQUE,
    version: OPAQUE,
    spec: fields<PipelineSpec>({ trigger: TRIGGER, steps: each(STEP) }),
  }),
  'signing-key': fields<SigningKeyRecord>({
    ...OF_ENVIRONMENT,
    algorithm: values<SigningKeyRecord['algorithm']>({ EdDSA: 1, ES256: 1, RS256: 1 }),
    publicJwk: OPAQUE,
    sealedPrivateJwk: OPAQUE,
    createdAtMs: OPAQUE,
    verifiesUntilMs: OPAQUE,
  }),
  issuer: fields<IssuerRecord>({
    ...OF_ENVIRONMENT,
    issuer: OPAQUE,
    audiences: OPAQUE,
    jwksUrl: OPAQUE,
    jwks: OPAQUE,
  }),
  'environment-secret': fields<EnvironmentSecretRecord>({
    ...OF_ENVIRONMENT,
    name: OPAQUE,
    sealedValue: OPAQUE,
  }),
  'environment-variable': fields<EnvironmentVariableRecord>({
    ...OF_ENVIRONMENT,
    name: OPAQUE,
    value: OPAQUE,
  }),
  'basic-credential': fields<BasicCredentialRecord>({
    ...OF_ENVIRONMENT,
    username: OPAQUE,
    consumer: OPAQUE,
    passwordHash: OPAQUE,
  }),
  removed: fields<RemovedRecord>({
    ...OWNED,
    of: values<RemovedRecord['of']>({
      environment: 1,
      'key-age': 1,
      role: 1,
      consumer: 1,
      plan: 1,
      'external-key': 1,
      deployment: 1,
      'signing-key': 1,
      issuer: 1,
      'environment-secret': 1,
      'environment-variable': 1,
      'basic-credential': 1,
    }),
  }),
})
