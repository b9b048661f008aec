import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ReceivedMail } from '../mail/testing/mail-server.ts'
import type { Store } from '../store/port/store.ts'
import { ACME, openAcme, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'
import { openMailWorld, PUBLIC_URL, type MailWorld } from './testing/mails.ts'
import { addPerson, cookieOf, PASSWORD, signedIn, verdict, type TestPerson } from './testing/people.ts'
import { eventually } from '../../../../test/support/eventually.ts'

const REQUESTS = '/v1/auth/reset-requests'
const RESET = '/v1/auth/reset'
const OWN = '/v1/person/password'
const NEW_PASSWORD = 'battery horse staple'
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

let mailing: MailWorld
let world: AcmeWorld

beforeAll(async () => {
  mailing = await openMailWorld()
  world = mailing.world
  await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
})

afterAll(async () => {
  await mailing[Symbol.asyncDispose]()
})

let addresses = 0

/** Calls without a credential, each time from another network. */
async function visit(path: string, body: unknown, on = world): Promise<Answer> {
  addresses += 1
  const answer = await on.app.inject({
    method: 'POST',
    url: path,
    payload: body as object,
    remoteAddress: `2001:db8:${addresses.toString(16)}::1`,
  })
  const isEmpty = answer.payload === ''
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: isEmpty ? {} : answer.json<Answer['body']>(),
  }
}

/** The mails to a person, once there are that many. */
async function mailsTo(
  { email }: Pick<TestPerson, 'email'>,
  count: number,
): Promise<readonly ReceivedMail[]> {
  return await mailing.mailsTo(email, count)
}

/** The link in a mail. */
function linkIn(mail: ReceivedMail | undefined): string {
  const [link = ''] = /^https:\/\/\S+$/m.exec(mail?.text ?? '') ?? []
  return link
}

function tokenIn(link: string): string {
  return link.slice(link.indexOf('#') + 1)
}

/** Asks for a mail; returns the token of its link. */
async function tokenFor(person: TestPerson): Promise<string> {
  const before = mailing.server.mails.filter(({ to }) => to.includes(person.email)).length
  expect((await visit(REQUESTS, { email: person.email })).status).toBe(202)
  return tokenIn(linkIn((await mailsTo(person, before + 1)).at(-1)))
}

async function signInWith(person: TestPerson, password: string): Promise<number> {
  return (await visit('/v1/auth/sign-in', { email: person.email, password })).status
}

/** The actions about a person in the audit log of an organization, with their actors. */
async function audited(person: TestPerson, organization = 'acme'): Promise<(readonly [string, string])[]> {
  const { items } = await world.store.read.audit.list(organization, { limit: 200 })
  return items
    .filter(({ target }) => target === `member/${person.id}`)
    .map(({ action, actor }) => [action, actor] as const)
}

const link = (person: Pick<TestPerson, 'id'>, organization = 'acme'): string =>
  `/v1/organizations/${organization}/members/${person.id}/reset-links`

