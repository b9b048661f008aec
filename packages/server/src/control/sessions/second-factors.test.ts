import { Secret, TOTP } from 'otpauth'
import { describe, expect, test } from 'vitest'
import { startMailServer } from '../../mail/testing/mail-server.ts'
import { openTestOutbox } from '../../mail/testing/open-outbox.ts'
import { openBrowser, type Browser } from '../testing/browser.ts'
import { ACME, openAcme, textOf, type AcmeWorld, type Answer } from '../testing/control-world.ts'
import { addPerson, PASSWORD, verdict, type TestPerson, withoutSignIns } from '../testing/people.ts'
import { eventually } from '../../../../../test/support/eventually.ts'

const FACTOR = '/v1/person/second-factor'
const STEP_MS = 30_000
const MINUTE_MS = 60_000

const OK = [200, undefined]
const DONE = [204, undefined]
const FAILED = [401, 'sign_in_failed']
const REQUIRED = [401, 'second_factor_required']
const ENDED = [401, 'unauthenticated']
const STEP_UP = [403, 'step_up_required']
const LIMITED = [429, 'rate_limited']
const CONFLICT = [409, 'conflict']

/** A developer who is signed in. */
type Ann = Browser & TestPerson

async function openAnn(world: AcmeWorld): Promise<Ann> {
  const person = await addPerson(world, { acme: ['developer'] })
  const browser = openBrowser(world)
  expect(verdict(await browser.signIn(person))).toEqual(OK)
  return { ...browser, ...person }
}

interface Factor {
  readonly secret: string
  readonly recoveryCodes: readonly string[]
  /** The code of the authenticator app at the time of the test, or so many steps later. */
  readonly code: (steps?: number) => string
}

/** Begins to add an authenticator app. */
async function begin(world: AcmeWorld, browser: Browser): Promise<Omit<Factor, 'recoveryCodes'>> {
  const begun = await browser.call('POST', FACTOR)
  expect(begun.status).toBe(201)
  const secret = textOf(begun.body['secret'])
  return {
    secret,
    code: (steps = 0) =>
      TOTP.generate({ secret: Secret.fromBase32(secret), timestamp: world.clock.nowMs + steps * STEP_MS }),
  }
}

/** Adds an authenticator app. Its code of the time afterwards was not used yet. */
async function addFactor(world: AcmeWorld, browser: Browser): Promise<Factor> {
  const begun = await begin(world, browser)
  const confirmed = await browser.call('POST', `${FACTOR}/confirm`, { code: begun.code() })
  expect(verdict(confirmed)).toEqual(OK)
  world.clock.nowMs += 2 * STEP_MS
  const recoveryCodes = Object.values(confirmed.body['recoveryCodes'] ?? {}).map(textOf)
  return { ...begun, recoveryCodes }
}

