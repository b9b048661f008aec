import { hash, randomBytes } from 'node:crypto'
import {
  makeKeyId,
  makeToken,
  Snapshot,
  type DeploymentRecord,
  type EnvironmentSecretRecord,
  type EnvironmentView,
  type FeedRecord,
  type KeyId,
  type KeyRecord,
  type ProxyStep,
  type Step,
  type Trigger,
} from '@sallyport/core'
import pino from 'pino'
import { Registry } from 'prom-client'
import { importedKeyIds } from '../../crypto/derived/imported-key-id.ts'
import { seal, unseal } from '../../crypto/seal.ts'
import { secretContext } from '../../crypto/seal-contexts.ts'
import { createExpressions, type ExpressionsOptions } from '../../expression/expressions.ts'
import { type DecisionLease, mayDecide } from '../../sync/decision-lease.ts'
import { SnapshotCell } from '../../sync/snapshot-cell.ts'
import { RequestDurations } from '../../telemetry/request-durations.ts'
import type { FinishedSpan } from '../../telemetry/tracing/finished-span.ts'
import { Tracing } from '../../telemetry/tracing/request-trace.ts'
import type { HealthClock } from '../balance/health-clock.ts'
import { startGateway, type Gateway, type GatewayConfig } from '../gateway.ts'
import { type PasswordOptions, passwordVerifier } from '../credentials/password-verifier.ts'

/** A use of a secret that the gateway reported. */
export interface ReportedUse {
  readonly keyId: KeyId
  readonly sequence: number
  readonly atMs: number
  readonly address: string | null
}

/** A gateway for one test, fed with records instead of a store. */
export interface StartedGateway extends AsyncDisposable {
  readonly gateway: Gateway
  readonly url: string
  readonly registry: Registry
  readonly uses: readonly ReportedUse[]
  /** The log, one JSON text per line. */
  readonly log: readonly string[]
  /** Replaces the snapshot. */
  load(records: readonly FeedRecord[]): Promise<void>
  /** An environment of the current snapshot. @throws Error if it does not exist */
  environment(organization: string, name: string): EnvironmentView
  /** Applies a change to the snapshot. */
  apply(records: readonly FeedRecord[]): void
}

export interface StartOptions {
  readonly config?: Partial<GatewayConfig>
  /** Both clocks, so that a test moves them together. */
  readonly nowMs?: () => number
  /** The monotonic clock alone. */
  readonly monotonicMs?: () => number
  /** Of a lease of the database: past it, the gateway refuses every call. */
  readonly isLeaseOver?: () => boolean
  /** Of a lease of a stream: past it, each environment says what the gateway does. */
  readonly isStreamLeaseOver?: () => boolean
  readonly snapshotAgeSeconds?: () => number
  readonly ready?: () => boolean
  readonly passwords?: PasswordOptions
  readonly healthClock?: HealthClock
  /** Of the traces that are sampled by the gateway's own decision; all unless given. */
  readonly samplingRatio?: number
  /** Gets the spans; none are recorded unless given. */
  readonly spans?: FinishedSpan[] | undefined
  /** The limits of expressions that a test is about. */
  readonly evaluations?: ExpressionsOptions
}

/** So long that an expression comes to its end on a machine that is busy with other tests. */
const PATIENT_EVALUATIONS: ExpressionsOptions = {
  evaluationMs: 20_000,
  answerGraceMs: 20_000,
  waitMs: 60_000,
}

/** Starts a gateway with these records. Loopback upstreams are allowed unless the options say otherwise. */
export async function startWith(
  records: readonly FeedRecord[],
  options: StartOptions = {},
): Promise<StartedGateway> {
  const cell = new SnapshotCell()
  let revision = 0
  const load = async (next: readonly FeedRecord[]): Promise<void> => {
    revision += 1
    const snapshot = await Snapshot.load(
      revision,
      (async function* () {
        yield next
      })(),
    )
    cell.replace(snapshot, 'all')
  }
  if (records.length > 0) await load(records)
  const registry = new Registry()
  const expressions = createExpressions({ ...PATIENT_EVALUATIONS, ...options.evaluations })
  const uses: ReportedUse[] = []
  const log: string[] = []
  const lease = leaseOf(options)
  const gateway = await startGateway({
    cell,
    config: {
      host: '127.0.0.1',
      port: 0,
      hosts: new Map(),
      operatorHosts: [],
      trustedProxies: [],
      upstreamAllow: ['127.0.0.0/8', '::1'],
      maxStalenessSeconds: null,
      accessLog: 'none',
      cacheBytes: 64 * 1024 * 1024,
      ...options.config,
    },
    nowMs: options.nowMs ?? Date.now,
    monotonicMs: options.monotonicMs ?? options.nowMs ?? (() => performance.now()),
    mayDecide: (organization, environment) => mayDecide(lease, cell.current, organization, environment),
    logger: pino({ level: 'info' }, { write: (line: string) => log.push(line) }),
    registry,
    durations: new RequestDurations(registry),
    tracing: new Tracing({
      sampler: { followsParent: true, ratio: options.samplingRatio ?? 1 },
      spansPerSecondMax: options.spans === undefined ? null : 1000,
      monotonicMs: () => performance.now(),
    }),
    spans: options.spans === undefined ? null : (span) => options.spans?.push(span),
    readiness: () => ({
      ready: options.ready?.() ?? true,
      revision: cell.current.revision,
      snapshotAgeSeconds: options.snapshotAgeSeconds?.() ?? 0,
    }),
    usage: {
      record: (decision, atMs, address) => {
        if (decision.secret !== null) uses.push({ ...decision.secret, atMs, address })
      },
    },
    unseal: unsealed,
    importedKeyId: idOfImported,
    expressions,
    passwords: passwordVerifier(options.passwords),
    ...(options.healthClock === undefined ? {} : { healthClock: options.healthClock }),
  })
  return {
    gateway,
    url: gateway.url,
    registry,
    uses,
    log,
    load,
    environment(organization, name) {
      const view = cell.current.environment(organization, name)
      if (view === undefined) throw new Error(`no environment ${name}`)
      return view
    },
    apply(changed) {
      revision += 1
      cell.replace(cell.current.apply({ revision, atMs: 0, records: changed }), changed)
    },
    async [Symbol.asyncDispose]() {
      await gateway.close(0)
      await expressions[Symbol.asyncDispose]()
    },
  }
}

