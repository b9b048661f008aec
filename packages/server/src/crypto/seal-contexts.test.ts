import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { seal, unseal } from './seal.ts'
import {
  auditKeyContext,
  authenticatorContext,
  handOverContext,
  rotationContext,
  secretContext,
  signingKeyContext,
  ticketContext,
  webhookSecretContext,
} from './seal-contexts.ts'

const record = { organization: 'acme', environment: 'prod', id: 'a' }

test('a value that is moved to another record, or read as another kind, does not open', () => {
  const key = randomBytes(32)
  for (const contextOf of [secretContext, signingKeyContext]) {
    const sealed = seal(key, 'value', contextOf(record))
    expect(unseal(key, sealed, contextOf({ ...record }))).toBe('value')
    for (const other of [
      { ...record, organization: 'acm' },
      { ...record, environment: 'test' },
      { ...record, id: 'b' },
    ]) {
      expect(() => unseal(key, sealed, contextOf(other))).toThrow('cannot be opened')
    }
    const otherKind = contextOf === secretContext ? signingKeyContext : secretContext
    expect(() => unseal(key, sealed, otherKind(record))).toThrow('cannot be opened')
  }
})

test('contexts never change, since stored values are sealed for them', () => {
  expect(secretContext(record)).toBe('environment-secret/acme/prod/a')
  expect(signingKeyContext(record)).toBe('signing-key/acme/prod/a')
  expect(ticketContext('passkey-sign-in', 'abc')).toBe('ticket/passkey-sign-in/abc')
  expect(authenticatorContext('per_a')).toBe('authenticator/per_a')
  expect(auditKeyContext('ak_1')).toBe('audit-key/ak_1')
  expect(handOverContext(record)).toBe('hand-over/acme/a')
  expect(webhookSecretContext(record)).toBe('webhook-secret/acme/a')
  expect(rotationContext(record, 2)).toBe('rotation/acme/a/2')
})
