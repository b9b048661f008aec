import { expect, test } from 'vitest'
import {
  type AcmeWorld,
  type Answer,
  bearer,
  openAcme,
  openControlWorld,
  SETUP_TOKEN,
} from './testing/control-world.ts'
import { PASSWORD, signedIn, signIn, verdict } from './testing/people.ts'

const EXCEEDED = [403, 'quota_exceeded']

async function found(
  world: Pick<AcmeWorld, 'call'>,
  headers: Record<string, string>,
  slug: string,
): Promise<Answer> {
  return await world.call('POST', '/v1/organizations', { slug, name: slug }, headers)
}

test('a person founds so many organizations in all, and leaving them makes no room', async () => {
  await using world = await openAcme({ organizationsPerPerson: 2 })
  const ann = await signedIn(world)
  for (const slug of ['one', 'two']) {
    expect((await found(world, ann.headers, slug)).status).toBe(201)
    const own = `/v1/organizations/${slug}/members/${ann.id}`
    expect((await world.call('DELETE', own, undefined, ann.headers)).status).toBe(200)
  }
  const refused = await found(world, ann.headers, 'three')
  expect(refused).toMatchObject({
    status: 403,
    body: { code: 'quota_exceeded', quota: 'organizations', used: 2, limit: 2 },
  })
  expect(refused.body['detail']).toContain('SALLYPORT_ORGANIZATIONS_PER_PERSON')
  // Neither another person nor the operator's key is affected, and what a key creates counts for nobody.
  expect((await found(world, (await signedIn(world)).headers, 'three')).status).toBe(201)
  for (const slug of ['four', 'five', 'six']) {
    expect((await found(world, { ...world.owner }, slug)).status).toBe(201)
  }
  expect(await world.store.read.organizations.countFounded(ann.id)).toBe(2)
})

test('requests at a time found no more', async () => {
  await using world = await openAcme({ organizationsPerPerson: 2 })
  const ann = await signedIn(world)
  const slugs = ['one', 'two', 'three', 'four', 'five']
  const answers = await Promise.all(slugs.map(async (slug) => verdict(await found(world, ann.headers, slug))))
  expect(answers.filter(([status]) => status === 201)).toHaveLength(2)
  expect(answers.filter(([status]) => status !== 201)).toEqual([EXCEEDED, EXCEEDED, EXCEEDED])
})

test('a refused organization counts for nothing, and a repeated request only once', async () => {
  await using world = await openAcme({ organizationsPerPerson: 1 })
  const ann = await signedIn(world)
  expect(verdict(await found(world, ann.headers, 'acme'))).toEqual([409, 'conflict'])
  const once = { ...ann.headers, 'idempotency-key': 'once' }
  const first = await found(world, once, 'one')
  expect(first.status).toBe(201)
  expect((await found(world, once, 'one')).body).toEqual(first.body)
  expect(verdict(await found(world, ann.headers, 'two'))).toEqual(EXCEEDED)
})

test('where people found none, the set-up still makes an owner, and the operator an organization', async () => {
  await using world = await openControlWorld({ organizationsPerPerson: 0 })
  const owner = { email: 'olivia@example.com', name: 'Olivia', password: PASSWORD }
  const organization = { slug: 'acme', name: 'Acme' }
  const made = await world.call('POST', '/v1/setup', { setupToken: SETUP_TOKEN, organization, owner })
  expect(made.status).toBe(201)
  const olivia = await signIn(world, owner)
  expect(verdict(await found(world, { ...olivia }, 'one'))).toEqual(EXCEEDED)
  expect((await found(world, bearer(made.body['token']), 'one')).status).toBe(201)
})
