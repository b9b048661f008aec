import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startMailServer } from '../packages/server/src/mail/testing/mail-server.ts'
import { startReceiver } from '../packages/server/src/webhooks/testing/receiver.ts'
import { IssuingClient } from './secrets/issuing-client.ts'
import { filesOf, findings } from './secrets/searched-places.ts'
import { type ApiResponse, textAt } from './support/api-client.ts'
import { appCode } from './support/authenticator-app.ts'
import { openingOf, secretOf, tokenIn } from './support/hand-over-link.ts'
import { startServerProcess, temporaryFolder } from './support/server-process.ts'

/*
 * No secret of a busy run is anywhere: not in the files of the database, the log, the metrics, the audit log, its exports,
 * webhooks, mails other than the one that must carry it, or an answer other than the one that issues it.
 */

const ACME = '/v1/organizations/acme'
const PARTNER = '/v1/organizations/partner'
const EVENTS = [
  'key.created',
  'key.rolled',
  'key.deleted',
  'external_key.added',
  'policy.changed',
  'deployment.created',
  'deployment.refused',
  'member.added',
]
const OLIVIA = 'olivia@example.com'
const NORA = 'nora@example.com'

/** The session of an answer. */
function sessionOf({ headers }: ApiResponse): string {
  const [, value = ''] = /^[^=]+=([^;]+)/.exec(headers.get('set-cookie') ?? '') ?? []
  return value
}

function cookieOf({ headers }: ApiResponse): Record<string, string> {
  return { cookie: headers.get('set-cookie')?.split(';', 1)[0] ?? '' }
}

