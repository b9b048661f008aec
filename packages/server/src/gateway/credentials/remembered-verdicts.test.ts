import { Snapshot, type Allowed, type SecretUse } from '@sallyport/core'
import { beforeEach, expect, test } from 'vitest'
import { deployment } from '../testing/started-gateway.ts'
import { RememberedVerdicts } from './remembered-verdicts.ts'
import { tokenDigestText } from './token-digest.ts'

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

function letIn(token: string, facts: Partial<Allowed> = {}): void {
  remembered.add(snapshot, tokenDigestText(token), verdict(facts), null)
}

function letInTwice(token: string, facts?: Partial<Allowed>): void {
  letIn(token, facts)
  letIn(token, facts)
}

const found = (token: string, nowMs = NOW, on = snapshot, to = ORDERS): boolean =>
  remembered.find(on, to, tokenDigestText(token), nowMs) !== undefined

test('a token that was let in is known by exactly its digest', () => {
  letInTwice('a')
  expect(remembered.find(snapshot, ORDERS, tokenDigestText('a'), NOW)).toMatchObject(verdict())
  expect(found('b')).toBe(false)
})

test('a token is remembered when it is let in for the second time', () => {
  letIn('a')
  expect(found('a')).toBe(false)
  letIn('a')
  expect(found('a')).toBe(true)
})

test('a verdict belongs to its snapshot, and to its deployment', () => {
  letInTwice('a')
  expect(found('a', NOW, snapshot.apply({ revision: 1, atMs: 0, records: [] }))).toBe(false)
  expect(found('a', NOW, snapshot, deployment())).toBe(false)
  expect(found('a')).toBe(true)
})

test('a verdict ends at its end, and not a millisecond later', () => {
  letInTwice('a', { endsAtMs: NOW })
  expect(found('a', NOW - 1)).toBe(true)
  expect(found('a', NOW)).toBe(false)
})

test('a request without a secret, or with one of a rolling key, is not remembered', () => {
  letInTwice('a', { secret: null })
  letInTwice('b', { secret: { ...SECRET, isRolling: true } })
  expect([found('a'), found('b')]).toEqual([false, false])
})

test('of too many tokens, those that are used stay', () => {
  for (const token of ['a', 'b', 'c', 'a', 'd', 'e']) {
    if (!found(token)) letInTwice(token)
  }
  expect(['a', 'b', 'c', 'd', 'e'].filter((token) => found(token))).toEqual(['a', 'd', 'e'])
})

test('tokens that are not known displace none', () => {
  letInTwice('a')
  for (let guess = 0; guess < 1_000; guess += 1) expect(found(`guess ${guess}`)).toBe(false)
  expect(found('a')).toBe(true)
})
