import {
  type ConsumerRecord,
  type DeploymentRecord,
  type FeedRecord,
  type KeyRecord,
  type PipelineSpec,
  REQUEST_BYTES_DEFAULT,
  Snapshot,
  TIMEOUT_MS_DEFAULT,
  type Trigger,
} from '@sallyport/core'
import { tokenDigest } from '../../packages/server/src/crypto/digest.ts'
import { syntheticKey } from './keys.ts'

export const ORGANIZATION = 'acme'
export const ENVIRONMENT = 'prod'
export const PIPELINE = 'orders'
export const CREATED_AT_MS = Date.UTC(2026, 0, 1)

/** The default number of consumers that share the keys. */
export const CONSUMERS = 1_000

/** The number of records in a batch, as from a store. */
const BATCH_RECORDS = 10_000

/** An upstream URL for measurements that never contact the upstream. */
export const NO_UPSTREAM = 'http://127.0.0.1:9'

/** The consumer with the given number. */
export function syntheticConsumer(number: number): ConsumerRecord {
  return {
    kind: 'consumer',
    organization: ORGANIZATION,
    id: consumerId(number),
    name: `consumer-${number}`,
    environment: ENVIRONMENT,
    active: true,
    pipelines: [PIPELINE],
  }
}

/** @param consumers the number of consumers that share the keys */
export function syntheticKeyRecord(number: number, consumers: number): KeyRecord {
  const { id, token } = syntheticKey(number)
  return {
    kind: 'key',
    organization: ORGANIZATION,
    id,
    type: 'secret',
    environment: ENVIRONMENT,
    consumer: consumerId(number % consumers),
    roles: [],
    active: true,
    deleted: false,
    createdAtMs: CREATED_AT_MS,
    expiresAtMs: null,
    addressRules: [],
    rateLimits: [],
    secrets: [{ sequence: 1, digest: tokenDigest(token), expiresAtMs: null }],
  }
}

/** A pipeline that proxies `/orders/:id` to an upstream and requires an API key by default. */
function ordersSpec(upstream: string, trigger: Partial<Trigger> = {}): PipelineSpec {
  return {
    trigger: {
      kind: 'rest',
      paths: ['/orders/:id'],
      methods: ['GET', 'POST'],
      authentication: { apiKey: true, jwt: false, basic: false },
      acceptsPublicKeys: false,
      apiKeyInQuery: false,
      login: false,
      cors: null,
      requestBytesMax: REQUEST_BYTES_DEFAULT,
      timeoutMs: TIMEOUT_MS_DEFAULT,
      rateLimits: [],
      responseHeaders: {},
      schedule: null,
      ...trigger,
    },
    steps: [{ kind: 'proxy', url: `${upstream}/orders/{id}`, headers: {}, timeoutMs: null }],
  }
}

/**
 * @param upstream such as `http://127.0.0.1:9000`
 * @param major several majors can be deployed together, each at its own path
 */
export function ordersDeployment(
  upstream: string,
  major = 1,
  trigger: Partial<Trigger> = {},
): DeploymentRecord {
  return {
    kind: 'deployment',
    organization: ORGANIZATION,
    environment: ENVIRONMENT,
    id: `dep_bench_${major}`,
    pipeline: PIPELINE,
    project: 'default',
    version: `${major}.0`,
    spec: ordersSpec(upstream, trigger),
  }
}

/**
 * A snapshot of one organization with one pipeline and the given number of keys.
 */
export async function syntheticSnapshot(keys: number): Promise<Snapshot> {
  return await Snapshot.load(1, batches(keys))
}

// Async like a store's records, because Snapshot.load requires it.
async function* batches(keys: number): AsyncGenerator<readonly FeedRecord[]> {
  yield await Promise.resolve([
    { kind: 'organization', slug: ORGANIZATION },
    { kind: 'environment', organization: ORGANIZATION, name: ENVIRONMENT },
    ordersDeployment(NO_UPSTREAM),
    ...Array.from({ length: CONSUMERS }, (_, number) => syntheticConsumer(number)),
  ])
  for (let first = 0; first < keys; first += BATCH_RECORDS) {
    const length = Math.min(BATCH_RECORDS, keys - first)
    yield Array.from({ length }, (_, offset) => syntheticKeyRecord(first + offset, CONSUMERS))
  }
}

/** The id of the consumer with the given number. */
export function consumerId(number: number): string {
  return `con_${String(number).padStart(16, '0')}`
}
