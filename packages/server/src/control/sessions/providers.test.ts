import { randomBytes } from 'node:crypto'
import { Secret, TOTP } from 'otpauth'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openSession } from '../../app/sessions/open-session.ts'
import { SignInProviders } from '../../identity/providers/sign-in-providers.ts'
import { TestBrowser } from '../../identity/testing/browser.ts'
import { openHostileProvider, type HostileProvider } from '../../identity/testing/hostile-provider.ts'
import {
  openRealProvider,
  type RealProvider,
  type TestAccount,
} from '../../identity/testing/real-provider.ts'
import { passkey } from '../../store/testing/examples/passkeys.ts'
import { EVERYTHING } from '../../store/testing/fixtures.ts'
import { openAcme, PUBLIC_URL, textOf, type AcmeWorld, type Answer } from '../testing/control-world.ts'
import { addPerson, cookieOf, PASSWORD, verdict } from '../testing/people.ts'

const CALLBACK = (id: string) => `${PUBLIC_URL}/v1/auth/providers/${id}/callback`
const MINUTE_MS = 60_000

const world = new AsyncDisposableStack()
let api: AcmeWorld
let acmeId: RealProvider
let globexId: RealProvider
let gone: HostileProvider

beforeAll(async () => {
  acmeId = world.use(await openRealProvider({ id: 'acme-id', publicUrl: PUBLIC_URL }))
  globexId = world.use(await openRealProvider({ id: 'globex-id', publicUrl: PUBLIC_URL }))
  gone = world.use(await openHostileProvider('gone'))
  const settings = [acmeId.settings, globexId.settings, gone.settings]
  const providers = world.use(
    new SignInProviders(settings, { publicUrl: () => PUBLIC_URL, monotonicMs: () => performance.now() }),
  )
  api = world.use(await openAcme({ signIn: { providers, signUpDomains: ['example.org'] } }))
  await api.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
})

afterAll(async () => await world.disposeAsync())

afterEach(() => {
  gone.behaviour = {}
  // The limits of begins see the same clock.
  api.clock.nowMs += MINUTE_MS
})

let accounts = 0
/** An account that nobody has. */
function newAccount(more: Partial<TestAccount> = {}): TestAccount {
  accounts += 1
  const subject = `subject-${accounts}`
  return { subject, email: `${subject}@example.net`, emailVerified: true, name: 'Ada', ...more }
}

interface Begun {
  readonly answer: Answer
  readonly cookie: string
  /** The path and query of the callback that the provider sends the browser to. */
  readonly callback: string
}

/** Begins with a provider and goes through it with the account. */
async function begin(
  account: TestAccount | null,
  { provider = acmeId, cookie = '', returnTo = '/start?a=b' } = {},
): Promise<Begun> {
  const id = provider.settings.id
  const path = cookie === '' ? `/v1/auth/providers/${id}/begin` : `/v1/person/providers/${id}/begin`
  const headers: Record<string, string> = cookie === '' ? {} : { cookie }
  const answer = await api.call('POST', path, { returnTo }, headers)
  if (answer.status !== 200) throw new Error(`begin got ${answer.status} ${JSON.stringify(answer.body)}`)
  provider.signedIn = account
  const { pathname, search } = await new TestBrowser().follow(textOf(answer.body['url']), CALLBACK(id))
  return { answer, cookie: cookieOf(answer), callback: pathname + search }
}

/** What the callback answers: where the browser goes, and the cookie of the session that it opens. */
async function complete(
  { callback, cookie }: Pick<Begun, 'callback' | 'cookie'>,
  session = '',
): Promise<{ readonly location: unknown; readonly session: string | undefined; readonly answer: Answer }> {
  const sent = [cookie, session].filter((text) => text !== '').join('; ')
  const answer = await api.call('GET', callback, undefined, sent === '' ? {} : { cookie: sent })
  expect([answer.status, answer.headers['content-length']]).toEqual([303, '0'])
  const set = cookieOf(answer)
    .split('; ')
    .find((pair) => /^sallyport_session=./.test(pair))
  return { location: answer.headers['location'], session: set, answer }
}

