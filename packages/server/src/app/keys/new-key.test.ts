import { randomBytes } from 'node:crypto'
import { parseToken, tokenHint } from '@sallyport/core'
import { expect, test } from 'vitest'
import { tokenDigest } from '../../crypto/digest.ts'
import { member } from '../testing/member.ts'
import { newKey } from './new-key.ts'

const NOW_MS = 1_800_000_000_000
const context = { randomBytes, nowMs: () => NOW_MS, actor: member({}) }

test('a new key has one secret, and is bound to nothing unless it is said', () => {
  const { key, token } = newKey(context, { organization: 'acme', name: 'k', type: 'secret' })
  expect(parseToken(token)).toMatchObject({ type: 'secret', keyId: key.id })
  const bare = {
    organization: 'acme',
    id: key.id,
    name: 'k',
    type: 'secret',
    environment: null,
    consumer: null,
    roles: [],
    labels: {},
    active: true,
    createdAtMs: NOW_MS,
    createdBy: 'mem_1',
    expiresAtMs: null,
    deletedAtMs: null,
    addressRules: [],
    rateLimits: [],
    publicTokens: [],
    age: { rotationReminderDays: null, maxLifetimeDays: null },
    secrets: [
      {
        sequence: 1,
        digest: tokenDigest(token),
        hint: tokenHint(token),
        createdAtMs: NOW_MS,
        expiresAtMs: null,
        requests: 0,
        lastUsedAtMs: null,
        lastUsedAddress: null,
      },
    ],
  }
  expect(key).toEqual(bare)
  const bounds = {
    environment: 'prod',
    consumer: 'con_1',
    roles: ['owner'],
    expiresAtMs: NOW_MS + 1,
    addressRules: ['10.0.0.0/8'],
    rateLimits: [{ requests: 1, per: 'day', by: 'credential' }],
  } as const
  const bound = newKey(context, { organization: 'acme', name: 'k', type: 'secret', ...bounds })
  expect(bound.key).toMatchObject(bounds)
  expect(bound.key.id).not.toBe(key.id)
})

test('only a public key keeps its token', () => {
  const { key, token } = newKey(context, { organization: 'acme', name: 'k', type: 'public' })
  expect(parseToken(token)?.type).toBe('public')
  expect(key.publicTokens).toEqual([token])
})
