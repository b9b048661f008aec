import { Secret, TOTP } from 'otpauth'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { SignInProviders } from '../../identity/providers/sign-in-providers.ts'
import { openHostileProvider, type HostileProvider } from '../../identity/testing/hostile-provider.ts'
import type { Store } from '../../store/port/store.ts'
import { textOf, type AcmeWorld, type Answer } from '../testing/control-world.ts'
import {
  addPasskey,
  openPasskeyWorld,
  PUBLIC_URL,
  signInWithPasskey,
  stepUpProof,
} from '../testing/passkeys.ts'
import { cookieOf, PASSWORD, signedIn, signIn, verdict } from '../testing/people.ts'

const MINUTE_MS = 60_000
const RETURN = `${PUBLIC_URL}/back`

interface Headers {
  readonly cookie: string
}

const resources = new AsyncDisposableStack()
let world: AcmeWorld
let provider: HostileProvider
/** Runs before each write transaction. */
let beforeWrite: ((store: Store) => Promise<void>) | undefined

/** A real store that runs `beforeWrite`, which stands for another process. */
function hooked(store: Store): Store {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'write') {
        return async (work: Parameters<Store['write']>[0]) => {
          await beforeWrite?.(target)
          return await target.write(work)
        }
      }
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? (member.bind(target) as unknown) : member
    },
  })
}

beforeAll(async () => {
  provider = resources.use(await openHostileProvider('acme-id'))
  const settings = { publicUrl: () => PUBLIC_URL, monotonicMs: () => performance.now() }
  const providers = resources.use(new SignInProviders([provider.settings], settings))
  const signUpDomains = ['example.org']
  world = resources.use(await openPasskeyWorld({ signIn: { providers, signUpDomains } }, hooked))
})

afterAll(async () => await resources.disposeAsync())

let accounts = 0
/** From here on, another account is signed in at the provider. */
function newAccount(domain = 'example.net'): void {
  accounts += 1
  const sub = `ada-${accounts}`
  provider.behaviour = { claims: { sub, email: `${sub}@${domain}` } }
}

beforeEach(() => {
  beforeWrite = undefined
  newAccount()
  // The limits see the same clock.
  world.clock.nowMs += MINUTE_MS
})

/** Begins with the provider: to link for the person of a session, or to sign in. @returns what completes it */
async function begin(headers?: Headers): Promise<{ readonly callback: string; readonly cookie: string }> {
  const path = headers === undefined ? '/v1/auth/providers' : '/v1/person/providers'
  const begun = await world.call('POST', `${path}/acme-id/begin`, { returnTo: '/back' }, { ...headers })
  if (begun.status !== 200) throw new Error(`begin got ${begun.status} ${JSON.stringify(begun.body)}`)
  const callback = `/v1/auth/providers/acme-id/callback${provider.authorize(textOf(begun.body['url']))}`
  return { callback, cookie: [cookieOf(begun), headers?.cookie ?? ''].join('; ') }
}

async function complete({ callback, cookie }: Awaited<ReturnType<typeof begin>>): Promise<Answer> {
  return await world.call('GET', callback, undefined, { cookie })
}

async function linked() {
  const person = await signedIn(world, { acme: ['auditor'] })
  expect((await complete(await begin(person.headers))).headers['location']).toBe(RETURN)
  return person
}

async function signInAtProvider(): Promise<Headers> {
  const answer = await complete(await begin())
  return {
    cookie:
      cookieOf(answer)
        .split('; ')
        .find((pair) => pair.startsWith('sallyport_session=')) ?? '',
  }
}

const statusOf = async (headers: Headers): Promise<number> =>
  (await world.call('GET', '/v1/session', undefined, { ...headers })).status
const unlink = async (headers: Headers): Promise<Answer> =>
  await world.call('DELETE', '/v1/person/providers/acme-id', undefined, { ...headers })
const stepUp = async (headers: Headers, body: unknown = { password: PASSWORD }): Promise<Headers> => {
  const answer = await world.call('POST', '/v1/session/step-up', body, { ...headers })
  if (answer.status !== 204) throw new Error(`step-up got ${answer.status} ${JSON.stringify(answer.body)}`)
  return { cookie: cookieOf(answer) }
}