const success = `${PUBLIC_URL}/start?a=b`
const failure = (error: string) => `${success}&error=${error}`

/** Who a session belongs to. */
async function whoIs(cookie: string | undefined): Promise<unknown> {
  const answer = await api.call('GET', '/v1/session', undefined, { cookie: cookie ?? '' })
  return answer.status === 200 ? answer.body['member']?.['id'] : answer.status
}

/** A new person who is signed in. The password, which takes time to verify, is that of tests. */
async function newcomer(
  { store, clock }: Pick<AcmeWorld, 'store' | 'clock'>,
  memberships: Record<string, readonly string[]> = {},
) {
  const person = await addPerson({ store, clock }, memberships)
  const { value } = await store.write((tx) =>
    openSession(
      tx,
      { nowMs: () => clock.nowMs, randomBytes },
      { person: person.id, method: 'password', dependsOn: null, hasSecondFactor: false },
      { address: undefined, userAgent: undefined },
    ),
  )
  return { ...person, headers: { cookie: `sallyport_session=${value.token}` } }
}

/** Links an account to a new person, who is signed in. */
async function linkedPerson(account: TestAccount, memberships: Record<string, readonly string[]> = {}) {
  const person = await newcomer(api, memberships)
  const begun = await begin(account, { cookie: person.headers.cookie })
  expect((await complete(begun, person.headers.cookie)).location).toBe(success)
  return person
}

/** The audit records of an organization about providers, oldest first. */
async function auditOf(organization: string): Promise<readonly unknown[]> {
  const { items } = await api.store.read.audit.list(organization, EVERYTHING)
  return items
    .filter(({ action }) => action.startsWith('providers.'))
    .map(({ action, target, actor }) => [action, target, actor])
}

test('lists the providers, without their settings', async () => {
  const answer = await api.call('GET', '/v1/auth/providers')
  expect(answer.status).toBe(200)
  expect(answer.body).toEqual({
    items: [
      { id: 'acme-id', name: 'The acme-id provider' },
      { id: 'globex-id', name: 'The globex-id provider' },
      { id: 'gone', name: 'Hostile' },
    ],
    next: null,
  })
})

describe('a person whose account is linked', () => {
  test('signs in, and the session says how', async () => {
    const account = newAccount()
    const { id } = await linkedPerson(account, { acme: ['auditor'] })
    api.clock.nowMs += 1
    const begun = await begin(account)
    const { location, session, answer } = await complete(begun)
    expect(location).toBe(success)
    expect(await whoIs(session)).toBe(id)
    const [opened] = (await api.store.read.sessions.ofPerson(id, api.clock.nowMs)).slice(-1)
    expect(opened).toMatchObject({ method: 'provider', secondFactorAtMs: null })
    // The cookie of the begin has no further use.
    expect(answer.headers['set-cookie']).toContainEqual(expect.stringMatching(/^sallyport_provider=;/))
    expect(answer.headers['cache-control']).toContain('no-store')
    expect(answer.headers['referrer-policy']).toBe('no-referrer')
    const permitted = await api.call('GET', '/v1/organizations/acme/keys', undefined, {
      cookie: session ?? '',
    })
    expect(permitted.status).toBe(200)
  })

  test('signs in whatever the address of the account is now', async () => {
    const account = newAccount()
    const { id } = await linkedPerson(account)
    const { email: _email, ...without } = account
    for (const changed of [
      { ...account, email: 'new@example.net' },
      { ...account, emailVerified: false },
      without,
    ]) {
      const { session } = await complete(await begin(changed))
      expect(await whoIs(session)).toBe(id)
    }
  })

  test('does not sign in with the same subject at another provider', async () => {
    const account = newAccount()
    await linkedPerson(account)
    const { location, session } = await complete(await begin(account, { provider: globexId }))
    expect([location, session]).toEqual([failure('account_not_linked'), undefined])
  })

  test('returns to the start page unless the begin says where', async () => {
    const account = newAccount()
    await linkedPerson(account)
    const begun = await api.call('POST', '/v1/auth/providers/acme-id/begin', {})
    acmeId.signedIn = account
    const callback = await new TestBrowser().follow(textOf(begun.body['url']), CALLBACK('acme-id'))
    const { location } = await complete({
      callback: callback.pathname + callback.search,
      cookie: cookieOf(begun),
    })
    expect(location).toBe(`${PUBLIC_URL}/`)
  })
})