function leaseOf({ isLeaseOver, isStreamLeaseOver }: StartOptions): DecisionLease | undefined {
  if (isStreamLeaseOver !== undefined) return { isOver: isStreamLeaseOver, whenOver: 'by-environment' }
  return isLeaseOver === undefined ? undefined : { isOver: isLeaseOver, whenOver: 'refuse-all' }
}

const MASTER_KEY = randomBytes(32)

/** The id of the key that was imported with a token of this SHA-256, for the gateways of this test. */
export const idOfImported = importedKeyIds(MASTER_KEY)

/** Seals a text so that the gateways of this test can decrypt it. */
export function sealed(text: string, context: string): string {
  return seal(MASTER_KEY, text, context)
}

/** Decrypts a text from `sealed`. */
export function unsealed(text: string, context: string): string {
  return unseal(MASTER_KEY, text, context)
}

/** A secret of `acme`'s `prod`. */
export function secret(name: string, value: string): EnvironmentSecretRecord {
  const owner = { organization: 'acme', environment: 'prod', id: `sec_${name}` }
  return {
    kind: 'environment-secret',
    ...owner,
    name,
    sealedValue: sealed(value, secretContext(owner)),
  }
}

/** A key and its token. */
export interface TestKey {
  readonly record: KeyRecord
  readonly token: string
}

/** A secret key of `acme` with the role `invoker` unless the fields say otherwise. */
export function makeKey(fields: Partial<KeyRecord> = {}): TestKey {
  const id = fields.id ?? makeKeyId(randomBytes)
  const type = fields.type ?? 'secret'
  const token = makeToken(type, id, randomBytes)
  const record: KeyRecord = {
    kind: 'key',
    organization: 'acme',
    id,
    type,
    environment: null,
    consumer: null,
    roles: ['invoker'],
    active: true,
    deleted: false,
    createdAtMs: 0,
    expiresAtMs: null,
    addressRules: [],
    rateLimits: [],
    secrets: [{ sequence: 1, digest: hash('sha256', token), expiresAtMs: null }],
    ...fields,
  }
  return { record, token }
}

const TRIGGER: Trigger = {
  kind: 'http',
  paths: ['/orders'],
  methods: ['GET', 'POST'],
  authentication: { apiKey: true, jwt: false, basic: false },
  acceptsPublicKeys: false,
  apiKeyInQuery: false,
  login: false,
  cors: null,
  requestBytesMax: 5 * 1024 * 1024,
  timeoutMs: 30_000,
  rateLimits: [],
  responseHeaders: {},
  schedule: null,
}

/** No credentials required. */
export const OPEN = { apiKey: false, jwt: false, basic: false }

/** A deployment in `acme`'s `prod` with API keys and a constant response unless the arguments say otherwise. */
export function deployment(
  trigger: Partial<Trigger> = {},
  steps: Step | readonly Step[] = { kind: 'respond', status: 200, headers: {}, body: { ok: true } },
  record: Partial<DeploymentRecord> = {},
): DeploymentRecord {
  return {
    kind: 'deployment',
    organization: 'acme',
    environment: 'prod',
    id: record.pipeline ?? 'orders',
    pipeline: 'orders',
    project: 'default',
    version: '1.0',
    spec: { trigger: { ...TRIGGER, ...trigger }, steps: [steps].flat() },
    ...record,
  }
}

/** A step that forwards requests to an upstream. */
export function proxyTo(url: string, fields: Partial<ProxyStep> = {}): ProxyStep {
  return { kind: 'proxy', url, headers: {}, timeoutMs: null, ...fields }
}

/** The organization `acme` with its two environments. */
export const ACME: readonly FeedRecord[] = [
  { kind: 'organization', slug: 'acme' },
  { kind: 'environment', organization: 'acme', name: 'test' },
  { kind: 'environment', organization: 'acme', name: 'prod' },
]