describe('an authenticator app', () => {
  test('is described, begun and confirmed by its first code', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const none = { authenticator: null, recoveryCodesLeft: 0 }
    expect((await ann.call('GET', FACTOR)).body).toEqual(none)
    const first = await begin(world, ann)
    const second = await begin(world, ann)
    expect((await ann.call('GET', FACTOR)).body).toEqual(none)
    // It counts for nothing yet.
    expect(verdict(await openBrowser(world).signIn(ann))).toEqual(OK)
    // The second one replaced the first one.
    expect(first.secret).not.toBe(second.secret)
    for (const code of [first.code(), second.code(2), second.code(-2), '12345']) {
      expect(verdict(await ann.call('POST', `${FACTOR}/confirm`, { code }))).toEqual(FAILED)
    }
    const before = ann.cookie()
    const confirmed = await ann.call('POST', `${FACTOR}/confirm`, { code: second.code() })
    expect(Object.values(confirmed.body['recoveryCodes'] ?? {})).toHaveLength(10)
    expect((await ann.call('GET', FACTOR)).body).toEqual({
      authenticator: { confirmedAt: new Date(world.clock.nowMs).toISOString() },
      recoveryCodesLeft: 10,
    })
    expect(verdict(await ann.call('POST', FACTOR))).toEqual(CONFLICT)
    expect(verdict(await ann.call('POST', `${FACTOR}/confirm`, { code: second.code(1) }))).toEqual(CONFLICT)
    // The cookie from before the confirmation is out.
    expect(ann.cookie()).not.toBe(before)
    expect(verdict(await openBrowser(world, before).call('GET', '/v1/session'))).toEqual(ENDED)
  })

  test('has a URI for its QR code', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { body } = await ann.call('POST', FACTOR, {})
    const uri = new URL(textOf(body['uri']))
    expect([uri.protocol, uri.searchParams.get('secret'), uri.searchParams.get('issuer')]).toEqual([
      'otpauth:',
      body['secret'],
      'Sallyport',
    ])
    expect(decodeURIComponent(uri.pathname)).toContain(ann.email)
  })

  test('is only added by somebody who confirmed within five minutes who they are', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const confirm = async (code: string) => await ann.call('POST', `${FACTOR}/confirm`, { code })
    expect(verdict(await confirm('123456'))).toEqual(CONFLICT)
    const { code } = await begin(world, ann)
    world.clock.nowMs += 5 * MINUTE_MS
    expect(verdict(await ann.call('POST', FACTOR))).toEqual(STEP_UP)
    expect(verdict(await confirm(code()))).toEqual(STEP_UP)
    expect(verdict(await ann.call('POST', '/v1/session/step-up', { password: PASSWORD }))).toEqual(DONE)
    expect(verdict(await confirm(code()))).toEqual(OK)
  })

  test('ends all other sessions of the person and of nobody else', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const [other, bob] = [openBrowser(world), openBrowser(world)]
    await other.signIn(ann)
    await bob.signIn(await addPerson(world))
    await addFactor(world, ann)
    expect(verdict(await other.call('GET', '/v1/session'))).toEqual(ENDED)
    expect(verdict(await ann.call('GET', '/v1/session'))).toEqual(OK)
    expect(verdict(await bob.call('GET', '/v1/session'))).toEqual(OK)
  })

  test('is stored sealed, and no code or secret is in the log or the audit log', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { secret, code, recoveryCodes } = await addFactor(world, ann)
    await openBrowser(world).signIn(ann, code())
    const row = await world.store.read.secondFactors.authenticator(ann.id)
    expect(row?.sealedSecret).not.toContain(secret)
    const audit = await world.own('GET', `${ACME}/audit-events`)
    const said = world.log() + JSON.stringify(audit.body)
    expect(said).toContain('second-factors.add')
    for (const hidden of [secret, ...recoveryCodes]) expect(said).not.toContain(hidden)
  })
})

test('a person gets a mail when an authenticator app is added, and when it is removed', async () => {
  await using server = await startMailServer()
  await using sender = openTestOutbox({ port: server.port })
  await using world = await openAcme({ mails: withoutSignIns(sender.outbox) })
  const ann = await openAnn(world)
  await addFactor(world, ann)
  expect(verdict(await ann.call('DELETE', FACTOR))).toEqual(DONE)
  await eventually(() => {
    const mails = server.mails.filter(({ to }) => to.includes(ann.email))
    expect(new Set(mails.map((mail) => mail.header('subject')))).toEqual(
      new Set([
        'An authenticator app was added to your account',
        'The authenticator app of your account was removed',
      ]),
    )
  })
})

