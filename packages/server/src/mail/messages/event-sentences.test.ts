import { readFileSync } from 'node:fs'
import { OWNER_MAIL_EVENTS } from '@sallyport/core'
import { expect, test } from 'vitest'
import { type CollectedEvent, eventSentence } from './event-sentences.ts'

const DOCUMENT = readFileSync(new URL('../../../../../docs/webhooks.md', import.meta.url), 'utf8')

/** The data of the examples of the document, by the type of their event. */
const EXAMPLES = new Map(
  [...DOCUMENT.matchAll(/```json\n(\{\n {2}"type": [^`]*)```/g)].map(([, text = '']) => {
    const { type, data } = JSON.parse(text) as { type: string; data: Record<string, unknown> }
    return [type, data]
  }),
)

const COLLECTED = OWNER_MAIL_EVENTS.filter((type): type is CollectedEvent => type !== 'key.leaked')

const KEY = 'The key "mobile-app" (key_4fT0Qm2ZrX9bLk7A)'
const EXTERNAL_KEY =
  'The external key "ERP of Partner Inc." (ext_2bNw8GyHqT6vMc0E) of the organization "partner"'
const PLACE = 'the pipeline "orders" in the environment "prod"'

const SENTENCES: Readonly<Record<CollectedEvent, string>> = {
  'key.created': `${KEY} was created`,
  'key.rolled': `${KEY} was rolled, and its old secret works until 2026-01-31 20:00 UTC`,
  'key.rotation_failed': `${KEY} was not rolled as its schedule says, because of the problem "not_delivered"; the next try is at 2026-02-01 08:00 UTC`,
  'key.expiring': `${KEY} ends at 2026-03-02 08:00 UTC; roll it or set another expiry before that`,
  'key.expired': `${KEY} has ended, and its callers are refused`,
  'key.old_secret_still_used': `${KEY} was rolled, but its old secret, which ends at 2026-01-31 09:00 UTC, is still used`,
  'key.deleted': `${KEY} was deleted`,
  'external_key.added': `${EXTERNAL_KEY} was added`,
  'external_key.changed': `${EXTERNAL_KEY} was changed`,
  'external_key.removed': `${EXTERNAL_KEY} was removed`,
  'policy.changed':
    'The policy about access to the environment "prod" is now "api-key", and was "any" before',
  'deployment.created': `Version 1.1 of ${PLACE} went live`,
  'deployment.refused': 'A deployment of the pipeline "orders" was refused: api-key-required',
  'deployment.ended': `The deployment of ${PLACE} was ended`,
  'probe.alarm': `The deployment of ${PLACE} admits callers without the credentials that it requires: POST /orders`,
  'member.added': 'Nora became a member, with the roles: developer',
  'member.removed': 'Nora is no longer a member',
}

test.each(COLLECTED)('%s is told in a sentence that names what it is about', (type) => {
  expect(eventSentence(type, EXAMPLES.get(type) ?? {})).toBe(SENTENCES[type])
})

test.each(COLLECTED)('%s is told even if the record has no facts', (type) => {
  expect(eventSentence(type, {})).toMatch(/unknown/)
})

test('the age of keys, the end of an acceptance, and many routes are told in short', () => {
  const policy = { name: 'key-age', environment: null, rotationReminderDays: null, maxLifetimeDays: 365 }
  expect(eventSentence('policy.changed', { policy })).toBe(
    'The policy about the age of keys without an environment changed: no reminder, and a maximum lifetime of 365 days',
  )
  const inTest = { name: 'key-age', environment: 'test', rotationReminderDays: 90, maxLifetimeDays: 1 }
  expect(eventSentence('policy.changed', { policy: inTest })).toBe(
    'The policy about the age of keys in the environment "test" changed: a reminder after 90 days, and a maximum lifetime of 1 day',
  )
  const externalKey = { id: 'ext_1' }
  expect(eventSentence('external_key.changed', { externalKey, allowedByOwner: false })).toBe(
    'The organization that owns the external key ext_1 no longer allows its use here',
  )
  expect(eventSentence('external_key.changed', { externalKey, allowedByOwner: true })).toContain(' allows ')
  const bare = { name: 'key-age', environment: 'test', rotationReminderDays: null, maxLifetimeDays: null }
  expect(eventSentence('policy.changed', { policy: bare })).toMatch(/no reminder, and no maximum lifetime$/)
  const plain = ['GET /orders/:id', 'DELETE /files/*', 'GET /a/{b}/']
  expect(eventSentence('probe.alarm', { deployment: {}, routes: plain })).toContain(plain.join(', '))
  const routes = Array.from({ length: 7 }, (_, index) => `GET /${index}`)
  expect(eventSentence('probe.alarm', { deployment: {}, routes })).toMatch(/: GET \/0, .*GET \/4 and 2 more$/)
  const hostile = ['GET //evil.example', 'GET /a?b=c.example', `GET /${'a'.repeat(300)}`]
  expect(eventSentence('probe.alarm', { deployment: {}, routes: hostile })).not.toMatch(
    /\/\/|evil\.e|c\.example|a{200}/,
  )
  expect(eventSentence('deployment.refused', { deployment: { id: 'dep_1' }, violations: [] })).toBe(
    'A deployment from the deployment dep_1 was refused: none',
  )
})
