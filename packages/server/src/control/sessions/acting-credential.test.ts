import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACME, openAcme, textOf, type AcmeWorld } from '../testing/control-world.ts'
import { PASSWORD, signedIn, verdict } from '../testing/people.ts'

let world: AcmeWorld

beforeAll(async () => {
  world = await openAcme()
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

/** Headers beside which no cookie acts: of a key, of another scheme, and of nothing. */
const AUTHORIZATIONS: readonly (readonly [string, () => Record<string, string>])[] = [
  ['a key', () => ({ ...world.owner })],
  ['a key that does not exist', () => ({ authorization: `Bearer sp_sk_${'x'.repeat(40)}` })],
  ['another scheme', () => ({ authorization: 'Basic YTpi' })],
  ['nothing', () => ({ authorization: '' })],
]

test('a request with a key and a session acts as the key', async () => {
  const ann = await signedIn(world, { acme: [] })
  const made = await world.own('POST', `${ACME}/projects`, { name: 'mine' }, ann.headers)
  expect(made.status).toBe(201)
  expect((await world.own('GET', '/v1/whoami', undefined, ann.headers)).status).toBe(200)
  const { items } = (await world.own('GET', `${ACME}/audit-events?limit=200`, undefined, ann.headers)).body
  expect(Object.values(items ?? {}).map((event) => event['actor'])).not.toContain(ann.id)
})

test.each(AUTHORIZATIONS)(
  'a session does not act beside an `Authorization` with %s',
  async (_name, other) => {
    const ann = await signedIn(world)
    const both = { ...ann.headers, ...other() }
    for (const [method, path, body] of [
      ['GET', '/v1/session', undefined],
      ['DELETE', '/v1/session', undefined],
      ['DELETE', '/v1/session/others', undefined],
      ['POST', '/v1/session/step-up', { password: PASSWORD }],
      ['POST', '/v1/session/second-factor', { code: '123456' }],
      ['PUT', '/v1/person/password', { current: PASSWORD, password: `${PASSWORD} 2` }],
      ['GET', '/v1/person/passkeys', undefined],
    ] as const) {
      const refused = await world.call(method, path, body, both)
      expect([path, ...verdict(refused)]).toEqual([path, 401, 'unauthenticated'])
      expect(refused.body['detail']).toContain('without `Authorization`')
    }
    const invitation = { email: ann.email, roles: ['developer'] }
    const { token, id } = (await world.own('POST', `${ACME}/invitations`, invitation)).body
    const accept = async (headers: Record<string, string>) =>
      verdict(await world.call('POST', '/v1/invitations/accept', { token }, headers))
    expect(await accept(both)).toEqual([401, 'unauthenticated'])
    const { items } = (await world.own('GET', `${ACME}/invitations?limit=200`)).body
    expect(Object.values(items ?? {}).map((item) => textOf(item['id']))).toContain(id)
    // The session and the invitation are as they were.
    expect(await accept(ann.headers)).toEqual([200, undefined])
  },
)
