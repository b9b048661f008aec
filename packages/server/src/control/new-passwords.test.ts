import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  ACME,
  openAcme,
  openControlWorld,
  SETUP_TOKEN,
  textOf,
  type AcmeWorld,
} from './testing/control-world.ts'
import { addPerson, PASSWORD, signedIn, signIn, verdict } from './testing/people.ts'

const OWN = '/v1/person/password'
const MINUTE_MS = 60_000
const NEW_PASSWORD = 'battery horse staple'

let world: AcmeWorld

beforeAll(async () => {
  world = await openAcme()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

beforeEach(() => {
  // The limits see the same clock.
  world.clock.nowMs += MINUTE_MS
})

const refusal = (path: string, message: RegExp) => ({
  status: 400,
  body: {
    code: 'invalid_request',
    errors: [{ path, message: expect.stringMatching(message) as unknown }],
  },
})

describe('a new password is not', () => {
  test('the old one, at a change', async () => {
    const ann = await signedIn(world)
    const change = async (password: string) =>
      await world.call('PUT', OWN, { current: PASSWORD, password }, ann.headers)
    expect(await change(PASSWORD)).toMatchObject(refusal('/password', /same as/))
    // Whoever does not know the old one learns nothing about it.
    const wrong = { current: 'wrong', password: PASSWORD }
    const refused = await world.call('PUT', OWN, wrong, ann.headers)
    expect(verdict(refused)).toEqual([401, 'sign_in_failed'])
    expect(refused.body['detail']).toContain('The password is wrong.')
    expect((await signIn(world, ann)).cookie).not.toBe('')
    expect((await change(NEW_PASSWORD)).status).toBe(204)
  })

  test('the old one, with a link, which goes on working', async () => {
    const ann = await addPerson(world, { acme: ['auditor'] })
    const made = await world.own('POST', `${ACME}/members/${ann.id}/reset-links`)
    const { link, token } = made.body
    const whole = await world.call('POST', '/v1/auth/reset', { token: link, password: NEW_PASSWORD })
    expect(whole).toMatchObject(refusal('/token', /after "#"/))
    const reset = async (password: string) => await world.call('POST', '/v1/auth/reset', { token, password })
    expect(await reset(PASSWORD)).toMatchObject(refusal('/password', /same as/))
    expect(await reset(ann.email)).toMatchObject(refusal('/password', /e-mail address/))
    expect((await reset(NEW_PASSWORD)).status).toBe(204)
    expect(verdict(await reset(NEW_PASSWORD))).toEqual([410, 'link_invalid'])
  })

  test('the address of the person, nor the name in it, in whatever case', async () => {
    const email = 'alexandria@example.com'
    const invited = await world.own('POST', `${ACME}/invitations`, { email, roles: ['auditor'] })
    const { token } = invited.body
    const accept = async (password: string) =>
      await world.call('POST', '/v1/invitations/accept', { token, name: 'Alexandria', password })
    for (const password of [email, email.toUpperCase(), 'Alexandria']) {
      expect(await accept(password)).toMatchObject(refusal('/password', /e-mail address/))
    }
    expect((await accept('alexandria2 of example.com')).status).toBe(200)
    const { cookie } = await signIn(world, { email }, { password: 'alexandria2 of example.com' })
    const change = { current: 'alexandria2 of example.com', password: email }
    expect(await world.call('PUT', OWN, change, { cookie })).toMatchObject(
      refusal('/password', /e-mail address/),
    )
  })

  test('the address of the owner, at the set-up', async () => {
    await using empty = await openControlWorld()
    const setUp = async (password: string) =>
      await empty.call('POST', '/v1/setup', {
        setupToken: SETUP_TOKEN,
        organization: { slug: 'acme', name: 'Acme' },
        owner: { email: 'olivia@example.com', name: 'Olivia', password },
      })
    expect(await setUp('olivia@example.com')).toMatchObject(refusal('/owner/password', /e-mail address/))
    const made = await setUp(PASSWORD)
    expect([made.status, textOf(made.body['member']?.['email'])]).toEqual([201, 'olivia@example.com'])
  })
})
