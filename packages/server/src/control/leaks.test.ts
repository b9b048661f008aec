import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { LEAKS_PER_KEY_KEPT } from '@sallyport/core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openGitHub } from '../../../../test/support/github.ts'
import { ACME, type Answer, bearer, type Json, openAcme, textOf } from './testing/control-world.ts'
import { type MailWorld, openMailWorld } from './testing/mails.ts'
import { addPerson, verdict } from './testing/people.ts'

const REPORT = '/v1/leaks/github'
const TRUE = 'true_positive'
const FALSE = 'false_positive'

const github = openGitHub()
let mails: MailWorld
let callers = 0

beforeAll(async () => {
  mails = await openMailWorld({ gitHubKeys: github.keys })
})

afterAll(async () => {
  await mails[Symbol.asyncDispose]()
})

interface NewKey {
  readonly id: string
  readonly token: string
}

async function create(more: object = {}): Promise<NewKey> {
  const { body } = await mails.world.own('POST', `${ACME}/keys`, { name: 'App', type: 'secret', ...more })
  return { id: textOf(body['key']?.['id']), token: textOf(body['token']) }
}

interface Report {
  readonly payload: string
  readonly headers: Readonly<Record<string, string>>
}

/** Sends a report, each time from another address, because failures of one address are limited. */
async function send({ payload, headers }: Report): Promise<Answer> {
  callers += 1
  const answer = await mails.world.app.inject({
    method: 'POST',
    url: REPORT,
    remoteAddress: `198.51.100.${callers}`,
    headers: { 'content-type': 'application/json', ...headers },
    payload,
  })
  return { status: answer.statusCode, headers: answer.headers, body: answer.json<Json>() }
}

/** Reports that tokens were found, each at a place. @returns the label of each */
async function report(...findings: readonly (readonly [token: string, url: string])[]): Promise<Json[]> {
  const { status, body } = await send(
    github.report(findings.map(([token, url]) => ({ token, type: 'sallyport_secret_key', url }))),
  )
  expect(status).toBe(200)
  return Object.values(body).map((each) => each['label'] as Json)
}

async function leaksOf(key: string, headers: Record<string, string> = mails.world.owner): Promise<Json[]> {
  const { body } = await mails.world.call('GET', `${ACME}/leaks?limit=200&key=${key}`, undefined, headers)
  return Object.values(body['items'] ?? {})
}

async function actionsOn(key: string): Promise<unknown[]> {
  const { body } = await mails.world.own('GET', `${ACME}/audit-events?limit=50&target=key/${key}`)
  return Object.values(body['items'] ?? {})
    .map(({ action, actor }) => [action, actor])
    .toReversed()
}

async function onLeak(reaction: 'notify' | 'switch-off'): Promise<void> {
  expect((await mails.world.own('PATCH', ACME, { onLeak: reaction })).body).toMatchObject({
    organization: { name: 'Acme', onLeak: reaction },
  })
}

const statusOf = async (key: string): Promise<unknown> =>
  (await mails.world.own('GET', `${ACME}/keys/${key}`)).body['status']

test('without a valid signature nothing is read', async () => {
  const { token } = await create()
  const signed = github.report([{ token, type: 't', url: 'u' }])
  const stranger = generateKeyPairSync('ec', { namedCurve: 'prime256v1' })
  const signedBy = (key: KeyObject, body = signed.payload): string =>
    sign('sha256', Buffer.from(body), key).toString('base64')
  const id = signed.headers['github-public-key-identifier'] ?? ''
  const signature = signed.headers['github-public-key-signature'] ?? ''
  const attempts: Report[] = [
    { ...signed, headers: {} },
    { ...signed, headers: { 'github-public-key-identifier': id } },
    { ...signed, headers: { 'github-public-key-signature': signature } },
    { ...signed, headers: { ...signed.headers, 'github-public-key-identifier': 'unknown' } },
    { ...signed, headers: { ...signed.headers, 'github-public-key-identifier': '__proto__' } },
    { ...signed, headers: { ...signed.headers, 'github-public-key-signature': 'AAAA' } },
    { ...signed, headers: { ...signed.headers, 'github-public-key-signature': `${signature} x` } },
    {
      ...signed,
      headers: { ...signed.headers, 'github-public-key-signature': signedBy(stranger.privateKey) },
    },
    { ...signed, payload: `${signed.payload} ` },
    { ...signed, payload: signed.payload.replace('"u"', '"v"') },
    { ...signed, payload: '' },
    { ...signed, payload: '[]' },
  ]
  for (const attempt of attempts) expect(verdict(await send(attempt))).toEqual([401, 'unauthenticated'])
  expect(mails.world.log()).not.toContain(token)
})