describe('the cookie of a begin', () => {
  test('is for this host, 10 minutes and navigation from other sites', async () => {
    const { answer } = await begin(newAccount())
    expect(answer.headers['set-cookie']).toMatch(
      /^sallyport_provider=\w{32}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/,
    )
  })

  test('has the prefix of its host over HTTPS', async () => {
    const publicUrl = () => 'https://console.example.com'
    await using providers = new SignInProviders([gone.settings], { publicUrl, monotonicMs: () => 0 })
    await using secure = await openAcme({ publicUrl, signIn: { providers, signUpDomains: [] } })
    const answer = await secure.call('POST', '/v1/auth/providers/gone/begin', {})
    expect(answer.headers['set-cookie']).toMatch(
      /^__Host-sallyport_provider=\w{32}; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    )
    const url = new URL(textOf(answer.body['url']))
    expect(url.searchParams.get('redirect_uri')).toBe(
      'https://console.example.com/v1/auth/providers/gone/callback',
    )
  })
})

describe('nobody completes', () => {
  const failed = { location: `${PUBLIC_URL}/?error=sign_in_failed`, session: undefined }

  test('what another browser began', async () => {
    const account = newAccount()
    const { id } = await linkedPerson(account)
    const victim = await begin(newAccount())
    const attacker = await begin(account)
    // Login CSRF: a page sends the victim's browser to the attacker's callback.
    expect(await complete({ ...attacker, cookie: victim.cookie })).toMatchObject(failed)
    expect(await complete({ ...attacker, cookie: '' })).toMatchObject(failed)
    // It has not ended what either of them began.
    expect(await whoIs((await complete(attacker)).session)).toBe(id)
    expect((await complete(victim)).location).toBe(failure('account_not_linked'))
  })

  test('a sign-in twice', async () => {
    const account = newAccount()
    await linkedPerson(account)
    const begun = await begin(account)
    expect((await complete(begun)).session).toBeDefined()
    expect(await complete(begun)).toMatchObject(failed)
  })

  test('a sign-in twice at the same time', async () => {
    const account = newAccount()
    await linkedPerson(account)
    const begun = await begin(account)
    const sessions = (await Promise.all([complete(begun), complete(begun)])).filter(({ session }) => session)
    expect(sessions).toHaveLength(1)
  })

  test('a sign-in after 10 minutes', async () => {
    const account = newAccount()
    const { id } = await linkedPerson(account)
    const [inTime, late] = [await begin(account), await begin(account)]
    api.clock.nowMs += 10 * MINUTE_MS - 1
    expect(await whoIs((await complete(inTime)).session)).toBe(id)
    api.clock.nowMs += 1
    expect(await complete(late)).toMatchObject(failed)
  })

  test("one provider's sign-in at another one's callback", async () => {
    const account = newAccount()
    await linkedPerson(account)
    const begun = await begin(account)
    const mixed = await complete({ ...begun, callback: begun.callback.replace('acme-id', 'globex-id') })
    expect(mixed).toMatchObject({ location: failure('sign_in_failed'), session: undefined })
    // A response at the wrong callback ends the sign-in: it may have been stolen.
    expect(await complete(begun)).toMatchObject(failed)
  })

  test.each([
    ['a changed state', (callback: string) => callback.replace('state=', 'state=x'), `${PUBLIC_URL}/?error=`],
    ['no state', (callback: string) => callback.replace(/state=[^&]*/, ''), `${PUBLIC_URL}/?error=`],
    ['nothing', (callback: string) => callback.replace(/\?.*/, ''), `${PUBLIC_URL}/?error=`],
    ['another code', (callback: string) => callback.replace('code=', 'code=x'), `${success}&error=`],
    ['no issuer', (callback: string) => callback.replace(/iss=[^&]*/, ''), `${success}&error=`],
  ])('a sign-in with %s', async (_name, edit, prefix) => {
    const account = newAccount()
    await linkedPerson(account)
    const begun = await begin(account)
    const { location, session } = await complete({ ...begun, callback: edit(begun.callback) })
    expect([location, session]).toEqual([`${prefix}sign_in_failed`, undefined])
  })

  test('a sign-in that the person declines', async () => {
    const { location, session } = await complete(await begin(null))
    expect([location, session]).toEqual([failure('sign_in_failed'), undefined])
    expect(api.log()).toContain('the provider answered access_denied')
  })

  test('anything by asking for headers only', async () => {
    const account = newAccount()
    const { id } = await linkedPerson(account)
    const begun = await begin(account)
    const answer = await api.call('HEAD', begun.callback, undefined, { cookie: begun.cookie })
    expect(answer.status).toBe(405)
    expect(await whoIs((await complete(begun)).session)).toBe(id)
  })
})