describe('a link that is completed while the person changes', () => {
  /** Completes a link; right before the transaction that makes it, the person changes. */
  async function completeWhile(change: (store: Store, person: string) => Promise<unknown>) {
    const { id, headers } = await signedIn(world)
    const begun = await begin(headers)
    let writes = 0
    beforeWrite = async (store) => {
      writes += 1
      // The first one takes the ticket.
      if (writes === 2) await change(store, id)
    }
    const { location } = (await complete(begun)).headers
    expect(writes).toBe(2)
    const links = await world.store.read.providerLinks.ofPerson(id)
    return [location, links.length]
  }

  test('is made if nothing does', async () => {
    expect(await completeWhile(async () => await Promise.resolve())).toEqual([RETURN, 1])
  })

  test.each<[string, (store: Store, person: string) => Promise<unknown>]>([
    [
      'adds a second factor, which the session lacks',
      async (store, person) =>
        await store.write((tx) =>
          tx.secondFactors.saveAuthenticator({
            person,
            sealedSecret: '',
            createdAtMs: 0,
            confirmedAtMs: 1,
            lastStep: null,
          }),
        ),
    ],
    ['ends the session', async (store, person) => await store.write((tx) => tx.sessions.removeAll(person))],
    [
      'lets the session end by its age',
      async () => await Promise.resolve((world.clock.nowMs += 13 * 60 * MINUTE_MS)),
    ],
  ])('is not made if the person %s', async (_name, change) => {
    expect(await completeWhile(change)).toEqual([`${RETURN}?error=link_failed`, 0])
  })
})

describe('the sessions that a means of sign-in opened', () => {
  test('end when the provider is unlinked, and no others do', async () => {
    const { headers } = await linked()
    const opened = await signInAtProvider()
    const confirmed = await stepUp(await signInAtProvider())
    newAccount()
    const other = await linked()
    expect((await unlink(headers)).status).toBe(204)
    expect(await Promise.all([opened, confirmed, headers, other.headers].map(statusOf))).toEqual([
      401, 200, 200, 200,
    ])
  })

  test('end although a second factor was sent: it signs nobody in', async () => {
    const { headers } = await linked()
    const { body } = await world.call('POST', '/v1/person/second-factor', {}, headers)
    const secret = Secret.fromBase32(textOf(body['secret']))
    const send = async (path: string, session: Headers): Promise<Headers> => {
      const code = TOTP.generate({ secret, timestamp: world.clock.nowMs })
      const answer = await world.call('POST', path, { code }, { ...session })
      world.clock.nowMs += MINUTE_MS
      return { cookie: cookieOf(answer) }
    }
    const owner = await send('/v1/person/second-factor/confirm', headers)
    const verified = await send('/v1/session/second-factor', await signInAtProvider())
    expect(await statusOf(verified)).toBe(200)
    expect((await unlink(owner)).status).toBe(204)
    expect(await Promise.all([verified, owner].map(statusOf))).toEqual([401, 200])
  })

  test('end with the one that unlinks it, unless the person confirmed there in another way', async () => {
    newAccount('example.org')
    const own = await signInAtProvider()
    expect(verdict(await unlink(own))).toEqual([409, 'conflict'])
    const { device } = await addPasskey(world, own)
    const stands = await stepUp(await signInAtProvider(), await stepUpProof(world, own, device))
    // The person can confirm with the passkey, so another sign-in at the provider is no step-up any more.
    expect(verdict(await unlink(await signInAtProvider()))).toEqual([403, 'step_up_required'])
    const ended = await unlink(own)
    expect(ended.status).toBe(204)
    expect(ended.headers['set-cookie']).toMatch(/^sallyport_session=;/)
    expect(await Promise.all([own, stands].map(statusOf))).toEqual([401, 200])
  })

  test('end when the passkey is removed, and no others do', async () => {
    const person = await signedIn(world)
    const [one, two] = [await addPasskey(world, person.headers), await addPasskey(world, person.headers)]
    const openedBy = async ({ device }: typeof one) => ({
      cookie: cookieOf(await signInWithPasskey(world, device)),
    })
    const [opened, again, withOther] = [await openedBy(one), await openedBy(one), await openedBy(two)]
    const confirmed = await stepUp(again, await stepUpProof(world, again, two.device))
    const byPassword = await signIn(world, person)
    const remove = async (id: string, headers: Headers) =>
      await world.call('DELETE', `/v1/person/passkeys/${id}`, undefined, { ...headers })
    const all = [opened, confirmed, withOther, byPassword]
    expect((await remove(one.id, byPassword)).status).toBe(204)
    expect(await Promise.all(all.map(statusOf))).toEqual([401, 200, 200, 200])
    // What one passkey opened and another one confirmed ends with the other one.
    const last = await remove(two.id, withOther)
    expect(last.status).toBe(204)
    expect(last.headers['set-cookie']).toMatch(/^sallyport_session=;/)
    expect(await Promise.all(all.map(statusOf))).toEqual([401, 401, 401, 200])
  })

  test('stay if a password opened them, whatever they were confirmed with', async () => {
    const { headers } = await signedIn(world)
    const { id, device } = await addPasskey(world, headers)
    const confirmed = await stepUp(headers, await stepUpProof(world, headers, device))
    const removed = await world.call('DELETE', `/v1/person/passkeys/${id}`, undefined, { ...confirmed })
    expect([removed.status, removed.headers['set-cookie']]).toEqual([204, undefined])
    expect(await statusOf(confirmed)).toBe(200)
  })
})
