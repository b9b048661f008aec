import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ACME, bearer, openAcme, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'
import { addPerson, cookieOf, PASSWORD, signedIn, signIn, verdict } from './testing/people.ts'

const DAY_MS = 86_400_000
const MEMBERS = `${ACME}/members`
const INVITATIONS = `${ACME}/invitations`

let world: AcmeWorld

beforeAll(async () => {
  world = await openAcme()
  await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

let addresses = 0
/** An address that nobody has yet. */
const newAddress = (): string => `new-${(addresses += 1)}@example.com`

async function invite(
  email: string,
  roles: readonly string[],
  headers?: Record<string, string>,
): Promise<Answer> {
  return await world.call('POST', INVITATIONS, { email, roles }, headers ?? world.owner)
}

async function accept(body: Record<string, unknown>, headers?: Record<string, string>): Promise<Answer> {
  return await world.call('POST', '/v1/invitations/accept', body, headers)
}

const NEWCOMER = { name: 'Nora New', password: PASSWORD }

describe('an invitation', () => {
  test('gives somebody new an account, the roles and a session, once', async () => {
    const email = newAddress()
    const made = await invite(email.toUpperCase(), ['auditor'])
    expect(made).toMatchObject({ status: 201, body: { email, roles: ['auditor'] } })
    const { id, token, link, expiresAt } = made.body
    expect(textOf(link)).toBe(`http://127.0.0.1:8080/invitation#${textOf(token)}`)
    expect(Date.parse(textOf(expiresAt))).toBe(world.clock.nowMs + 7 * DAY_MS)
    const list = await world.own('GET', `${INVITATIONS}?limit=200`)
    expect(Object.values(list.body['items'] ?? {}).map((item) => textOf(item['id']))).toContain(id)
    expect(JSON.stringify(list.body)).not.toContain(textOf(token))

    const without = await accept({ token })
    expect(without).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/name' }, { path: '/password' }] },
    })
    const accepted = await accept({ token, ...NEWCOMER })
    expect(accepted).toMatchObject({
      status: 200,
      body: { organization: { slug: 'acme', name: 'Acme' }, member: { email, name: 'Nora New' } },
    })
    const cookie = cookieOf(accepted)
    expect((await world.call('GET', `${ACME}/keys`, undefined, { cookie })).status).toBe(200)
    expect(verdict(await accept({ token, ...NEWCOMER }))).toEqual([410, 'link_invalid'])
    expect((await signIn(world, { email })).cookie).not.toBe(cookie)
    const person = textOf(accepted.body['member']?.['id'])
    const events = Object.values((await world.own('GET', `${ACME}/audit-events`)).body['items'] ?? {})
    const own = events.filter((event) => textOf(event['actor']) === person)
    expect(own.map((event) => event['action'])).toEqual(['members.add', 'invitations.accept'])
    expect(JSON.stringify(events) + world.log()).not.toContain(textOf(token))
  })

  test('is accepted by the person whom it is for, and by nobody else', async () => {
    const ann = await signedIn(world)
    const bob = await signedIn(world)
    const { token } = (await invite(ann.email, ['developer'])).body
    const anonymous = await accept({ token, ...NEWCOMER })
    expect(verdict(anonymous)).toEqual([401, 'unauthenticated'])
    expect(textOf(anonymous.body['detail'])).toContain('Sign in')
    expect(verdict(await accept({ token }, bob.headers))).toEqual([409, 'conflict'])
    expect((await accept({ token }, ann.headers)).status).toBe(200)
    const session = await world.call('GET', '/v1/session', undefined, ann.headers)
    expect(session.body['organizations']).toMatchObject([{ slug: 'acme', roles: ['developer'] }])
    expect(verdict(await invite(ann.email, ['auditor']))).toEqual([409, 'conflict'])
  })

  test('of somebody new is accepted once, also by two requests at a time', async () => {
    const email = newAddress()
    const { token } = (await invite(email, ['auditor'])).body
    const answers = await Promise.all([1, 2, 3].map(() => accept({ token, ...NEWCOMER })))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    for (const { status } of answers) expect([200, 401, 409, 410]).toContain(status)
  })

  test('ends after seven days, and when it is withdrawn', async () => {
    await using own = await openAcme()
    const email = 'late@example.com'
    const make = async () => (await own.own('POST', INVITATIONS, { email, roles: ['auditor'] })).body
    const late = await make()
    expect(await own.own('POST', INVITATIONS, { email, roles: ['auditor'] })).toMatchObject({ status: 409 })
    own.clock.nowMs += 7 * DAY_MS
    const expired = await own.call('POST', '/v1/invitations/accept', { token: late['token'], ...NEWCOMER })
    expect(verdict(expired)).toEqual([410, 'link_invalid'])
    const again = await make()
    const path = `${INVITATIONS}/${textOf(again['id'])}`
    expect(await own.own('DELETE', path)).toMatchObject({ status: 200, body: { receipt: {} } })
    expect((await own.own('DELETE', path)).status).toBe(404)
    const withdrawn = await own.call('POST', '/v1/invitations/accept', { token: again['token'], ...NEWCOMER })
    expect(verdict(withdrawn)).toEqual([410, 'link_invalid'])
  })

  test('gives nothing that its sender lacks, when it is sent and when it is accepted', async () => {
    const { headers, id } = await signedIn(world, { acme: ['admin'] })
    expect(verdict(await invite(newAddress(), ['owner'], headers))).toEqual([403, 'permission_missing'])
    expect(verdict(await invite(newAddress(), [], headers))).toEqual([400, 'invalid_request'])
    expect(verdict(await invite(newAddress(), ['unknown'], headers))).toEqual([400, 'invalid_request'])
    const [one, two] = [
      (await invite(newAddress(), ['admin'], headers)).body,
      (await invite(newAddress(), ['auditor'], headers)).body,
    ]
    await world.own('PATCH', `${MEMBERS}/${id}`, { roles: ['auditor'] })
    expect(verdict(await accept({ token: one['token'], ...NEWCOMER }))).toEqual([410, 'link_invalid'])
    expect((await accept({ token: two['token'], ...NEWCOMER })).status).toBe(200)
    await world.own('PATCH', `${MEMBERS}/${id}`, { roles: ['admin'] })
    const three = (await invite(newAddress(), ['auditor'], headers)).body
    await world.own('DELETE', `${MEMBERS}/${id}`)
    expect(verdict(await accept({ token: three['token'], ...NEWCOMER }))).toEqual([410, 'link_invalid'])
  })

  test('of a key works only while the key does, and a key with bounds sends none', async () => {
    const key = { name: 'inviter', type: 'secret', roles: ['admin'] }
    const { token, key: made } = (await world.own('POST', `${ACME}/keys`, key)).body
    const sent = await invite(newAddress(), ['auditor'], bearer(token))
    const other = await invite(newAddress(), ['auditor'], bearer(token))
    expect((await accept({ token: sent.body['token'], ...NEWCOMER })).status).toBe(200)
    await world.own('PATCH', `${ACME}/keys/${textOf(made?.['id'])}`, { status: 'inactive' })
    expect(verdict(await accept({ token: other.body['token'], ...NEWCOMER }))).toEqual([410, 'link_invalid'])
    const expiresAt = new Date(world.clock.nowMs + DAY_MS).toISOString()
    const bounded = (await world.own('POST', `${ACME}/keys`, { ...key, expiresAt })).body
    const refused = await invite(newAddress(), ['auditor'], bearer(bounded['token']))
    expect(verdict(refused)).toEqual([403, 'permission_missing'])
  })

  test('keeps a custom role that it gives from being removed, and made anew with more permissions', async () => {
    const permissions = [{ permission: 'keys.read' }]
    await world.own('POST', `${ACME}/roles`, { name: 'reader', permissions })
    const { id } = (await invite(newAddress(), ['reader'])).body
    const remove = async () => verdict(await world.own('DELETE', `${ACME}/roles/reader`))
    expect(await remove()).toEqual([409, 'conflict'])
    await world.own('DELETE', `${INVITATIONS}/${textOf(id)}`)
    expect(await remove()).toEqual([200, undefined])
  })

  test('does not come back with its sender', async () => {
    const sender = await signedIn(world, { acme: ['admin'] })
    const { token } = (await invite(newAddress(), ['admin'], sender.headers)).body
    await world.own('DELETE', `${MEMBERS}/${sender.id}`)
    const again = await invite(sender.email, ['admin'])
    expect((await accept({ token: again.body['token'] }, sender.headers)).status).toBe(200)
    expect(verdict(await accept({ token, ...NEWCOMER }))).toEqual([410, 'link_invalid'])
  })

  test('of a key gives nothing while the consumer of the key is off', async () => {
    const consumer = { name: 'inviting', environment: 'test' }
    const made = await world.own('POST', `${ACME}/consumers`, consumer)
    const consumerId = textOf(made.body['consumer']?.['id'])
    const rival = (await world.own('POST', '/v1/organizations', { slug: 'host', name: 'Host' })).body
    const host = bearer(rival['token'])
    const external = { keyId: made.body['key']?.['id'], roles: ['admin'] }
    expect((await world.call('POST', '/v1/organizations/host/external-keys', external, host)).status).toBe(
      201,
    )
    const sent = await world.call(
      'POST',
      '/v1/organizations/host/invitations',
      { email: newAddress(), roles: ['auditor'] },
      bearer(made.body['token']),
    )
    expect(sent.status).toBe(201)
    await world.own('PATCH', `${ACME}/consumers/${consumerId}`, { status: 'inactive' })
    expect(verdict(await accept({ token: sent.body['token'], ...NEWCOMER }))).toEqual([410, 'link_invalid'])
  })
})

