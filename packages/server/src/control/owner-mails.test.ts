import { OWNER_MAIL_EVENTS, OWNER_MAILS_DEFAULT } from '@sallyport/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACME, textOf } from './testing/control-world.ts'
import { type MailWorld, openMailWorld } from './testing/mails.ts'
import { addPerson, verdict } from './testing/people.ts'

let mails: MailWorld

beforeAll(async () => {
  mails = await openMailWorld()
})

afterAll(async () => {
  await mails[Symbol.asyncDispose]()
})

const choose = async (ownerMails: unknown, headers = mails.world.owner) =>
  await mails.world.call('PATCH', ACME, { ownerMails }, headers)

test('an organization starts with what asks for an action', async () => {
  const { body } = await mails.world.own('GET', ACME)
  expect(body['ownerMails']).toEqual(OWNER_MAILS_DEFAULT)
})

test('another choice is kept in the order of the documents, told to the owners, and recorded', async () => {
  const { email } = await addPerson(mails.world, { acme: ['owner'] })
  const { email: developer } = await addPerson(mails.world, { acme: ['developer'] })
  const answer = await choose(['policy.changed', 'key.created', 'policy.changed'])
  expect([answer.status, answer.body['organization']?.['ownerMails']]).toEqual([
    200,
    ['key.created', 'policy.changed'],
  ])
  expect((await mails.world.own('PATCH', ACME, { name: 'Acme Ltd' })).body['organization']).toMatchObject({
    ownerMails: ['key.created', 'policy.changed'],
  })
  const [mail] = await mails.mailsTo(email, 1)
  expect(mail?.header('subject')).toBe('The mails about Acme were changed')
  await mails.mailsTo(developer, 0)
  const { body } = await mails.world.own('GET', `${ACME}/audit-events?action=organizations.update&limit=2`)
  expect(body['items']).toMatchObject([
    { after: { name: 'Acme Ltd' } },
    { before: { ownerMails: OWNER_MAILS_DEFAULT }, after: { ownerMails: ['key.created', 'policy.changed'] } },
  ])
})

test.each([
  ['a type that hands over a token', ['key.rotated']],
  ['an unknown type', ['key.lost']],
  ['no list', 'key.created'],
  ['more types than there are', [...OWNER_MAIL_EVENTS, 'key.created']],
])('%s is refused', async (_, ownerMails) => {
  const before = (await mails.world.own('GET', ACME)).body
  const answer = await choose(ownerMails)
  expect(verdict(answer)).toEqual([400, 'invalid_request'])
  expect(answer.body['errors']).toMatchObject([{ path: expect.stringMatching(/^\/ownerMails/) }])
  expect((await mails.world.own('GET', ACME)).body).toEqual(before)
})

test('a key without organization.write cannot choose the mails', async () => {
  const { body } = await mails.world.own('POST', `${ACME}/keys`, {
    name: 'Auditor',
    type: 'secret',
    roles: ['auditor'],
  })
  const headers = { authorization: `Bearer ${textOf(body['token'])}` }
  expect(verdict(await choose([], headers))).toEqual([403, 'permission_missing'])
})
