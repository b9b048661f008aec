import { Snapshot, type Allowed, type SecretUse } from '@sallyport/core'
import { beforeEach, expect, test } from 'vitest'
import { deployment } from '../testing/started-gateway.ts'
import { RememberedVerdicts } from './remembered-verdicts.ts'

const NOW = 1_800_000_000_000
const ORDERS = deployment()
const SECRET: SecretUse = { keyId: 'key_0123456789abcdef', sequence: 1, isExternal: false, isRolling: false }
const snapshot = Snapshot.empty()

let remembered: RememberedVerdicts

beforeEach(() => {
  remembered = new RememberedVerdicts(4)
})

function verdict(facts: Partial<Allowed> = {}): Allowed {
  return {
    kind: 'allow',
    deployment: ORDERS,
    principal: { organization: 'acme', consumer: null, keyId: SECRET.keyId, claims: null },
    secret: SECRET,
    budgets: [],
    basic: null,
    jwt: null,
    endsAtMs: Infinity,
    ...facts,
  }
}

const found = (digest: string, nowMs = NOW, on = snapshot, to = ORDERS): boolean =>
  remembered.find(on, to, digest, nowMs) !== undefined

test('a token that was let in is known by exactly its digest', () => {
  const letIn = verdict()
  remembered.add(snapshot, 'a', letIn)
  expect(remembered.find(snapshot, ORDERS, 'a', NOW)).toBe(letIn)
  expect(found('b')).toBe(false)
})

test('a verdict belongs to its snapshot, and to its deployment', () => {
  remembered.add(snapshot, 'a', verdict())
  expect(found('a', NOW, snapshot.apply({ revision: 1, atMs: 0, records: [] }))).toBe(false)
  expect(found('a', NOW, snapshot, deployment())).toBe(false)
  expect(found('a')).toBe(true)
})

test('a verdict ends at its end, and not a millisecond later', () => {
  remembered.add(snapshot, 'a', verdict({ endsAtMs: NOW }))
  expect(found('a', NOW - 1)).toBe(true)
  expect(found('a', NOW)).toBe(false)
})

test('a request without a secret, or with one of a rolling key, is not remembered', () => {
  remembered.add(snapshot, 'a', verdict({ secret: null }))
  remembered.add(snapshot, 'b', verdict({ secret: { ...SECRET, isRolling: true } }))
  expect([found('a'), found('b')]).toEqual([false, false])
})

test('of too many tokens, those that are used stay', () => {
  for (const digest of ['a', 'b', 'c', 'a', 'd', 'e']) {
    if (!found(digest)) remembered.add(snapshot, digest, verdict())
  }
  expect(['a', 'b', 'c', 'd', 'e'].filter((digest) => found(digest))).toEqual(['a', 'd', 'e'])
})

test('tokens that are not known displace none', () => {
  remembered.add(snapshot, 'a', verdict())
  for (let guess = 0; guess < 1_000; guess += 1) expect(found(`guess ${guess}`)).toBe(false)
  expect(found('a')).toBe(true)
})