describe('an address does not lead to an account', () => {
  test.each([
    ['verified', true, 'example.com'],
    ['unverified', false, 'example.com'],
    ['verified, in a domain that may sign up', true, 'example.org'],
  ])('%s', async (_name, emailVerified, domain) => {
    const { id } = await addPerson(api, { acme: ['owner'] })
    const email = `victim-${id}@${domain}`
    await api.store.write(async (tx) => {
      await tx.people.insert({
        id: `${id}-2`,
        email,
        name: 'Victim',
        passwordHash: null,
        passwordChangedAtMs: null,
        emailProvenAtMs: null,
        createdAtMs: 0,
      })
    })
    const { location, session } = await complete(await begin(newAccount({ email, emailVerified })))
    expect([location, session]).toEqual([failure('account_not_linked'), undefined])
    expect(await api.store.read.providerLinks.ofPerson(`${id}-2`)).toEqual([])
    expect(await api.store.read.sessions.ofPerson(`${id}-2`, 0)).toEqual([])
  })
})

describe('sign-up', () => {
  test('creates a person for a verified address of a listed domain, who belongs to no organization', async () => {
    const account = newAccount({ email: 'New.Person@Example.ORG', name: 'New Person' })
    const { location, session } = await complete(await begin(account))
    expect(location).toBe(success)
    const { body } = await api.call('GET', '/v1/session', undefined, { cookie: session ?? '' })
    expect(body).toMatchObject({
      member: { email: 'new.person@example.org', name: 'New Person' },
      organizations: [],
    })
    // The next sign-in finds the same person.
    expect(await whoIs((await complete(await begin(account))).session)).toBe(body['member']?.['id'])
    const refused = await api.call('GET', '/v1/organizations/acme', undefined, { cookie: session ?? '' })
    expect(refused.status).toBe(404)
    // There is no password to sign in with.
    const email = 'new.person@example.org'
    expect(verdict(await api.call('POST', '/v1/auth/sign-in', { email, password: PASSWORD }))).toEqual([
      401,
      'sign_in_failed',
    ])
  })

  test('names a person without a name by their address', async () => {
    const { name: _name, ...account } = newAccount({ email: 'nameless@example.org' })
    await complete(await begin(account))
    expect(await api.store.read.people.byEmail('nameless@example.org')).toMatchObject({ name: 'nameless' })
  })

  test.each<[string, { readonly email?: string; readonly emailVerified?: boolean }]>([
    ['an unverified address', { email: 'eve-1@example.org', emailVerified: false }],
    ['another domain', { email: 'eve-2@example.com' }],
    ['a subdomain', { email: 'eve-3@sub.example.org' }],
    ['a domain that ends alike', { email: 'eve-4@notexample.org' }],
    ['two at signs', { email: 'eve-5@example.org@example.com' }],
    ['two at signs, the other way round', { email: 'eve-6@example.com@example.org' }],
    ['an address that is none', { email: '@example.org' }],
    ['no address', {}],
  ])('creates nobody for %s', async (_name, { email, emailVerified = true }) => {
    const { email: _email, ...account } = newAccount({ emailVerified })
    const { location, session } = await complete(await begin({ ...account, ...(email && { email }) }))
    expect([location, session]).toEqual([failure('account_not_linked'), undefined])
    if (email !== undefined) expect(await api.store.read.people.byEmail(email)).toBeUndefined()
  })
})