describe('a sign-in', () => {
  test('without a second factor does not read the code', async () => {
    await using world = await openAcme()
    const ann = await addPerson(world)
    for (const code of [undefined, '123456', 'anything']) {
      expect(verdict(await openBrowser(world).signIn(ann, code))).toEqual(OK)
    }
  })

  test('with a second factor needs a code, which works once, in its time', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { code, recoveryCodes } = await addFactor(world, ann)
    const signIn = async (sent?: string) => verdict(await openBrowser(world).signIn(ann, sent))
    const wrong = String((Number(code()) + 1) % 1_000_000).padStart(6, '0')
    expect([await signIn(), await signIn(wrong), await signIn('')]).toEqual([
      REQUIRED,
      FAILED,
      [400, 'invalid_request'],
    ])
    expect([await signIn(code(-2)), await signIn(code(2))]).toEqual([FAILED, FAILED])
    const right = code(-1)
    expect([await signIn(right), await signIn(right)]).toEqual([OK, FAILED])
    const spaced = code(1).replace(/^.../, '$& ')
    expect([await signIn(spaced), await signIn(code(1))]).toEqual([OK, FAILED])
    // It is in its time, but a later code was used.
    expect(await signIn(code())).toEqual(FAILED)

    world.clock.nowMs += 60 * MINUTE_MS
    const [recovery = '', another = ''] = recoveryCodes
    expect(await signIn(recovery.toUpperCase().replaceAll('-', ' '))).toEqual(OK)
    expect([await signIn(recovery), await signIn(`${another}0`), await signIn(another)]).toEqual([
      FAILED,
      FAILED,
      OK,
    ])
  })

  test('gets the same answer for a wrong password, whatever the code is', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { code } = await addFactor(world, ann)
    const answers: Answer[] = []
    for (const sent of [{}, { code: code() }, { code: '000000' }]) {
      const body = { email: ann.email, password: 'wrong', ...sent }
      answers.push(await world.call('POST', '/v1/auth/sign-in', body))
    }
    answers.push(await openBrowser(world).signIn(ann, '000000'))
    expect(answers.map(verdict)).toEqual([FAILED, FAILED, FAILED, FAILED])
    expect(new Set(answers.map(({ body }) => body['detail'])).size).toBe(1)
    // The wrong passwords did not use up the code.
    expect(verdict(await openBrowser(world).signIn(ann, code()))).toEqual(OK)
  })

  test.for(['code', 'recovery code'])('with the same %s at the same time succeeds once', async (kind) => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { code, recoveryCodes } = await addFactor(world, ann)
    const sent = kind === 'code' ? code() : recoveryCodes[0]
    const answers = await Promise.all(
      Array.from({ length: 6 }, async () => await openBrowser(world).signIn(ann, sent)),
    )
    const outcomes = answers.map(({ status }) => status)
    expect(outcomes.filter((status) => status === 200)).toEqual([200])
    expect(outcomes.filter((status) => status === 401)).toHaveLength(5)
  })
})

