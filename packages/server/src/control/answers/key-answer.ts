import { keyState } from '@sallyport/core'
import type { z } from 'zod'
import type { key, keyRead } from '../../contract/keys.ts'
import type { KeyRow } from '../../store/port/keys.ts'
import { momentAnswer, momentAnswerOrNull } from './timestamp.ts'

/**
 * A key as the API shows it. Its digests stay inside.
 *
 * @param atMs the time that its state is judged by
 */
export function keyAnswer(row: KeyRow, atMs: number): z.output<typeof key> {
  return {
    id: row.id,
    name: row.name,
    type: row.type,
    environment: row.environment,
    consumer: row.consumer,
    roles: [...row.roles],
    state: keyState(row, atMs),
    status: row.active ? 'active' : 'inactive',
    createdAt: momentAnswer(row.createdAtMs),
    createdBy: row.createdBy,
    expiresAt: momentAnswerOrNull(row.expiresAtMs),
    secrets: row.secrets.map((secret) => ({
      hint: secret.hint,
      createdAt: momentAnswer(secret.createdAtMs),
      expiresAt: momentAnswerOrNull(secret.expiresAtMs),
      requests: secret.requests,
      lastUsedAt: momentAnswerOrNull(secret.lastUsedAtMs),
      lastUsedAddress: secret.lastUsedAddress,
    })),
    // No environment can set a reminder yet, so that no key is ever due.
    freshness: 'fresh',
    addressRules: [...row.addressRules],
    rateLimits: row.rateLimits.map((limit) => ({ ...limit })),
  }
}

/** A key that is read: a public one with its token. */
export function keyReadAnswer(row: KeyRow, atMs: number): z.output<typeof keyRead> {
  const answer = keyAnswer(row, atMs)
  const newest = row.publicTokens.at(-1)
  return newest === undefined ? answer : { ...answer, token: newest }
}