test('an address that sends wrong signatures again and again is limited', async () => {
  await using world = await openAcme({ gitHubKeys: github.keys })
  const statuses = new Set<number>()
  for (let count = 0; count < 110; count += 1) statuses.add((await world.call('POST', REPORT, [])).status)
  expect([...statuses]).toEqual([401, 429])
})

test('a server without the keys of GitHub says which setting is missing', async () => {
  await using world = await openAcme()
  const answer = await world.call('POST', REPORT, [])
  expect(verdict(answer)).toEqual([404, 'not_found'])
  expect(answer.body['detail']).toContain('SALLYPORT_GITHUB_KEYS')
})

test.each([
  ['an object', '{}'],
  ['no findings', '[1]'],
  ['no token', '[{"type": "t"}]'],
])('a signed report with %s is invalid', async (_, payload) => {
  expect(verdict(await send(github.signed(payload)))).toEqual([400, 'invalid_request'])
})

test('strangers cannot keep a signed report out', async () => {
  await using world = await openAcme({ gitHubKeys: github.keys })
  for (let count = 0; count < 110; count += 1) await world.call('POST', REPORT, [])
  const { payload, headers } = github.report([])
  expect((await world.call('POST', REPORT, payload, headers)).status).toBe(200)
})

test('a large report is taken whole, with whatever it has', async () => {
  const { id, token } = await create()
  const others = Array.from({ length: 250 }, () => ['x'.repeat(2000), 'u'.repeat(500)] as const)
  const labels = await report(...others, [token, `https://example.com/${'x'.repeat(9000)}`])
  expect(labels.filter((label) => (label as unknown) === FALSE)).toHaveLength(250)
  expect(labels.at(-1)).toBe(TRUE)
  expect(textOf((await leaksOf(id))[0]?.['url'])).toHaveLength(2048)
})

test('a secret is mailed once, and switched off again at a place that is not named', async () => {
  const owner = await addPerson(mails.world, { acme: ['owner'] })
  const { id, token } = await create({ name: 'Often' })
  await report([token, ''], [token, 'a'], [token, 'b'])
  expect(await leaksOf(id)).toHaveLength(3)
  await onLeak('switch-off')
  await report([token, 'a'])
  expect(await statusOf(id)).toBe('active')
  await report([token, ''])
  expect(await statusOf(id)).toBe('inactive')
  await onLeak('notify')
  await report([(await create({ name: 'Last' })).token, ''])
  const received = await mails.mailsTo(owner.email, 2)
  expect(received.map(({ text }) => /key "(\w+)"/.exec(text)?.[1])).toEqual(['Often', 'Last'])
})

test('a place is recorded once, the owners are told, and the key goes on', async () => {
  const owner = await addPerson(mails.world, { acme: ['owner'] })
  const reader = await addPerson(mails.world, { acme: ['auditor'] })
  const { id, token } = await create({ name: 'Leaky', environment: 'test' })
  const place = 'https://github.com/octocat/hello/blob/1/key.txt'
  expect(await report([token, place], [token, place])).toEqual([TRUE, TRUE])
  expect(await report([token, place])).toEqual([TRUE])
  expect(await leaksOf(id)).toEqual([
    {
      id: expect.stringMatching(/^lea_/),
      key: id,
      keyName: 'Leaky',
      hint: expect.stringMatching(/^sp_sk_/),
      environment: 'test',
      source: 'github',
      url: place,
      live: true,
      stillLive: true,
      switchedOff: false,
      createdAt: expect.any(String),
    },
  ])
  expect(await statusOf(id)).toBe('active')
  expect(await actionsOn(id)).toEqual([
    ['keys.create', expect.any(String)],
    ['keys.leak', 'github'],
  ])
  const [mail] = await mails.mailsTo(owner.email, 1)
  expect(mail?.text).toContain('"Leaky"')
  expect(mail?.text).toContain('The key still works.')
  expect(JSON.stringify(mails.server.mails)).not.toContain(reader.email)
  expect(JSON.stringify(mails.server.mails) + mails.world.log()).not.toContain(token)
})