describe('a second factor', () => {
  /** Adds an authenticator app. @returns the session, and the app's code of a later time */
  async function addFactor(cookie: string) {
    const begun = await api.call('POST', '/v1/person/second-factor', {}, { cookie })
    const secret = Secret.fromBase32(textOf(begun.body['secret']))
    const code = () => TOTP.generate({ secret, timestamp: api.clock.nowMs })
    const confirm = { code: code() }
    const confirmed = await api.call('POST', '/v1/person/second-factor/confirm', confirm, { cookie })
    expect(confirmed.status).toBe(200)
    api.clock.nowMs += MINUTE_MS
    return { cookie: cookieOf(confirmed), code }
  }

  test('is asked for after a provider too, on every request but that for it', async () => {
    const account = newAccount()
    const { id, headers } = await linkedPerson(account, { acme: ['owner'] })
    const factor = await addFactor(headers.cookie)
    const { location, session = '' } = await complete(await begin(account))
    expect(location).toBe(failure('second_factor_required'))
    const pending = await api.call('GET', '/v1/session', undefined, { cookie: session })
    expect(pending.body).toMatchObject({ secondFactorRequired: true, organizations: [] })
    for (const [method, path, body] of [
      ['GET', '/v1/organizations/acme/keys', undefined],
      ['GET', '/v1/person/providers', undefined],
      ['POST', '/v1/person/providers/globex-id/begin', {}],
      ['DELETE', '/v1/person/providers/acme-id', undefined],
    ] as const) {
      const refused = await api.call(method, path, body, { cookie: session })
      expect([path, ...verdict(refused)]).toEqual([path, 401, 'second_factor_required'])
    }
    const code = { code: factor.code() }
    const verified = await api.call('POST', '/v1/session/second-factor', code, { cookie: session })
    const cookie = cookieOf(verified)
    expect(await whoIs(cookie)).toBe(id)
    expect((await api.call('GET', '/v1/organizations/acme/keys', undefined, { cookie })).status).toBe(200)
  })

  test('makes the browser a known one only once it is verified', async () => {
    const account = newAccount()
    const { headers } = await linkedPerson(account)
    const factor = await addFactor(headers.cookie)
    const hasDevice = ({ headers: { 'set-cookie': set = [] } }: Answer): boolean =>
      [set].flat().some((line) => line.startsWith('sallyport_device='))
    const { session = '', answer } = await complete(await begin(account))
    expect(hasDevice(answer)).toBe(false)
    const verify = async (code: string) =>
      await api.call('POST', '/v1/session/second-factor', { code }, { cookie: session })
    expect(hasDevice(await verify('000000'))).toBe(false)
    expect(hasDevice(await verify(factor.code()))).toBe(true)
  })

  test('that is added after a link was begun does not keep the same session from it', async () => {
    const account = newAccount()
    const person = await newcomer(api)
    const begun = await begin(account, person.headers)
    const { cookie } = await addFactor(person.headers.cookie)
    expect((await complete(begun, cookie)).location).toBe(success)
  })

  test('that a session lacks keeps it from completing a link', async () => {
    const account = newAccount()
    const person = await newcomer(api)
    const begun = await begin(account, person.headers)
    // Another session of the person adds the factor, which the first one then lacks.
    const { email } = person
    const other = cookieOf(await api.call('POST', '/v1/auth/sign-in', { email, password: PASSWORD }))
    await addFactor(other)
    expect((await complete(begun, person.headers.cookie)).location).toBe(failure('link_failed'))
    expect(await api.store.read.providerLinks.ofPerson(person.id)).toEqual([])
  })
})

