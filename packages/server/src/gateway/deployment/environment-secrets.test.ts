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

/** Opens what begins with the context that it is asked for under, and notes what it was asked. */
function opening(): { secrets: EnvironmentSecrets; opened: string[] } {
  const opened: string[] = []
  const secrets = new EnvironmentSecrets((sealed, context) => {
    opened.push(sealed)
    if (!sealed.startsWith(`${context}:`)) throw new Error('This cannot be opened.')
    return sealed.slice(context.length + 1)
  })
  return { secrets, opened }
}

test('A secret is opened when it is first asked for, once for its record', () => {
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

test('Another value is another record', () => {
  const { secrets } = opening()
  const place = 'environment-secret/acme/prod/sec_1'
  const before = withSecret(emptyEnvironment('acme', 'prod'), record('sec_1', 'ONE', `${place}:old`))
  const after = withSecret(before, record('sec_1', 'ONE', `${place}:new`))
  expect([secrets.of(before).get('ONE'), secrets.of(after).get('ONE')]).toEqual(['old', 'new'])
  expect(secrets.of({ ...after, secrets: new Map() }).get('ONE')).toBeUndefined()
})

test('What cannot be opened is as if it were not there, and is not tried again', () => {
  const { secrets, opened } = opening()
  const elsewhere = record('sec_1', 'ONE', 'environment-secret/acme/test/sec_1:value')
  const environment = withSecret(emptyEnvironment('acme', 'prod'), elsewhere)
  expect(secrets.of(environment).get('ONE')).toBeUndefined()
  expect(secrets.of(environment).get('ONE')).toBeUndefined()
  expect(opened).toHaveLength(1)
})

test('A name that every object has is no secret', () => {
  const { secrets } = opening()
  const none = secrets.of(emptyEnvironment('acme', 'prod'))
  expect([none.get('constructor'), none.get('__proto__')]).toEqual([undefined, undefined])
})