describe('a forgotten password', () => {
  test('is replaced with the link of a mail, which ends all sessions and signs nobody in', async () => {
    const person = await signedIn(world, { acme: ['auditor'], rival: ['auditor'] })
    const token = await tokenFor(person)
    const [mail] = await mailsTo(person, 1)
    expect(linkIn(mail)).toMatch(/^https:\/\/console\.example\.com\/reset-password#[0-9A-Za-z]{32}$/)
    expect(mail?.header('subject')).toBe('Set a new password')
    expect(mail?.text).toContain('2026-01-01 01:00 UTC')

    const answer = await visit(RESET, { token, password: NEW_PASSWORD })
    expect([answer.status, answer.body, answer.headers['set-cookie']]).toEqual([204, {}, undefined])
    expect(await signInWith(person, PASSWORD)).toBe(401)
    expect(await signInWith(person, NEW_PASSWORD)).toBe(200)
    expect((await world.call('GET', '/v1/session', undefined, person.headers)).status).toBe(401)
    for (const organization of ['acme', 'rival']) {
      expect((await audited(person, organization)).at(-1)).toEqual(['members.reset-password', person.id])
    }
    expect((await mailsTo(person, 2)).at(-1)?.header('subject')).toBe('Your password was reset')
  })

  test('takes an address in upper case and with spaces', async () => {
    const person = await addPerson(world, { acme: ['auditor'] })
    await tokenFor(person)
    expect((await visit(REQUESTS, { email: ` ${person.email.toUpperCase()} ` })).status).toBe(202)
    const token = tokenIn(linkIn((await mailsTo(person, 2)).at(-1)))
    expect((await visit(RESET, { token, password: NEW_PASSWORD })).status).toBe(204)
  })

  test('is replaced once, and not with another link that was sent before', async () => {
    const person = await addPerson(world, { acme: ['auditor'] })
    const [first, second] = [await tokenFor(person), await tokenFor(person)]
    expect(first).not.toBe(second)
    expect((await visit(RESET, { token: second, password: NEW_PASSWORD })).status).toBe(204)
    for (const token of [first, second]) {
      expect(verdict(await visit(RESET, { token, password: PASSWORD }))).toEqual([410, 'link_invalid'])
    }
    expect(await signInWith(person, NEW_PASSWORD)).toBe(200)
  })

  test('is replaced by one of many requests with the same link', async () => {
    const person = await addPerson(world, { acme: ['auditor'] })
    const token = await tokenFor(person)
    const answers = await Promise.all(
      Array.from(
        { length: 6 },
        async (_, index) => await visit(RESET, { token, password: `${NEW_PASSWORD} ${index}` }),
      ),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.toSorted((left, right) => left - right)).toEqual([204, 410, 410, 410, 410, 410])
  })

  test('cannot be replaced after an hour', async () => {
    await using later = await openAcme(mailing.deps)
    const person = { ...(await addPerson(later, { acme: ['auditor'] })) }
    await visit(REQUESTS, { email: person.email }, later)
    const token = tokenIn(linkIn((await mailsTo(person, 1)).at(-1)))
    later.clock.nowMs += HOUR_MS - 1
    const early = await visit(RESET, { token, password: 'short' }, later)
    expect(verdict(early)).toEqual([400, 'invalid_request'])
    later.clock.nowMs += 1
    expect(verdict(await visit(RESET, { token, password: NEW_PASSWORD }, later))).toEqual([
      410,
      'link_invalid',
    ])
  })

  test('is not replaced with a wrong token or a bad password, and neither uses the link up', async () => {
    const person = await addPerson(world, { acme: ['auditor'] })
    const token = await tokenFor(person)
    expect(verdict(await visit(RESET, { token: `${token.slice(0, -1)}_`, password: NEW_PASSWORD }))).toEqual([
      410,
      'link_invalid',
    ])
    expect(await visit(RESET, { token, password: 'short' })).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/password' }] },
    })
    expect((await visit(RESET, { token, password: NEW_PASSWORD })).status).toBe(204)
  })

  test('leaves its secrets neither in the log nor in the audit log', async () => {
    const person = await addPerson(world, { acme: ['auditor'] })
    const token = await tokenFor(person)
    await visit(RESET, { token, password: NEW_PASSWORD })
    const stored = JSON.stringify(await world.store.read.audit.list('acme', { limit: 200 }))
    for (const text of [world.log(), stored, mailing.sender.log()]) {
      expect(text).not.toContain(token)
      expect(text).not.toContain(NEW_PASSWORD)
    }
  })
})