const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` })

test('no secret of a busy run is anywhere', async () => {
  await using stack = new AsyncDisposableStack()
  const mailServer = stack.use(await startMailServer())
  const receiver = stack.use(await startReceiver())
  const folder = stack.use(await temporaryFolder()).path
  const setupToken = 'set-up-token-of-the-busy-run'
  const server = stack.use(
    await startServerProcess({
      SALLYPORT_DATA: folder,
      SALLYPORT_SETUP_TOKEN: setupToken,
      SALLYPORT_LOG_LEVEL: 'debug',
      SALLYPORT_ACCESS_LOG: 'all',
      SALLYPORT_PUBLIC_URL: 'http://localhost:8080',
      SALLYPORT_SMTP_URL: `smtp://127.0.0.1:${mailServer.port}`,
      SALLYPORT_MAIL_FROM: 'sallyport@example.com',
    }),
  )
  const control = new IssuingClient(server.controlUrl)
  const gateway = new IssuingClient(server.gatewayUrl, control.secrets)
  const choose = (name: string, secret: string): string => {
    control.secrets.set(name, secret)
    return secret
  }
  choose('set-up token', setupToken)
  choose('master key', (await readFile(join(folder, 'master.key'), 'latin1')).trim())

  // Olivia sets up and signs in, Nora is invited, and resets her password.
  const password = choose('password', 'correct horse battery staple')
  const setUp = {
    setupToken,
    organization: { slug: 'acme', name: 'Acme' },
    owner: { email: OLIVIA, name: 'Olivia', password },
  }
  const { body: founded } = await control.issue({ 'owner token': ['token'] }, 'POST', '/v1/setup', setUp)
  const own = bearer(textAt(founded, 'token'))
  await control.call('POST', '/v1/setup', setUp)
  await control.call('POST', '/v1/auth/sign-in', {
    email: OLIVIA,
    password: choose('mistyped password', 'correct hose battery staple'),
  })
  const olivia = cookieOf(
    await control.issue({ session: sessionOf }, 'POST', '/v1/auth/sign-in', { email: OLIVIA, password }),
  )
  const factor = await control.issue(
    { 'secret of the authenticator': ['secret'] },
    'POST',
    '/v1/person/second-factor',
    {},
    olivia,
  )
  const confirmed = await control.issue(
    { 'recovery code': ['recoveryCodes', '0'], 'other recovery code': ['recoveryCodes', '9'] },
    'POST',
    '/v1/person/second-factor/confirm',
    { code: appCode(textAt(factor.body, 'secret')) },
    olivia,
  )
  const withFactor = confirmed.headers.has('set-cookie') ? cookieOf(confirmed) : olivia
  const invited = await control.issue(
    { 'token of an invitation': ['token'] },
    'POST',
    `${ACME}/invitations`,
    { email: NORA, roles: ['developer'] },
    own,
  )
  const joined = await control.issue({ "Nora's session": sessionOf }, 'POST', '/v1/invitations/accept', {
    token: textAt(invited.body, 'token'),
    name: 'Nora',
    password: choose("Nora's password", 'battery horse staple'),
  })
  const member = textAt(joined.body, 'member', 'id')
  await control.call('POST', '/v1/invitations/accept', { token: textAt(invited.body, 'token') })
  await control.issue(
    { 'token of a reset link': ['token'] },
    'POST',
    `${ACME}/members/${member}/reset-links`,
    {},
    withFactor,
  )
  await control.call('POST', '/v1/auth/reset-requests', { email: NORA })
  await expect.poll(() => mailServer.mails.some(({ text }) => text.includes('/reset-password#'))).toBe(true)
  const resetMail = mailServer.mails.find(({ text }) => text.includes('/reset-password#'))
  const resetToken = choose(
    'token of a mailed reset link',
    /reset-password#(\S+)/.exec(resetMail?.text ?? '')?.[1] ?? '',
  )
  await control.call('POST', '/v1/auth/reset', {
    token: resetToken,
    password: choose("Nora's new password", 'staple horse battery'),
  })

  // Pipelines, with a secret, a login and Basic credentials.
  const webhook = await control.issue(
    { 'secret of a webhook': ['secret'] },
    'POST',
    `${ACME}/webhooks`,
    { url: receiver.url, events: EVENTS },
    own,
  )
  const hook = `${ACME}/webhooks/${textAt(webhook.body, 'id')}`
  await control.issue({ 'new secret of a webhook': ['secret'] }, 'POST', `${hook}/rotate`, {}, own)
  const value = choose('secret of an environment', 'upstream-password-of-orders')
  await control.call('PUT', `${ACME}/environments/prod/secrets/ORDERS`, { value }, own)
  const publish = async (name: string, trigger: object, steps: readonly object[]): Promise<void> => {
    const spec = { trigger: { kind: 'http', path: `/${name}`, methods: ['POST'], ...trigger }, steps }
    await control.call('POST', `${ACME}/pipelines`, { name, spec }, own)
    const target = { pipeline: name, version: '1.0', environment: 'prod' }
    expect((await control.call('POST', `${ACME}/deployments`, target, own)).status).toBe(201)
  }
  const apiKey = { authentication: { apiKey: true } }
  const forward = { url: `${receiver.url}/orders`, headers: { 'x-orders': '{secrets.ORDERS}' } }
  await publish('orders', apiKey, [{ proxy: forward }])
  await publish('query', { ...apiKey, apiKeyInQuery: true }, [{ respond: {} }])
  await publish('basic', { authentication: { basic: true } }, [{ respond: {} }])
  await publish('login', { ...apiKey, login: true }, [
    { 'jwt.generate': { subject: '"app"', expiresIn: '15m' } },
  ])
  await publish('jwt', { authentication: { jwt: true } }, [{ respond: {} }])
  const policy = `${ACME}/environments/prod/policies/external-api-access`
  await control.call('PUT', policy, { mode: 'api-key' }, own)
  const refused = { pipeline: 'jwt', version: '1.0', environment: 'prod' }
  expect((await control.call('POST', `${ACME}/deployments`, refused, own)).status).toBe(422)

  // Keys, in every way in which a token comes to be.
  const consumer = await control.issue(
    { "token of a consumer's key": ['token'] },
    'POST',
    `${ACME}/consumers`,
    { name: 'app', environment: 'prod', pipelines: ['orders', 'query', 'basic', 'login', 'jwt'] },
    own,
  )
  const app = textAt(consumer.body, 'token')
  const basic = await control.issue(
    { 'Basic password': ['password'] },
    'POST',
    `${ACME}/consumers/${textAt(consumer.body, 'consumer', 'id')}/basic-credentials`,
    { username: 'app' },
    own,
  )
  const pair = `app:${textAt(basic.body, 'password')}`
  const credentials = choose('Basic credentials', Buffer.from(pair).toString('base64'))
  await control.call(
    'POST',
    `${ACME}/roles`,
    { name: 'robot', permissions: [{ permission: 'keys.roll-self' }] },
    own,
  )
  const key = { name: 'robot', type: 'secret', roles: ['robot'] }
  const once = { ...own, 'idempotency-key': 'once' }
  const made = await control.issue({ token: ['token'] }, 'POST', `${ACME}/keys`, key, once)
  const robot = textAt(made.body, 'token')
  const id = textAt(made.body, 'key', 'id')
  const self = await control.issue(
    { 'token of a self-roll': ['token'] },
    'POST',
    '/v1/keys/self/roll',
    {},
    bearer(robot),
  )
  await control.call('POST', '/v1/keys/self/roll/finish', undefined, bearer(textAt(self.body, 'token')))
  await control.issue({ 'token of a roll': ['token'] }, 'POST', `${ACME}/keys/${id}/roll`, {}, own)
  const handed = await control.issue(
    { 'link of a hand-over': ({ body }) => secretOf(textAt(body, 'handOver', 'link')) },
    'POST',
    `${ACME}/keys`,
    { ...key, handOver: { expiresInHours: 1 } },
    own,
  )
  const link = textAt(handed.body, 'handOver', 'link')
  const opening = await openingOf(link)
  choose('proof of a hand-over', opening.proof)
  const naming = { 'user-agent': `Browser of ${app}` }
  const opened = await control.call('POST', '/v1/hand-overs/open', opening, naming)
  choose('token of a hand-over', await tokenIn(opened.body, link))
  await control.call('POST', '/v1/hand-overs/open', opening)
  const portal = await control.issue(
    { 'link of a portal session': ({ body }) => textAt(body, 'link').split('#')[1] ?? '' },
    'POST',
    `${ACME}/consumers/${textAt(consumer.body, 'consumer', 'id')}/portal-sessions`,
    { scopes: ['keys.read', 'keys.create', 'keys.roll'] },
    own,
  )
  const portalOpening = { secret: textAt(portal.body, 'link').split('#')[1] ?? '' }
  const people = cookieOf(
    await control.issue({ 'portal session': sessionOf }, 'POST', '/v1/portal/open', portalOpening, naming),
  )
  await control.call('POST', '/v1/portal/open', portalOpening)
  const shop = await control.issue(
    { 'token of a key made in a portal': ['token'] },
    'POST',
    '/v1/portal/keys',
    { name: 'shop' },
    people,
  )
  const shopKey = `/v1/portal/keys/${textAt(shop.body, 'key', 'id')}`
  await control.issue({ 'token of a roll in a portal': ['token'] }, 'POST', `${shopKey}/roll`, {}, people)
  await control.call('GET', '/v1/portal', undefined, people)
  const partner = await control.issue(
    { "partner's owner token": ['token'] },
    'POST',
    '/v1/organizations',
    { slug: 'partner', name: 'Partner' },
    own,
  )
  const theirs = bearer(textAt(partner.body, 'token'))
  await control.call('POST', `${PARTNER}/external-keys`, { keyId: id, roles: ['auditor'] }, theirs)
  await control.call('POST', `${PARTNER}/external-keys`, { keyId: robot, roles: ['auditor'] }, theirs)

  // Calls, good and bad, with tokens where they do not belong.
  const call = async (path: string, headers: Record<string, string>): Promise<number> =>
    (await gateway.call('POST', `/acme/prod/${path}`, {}, headers)).status
  expect(await call('orders', { 'x-api-key': app })).toBe(204)
  expect(await call('orders', { 'x-api-key': robot })).toBe(401)
  expect(await call(`orders/${app}`, { 'x-api-key': app })).toBe(404)
  await call(`query?key=${app}&api_key=${app}&apikey=${app}`, {})
  // While a key is rolling, lists show what its callers call themselves.
  const shopToken = textAt(shop.body, 'token')
  const watched = `${ACME}/keys/${textAt(shop.body, 'key', 'id')}`
  // Not through a pipeline: its upstream gets the header as it is.
  const watch = async (): Promise<number> =>
    (await gateway.call('POST', '/authz/acme/prod/orders', {}, { 'x-api-key': shopToken, ...naming })).status
  await expect.poll(watch).toBeLessThan(300)
  const shown = async (): Promise<string> =>
    JSON.stringify((await control.call('GET', watched, undefined, own)).body['roll'])
  await expect.poll(shown).toContain('Browser of sp_')
  expect(await call('basic', { authorization: `Basic ${credentials}` })).toBe(200)
  const login = await gateway.issue(
    { JWT: ['access_token'] },
    'POST',
    '/acme/prod/login',
    {},
    { 'x-api-key': app },
  )
  const jwt = textAt(login.body, 'access_token')
  // A token that was issued elsewhere, before and after it is imported.
  const legacy = choose('token of an imported key', 'lgcy-4fT0Qm2ZrX9bLk7A~x')
  const calls: readonly (readonly [path: string, headers: Record<string, string>])[] = [
    ['orders', { 'x-api-key': legacy }],
    ['orders', bearer(legacy)],
    [`query?apikey=${legacy}`, {}],
  ]
  for (const [path, headers] of calls) expect(await call(path, headers)).toBe(401)
  const owning = textAt(consumer.body, 'consumer', 'id')
  const line = { name: 'moved', token: legacy, environment: 'prod', consumer: owning }
  const ndjson = { ...own, 'content-type': 'application/x-ndjson' }
  expect((await control.call('POST', `${ACME}/imports`, line, ndjson)).status).toBe(202)
  const leaky = { ...line, name: legacy }
  expect((await control.call('POST', `${ACME}/imports`, leaky, ndjson)).status).toBe(202)
  await control.call('POST', `${ACME}/imports`, { ...line, [legacy]: legacy }, ndjson)
  await control.call('POST', `${ACME}/imports`, line, { ...own, 'content-type': 'text/csv' })
  await expect.poll(async () => await call('orders', { 'x-api-key': legacy })).toBe(204)
  for (const [path, headers] of calls) expect(await call(path, headers)).toBeLessThan(300)
  const { body: found } = await control.call('POST', `${ACME}/keys/lookup`, { token: legacy }, own)
  await control.call('GET', `${ACME}/keys`, undefined, bearer(legacy))
  await control.call('GET', `${ACME}/keys/${textAt(found, 'key', 'id')}`, undefined, own)
  expect(await call('jwt', bearer(jwt))).toBe(200)
  expect(await call('jwt', bearer(`${jwt}x`))).toBe(401)
  for (const body of [{ token: app }, { token: legacy }, { jwt, environment: 'prod' }, { token: robot }]) {
    await control.call('POST', `${ACME}/verify`, body, own)
  }
  const misnamed: readonly (readonly [path: string, body: object])[] = [
    ['keys', { name: app, type: 'secret' }],
    ['consumers', { name: robot, environment: 'prod' }],
    ['consumers', { name: 'misnamed', description: `It uses ${robot}.`, environment: 'prod' }],
    ['webhooks', { url: `https://hooks.example.com/${robot}`, events: ['key.created'] }],
  ]
  for (const [path, body] of misnamed) {
    expect((await control.call('POST', `${ACME}/${path}`, body, own)).status).toBe(400)
  }
  await control.call('PATCH', `${ACME}/keys/${app}`, { status: 'inactive' }, own)
  await control.call('GET', `${ACME}/keys/${robot}?limit=${app}&cursor=${app}`, undefined, own)
  await control.call('POST', `${ACME}/projects/${app}?token=${robot}`, { [app]: robot }, own)
  await control.call('DELETE', `${ACME}/keys/${id}`, undefined, own)
  await control.call('GET', '/v1/whoami', undefined, bearer(robot))

  // Everything that can be read afterwards.
  for (const list of [
    'keys',
    'consumers',
    'members',
    'invitations',
    'external-keys',
    'hand-overs',
    'imports',
    'portal-sessions',
    'webhooks',
    'usage',
    'requests',
    'roles',
  ]) {
    expect([list, (await control.call('GET', `${ACME}/${list}`, undefined, own)).status]).toEqual([list, 200])
  }
  await control.call('GET', `${ACME}/keys/${id}`, undefined, own)
  const messages = (): string =>
    receiver.received.map(({ headers, body }) => JSON.stringify([headers, body])).join('\n')
  await expect.poll(messages).toContain('deployment.refused')
  await control.call('GET', `${hook}/deliveries`, undefined, own)
  const read = async (url: string, accept: string): Promise<string> =>
    await (await fetch(url, { headers: { ...own, accept } })).text()
  const events = `${server.controlUrl}${ACME}/audit-events`
  const exports = [await read(events, 'application/x-ndjson'), await read(events, 'text/csv')]
  expect(exports.every((text) => text.includes('keys.roll'))).toBe(true)
  const metrics = [
    await read(`${server.controlUrl}/metrics`, '*/*'),
    await read(`${server.gatewayUrl}/metrics`, '*/*'),
  ]
  await expect
    .poll(() => mailServer.mails.some(({ text }) => text.includes('You get this mail because you own')), {
      timeout: 30_000,
    })
    .toBe(true)
  const places = new Map([
    ['an answer', control.answers],
    ['an answer of the gateway', gateway.answers],
    ['an export', Buffer.from(exports.join('\n'))],
    ['metrics', Buffer.from(metrics.join('\n'))],
    ['a webhook', Buffer.from(messages().replaceAll(value, '…'))],
    // A mailed link is for its recipient alone.
    ...mailServer.mails.map(
      ({ text, source }) =>
        [
          `a mail: ${text}`,
          Buffer.from(text.includes('#') ? text.replaceAll(/#\S+/g, '#…') : source),
        ] as const,
    ),
    ...(await filesOf(folder, ['master.key'])),
    ['the log', Buffer.from(`${server.output.stdout}\n${server.output.stderr}`)],
  ])
  expect(control.secrets.size).toBeGreaterThanOrEqual(25)
  expect(places.get('the log')?.includes('request')).toBe(true)
  expect(findings(control.secrets, places)).toEqual([])
  // Otherwise the search could be blind.
  const seen = new Map([['key id', id]])
  expect(findings(seen, places).length).toBeGreaterThan(3)
})
