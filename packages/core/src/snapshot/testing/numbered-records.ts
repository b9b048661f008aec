import type { ConsumerRecord, KeyRecord } from '../../feed/records.ts'
import type { FeedRecord } from '../feed-record.ts'

/** The organization of the records below, with what belongs to all of them. */
export const OWNERS: readonly FeedRecord[] = [
  { kind: 'organization', slug: 'acme' },
  { kind: 'environment', organization: 'acme', name: 'prod' },
  { kind: 'role', organization: 'acme', name: 'caller', grants: [{ permission: 'pipelines.invoke' }] },
]

/** A consumer, with an id of another form than usual for each fifth number. */
export function consumerOf(number: number, more: Partial<ConsumerRecord> = {}): ConsumerRecord {
  return {
    kind: 'consumer',
    organization: 'acme',
    id: number % 5 === 0 ? `con_${number}` : `con_${String(number).padStart(16, '0')}`,
    name: `consumer-${number}`,
    environment: 'prod',
    active: true,
    pipelines: ['orders'],
    ...more,
  }
}

/** The key of such a consumer. What keys rarely have, those with some numbers have. */
export function keyOf(number: number, more: Partial<KeyRecord> = {}): KeyRecord {
  return {
    kind: 'key',
    organization: 'acme',
    id: `key_${String(number).padStart(16, '0')}`,
    type: 'secret',
    environment: 'prod',
    consumer: consumerOf(number).id,
    roles: [],
    active: true,
    deleted: false,
    createdAtMs: 1_800_000_000_001,
    expiresAtMs: number % 3 === 0 ? 1_900_000_000_001 : null,
    addressRules: number % 7 === 0 ? [`10.0.0.${number % 256}/32`] : [],
    rateLimits: [],
    secrets: [{ sequence: 1, digest: 'a'.repeat(64), expiresAtMs: null, createdAtMs: 1_800_000_000_000 }],
    ...(number % 4 === 0 && { hasForeignToken: true as const }),
    ...more,
  }
}

/** Basic credentials of such a consumer. */
export function credentialOf(number: number, username = `user-${number}`): FeedRecord {
  return {
    kind: 'basic-credential',
    organization: 'acme',
    environment: 'prod',
    id: `bas_${number}`,
    username,
    consumer: consumerOf(number).id,
    passwordHash: '$scrypt$',
  }
}
