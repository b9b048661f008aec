import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Mail } from '../../mail/mail.ts'
import { openAcme, type AcmeWorld, type Answer } from '../testing/control-world.ts'
import { addPerson, PASSWORD, type TestPerson } from '../testing/people.ts'

let world: AcmeWorld
const mails: Mail[] = []

beforeAll(async () => {
  world = await openAcme({ mails: { post: (mail) => void mails.push(mail) } })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

let addresses = 0

/** Signs in from an address of its own, with these cookies. */
async function attempt({ email }: TestPerson, password: string, cookie = ''): Promise<Answer> {
  addresses += 1
  const answer = await world.app.inject({
    method: 'POST',
    url: '/v1/auth/sign-in',
    payload: { email, password },
    headers: { cookie },
    remoteAddress: `10.1.${addresses >> 8}.${addresses & 255}`,
  })
  return { status: answer.statusCode, headers: answer.headers, body: answer.json() }
}

/** The cookie of a browser at which the person has signed in. */
async function deviceOf(person: TestPerson, before = ''): Promise<string> {
  const { headers } = await attempt(person, PASSWORD, before)
  const set = [headers['set-cookie'] ?? []].flat()
  return set.find((line) => line.startsWith('sallyport_device='))?.split(';', 1)[0] ?? ''
}

describe('a browser at which a person has signed in', () => {
  test('is told from others: the person gets a mail of a sign-in elsewhere', async () => {
    const ann = await addPerson(world, { acme: ['auditor'] })
    const bob = await addPerson(world, { acme: ['auditor'] })
    const toldOf = async (person: TestPerson, cookie?: string): Promise<readonly string[]> => {
      mails.length = 0
      await attempt(person, PASSWORD, cookie)
      return mails.map(({ to, subject }) => `${to} ${subject}`)
    }
    const notice = (person: TestPerson): string => `${person.email} New sign-in to your account`
    const device = await deviceOf(ann)
    expect(await toldOf(ann, device)).toEqual([])
    expect(await toldOf(ann)).toEqual([notice(ann)])
    expect(await toldOf(ann, device.slice(0, -4))).toEqual([notice(ann)])
    // It is new for somebody else, and then known to both.
    expect(await toldOf(bob, device)).toEqual([notice(bob)])
    const shared = await deviceOf(bob, device)
    expect([await toldOf(ann, shared), await toldOf(bob, shared)]).toEqual([[], []])
    mails.length = 0
    await attempt(ann, 'wrong')
    expect(mails).toEqual([])
  })

  test('lets the person in while failures elsewhere keep others out, and is limited itself', async () => {
    const victim = await addPerson(world, { acme: ['auditor'] })
    const attacker = await addPerson(world, { acme: ['auditor'] })
    const device = await deviceOf(victim)
    const foreign = await deviceOf(attacker)
    for (let index = 0; index < 30; index += 1) await attempt(victim, 'wrong')
    expect((await attempt(victim, PASSWORD)).status).toBe(429)
    expect((await attempt(victim, PASSWORD, foreign)).status).toBe(429)
    expect((await attempt(victim, PASSWORD, device)).status).toBe(200)
    for (let index = 0; index < 10; index += 1) {
      expect((await attempt(victim, 'wrong', device)).status).toBe(401)
    }
    expect((await attempt(victim, PASSWORD, device)).status).toBe(429)
  })

  test('lets the person in at once after a reset anywhere', async () => {
    const person = await addPerson(world, { acme: ['auditor'] })
    const device = await deviceOf(person)
    for (let index = 0; index < 10; index += 1) await attempt(person, 'wrong', device)
    expect((await attempt(person, PASSWORD, device)).status).toBe(429)
    const made = await world.own('POST', `/v1/organizations/acme/members/${person.id}/reset-links`)
    const password = 'battery horse staple'
    const reset = await world.app.inject({
      method: 'POST',
      url: '/v1/auth/reset',
      payload: { token: made.body['token'], password },
    })
    expect(reset.statusCode).toBe(204)
    expect((await attempt(person, password, device)).status).toBe(200)
  })
})