test('an organization can choose that leaked keys are switched off, which works at once', async () => {
  await onLeak('switch-off')
  const { id, token } = await create({ roles: ['auditor'] })
  const whoami = async (): Promise<number> =>
    (await mails.world.call('GET', '/v1/whoami', undefined, bearer(token as unknown as Json))).status
  expect(await whoami()).toBe(200)
  expect(await report([token, 'first'])).toEqual([TRUE])
  expect([await statusOf(id), await whoami()]).toEqual(['inactive', 401])
  expect(await leaksOf(id)).toMatchObject([{ live: true, switchedOff: true }])
  expect(await actionsOn(id)).toEqual([
    ['keys.create', expect.any(String)],
    ['keys.update', 'github'],
    ['keys.leak', 'github'],
  ])

  // A person who switches it on again knows of this place, and of no other.
  await mails.world.own('PATCH', `${ACME}/keys/${id}`, { status: 'active' })
  await report([token, 'first'])
  expect(await statusOf(id)).toBe('active')
  await report([token, 'second'])
  expect(await statusOf(id)).toBe('inactive')
  await onLeak('notify')
})

test('owners who chose no mails about leaks get none, and the leak is recorded', async () => {
  const { email } = await addPerson(mails.world, { acme: ['owner'] })
  const choose = async (ownerMails: string[]) => await mails.world.own('PATCH', ACME, { ownerMails })
  const { id, token } = await create()
  await choose(['key.expiring'])
  expect(await report([token, 'first'])).toEqual([TRUE])
  await choose(['key.leaked'])
  expect(await report([(await create()).token, 'second'])).toEqual([TRUE])
  const subjects = (await mails.mailsTo(email, 3)).map((mail) => mail.header('subject'))
  expect(subjects.filter((subject) => subject === 'A key of Acme was found in public')).toHaveLength(1)
  expect(subjects.filter((subject) => subject === 'The mails about Acme were changed')).toHaveLength(2)
  expect(await leaksOf(id)).toHaveLength(1)
})

test('the last owner is not switched off', async () => {
  await using world = await openAcme({ gitHubKeys: github.keys })
  await world.own('PATCH', ACME, { onLeak: 'switch-off' })
  const token = world.owner.authorization.slice('Bearer '.length)
  const { payload, headers } = github.report([{ token, type: 't', url: 'u' }])
  expect((await world.call('POST', REPORT, payload, headers)).status).toBe(200)
  const { body } = await world.own('GET', `${ACME}/leaks`)
  expect(body['items']).toMatchObject([{ live: true, switchedOff: false }])
})

test('secrets that have ended are recorded, and switch nothing off', async () => {
  await onLeak('switch-off')
  const [deleted, rolled] = [await create(), await create()]
  await mails.world.own('DELETE', `${ACME}/keys/${deleted.id}`)
  await mails.world.own('POST', `${ACME}/keys/${rolled.id}/roll`, { graceSeconds: 0 })
  expect(await report([deleted.token, 'u'], [rolled.token, 'u'])).toEqual([TRUE, TRUE])
  expect(await leaksOf(deleted.id)).toMatchObject([{ live: false, switchedOff: false }])
  expect(await leaksOf(rolled.id)).toMatchObject([{ live: false, switchedOff: false }])
  expect(await statusOf(rolled.id)).toBe('active')
  await onLeak('notify')
})

test('public keys, altered tokens and other texts are no leaks', async () => {
  const open = await create({ type: 'public', environment: 'test' })
  const { id, token } = await create()
  const last = token.endsWith('0') ? '1' : '0'
  expect(await report([open.token, 'u'], [token.slice(0, -1) + last, 'u'], ['', 'u'], ['x y', 'u'])).toEqual([
    FALSE,
    FALSE,
    FALSE,
    FALSE,
  ])
  expect([await leaksOf(open.id), await leaksOf(id)]).toEqual([[], []])
})