describe('a request for a link', () => {
  test('gets the same answer for known and unknown addresses, and texts that are none', async () => {
    const person = await addPerson(world, { acme: ['auditor'] })
    const [known, ...others] = await Promise.all(
      [person.email, 'unknown@example.com', 'no address', 'a@b\r\nc'].map(
        async (email) => await visit(REQUESTS, { email }),
      ),
    )
    const names = (answer: Answer | undefined): string[] => Object.keys(answer?.headers ?? {}).toSorted()
    for (const other of others) {
      expect([other.status, other.body]).toEqual([202, known?.body])
      expect(names(other)).toEqual(names(known))
    }
    await mailsTo(person, 1)
    expect(mailing.server.mails.flatMap(({ to }) => to)).not.toContain('unknown@example.com')
  })

  test('is answered before the person is looked up', async () => {
    const person = await addPerson(world, { acme: ['auditor'] })
    const gate = Promise.withResolvers<void>()
    const people = (store: Store): Store['read']['people'] => ({
      ...store.read.people,
      byEmail: async (email) => {
        await gate.promise
        return await store.read.people.byEmail(email)
      },
    })
    const waiting = (store: Store): Store =>
      new Proxy(store, {
        get(target, name) {
          if (name === 'read') return { ...target.read, people: people(target) }
          const member: unknown = Reflect.get(target, name)
          return typeof member === 'function' ? (member.bind(target) as unknown) : member
        },
      })
    await using slow = await openAcme(mailing.deps, waiting)
    expect((await visit(REQUESTS, { email: person.email }, slow)).status).toBe(202)
    gate.resolve()
  })

  test('without mails says what to do, and makes no link', async () => {
    await using silent = await openAcme()
    const person = await addPerson(silent, { acme: ['auditor'] })
    const answer = await visit(REQUESTS, { email: person.email }, silent)
    expect(answer).toMatchObject({
      status: 202,
      body: { detail: expect.stringContaining('owner') as string },
    })
    expect((await visit(REQUESTS, { email: 'unknown@example.com' }, silent)).body).toEqual(answer.body)
    expect(await silent.store.read.tickets.countOfPerson(person.id, 'password-reset')).toBe(0)
  })

  test('is limited for an address of mail from one network, known or not, and for a network', async () => {
    await using limited = await openAcme(mailing.deps)
    const person = await addPerson(limited, { acme: ['auditor'] })
    for (const email of [person.email, 'unknown@example.com']) {
      const ask = async (remoteAddress: string): Promise<number> =>
        (await limited.app.inject({ method: 'POST', url: REQUESTS, payload: { email }, remoteAddress }))
          .statusCode
      const statuses: number[] = []
      for (let index = 0; index < 11; index += 1) statuses.push(await ask(`198.51.100.${index}`))
      expect(statuses).toEqual([...Array<number>(10).fill(202), 429])
      // Others cannot keep the person from asking.
      expect(await ask('192.0.2.1')).toBe(202)
    }
    await eventually(async () =>
      expect(await limited.store.read.tickets.countOfPerson(person.id, 'password-reset')).toBe(5),
    )
    const same = async (index: number): Promise<number> =>
      (
        await limited.app.inject({
          method: 'POST',
          url: REQUESTS,
          payload: { email: `person${index}@example.com` },
          remoteAddress: `2001:db8:ffff:1::${index}`,
        })
      ).statusCode
    const statuses: number[] = []
    for (let index = 1; index <= 11; index += 1) statuses.push(await same(index))
    expect(statuses).toEqual([...Array<number>(10).fill(202), 429])
  })
})

