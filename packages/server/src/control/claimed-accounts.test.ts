import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { virtualAuthenticator } from '../identity/testing/virtual-authenticator.ts'
import type { Mail } from '../mail/mail.ts'
import { ACME, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'
import { addPasskey, openPasskeyWorld, signInWithPasskey } from './testing/passkeys.ts'
import { cookieOf, PASSWORD, signedIn, verdict } from './testing/people.ts'
import { eventually } from '../../../../test/support/eventually.ts'

const OWN_PASSWORD = 'a passphrase of my own'

let world: AcmeWorld
const mails: Mail[] = []

beforeAll(async () => {
  world = await openPasskeyWorld({ mails: { post: (mail) => void mails.push(mail) } })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** What follows `#` in the link of the latest mail of that kind to an address. */
async function mailedToken(to: string, kind: Mail['kind']): Promise<string> {
  const mail = await eventually(() => {
    const found = mails.findLast((one) => one.to === to && one.kind === kind)
    expect(found).toBeDefined()
    return found
  })
  return /#(\w+)/.exec(mail?.text ?? '')?.[1] ?? ''
}

async function accept(token: unknown, headers?: Record<string, string>): Promise<Answer> {
  const newcomer = { name: 'Vera', password: PASSWORD }
  return await world.call('POST', '/v1/invitations/accept', { token, ...newcomer }, headers)
}

/** Sets a new password with a link that is mailed to the address. */
async function resetByMail(email: string): Promise<void> {
  await world.call('POST', '/v1/auth/reset-requests', { email })
  const token = await mailedToken(email, 'password-reset')
  const reset = await world.call('POST', '/v1/auth/reset', { token, password: OWN_PASSWORD })
  expect(reset.status).toBe(204)
}

async function signIn(email: string): Promise<Answer> {
  return await world.call('POST', '/v1/auth/sign-in', { email, password: OWN_PASSWORD })
}

/** Somebody with a passkey and a second factor, whose session has this cookie. */
async function addFactors(cookie: string): Promise<ReturnType<typeof virtualAuthenticator>> {
  const device = virtualAuthenticator('http://localhost:8080')
  await addPasskey(world, { cookie }, device)
  const begun = await world.call('POST', '/v1/person/second-factor', {}, { cookie })
  expect(begun.status).toBe(201)
  const { items } = (await world.call('GET', '/v1/person/passkeys', undefined, { cookie })).body
  expect(Object.values(items ?? {})).toHaveLength(1)
  return device
}

describe('an account that somebody made for the address of somebody else', () => {
  test('belongs to whoever reads the mails of the address, once they set a password by mail', async () => {
    const email = 'vera@example.com'
    const mallory = await signedIn(world)
    await world.call('POST', '/v1/organizations', { slug: 'mallory', name: 'Mallory' }, mallory.headers)
    const invitation = { email, roles: ['invoker'] }
    const path = '/v1/organizations/mallory/invitations'
    const { token } = (await world.call('POST', path, invitation, mallory.headers)).body
    const squatted = await accept(token)
    expect(squatted.status).toBe(200)
    const device = await addFactors(cookieOf(squatted))

    await resetByMail(email)
    expect((await signInWithPasskey(world, device)).status).toBe(401)
    expect((await world.call('GET', '/v1/session', undefined, { cookie: cookieOf(squatted) })).status).toBe(
      401,
    )
    const vera = await signIn(email)
    expect(verdict(vera)).toEqual([200, undefined])
    const invited = await world.own('POST', `${ACME}/invitations`, { email, roles: ['auditor'] })
    const cookie = cookieOf(vera)
    const joined = await world.call(
      'POST',
      '/v1/invitations/accept',
      { token: invited.body['token'] },
      { cookie },
    )
    expect(joined.status).toBe(200)
  })

  test('keeps its passkeys if the person came by the mailed link: a stolen mailbox gets no further', async () => {
    const email = 'walter@example.com'
    const { token } = (await world.own('POST', `${ACME}/invitations`, { email, roles: ['auditor'] })).body
    const mailed = await mailedToken(email, 'invitation')
    expect(mailed).not.toBe(textOf(token))
    const joined = await accept(mailed)
    expect(joined.status).toBe(200)
    expect((await accept(token)).status).toBe(410)
    const device = await addFactors(cookieOf(joined))
    await resetByMail(email)
    expect((await signInWithPasskey(world, device)).status).toBe(200)
  })
})
