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
import { digestText, syntheticKey } from './keys.ts'

export const ORGANIZATION = 'acme'
export const ENVIRONMENT = 'prod'
export const PIPELINE = 'orders'
export const CREATED_AT_MS = Date.UTC(2026, 0, 1)

/** Consumers that share the keys, unless each key has its own. */
export const CONSUMERS = 1_000

/** Records come in batches of this many, as they do from a store. */
const BATCH = 10_000

/** An upstream that nothing is sent to, for what never gets so far. */
const NO_UPSTREAM = 'http://127.0.0.1:9'

/** The consumer with this number. */
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

/** @param consumers how many share the keys */
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
    secrets: [{ sequence: 1, digest: digestText(token), expiresAtMs: null }],
  }
}

/** A pipeline that relays `/orders/:id` to an upstream, behind API keys unless said otherwise. */
export function ordersSpec(upstream: string, trigger: Partial<Trigger> = {}): PipelineSpec {
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
 * @param major majors live side by side, each at a path of its own
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
 * A snapshot of one organization whose one pipeline takes that many keys.
 *
 * @param more what else there is
 */
export async function syntheticSnapshot(
  keys: number,
  upstream = NO_UPSTREAM,
  more: readonly FeedRecord[] = [],
): Promise<Snapshot> {
  return await Snapshot.load(1, batches(keys, upstream, more))
}

// Async because a store's records are: Snapshot.load takes nothing else.
async function* batches(
  keys: number,
  upstream: string,
  more: readonly FeedRecord[],
): AsyncGenerator<readonly FeedRecord[]> {
  yield await Promise.resolve([
    { kind: 'organization', slug: ORGANIZATION },
    { kind: 'environment', organization: ORGANIZATION, name: ENVIRONMENT },
    ordersDeployment(upstream),
    ...Array.from({ length: CONSUMERS }, (_, number) => syntheticConsumer(number)),
    ...more,
  ])
  for (let first = 0; first < keys; first += BATCH) {
    const length = Math.min(BATCH, keys - first)
    yield Array.from({ length }, (_, offset) => syntheticKeyRecord(first + offset, CONSUMERS))
  }
}

/** The id of the consumer with this number. */
export function consumerId(number: number): string {
  return `con_${String(number).padStart(16, '0')}`
}