describe("an owner's link", () => {
  test('sets a new password within a day, and the person is told', async () => {
    const person = await signedIn(world, { acme: ['auditor'] })
    const made = await world.own('POST', link(person))
    expect(made).toMatchObject({ status: 201, body: { expiresAt: '2026-01-02T00:00:00.000Z' } })
    const [mail] = await mailsTo(person, 1)
    expect(mail?.header('subject')).toBe('A link to set a new password was made for you')
    expect(mail?.text).toContain('Owner made a link')
    const token = textOf(made.body['token'])
    expect(made.body['link']).toBe(`${PUBLIC_URL}/reset-password#${token}`)
    expect(mail?.text).not.toContain(token)
    expect((await visit(RESET, { token, password: NEW_PASSWORD })).status).toBe(204)
    expect(await signInWith(person, NEW_PASSWORD)).toBe(200)
    expect((await audited(person)).map(([action]) => action)).toEqual([
      'members.add',
      'members.create-reset-link',
      'members.reset-password',
    ])
  })

  test('replaces earlier links', async () => {
    const person = await addPerson(world, { acme: ['auditor'] })
    const mailed = await tokenFor(person)
    const first = textOf((await world.own('POST', link(person))).body['token'])
    const second = textOf((await world.own('POST', link(person))).body['token'])
    for (const token of [mailed, first]) {
      expect((await visit(RESET, { token, password: NEW_PASSWORD })).status).toBe(410)
    }
    expect((await visit(RESET, { token: second, password: NEW_PASSWORD })).status).toBe(204)
  })

  test('needs the permission, and all rights of the person', async () => {
    const roles = {
      name: 'people-manager',
      permissions: [{ permission: 'members.read' }, { permission: 'members.write' }],
    }
    await world.own('POST', `${ACME}/roles`, roles)
    const manager = await signedIn(world, { acme: ['people-manager'] })
    const auditor = await signedIn(world, { acme: ['auditor'] })
    const peer = await addPerson(world, { acme: ['people-manager'] })
    const owner = await addPerson(world, { acme: ['owner'] })
    const make = async (person: TestPerson, headers: { readonly cookie: string }) =>
      verdict(await world.call('POST', link(person), undefined, { ...headers, origin: PUBLIC_URL }))
    expect(await make(peer, manager.headers)).toEqual([201, undefined])
    expect(await make(owner, manager.headers)).toEqual([403, 'permission_missing'])
    expect(await make(auditor, manager.headers)).toEqual([403, 'permission_missing'])
    expect((await make(peer, auditor.headers))[1]).toMatch(/permission_missing|not_found/)
    expect(verdict(await world.own('POST', link({ id: 'mem_none' })))).toEqual([404, 'not_found'])
  })

  test('needs the rights of the person in all their organizations', async () => {
    const both = { acme: ['auditor'], rival: ['auditor'] }
    const person = await addPerson(world, both)
    expect(await world.own('POST', link(person))).toMatchObject({
      status: 403,
      body: { code: 'permission_missing', detail: expect.stringContaining('do not belong to') as string },
    })
    const make = async (memberships: Readonly<Record<string, readonly string[]>>) => {
      const { headers } = await signedIn(world, memberships)
      return verdict(await world.call('POST', link(person), undefined, { ...headers, origin: PUBLIC_URL }))
    }
    expect(await make({ acme: ['owner'] })).toEqual([403, 'permission_missing'])
    expect(await make({ acme: ['owner'], rival: ['invoker'] })).toEqual([403, 'permission_missing'])
    expect(await make({ acme: ['owner'], rival: ['owner'] })).toEqual([201, undefined])
  })

  test('ends while the person may do more than its maker', async () => {
    const maker = await signedIn(world, { acme: ['admin'] })
    const person = await addPerson(world, { acme: ['auditor'] })
    const made = await world.call('POST', link(person), undefined, { ...maker.headers, origin: PUBLIC_URL })
    const token = textOf(made.body['token'])
    await world.own('PATCH', `${ACME}/members/${person.id}`, { roles: ['owner'] })
    expect(verdict(await visit(RESET, { token, password: NEW_PASSWORD }))).toEqual([410, 'link_invalid'])
    await world.own('PATCH', `${ACME}/members/${person.id}`, { roles: ['developer'] })
    expect((await visit(RESET, { token, password: NEW_PASSWORD })).status).toBe(204)
  })

  test('ends when its maker leaves, or is a key that stops working', async () => {
    const maker = await signedIn(world, { acme: ['admin'] })
    const people = [
      await addPerson(world, { acme: ['auditor'] }),
      await addPerson(world, { acme: ['auditor'] }),
    ]
    const { body } = await world.own('POST', `${ACME}/keys`, {
      name: 'ops',
      type: 'secret',
      roles: ['admin'],
    })
    const callers = [
      { ...maker.headers, origin: PUBLIC_URL },
      { authorization: `Bearer ${textOf(body['token'])}` },
    ]
    const tokens: string[] = []
    for (const [index, person] of people.entries()) {
      const made = await world.call('POST', link(person), undefined, callers[index])
      tokens.push(textOf(made.body['token']))
    }
    await world.own('DELETE', `${ACME}/members/${maker.id}`)
    await world.own('PATCH', `${ACME}/keys/${textOf(body['key']?.['id'])}`, { status: 'inactive' })
    for (const token of tokens) {
      expect(verdict(await visit(RESET, { token, password: NEW_PASSWORD }))).toEqual([410, 'link_invalid'])
    }
  })

  test('is refused to a key that has narrower bounds than a person', async () => {
    const person = await addPerson(world, { acme: ['auditor'] })
    const bound = { name: 'bound', type: 'secret', roles: ['owner'], expiresAt: '2027-01-01T00:00:00Z' }
    const { body } = await world.own('POST', `${ACME}/keys`, bound)
    const headers = { authorization: `Bearer ${textOf(body['token'])}` }
    expect(verdict(await world.call('POST', link(person), undefined, headers))).toEqual([
      403,
      'permission_missing',
    ])
  })

  test('needs a confirmation from a person who signed in a while ago', async () => {
    const owner = await signedIn(world, { acme: ['owner'] })
    const person = await addPerson(world, { acme: ['auditor'] })
    world.clock.nowMs += 6 * MINUTE_MS
    const make = async () =>
      verdict(await world.call('POST', link(person), undefined, { ...owner.headers, origin: PUBLIC_URL }))
    expect(await make()).toEqual([403, 'step_up_required'])
    expect(verdict(await world.own('POST', link(person)))).toEqual([201, undefined])
  })
})