describe('a session that lacks the second factor', () => {
  /** A session of Ann from a way of signing in that verifies no second factor, such as a provider. */
  async function openPending(world: AcmeWorld, ann: Ann): Promise<Browser> {
    const [session] = await world.store.read.sessions.ofPerson(ann.id, world.clock.nowMs)
    if (session === undefined) throw new Error('Ann has no session')
    await world.store.write((tx) => tx.sessions.update({ ...session, secondFactorAtMs: null }))
    return openBrowser(world, ann.cookie())
  }

  test('can only send it, describe itself and sign out', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { code } = await addFactor(world, ann)
    const pending = await openPending(world, ann)
    const described = await pending.call('GET', '/v1/session')
    expect([described.body['secondFactorRequired'], described.body['organizations']]).toEqual([true, []])
    for (const [method, path, body] of [
      ['GET', FACTOR],
      ['POST', FACTOR],
      ['DELETE', FACTOR],
      ['POST', `${FACTOR}/confirm`, { code: code() }],
      ['POST', `${FACTOR}/recovery-codes`],
      ['GET', '/v1/session/others'],
      ['POST', '/v1/session/step-up', { code: code() }],
      ['POST', '/v1/session/step-up', { password: PASSWORD }],
      ['GET', '/v1/whoami'],
      ['GET', `${ACME}/keys`],
      ['GET', '/v1/organizations/unknown/keys'],
    ] as const) {
      expect([method, path, verdict(await pending.call(method, path, body))]).toEqual([
        method,
        path,
        REQUIRED,
      ])
    }
    const before = pending.cookie()
    const verify = async (sent: string) =>
      verdict(await pending.call('POST', '/v1/session/second-factor', { code: sent }))
    expect([await verify('000000'), await verify(code())]).toEqual([FAILED, DONE])
    expect(verdict(await pending.call('GET', `${ACME}/pipelines`))).toEqual(OK)
    expect(verdict(await openBrowser(world, before).call('GET', '/v1/session'))).toEqual(ENDED)
  })

  test('can sign out', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    await addFactor(world, ann)
    const pending = await openPending(world, ann)
    expect(verdict(await pending.call('DELETE', '/v1/session'))).toEqual(DONE)
    expect(pending.cookie()).not.toContain('sallyport_session')
  })

  test('accepts a recovery code, once', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { recoveryCodes } = await addFactor(world, ann)
    const verify = async (browser: Browser) =>
      verdict(await browser.call('POST', '/v1/session/second-factor', { code: recoveryCodes[3] }))
    const pending = await openPending(world, ann)
    expect(await verify(pending)).toEqual(DONE)
    expect((await pending.call('GET', FACTOR)).body['recoveryCodesLeft']).toBe(9)
    expect(await verify(pending)).toEqual(CONFLICT)
    await openPending(world, ann)
    expect(await verify(pending)).toEqual(FAILED)
  })

  test('is not taken for one that lacks none, which a wrong or used code does not puzzle', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { code, recoveryCodes } = await addFactor(world, ann)
    const send = async (sent: unknown) => await ann.call('POST', '/v1/session/second-factor', { code: sent })
    const right = code()
    expect(verdict(await send(right))).toEqual(DONE)
    for (const sent of [right, '000000']) {
      const answer = await send(sent)
      expect(verdict(answer)).toEqual(CONFLICT)
      expect(answer.body['detail']).toContain('has its second factor already')
    }
    expect(verdict(await send(recoveryCodes[0]))).toEqual(DONE)
  })

  test('is paused after too many wrong codes, and a right password gives it no more', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { code } = await addFactor(world, ann)
    const other = openBrowser(world)
    await other.signIn(ann, code())
    const pending = await openPending(world, ann)
    const answers: unknown[] = []
    for (let attempts = 0; attempts < 20; attempts += 1) {
      answers.push(verdict(await pending.call('POST', '/v1/session/second-factor', { code: '000000' })))
      await other.call('POST', '/v1/session/step-up', { password: PASSWORD })
      world.clock.nowMs += 5_000
    }
    expect(answers[0]).toEqual(FAILED)
    expect(answers.at(-1)).toEqual(LIMITED)
    expect(answers.filter((answer) => String(answer) === String(FAILED)).length).toBeLessThanOrEqual(10)
    const refused = await pending.call('POST', '/v1/session/second-factor', { code: code() })
    expect(verdict(refused)).toEqual(LIMITED)
    world.clock.nowMs += Number(refused.headers['retry-after']) * 1000
    expect(verdict(await pending.call('POST', '/v1/session/second-factor', { code: code() }))).toEqual(DONE)
  })
})

describe('wrong codes', () => {
  const wrong = { code: '000000' }
  const guess = async (browser: Browser, path: string): Promise<unknown[]> => {
    const answers: unknown[] = []
    for (let attempts = 0; attempts < 12; attempts += 1) {
      answers.push(verdict(await browser.call('POST', path, wrong)))
    }
    return answers
  }

  test('of a step-up are limited with those of a session that lacks the second factor', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    await addFactor(world, ann)
    const answers = await guess(ann, '/v1/session/step-up')
    expect([answers[0], answers.at(-1)]).toEqual([FAILED, LIMITED])
    expect(verdict(await ann.call('POST', '/v1/session/second-factor', wrong))).toEqual(LIMITED)
    // Another person has codes of their own.
    const bob = openBrowser(world)
    await bob.signIn(await addPerson(world))
    expect(verdict(await bob.call('POST', '/v1/session/second-factor', wrong))).toEqual(CONFLICT)
  })

  test('of a confirmation are limited', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { code } = await begin(world, ann)
    const answers = await guess(ann, `${FACTOR}/confirm`)
    expect([answers[0], answers.at(-1)]).toEqual([FAILED, LIMITED])
    expect(verdict(await ann.call('POST', `${FACTOR}/confirm`, { code: code() }))).toEqual(LIMITED)
  })

  test('of a sign-in are limited like wrong passwords', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { code } = await addFactor(world, ann)
    const signIn = async (sent: string) => verdict(await openBrowser(world).signIn(ann, sent))
    let last: unknown
    for (let attempts = 0; attempts < 12; attempts += 1) last = await signIn('000000')
    expect([last, await signIn(code())]).toEqual([LIMITED, LIMITED])
  })
})

