import { INVITATION_MS_MAX, INVITATIONS_PER_ORGANIZATION_MAX } from '@sallyport/core'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { tokenDigest } from '../crypto/digest.ts'
import { type AcmeWorld, type Answer, openAcme, textOf } from './testing/control-world.ts'
import { PASSWORD, signedIn, verdict } from './testing/people.ts'

const HOUR_MS = 3_600_000
const INVALID = [410, 'link_invalid']

let world: AcmeWorld
let organization = ''
let organizations = 0

beforeAll(async () => {
  world = await openAcme()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

beforeEach(async () => {
  organizations += 1
  organization = `org-${organizations}`
  await world.own('POST', '/v1/organizations', { slug: organization, name: organization })
})

/** Sends so many invitations, now. */
async function sendMany(count: number, createdBy = 'setup'): Promise<void> {
  const createdAtMs = world.clock.nowMs
  await world.store.write(async (tx) => {
    for (let index = 0; index < count; index += 1) {
      const id = `inv_${createdAtMs}_${index}`
      await tx.invitations.insert({
        organization,
        id,
        email: `${id}@example.com`,
        roles: ['auditor'],
        tokenDigest: tokenDigest(`${organization} ${id}`),
        mailedDigest: null,
        expiresAtMs: createdAtMs + INVITATION_MS_MAX,
        createdAtMs,
        createdBy,
      })
    }
    const entry = { organization, actor: 'setup', atMs: createdAtMs, before: null, after: null }
    tx.audit({ ...entry, action: 'invitations.create', target: 'invitation/many' })
  })
}

async function invite(
  headers: Record<string, string>,
  roles: readonly string[] = ['auditor'],
  email = `nora-${organization}@example.com`,
): Promise<Answer> {
  return await world.call('POST', `/v1/organizations/${organization}/invitations`, { email, roles }, headers)
}

async function accept(token: unknown): Promise<Answer> {
  return await world.call('POST', '/v1/invitations/accept', { token, name: 'Nora', password: PASSWORD })
}

test('an invitation that has expired does not count towards the limit', async () => {
  const owner = await signedIn(world, { [organization]: ['owner'] })
  await sendMany(INVITATIONS_PER_ORGANIZATION_MAX)
  expect(verdict(await invite(owner.headers))).toEqual([409, 'conflict'])
  world.clock.nowMs += INVITATION_MS_MAX
  const again = await signedIn(world, { [organization]: ['owner'] })
  expect((await invite(again.headers)).status).toBe(201)
  await sendMany(INVITATIONS_PER_ORGANIZATION_MAX - 2)
  expect((await invite(again.headers, ['auditor'], 'last@example.com')).status).toBe(201)
  expect(verdict(await invite(again.headers, ['auditor'], 'more@example.com'))).toEqual([409, 'conflict'])
})

test('an open invitation behind any number of expired ones leaves with its sender, and keeps its role', async () => {
  await sendMany(INVITATIONS_PER_ORGANIZATION_MAX)
  world.clock.nowMs += INVITATION_MS_MAX
  const [owner, sender] = [
    await signedIn(world, { [organization]: ['owner'] }),
    await signedIn(world, { [organization]: ['admin'] }),
  ]
  const own = `/v1/organizations/${organization}`
  const role = { name: 'reader', permissions: [{ permission: 'keys.read' }] }
  expect((await world.call('POST', `${own}/roles`, role, owner.headers)).status).toBe(201)
  const { token } = (await invite(sender.headers, ['reader'])).body
  const removeRole = async () =>
    verdict(await world.call('DELETE', `${own}/roles/reader`, undefined, owner.headers))
  expect(await removeRole()).toEqual([409, 'conflict'])
  const left = await world.call('DELETE', `${own}/members/${sender.id}`, undefined, owner.headers)
  expect(left.status).toBe(200)
  expect(verdict(await accept(token))).toEqual(INVALID)
  expect(await removeRole()).toEqual([200, undefined])
})

test('an invitation that has expired keeps no role', async () => {
  const before = await signedIn(world, { [organization]: ['owner'] })
  const own = `/v1/organizations/${organization}`
  const role = { name: 'reader', permissions: [{ permission: 'keys.read' }] }
  await world.call('POST', `${own}/roles`, role, before.headers)
  expect((await invite(before.headers, ['reader'])).status).toBe(201)
  world.clock.nowMs += INVITATION_MS_MAX
  const { headers } = await signedIn(world, { [organization]: ['owner'] })
  expect((await world.call('DELETE', `${own}/roles/reader`, undefined, headers)).status).toBe(200)
})

test('a link says that it has expired; used, withdrawn and unknown ones answer alike', async () => {
  const { headers } = await signedIn(world, { [organization]: ['owner'] })
  const link = async (): Promise<string> => textOf((await invite(headers)).body['token'])
  const withdrawn = await invite(headers)
  const path = `/v1/organizations/${organization}/invitations/${textOf(withdrawn.body['id'])}`
  expect((await world.call('DELETE', path, undefined, headers)).status).toBe(200)
  const late = await link()
  world.clock.nowMs += INVITATION_MS_MAX - 1
  expect(verdict(await world.call('POST', '/v1/invitations/accept', { token: late }))).toEqual([
    400,
    'invalid_request',
  ])
  world.clock.nowMs += 1
  const expired = await accept(late)
  expect(verdict(expired)).toEqual(INVALID)
  expect(expired.body['detail']).toBe('The invitation has expired. Ask for a new one.')
  world.clock.nowMs += HOUR_MS
  const owner = await signedIn(world, { [organization]: ['owner'] })
  const used = textOf((await invite(owner.headers)).body['token'])
  expect((await accept(used)).status).toBe(200)
  const answers = [
    await accept(used),
    await accept(withdrawn.body['token']),
    await accept('x'.repeat(32)),
    await world.call('POST', '/v1/auth/reset', { token: 'x'.repeat(32), password: PASSWORD }),
  ]
  expect(answers.map(verdict)).toEqual(answers.map(() => INVALID))
  const [first] = answers
  for (const { body } of answers) expect(body).toEqual(first?.body)
})