describe('a link', () => {
  test('is listed, and audited in each organization of the person', async () => {
    const account = newAccount()
    const { id, headers } = await linkedPerson(account, { acme: ['auditor'], rival: ['auditor'] })
    const list = await api.call('GET', '/v1/person/providers', undefined, headers)
    expect(list.body).toEqual({
      items: [
        {
          id: 'acme-id',
          name: 'The acme-id provider',
          email: account.email,
          linkedAt: new Date(api.clock.nowMs).toISOString(),
        },
      ],
      next: null,
    })
    for (const organization of ['acme', 'rival']) {
      expect((await auditOf(organization)).at(-1)).toEqual(['providers.link', `member/${id}`, id])
    }
  })

  test('needs a step-up of the last 5 minutes', async () => {
    const { headers } = await newcomer(api)
    api.clock.nowMs += 5 * MINUTE_MS - 1
    const begun = await begin(newAccount(), headers)
    api.clock.nowMs += 1
    const refused = await api.call('POST', '/v1/person/providers/acme-id/begin', {}, headers)
    expect(verdict(refused)).toEqual([403, 'step_up_required'])
    // What was begun in time can be completed.
    expect((await complete(begun, headers.cookie)).location).toBe(success)
  })

  test('is made in the session that began it, and in no other', async () => {
    const account = newAccount()
    const person = await newcomer(api)
    const { email } = person
    const again = cookieOf(await api.call('POST', '/v1/auth/sign-in', { email, password: PASSWORD }))
    const eve = await newcomer(api)
    const none = ''
    for (const session of [eve.headers.cookie, again, none]) {
      const begun = await begin(account, person.headers)
      const { location, session: opened } = await complete(begun, session)
      expect([location, opened]).toEqual([failure('link_failed'), undefined])
    }
    expect(await api.store.read.providerLinks.bySubject('acme-id', account.subject)).toBeUndefined()
    // The session is the same after a step-up, which changes its cookie.
    const begun = await begin(account, person.headers)
    const stepped = await api.call('POST', '/v1/session/step-up', { password: PASSWORD }, person.headers)
    expect((await complete(begun, cookieOf(stepped))).location).toBe(success)
    expect(await api.store.read.providerLinks.bySubject('acme-id', account.subject)).toMatchObject({
      person: person.id,
    })
  })

  test('is not made in a session that has ended', async () => {
    const account = newAccount()
    const person = await newcomer(api)
    const begun = await begin(account, person.headers)
    await api.call('DELETE', '/v1/session', undefined, person.headers)
    expect((await complete(begun, person.headers.cookie)).location).toBe(failure('link_failed'))
  })

  test('opens no session: a link that an attacker began signs nobody in', async () => {
    const account = newAccount()
    const eve = await newcomer(api)
    const victim = await newcomer(api)
    const begun = await begin(account, eve.headers)
    const { session } = await complete(begun, victim.headers.cookie)
    expect(session).toBeUndefined()
    expect(await whoIs(victim.headers.cookie)).toBe(victim.id)
  })

  test('is refused if the account is linked to somebody else, or the person has another one', async () => {
    const account = newAccount()
    const first = await linkedPerson(account)
    const second = await newcomer(api)
    const taken = await complete(await begin(account, second.headers), second.headers.cookie)
    expect(taken.location).toBe(failure('link_failed'))
    const another = await complete(await begin(newAccount(), first.headers), first.headers.cookie)
    expect(another.location).toBe(failure('link_failed'))
    // Linking the same account again changes nothing.
    const same = await complete(await begin(account, first.headers), first.headers.cookie)
    expect(same.location).toBe(success)
    expect(await api.store.read.providerLinks.ofPerson(first.id)).toHaveLength(1)
    expect(await api.store.read.providerLinks.ofPerson(second.id)).toEqual([])
  })

  test('that begins again ends the one before', async () => {
    const { id, headers } = await newcomer(api)
    const first = await begin(newAccount(), headers)
    await begin(newAccount(), headers)
    expect(await api.store.read.tickets.countOfPerson(id, 'provider-sign-in')).toBe(1)
    expect((await complete(first, headers.cookie)).location).toBe(`${PUBLIC_URL}/?error=sign_in_failed`)
  })
})