describe('a member', () => {
  test('is listed, read, given other roles and removed; each counts from the next request', async () => {
    const ann = await signedIn(world, { acme: ['auditor'], rival: ['auditor'] })
    const path = `${MEMBERS}/${ann.id}`
    const facts = { id: ann.id, email: ann.email, roles: ['auditor'] }
    expect((await world.own('GET', path)).body).toMatchObject(facts)
    const list = await world.own('GET', `${MEMBERS}?limit=200`)
    expect(list.body['items']).toContainEqual(expect.objectContaining(facts))
    const create = async () =>
      verdict(await world.call('POST', `${ACME}/projects`, { name: 'ann' }, ann.headers))
    expect(await create()).toEqual([403, 'permission_missing'])
    const changed = await world.own('PATCH', path, { roles: ['developer'] })
    expect(changed).toMatchObject({
      status: 200,
      body: { member: { roles: ['developer'] }, receipt: { confirmed: true } },
    })
    expect((await create())[0]).toBe(201)
    const holders = (await world.own('GET', `${ACME}/roles/developer`)).body['holders']
    expect(holders).toContainEqual({ kind: 'member', id: ann.id, name: expect.any(String) as string })
    expect(await world.own('DELETE', path)).toMatchObject({
      status: 200,
      body: { receipt: { confirmed: true } },
    })
    expect(await create()).toEqual([404, 'not_found'])
    expect((await world.call('GET', '/v1/organizations/rival/keys', undefined, ann.headers)).status).toBe(200)
    expect((await world.own('DELETE', path)).status).toBe(404)
    expect((await world.own('PATCH', path, { roles: [] })).status).toBe(404)
  })

  test('keeps a custom role from being removed', async () => {
    await world.own('POST', `${ACME}/roles`, { name: 'held', permissions: [{ permission: 'keys.read' }] })
    const ann = await addPerson(world, { acme: ['held'] })
    expect(await world.own('DELETE', `${ACME}/roles/held`)).toMatchObject({
      status: 409,
      body: { usedBy: [{ kind: 'member', id: ann.id }] },
    })
  })

  test('is changed and removed only by somebody who has what the member has', async () => {
    const admin = await signedIn(world, { acme: ['admin'] })
    const owner = await addPerson(world, { acme: ['owner'] })
    const developer = await addPerson(world, { acme: ['developer'] })
    const call = async (method: 'PATCH' | 'DELETE', id: string, body?: unknown) =>
      verdict(await world.call(method, `${MEMBERS}/${id}`, body, admin.headers))
    const refused = [403, 'permission_missing']
    expect(await call('PATCH', owner.id, { roles: ['auditor'] })).toEqual(refused)
    expect(await call('DELETE', owner.id)).toEqual(refused)
    expect(await call('PATCH', developer.id, { roles: ['owner'] })).toEqual(refused)
    expect(await call('PATCH', admin.id, { roles: ['owner'] })).toEqual(refused)
    expect(await call('PATCH', developer.id, { roles: ['developer', 'developer'] })).toEqual([
      400,
      'invalid_request',
    ])
    expect((await call('PATCH', developer.id, { roles: ['auditor'] }))[0]).toBe(200)
    expect((await call('DELETE', developer.id))[0]).toBe(200)
    const stranger = await addPerson(world, { rival: ['auditor'] })
    expect(await call('DELETE', stranger.id)).toEqual([404, 'not_found'])
    const auditor = await signedIn(world, { acme: ['auditor'] })
    const own = `${MEMBERS}/${admin.id}`
    expect(verdict(await world.call('DELETE', own, undefined, auditor.headers))).toEqual(refused)
    const nobody = await signedIn(world, { acme: [] })
    expect(verdict(await world.call('DELETE', own, undefined, nobody.headers))).toEqual([404, 'not_found'])
  })

  test('may leave, whatever the roles', async () => {
    const nobody = await signedIn(world, { acme: [] })
    const path = `${MEMBERS}/${nobody.id}`
    expect((await world.call('DELETE', path, undefined, nobody.headers)).status).toBe(200)
    expect((await world.call('DELETE', path, undefined, nobody.headers)).status).toBe(404)
  })

  test('who is an owner is demoted and removed only by a person who confirmed it, or by a key', async () => {
    const boss = await signedIn(world, { acme: ['owner'] })
    const owners = [await addPerson(world, { acme: ['owner'] }), await addPerson(world, { acme: ['owner'] })]
    const path = (index: number): string => `${MEMBERS}/${owners[index]?.id ?? ''}`
    world.clock.nowMs += 5 * 60_000
    const demote = async (headers: Record<string, string>) =>
      verdict(await world.call('PATCH', path(0), { roles: ['admin'] }, headers))
    expect(await demote(boss.headers)).toEqual([403, 'step_up_required'])
    expect(verdict(await world.call('DELETE', path(1), undefined, boss.headers))).toEqual([
      403,
      'step_up_required',
    ])
    const body = { password: PASSWORD }
    const cookie = cookieOf(await world.call('POST', '/v1/session/step-up', body, boss.headers))
    expect((await demote({ cookie }))[0]).toBe(200)
    expect((await world.own('DELETE', path(1))).status).toBe(200)
  })

  test('gives what needs no confirmation only after confirming, so that an open browser makes no such key', async () => {
    const boss = await signedIn(world, { acme: ['owner'] })
    const friend = await addPerson(world, { acme: [] })
    world.clock.nowMs += 5 * 60_000
    const give = async (roles: readonly string[]) => [
      (await invite(newAddress(), roles, boss.headers)).body['code'],
      (await world.call('POST', `${ACME}/keys`, { name: 'k', type: 'secret', roles }, boss.headers)).body[
        'code'
      ],
      (await world.call('PATCH', `${MEMBERS}/${friend.id}`, { roles }, boss.headers)).body['code'],
    ]
    for (const role of ['owner', 'admin', 'key-manager']) {
      expect([role, ...(await give([role]))]).toEqual([role, ...Array<string>(3).fill('step_up_required')])
    }
    expect(await give(['developer', 'auditor'])).toEqual([undefined, undefined, undefined])
  })

  test('who founded an organization and left it does not get its token again', async () => {
    const founder = await signedIn(world)
    const create = async () =>
      await world.call(
        'POST',
        '/v1/organizations',
        { slug: 'handed-over', name: 'H' },
        {
          ...founder.headers,
          'idempotency-key': 'once',
        },
      )
    expect((await create()).body['token']).toEqual((await create()).body['token'])
    const own = `/v1/organizations/handed-over/members/${founder.id}`
    expect((await world.call('DELETE', own, undefined, founder.headers)).status).toBe(200)
    expect(verdict(await create())).toEqual([403, 'permission_missing'])
  })

  test('who is the last owner, person or key, stays one', async () => {
    await using own = await openAcme()
    const key = textOf((await own.own('GET', '/v1/whoami')).body['key']?.['id'])
    const boss = await signedIn(own, { acme: ['owner'] })
    const path = `${MEMBERS}/${boss.id}`
    // The owner key is another owner.
    expect((await own.own('PATCH', path, { roles: ['admin'] })).status).toBe(200)
    expect((await own.own('DELETE', `${ACME}/keys/${key}`)).status).toBe(409)
    expect((await own.own('PATCH', path, { roles: ['owner'] })).status).toBe(200)
    const deleted = await own.call('DELETE', `${ACME}/keys/${key}`, undefined, boss.headers)
    expect(deleted.status).toBe(200)
    for (const [method, body] of [
      ['PATCH', { roles: ['admin'] }],
      ['DELETE', undefined],
    ] as const) {
      expect(verdict(await own.call(method, path, body, boss.headers))).toEqual([409, 'conflict'])
    }
    await addPerson(own, { acme: ['owner'] })
    expect((await own.call('DELETE', path, undefined, boss.headers)).status).toBe(200)
  })

  test('who is removed while a request is in progress writes nothing after the receipt', async () => {
    const ann = await signedIn(world, { acme: ['developer'] })
    const names = Array.from({ length: 20 }, (_, index) => `race-${index}`)
    const removal = world.own('DELETE', `${MEMBERS}/${ann.id}`)
    const answers = await Promise.all(
      names.map((name) => world.call('POST', `${ACME}/projects`, { name }, ann.headers)),
    )
    expect((await removal).body).toMatchObject({ receipt: { confirmed: true } })
    const before = await world.own('GET', `${ACME}/projects?limit=200`)
    const written = JSON.stringify(before.body)
    for (const [index, { status }] of answers.entries()) {
      expect(written.includes(`"race-${index}"`)).toBe(status === 201)
    }
    expect((await world.call('POST', `${ACME}/projects`, { name: 'late' }, ann.headers)).status).toBe(404)
  })
})