test('an address that has the token itself is stored without it', async () => {
  for (const encode of [(token: string) => token, (token: string) => token.replaceAll('_', '%5F')]) {
    const { id, token } = await create()
    await report([token, `https://gist.example.com/?q=${encode(token)}`])
    const [leak] = await leaksOf(id)
    expect(leak?.['url']).toMatch(/^https:\/\/gist.example.com\/\?q=sp_sk_\w{16}_\[redacted\]$/)
    expect(JSON.stringify(await actionsOn(id))).not.toContain(encode(token))
  }
})

test('of a key the newest places are kept', async () => {
  const { id, token } = await create()
  for (let page = 0; page < 2; page += 1) {
    const places = Array.from({ length: 60 }, (_, index) => [token, `${page}-${index}`] as const)
    await report(...places)
    mails.world.clock.nowMs += 1
  }
  const urls = (await leaksOf(id)).map(({ url }) => url)
  expect(urls).toHaveLength(LEAKS_PER_KEY_KEPT)
  expect(urls).toContain('1-59')
})

test('the newest leaks come first, page after page, of a key or an environment', async () => {
  const [one, other] = [await create({ environment: 'test' }), await create({ environment: 'prod' })]
  for (const [token, place] of [
    [one.token, 'first'],
    [other.token, 'second'],
    [one.token, 'third'],
  ] as const) {
    mails.world.clock.nowMs += 1
    await report([token, place])
  }
  const read = async (query: string): Promise<Answer> =>
    await mails.world.own('GET', `${ACME}/leaks?${query}`)
  const urlsOf = ({ body }: Answer): unknown[] => Object.values(body['items'] ?? {}).map(({ url }) => url)
  expect(urlsOf(await read('limit=3'))).toEqual(['third', 'second', 'first'])
  expect(urlsOf(await read(`key=${one.id}`))).toEqual(['third', 'first'])
  expect(urlsOf(await read(`key=${other.id}&environment=test`))).toEqual([])
  expect(urlsOf(await read('environment=prod&limit=1'))).toEqual(['second'])
  const first = await read(`key=${one.id}&limit=1`)
  const cursor = textOf(first.body['next'])
  expect(urlsOf(first)).toEqual(['third'])
  expect(urlsOf(await read(`key=${one.id}&limit=1&cursor=${cursor}`))).toEqual(['first'])
  expect(verdict(await read(`limit=1&cursor=${cursor}`))).toEqual([400, 'invalid_request'])
})

test('a leak says whether its secret still works', async () => {
  const { id, token } = await create()
  await report([token, 'u'])
  const stillLive = async (): Promise<unknown> =>
    (await leaksOf(id)).map((leak) => [leak['live'], leak['stillLive']])
  expect(await stillLive()).toEqual([[true, true]])
  const switched = async (status: string): Promise<unknown> =>
    await mails.world.own('PATCH', `${ACME}/keys/${id}`, { status })
  await switched('inactive')
  expect(await stillLive()).toEqual([[true, false]])
  await switched('active')
  expect(await stillLive()).toEqual([[true, true]])
  await mails.world.own('POST', `${ACME}/keys/${id}/roll`, { graceSeconds: 60 })
  expect(await stillLive()).toEqual([[true, true]])
  mails.world.clock.nowMs += 60_000
  expect(await stillLive()).toEqual([[true, false]])
  await mails.world.own('DELETE', `${ACME}/keys/${id}`)
  expect(await leaksOf(id)).toMatchObject([{ key: id, keyName: 'App', stillLive: false }])
})

test('a reader sees the leaks of the keys that they may read', async () => {
  const [one, other] = [await create({ environment: 'test' }), await create({ environment: 'prod' })]
  await report([one.token, 'u'], [other.token, 'u'])
  const reader = await create({ environment: 'test', roles: ['auditor'] })
  const headers = bearer(reader.token as unknown as Json)
  expect(await leaksOf(one.id, headers)).toHaveLength(1)
  expect(await leaksOf(other.id, headers)).toEqual([])
})
