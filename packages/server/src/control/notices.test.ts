import { afterAll, beforeAll, expect, test } from 'vitest'
import { virtualAuthenticator } from '../identity/testing/virtual-authenticator.ts'
import { ACME, openAcme, textOf, type AcmeWorld } from './testing/control-world.ts'
import { openMailWorld, PUBLIC_URL, type MailWorld } from './testing/mails.ts'
import { registration } from './testing/passkeys.ts'
import { addPerson, PASSWORD, signedIn } from './testing/people.ts'

let mailing: MailWorld
let world: AcmeWorld

beforeAll(async () => {
  mailing = await openMailWorld()
  world = mailing.world
})

afterAll(async () => {
  await mailing[Symbol.asyncDispose]()
})

test('an invitation is sent, and its link opens it', async () => {
  const invited = await world.own('POST', `${ACME}/invitations`, {
    email: 'nora@example.com',
    roles: ['auditor'],
  })
  const [mail] = await mailing.mailsTo('nora@example.com', 1)
  expect(mail?.header('subject')).toBe('Invitation to Acme')
  expect(mail?.text).toContain('Owner invites you to the organization "Acme" on Sallyport.')
  const link = /^https:\S+$/m.exec(mail?.text ?? '')?.[0] ?? ''
  // It differs from the link that the sender got, so that it proves who reads the mails.
  expect(link).toMatch(/\/invitation#\w{32}$/)
  expect(link).not.toBe(invited.body['link'])
  const accepted = await world.call('POST', '/v1/invitations/accept', {
    token: link.slice(link.indexOf('#') + 1),
    name: 'Nora',
    password: PASSWORD,
  })
  expect(accepted.status).toBe(200)
})

test('a repeated invitation with the same Idempotency-Key is sent once', async () => {
  const invite = async () =>
    await world.own(
      'POST',
      `${ACME}/invitations`,
      { email: 'once@example.com', roles: ['auditor'] },
      { 'idempotency-key': 'invite-once' },
    )
  expect((await invite()).body).toEqual((await invite()).body)
  await world.own('POST', `${ACME}/invitations`, { email: 'after@example.com', roles: ['auditor'] })
  await mailing.mailsTo('after@example.com', 1)
  await mailing.mailsTo('once@example.com', 1)
})

test('a refused invitation is not sent', async () => {
  const { email } = await addPerson(world, { acme: ['auditor'] })
  expect((await world.own('POST', `${ACME}/invitations`, { email, roles: ['auditor'] })).status).toBe(409)
  await world.own('POST', `${ACME}/invitations`, { email: 'next@example.com', roles: ['auditor'] })
  await mailing.mailsTo('next@example.com', 1)
  await mailing.mailsTo(email, 0)
})

test('a new owner and the other owners are told, and nobody else', async () => {
  await using own = await openAcme(mailing.deps)
  const first = await signedIn(own, { acme: ['owner'] })
  const auditor = await addPerson(own, { acme: ['auditor'] })
  const person = await addPerson(own, { acme: ['developer'] })
  const headers = { ...first.headers, origin: PUBLIC_URL }
  const member = `${ACME}/members/${person.id}`
  expect((await own.call('PATCH', member, { roles: ['owner', 'developer'] }, headers)).status).toBe(200)
  const [toNew] = await mailing.mailsTo(person.email, 1)
  expect(toNew?.header('subject')).toBe('You are now an owner of Acme')
  const [toFirst] = await mailing.mailsTo(first.email, 1)
  expect(toFirst?.header('subject')).toBe('New owner of Acme')
  expect(toFirst?.text).toMatch(/^Person \d+ made Person \d+ an owner of "Acme"/)
  // A change of other roles is none.
  expect((await own.call('PATCH', member, { roles: ['owner'] }, headers)).status).toBe(200)

  const invited = await own.call(
    'POST',
    `${ACME}/invitations`,
    { email: 'third@example.com', roles: ['owner'] },
    headers,
  )
  const accepted = { token: textOf(invited.body['token']), name: 'Third', password: PASSWORD }
  expect((await own.call('POST', '/v1/invitations/accept', accepted)).status).toBe(200)
  const [, welcome] = await mailing.mailsTo('third@example.com', 2)
  expect(welcome?.header('subject')).toBe('You are now an owner of Acme')
  for (const email of [first.email, person.email]) {
    expect((await mailing.mailsTo(email, 2)).at(-1)?.text).toContain('made Third an owner')
  }
  await mailing.mailsTo(auditor.email, 0)
})

test('a person is told once of a passkey that was added or removed', async () => {
  const { email, headers } = await signedIn(world)
  const device = virtualAuthenticator(PUBLIC_URL)
  const body = await registration(world, headers, device)
  const add = async () =>
    await world.call('POST', '/v1/person/passkeys', body, { ...headers, 'idempotency-key': 'one' })
  const { body: added } = await add()
  expect((await add()).body).toEqual(added)
  await world.call('DELETE', `/v1/person/passkeys/${textOf(added['id'])}`, undefined, headers)
  const mails = await mailing.mailsTo(email, 2)
  expect(mails.map((mail) => String(mail.header('subject'))).toSorted()).toEqual([
    'A passkey of your account was removed',
    'A passkey was added to your account',
  ])
  for (const mail of mails) expect(mail.text).toContain('"Laptop"')
})