describe('recovery codes and the removal of a second factor', () => {
  const acts = [
    ['POST', `${FACTOR}/recovery-codes`, OK],
    ['DELETE', FACTOR, DONE],
  ] as const

  test('need a code of the last five minutes: a password is not enough', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    for (const [method, path] of acts) expect(verdict(await ann.call(method, path))).toEqual(CONFLICT)
    const noFactor = await ann.call('POST', '/v1/session/second-factor', { code: '123456' })
    expect(verdict(noFactor)).toEqual(CONFLICT)
    const { code, recoveryCodes } = await addFactor(world, ann)
    for (const [method, path, done] of acts) {
      world.clock.nowMs += 5 * MINUTE_MS
      expect(verdict(await ann.call(method, path))).toEqual(STEP_UP)
      await ann.call('POST', '/v1/session/step-up', { password: PASSWORD })
      expect(verdict(await ann.call(method, path))).toEqual(STEP_UP)
      expect(verdict(await ann.call('POST', '/v1/session/step-up', { code: code() }))).toEqual(DONE)
      expect(verdict(await ann.call(method, path))).toEqual(done)
    }
    expect((await ann.call('GET', FACTOR)).body).toEqual({ authenticator: null, recoveryCodesLeft: 0 })
    // Nothing of it is left.
    const used = await openBrowser(world).signIn(ann, recoveryCodes[0])
    expect(verdict(used)).toEqual(OK)
    expect(verdict(await openBrowser(world).signIn(ann))).toEqual(OK)
    const events = await world.own('GET', `${ACME}/audit-events`)
    const actions = Object.values(events.body['items'] ?? {}).map((item) => item['action'])
    expect(actions).toEqual(
      expect.arrayContaining([
        'second-factors.add',
        'second-factors.replace-recovery-codes',
        'second-factors.remove',
      ]),
    )
  })

  test('of recovery codes make the old ones useless', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const { recoveryCodes } = await addFactor(world, ann)
    const { body } = await ann.call('POST', `${FACTOR}/recovery-codes`)
    const next = Object.values(body['recoveryCodes'] ?? {}).map(textOf)
    expect(next).toHaveLength(10)
    expect(verdict(await openBrowser(world).signIn(ann, recoveryCodes[0]))).toEqual(FAILED)
    expect(verdict(await openBrowser(world).signIn(ann, next[0]))).toEqual(OK)
  })

  test('allow another authenticator app, for which sessions of the first one count for nothing', async () => {
    await using world = await openAcme()
    const ann = await openAnn(world)
    const first = await addFactor(world, ann)
    const other = openBrowser(world)
    await other.signIn(ann, first.code())
    expect(verdict(await ann.call('DELETE', FACTOR))).toEqual(DONE)
    const second = await addFactor(world, ann)
    expect(verdict(await other.call('GET', '/v1/session'))).toEqual(ENDED)
    expect(verdict(await openBrowser(world).signIn(ann, first.code()))).toEqual(FAILED)
    expect(verdict(await openBrowser(world).signIn(ann, first.recoveryCodes[1]))).toEqual(FAILED)
    expect(verdict(await openBrowser(world).signIn(ann, second.code()))).toEqual(OK)
  })
})