describe('unlinking', () => {
  test('keeps the account from signing in, and is audited', async () => {
    const account = newAccount()
    const { id, headers } = await linkedPerson(account, { acme: ['auditor'] })
    const answer = await api.call('DELETE', '/v1/person/providers/acme-id', undefined, headers)
    expect(answer.status).toBe(204)
    expect((await complete(await begin(account))).location).toBe(failure('account_not_linked'))
    expect((await auditOf('acme')).at(-1)).toEqual(['providers.unlink', `member/${id}`, id])
    const again = await api.call('DELETE', '/v1/person/providers/acme-id', undefined, headers)
    expect(again.status).toBe(404)
  })

  test('needs a step-up of the last 5 minutes', async () => {
    const { headers } = await linkedPerson(newAccount())
    api.clock.nowMs += 5 * MINUTE_MS
    const refused = await api.call('DELETE', '/v1/person/providers/acme-id', undefined, headers)
    expect(verdict(refused)).toEqual([403, 'step_up_required'])
  })

  test('leaves one way to sign in', async () => {
    const account = newAccount({ email: 'only@example.org' })
    let session = (await complete(await begin(account))).session ?? ''
    const unlink = async (id: string) =>
      verdict(await api.call('DELETE', `/v1/person/providers/${id}`, undefined, { cookie: session }))
    expect(await unlink('acme-id')).toEqual([409, 'conflict'])
    const other = newAccount()
    const second = await begin(other, { provider: globexId, cookie: session })
    expect((await complete(second, session)).location).toBe(success)
    expect(await unlink('acme-id')).toEqual([204, undefined])
    expect(await unlink('globex-id')).toEqual([401, 'unauthenticated'])
    session = (await complete(await begin(other, { provider: globexId }))).session ?? ''
    expect(await unlink('globex-id')).toEqual([409, 'conflict'])
    // An account at a provider that the settings no longer have signs nobody in.
    const id = textOf(
      (await api.call('GET', '/v1/session', undefined, { cookie: session })).body['member']?.['id'],
    )
    await api.store.write((tx) =>
      tx.providerLinks.insert({ person: id, provider: 'removed', subject: 's', email: null, createdAtMs: 0 }),
    )
    expect(await unlink('globex-id')).toEqual([409, 'conflict'])
    expect(await unlink('removed')).toEqual([204, undefined])
    await api.store.write((tx) => tx.passkeys.insert(passkey(id, 'pas_1')))
    expect(await unlink('globex-id')).toEqual([204, undefined])
  })
})

describe('a request is refused', () => {
  test.each([
    ['POST', '/v1/auth/providers/unknown/begin', {}],
    ['GET', '/v1/auth/providers/unknown/callback?code=a&state=b', undefined],
  ] as const)('%s %s with 404', async (method, path, body) => {
    expect(verdict(await api.call(method, path, body))).toEqual([404, 'not_found'])
  })

  test.each(['//example.com', 'https://example.com', '/\\example.com', 'start', '', 5])(
    'to return to %j with 400',
    async (returnTo) => {
      const answer = await api.call('POST', '/v1/auth/providers/acme-id/begin', { returnTo })
      expect(verdict(answer)).toEqual([400, 'invalid_request'])
      expect(answer.headers['set-cookie']).toBeUndefined()
    },
  )

  test('to begin for a page of another site', async () => {
    const headers = { 'sec-fetch-site': 'cross-site', origin: 'https://evil.example.com' }
    const answer = await api.call('POST', '/v1/auth/providers/acme-id/begin', {}, headers)
    expect(verdict(answer)).toEqual([403, 'cross_origin'])
  })

  test.each([
    ['GET', '/v1/person/providers'],
    ['POST', '/v1/person/providers/acme-id/begin'],
    ['DELETE', '/v1/person/providers/acme-id'],
  ] as const)('%s %s with a key, or without a session', async (method, path) => {
    const body = method === 'POST' ? {} : undefined
    expect((await api.own(method, path, body)).status).toBe(401)
    expect((await api.call(method, path, body)).status).toBe(401)
  })

  test('after 60 begins a minute from one address', async () => {
    const statuses: number[] = []
    for (let count = 0; count < 61; count += 1) {
      statuses.push((await api.call('POST', '/v1/auth/providers/acme-id/begin', {})).status)
    }
    expect(statuses.filter((status) => status === 200)).toHaveLength(60)
    expect(statuses.at(-1)).toBe(429)
    api.clock.nowMs += MINUTE_MS
    expect((await api.call('POST', '/v1/auth/providers/acme-id/begin', {})).status).toBe(200)
  })
})

