import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Mail } from '../mail/mail.ts'
import { ACME, openAcme, PUBLIC_URL, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'
import { addPerson, cookieOf, PASSWORD, signedIn, verdict, type TestPerson } from './testing/people.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

const mails: Mail[] = []
let world: AcmeWorld

beforeAll(async () => {
  world = await openAcme({ mails: { post: (mail) => void mails.push(mail) } })
  await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

beforeEach(() => {
  // The limits see the same clock.
  world.clock.nowMs += MINUTE_MS
})

const ONCE = { 'idempotency-key': 'once' }

async function link(
  { id }: Pick<TestPerson, 'id'>,
  headers: Record<string, string>,
  organization = 'acme',
): Promise<Answer> {
  return await world.call('POST', `/v1/organizations/${organization}/members/${id}/reset-links`, undefined, {
    origin: PUBLIC_URL,
    ...headers,
  })
}

async function use({ body }: Answer): Promise<unknown> {
  const reset = { token: textOf(body['token']), password: 'battery horse staple' }
  return (await world.call('POST', '/v1/auth/reset', reset)).status
}

test('a repeated request for a link of a new password gets the same link, which goes on working', async () => {
  const person = await addPerson(world, { acme: ['auditor'] })
  const headers = { ...world.owner, ...ONCE }
  const first = await link(person, headers)
  expect(first.status).toBe(201)
  world.clock.nowMs += 24 * HOUR_MS - 1
  const again = await link(person, headers)
  expect(again).toMatchObject({
    status: 201,
    headers: { 'idempotency-replayed': 'true' },
    body: first.body,
  })
  expect(mails.filter(({ to }) => to.includes(person.email))).toHaveLength(1)
  const { items } = await world.store.read.audit.list('acme', { limit: 200 })
  const made = items.filter(({ action }) => action === 'members.create-reset-link')
  expect(made.filter(({ target }) => target === `member/${person.id}`)).toHaveLength(1)
  expect(await use(first)).toBe(204)
})

test('another key makes another link, which replaces the first one, and a key is for one person', async () => {
  const [ann, bob] = [
    await addPerson(world, { acme: ['auditor'] }),
    await addPerson(world, { acme: ['auditor'] }),
  ]
  const first = await link(ann, { ...world.owner, 'idempotency-key': 'one' })
  const second = await link(ann, { ...world.owner, 'idempotency-key': 'two' })
  expect(verdict(await link(bob, { ...world.owner, 'idempotency-key': 'two' }))).toEqual([409, 'conflict'])
  expect(second.body['token']).not.toBe(first.body['token'])
  expect([await use(first), await use(second)]).toEqual([410, 204])
})

test('requests at a time with one key make one link', async () => {
  const person = await addPerson(world, { acme: ['auditor'] })
  const headers = { ...world.owner, 'idempotency-key': 'race' }
  const answers = await Promise.all([1, 2, 3].map(async () => await link(person, headers)))
  expect(new Set(answers.map(({ body }) => body['token'])).size).toBe(1)
})

test('a repeated request gets the link only with what the first one needed', async () => {
  const boss = await signedIn(world, { acme: ['owner'] })
  const person = await addPerson(world, { acme: ['auditor'] })
  const first = await link(person, { ...boss.headers, ...ONCE })
  expect(first.status).toBe(201)
  world.clock.nowMs += 5 * MINUTE_MS
  expect(verdict(await link(person, { ...boss.headers, ...ONCE }))).toEqual([403, 'step_up_required'])
  const stepped = await world.call('POST', '/v1/session/step-up', { password: PASSWORD }, boss.headers)
  const headers = { cookie: cookieOf(stepped), ...ONCE }
  expect((await link(person, headers)).body).toEqual(first.body)
  expect((await world.own('PATCH', `${ACME}/members/${boss.id}`, { roles: ['auditor'] })).status).toBe(200)
  expect(verdict(await link(person, headers))).toEqual([403, 'permission_missing'])
})

test('a link that is repeated after its maker lost a right elsewhere works no more than before', async () => {
  const boss = await signedIn(world, { acme: ['owner'], rival: ['owner'] })
  const person = await addPerson(world, { acme: ['auditor'], rival: ['auditor'] })
  const headers = { ...boss.headers, ...ONCE }
  const first = await link(person, headers)
  expect(first.status).toBe(201)
  const left = await world.call(
    'DELETE',
    `/v1/organizations/rival/members/${boss.id}`,
    undefined,
    boss.headers,
  )
  expect(left.status).toBe(200)
  expect(await use(await link(person, headers))).toBe(410)
})

test('a key that a person created after a step-up is shown again only after another one', async () => {
  const boss = await signedIn(world, { acme: ['owner'] })
  const create = async (cookie: string) => {
    const key = { name: 'CI', type: 'secret', roles: ['owner'] }
    return await world.call('POST', `${ACME}/keys`, key, { cookie, ...ONCE })
  }
  const first = await create(boss.headers.cookie)
  expect(first.status).toBe(201)
  world.clock.nowMs += 5 * MINUTE_MS
  expect(verdict(await create(boss.headers.cookie))).toEqual([403, 'step_up_required'])
  const stepped = await world.call('POST', '/v1/session/step-up', { password: PASSWORD }, boss.headers)
  expect((await create(cookieOf(stepped))).body).toEqual(first.body)
})
