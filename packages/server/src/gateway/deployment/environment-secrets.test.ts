import { emptyEnvironment, type EnvironmentSecretRecord, type EnvironmentView } from '@sallyport/core'
import { expect, test } from 'vitest'
import { secretContext } from '../../crypto/seal-contexts.ts'
import { EnvironmentSecrets } from './environment-secrets.ts'

function record(id: string, name: string, sealedValue: string): EnvironmentSecretRecord {
  return { kind: 'environment-secret', organization: 'acme', environment: 'prod', id, name, sealedValue }
}

function withSecret(environment: EnvironmentView, secret: EnvironmentSecretRecord): EnvironmentView {
  return { ...environment, secrets: new Map(environment.secrets).set(secret.id, secret) }
}

/** Decrypts values that start with their context, and records the calls. */
function opening(): { secrets: EnvironmentSecrets; opened: string[] } {
  const opened: string[] = []
  const secrets = new EnvironmentSecrets((sealed, context) => {
    opened.push(sealed)
    if (!sealed.startsWith(`${context}:`)) throw new Error('This cannot be opened.')
    return sealed.slice(context.length + 1)
  })
  return { secrets, opened }
}

test('A secret is decrypted on first use, once per record', () => {
  const { secrets, opened } = opening()
  const one = record('sec_1', 'ONE', 'environment-secret/acme/prod/sec_1:first')
  const two = record('sec_2', 'TWO', 'environment-secret/acme/prod/sec_2:second')
  const before = withSecret(emptyEnvironment('acme', 'prod'), one)
  const after = withSecret(before, two)
  expect(secretContext(one)).toBe('environment-secret/acme/prod/sec_1')
  expect(secrets.of(before)).toBe(secrets.of(before))
  expect(opened).toEqual([])
  expect([secrets.of(before).get('ONE'), secrets.of(before).get('TWO')]).toEqual(['first', undefined])
  expect([secrets.of(after).get('ONE'), secrets.of(after).get('TWO')]).toEqual(['first', 'second'])
  expect(opened).toEqual([one.sealedValue, two.sealedValue])
})

test('A new record has its new value', () => {
  const { secrets } = opening()
  const context = 'environment-secret/acme/prod/sec_1'
  const before = withSecret(emptyEnvironment('acme', 'prod'), record('sec_1', 'ONE', `${context}:old`))
  const after = withSecret(before, record('sec_1', 'ONE', `${context}:new`))
  expect([secrets.of(before).get('ONE'), secrets.of(after).get('ONE')]).toEqual(['old', 'new'])
  expect(secrets.of({ ...after, secrets: new Map() }).get('ONE')).toBeUndefined()
})

test('A secret that cannot be decrypted is undefined, and is not tried again', () => {
  const { secrets, opened } = opening()
  const elsewhere = record('sec_1', 'ONE', 'environment-secret/acme/test/sec_1:value')
  const environment = withSecret(emptyEnvironment('acme', 'prod'), elsewhere)
  expect(secrets.of(environment).get('ONE')).toBeUndefined()
  expect(secrets.of(environment).get('ONE')).toBeUndefined()
  expect(opened).toHaveLength(1)
})

test('A name from the object prototype is not a secret', () => {
  const { secrets } = opening()
  const none = secrets.of(emptyEnvironment('acme', 'prod'))
  expect([none.get('constructor'), none.get('__proto__')]).toEqual([undefined, undefined])
})