describe('a provider that is down', () => {
  test('gets 503 with its name, while others and passwords work', async () => {
    await using providers = new SignInProviders(
      [{ ...gone.settings, issuer: 'http://127.0.0.1:1' }, acmeId.settings],
      {
        publicUrl: () => PUBLIC_URL,
        monotonicMs: () => 0,
      },
    )
    await using other = await openAcme({ signIn: { providers, signUpDomains: [] } })
    const down = await other.call('POST', '/v1/auth/providers/gone/begin', {})
    expect(verdict(down)).toEqual([503, 'unavailable'])
    expect(down.body['detail']).toContain('"Hostile"')
    expect(down.headers['set-cookie']).toBeUndefined()
    expect((await other.call('POST', '/v1/auth/providers/acme-id/begin', {})).status).toBe(200)
    await newcomer(other)
    expect((await other.call('GET', '/v1/auth/providers')).status).toBe(200)
  })

  test('after the begin ends the sign-in with a word for it', async () => {
    const begun = await api.call('POST', '/v1/auth/providers/gone/begin', { returnTo: '/start?a=b' })
    const query = gone.authorize(textOf(begun.body['url']))
    gone.behaviour = { answers: { '/token': (response) => void response.writeHead(503).end() } }
    const back = { callback: `/v1/auth/providers/gone/callback${query}`, cookie: cookieOf(begun) }
    const { location, session } = await complete(back)
    expect([location, session]).toEqual([failure('provider_unavailable'), undefined])
    gone.behaviour = {}
    expect((await complete(back)).location).toBe(`${PUBLIC_URL}/?error=sign_in_failed`)
  })
})

test('no secret of a sign-in is in the log', async () => {
  const account = newAccount()
  await linkedPerson(account)
  const { callback, cookie, answer } = await begin(account)
  const url = new URL(textOf(answer.body['url']))
  const ticketSecret = cookie.replace('sallyport_provider=', '')
  const code = new URL(callback, PUBLIC_URL).searchParams.get('code') ?? ''
  await complete({ callback: callback.replace('code=', 'code=x'), cookie })
  for (const secret of [
    ticketSecret,
    code,
    url.searchParams.get('nonce') ?? '',
    acmeId.settings.clientSecret,
  ]) {
    expect(secret.length).toBeGreaterThan(10)
    expect(api.log()).not.toContain(secret)
  }
})

test('works over real sockets, with the cookies of a browser', async () => {
  let publicUrl = PUBLIC_URL
  const account = newAccount({ email: 'socket@example.org' })
  await using provider = await openHostileProvider('sockets')
  await using providers = new SignInProviders([provider.settings], {
    publicUrl: () => publicUrl,
    monotonicMs: () => performance.now(),
  })
  await using served = await openAcme({
    publicUrl: () => publicUrl,
    signIn: { providers, signUpDomains: ['example.org'] },
  })
  publicUrl = `http://127.0.0.1:${await served.port()}`
  provider.behaviour = { claims: { sub: account.subject, email: account.email } }
  const browser = new TestBrowser()
  const begun = await browser.fetch(new URL(`${publicUrl}/v1/auth/providers/sockets/begin`), {
    method: 'POST',
    body: '{}',
    headers: { 'content-type': 'application/json', origin: publicUrl },
  })
  const { url } = (await begun.json()) as { url: string }
  const back = await browser.fetch(
    new URL(`${publicUrl}/v1/auth/providers/sockets/callback${provider.authorize(url)}`),
    { headers: { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' } },
  )
  expect([back.status, back.headers.get('location')]).toEqual([303, `${publicUrl}/`])
  expect([...browser.cookiesOf(publicUrl).keys()]).toEqual(['sallyport_session', 'sallyport_device'])
  const session = await browser.fetch(new URL(`${publicUrl}/v1/session`))
  expect(await session.json()).toMatchObject({ member: { email: 'socket@example.org' } })
})