describe('the password of a signed-in person', () => {
  const change = async (headers: { readonly cookie: string }, body: unknown): Promise<Answer> =>
    await world.call('PUT', OWN, body, { ...headers, origin: PUBLIC_URL })

  test('is changed with the current one, which ends the other sessions and links', async () => {
    const person = await signedIn(world, { acme: ['auditor'] })
    const other = await visit('/v1/auth/sign-in', { email: person.email, password: PASSWORD })
    const token = await tokenFor(person)
    const changed = await change(person.headers, { current: PASSWORD, password: NEW_PASSWORD })
    expect(changed.status).toBe(204)
    const cookies = [person.headers.cookie, cookieOf(other), cookieOf(changed)]
    const statuses = await Promise.all(
      cookies.map(async (cookie) => (await world.call('GET', '/v1/session', undefined, { cookie })).status),
    )
    expect(statuses).toEqual([401, 401, 200])
    expect(await signInWith(person, NEW_PASSWORD)).toBe(200)
    expect((await visit(RESET, { token, password: PASSWORD })).status).toBe(410)
    expect((await audited(person)).at(-1)).toEqual(['members.change-password', person.id])
    expect((await mailsTo(person, 2)).at(-1)?.header('subject')).toBe('Your password was changed')
  })

  test('stays with a wrong current one, or none', async () => {
    const person = await signedIn(world, { acme: ['auditor'] })
    for (const current of ['wrong', undefined]) {
      const answer = await change(person.headers, { current, password: NEW_PASSWORD })
      expect(verdict(answer)).toEqual([401, 'sign_in_failed'])
    }
    expect(await signInWith(person, PASSWORD)).toBe(200)
    expect((await world.call('GET', '/v1/session', undefined, person.headers)).status).toBe(200)
  })

  test('can be the first one, after a confirmation', async () => {
    const person = await signedIn(world, { acme: ['auditor'] })
    const row = await world.store.read.people.get(person.id)
    if (row === undefined) throw new Error('no person')
    await world.store.write((tx) => tx.people.update({ ...row, passwordHash: null }))
    expect((await change(person.headers, { password: NEW_PASSWORD })).status).toBe(204)
    expect(await signInWith(person, NEW_PASSWORD)).toBe(200)
    const late = await signedIn(world, { acme: ['auditor'] })
    const lateRow = await world.store.read.people.get(late.id)
    if (lateRow === undefined) throw new Error('no person')
    await world.store.write((tx) => tx.people.update({ ...lateRow, passwordHash: null }))
    world.clock.nowMs += 6 * MINUTE_MS
    expect(verdict(await change(late.headers, { password: NEW_PASSWORD }))).toEqual([403, 'step_up_required'])
  })

  test('is guessed a limited number of times', async () => {
    const person = await signedIn(world, { acme: ['auditor'] })
    const statuses: number[] = []
    for (let index = 0; index < 11; index += 1) {
      statuses.push((await change(person.headers, { current: 'wrong', password: NEW_PASSWORD })).status)
    }
    expect(statuses).toEqual([...Array<number>(10).fill(401), 429])
  })
})
