import {
  currentSecret,
  freshnessOf,
  keyEndsAtMs,
  keyLifetimeEndsAtMs,
  keyState,
  WARNED_MS,
} from '@sallyport/core'
import type { z } from 'zod'
import type { key, keyRead } from '../../contract/keys.ts'
import type { NamedKeyRow } from '../../app/keys/consumer-names.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import { timestampAnswer, timestampAnswerOrNull } from './timestamp.ts'

/** What changes of a key in a response without a change of the key: by time, use and policies, and by its own resources. */
export const OBSERVED_OF_KEYS: readonly string[] = [
  'state',
  'freshness',
  'lifetimeEndsAt',
  'warnings',
  'secrets.requests',
  'secrets.lastUsedAt',
  'secrets.lastUsedAddress',
  'roll',
  'rotation',
]

/**
 * A key in a response, without its digests.
 *
 * @param atMs the time that determines its state
 */
export function keyAnswer(row: KeyRow, atMs: number): z.output<typeof key> {
  const lifetimeEndsAtMs = keyLifetimeEndsAtMs(row)
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    environment: row.environment,
    consumer: row.consumer,
    roles: [...row.roles],
    state: keyState(row, atMs),
    status: row.active ? 'active' : 'inactive',
    createdAt: timestampAnswer(row.createdAtMs),
    createdBy: row.createdBy,
    expiresAt: timestampAnswerOrNull(row.expiresAtMs),
    secrets: row.secrets.map((secret) => ({
      hint: secret.hint,
      createdAt: timestampAnswer(secret.createdAtMs),
      expiresAt: timestampAnswerOrNull(secret.expiresAtMs),
      requests: secret.requests,
      lastUsedAt: timestampAnswerOrNull(secret.lastUsedAtMs),
      lastUsedAddress: secret.lastUsedAddress,
    })),
    freshness: freshnessOf(
      currentSecret(row.secrets)?.createdAtMs ?? row.createdAtMs,
      row.age.rotationReminderDays,
      atMs,
    ),
    lifetimeEndsAt: lifetimeEndsAtMs === Infinity ? null : timestampAnswer(lifetimeEndsAtMs),
    warnings: keyWarnings(row, atMs),
    addressRules: [...row.addressRules],
    rateLimits: row.rateLimits.map((limit) => ({ ...limit })),
    labels: { ...row.labels },
  }
}

/** What the owner of a working key should do soon. */
function keyWarnings(row: KeyRow, atMs: number): z.output<typeof key>['warnings'] {
  const state = keyState(row, atMs)
  const endsAtMs = keyEndsAtMs(row)
  if ((state !== 'active' && state !== 'rolling') || endsAtMs - atMs > WARNED_MS) return []
  const isLifetime = keyLifetimeEndsAtMs(row) <= (row.expiresAtMs ?? Infinity)
  const endsAt = timestampAnswer(endsAtMs)
  return isLifetime
    ? [
        {
          code: 'lifetime_ends',
          endsAt,
          message: `The policy about age ends the secret of this key at ${endsAt}. Roll the key before.`,
        },
      ]
    : [
        {
          code: 'expires',
          endsAt,
          message: `This key expires at ${endsAt}. Set a later expiry, or replace the key.`,
        },
      ]
}

/** A key in a response, with the name of its consumer. */
export function namedKeyAnswer(row: NamedKeyRow, atMs: number) {
  return { ...keyAnswer(row, atMs), consumerName: row.consumerName }
}

/** A key in a read; a public key includes its token. */
export function keyReadAnswer(row: NamedKeyRow, atMs: number): z.output<typeof keyRead> {
  const answer = namedKeyAnswer(row, atMs)
  const newest = row.publicTokens.at(-1)
  return newest === undefined ? answer : { ...answer, token: newest }
}
