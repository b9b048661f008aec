import { setTimeout } from 'node:timers/promises'
import {
  virtualAuthenticator,
  type VirtualAuthenticator,
} from '../../packages/server/src/identity/testing/virtual-authenticator.ts'
import type { HostileProvider } from '../../packages/server/src/identity/testing/hostile-provider.ts'
import { textAt, type ApiClient, type ApiResponse, type Json } from '../support/api-client.ts'
import { appCode } from '../support/authenticator-app.ts'
import { openingOf } from '../support/hand-over-link.ts'
import { firstDelivery, POLL_MS } from '../support/webhooks.ts'
import { OPERATIONS, pathOf, type Operation } from './operations.ts'

/** A request that the server accepts now. */
export interface ValidRequest {
  readonly operation: Operation
  readonly method: string
  readonly path: string
  /** The path parameters. */
  readonly parameters: Readonly<Record<string, string>>
  readonly query?: string
  readonly body?: unknown
  /** Of the session that the operation needs; undefined for an operation that takes a key. */
  readonly cookie?: string
  /** Of the key that the operation is about, if it is the key that calls. */
  readonly token?: string
  /** The content type of the body; JSON unless given. */
  readonly type?: string
}

interface Prepared {
  readonly type?: string | undefined
  readonly token?: string
  readonly path?: Readonly<Record<string, string>>
  readonly query?: string
  readonly body?: unknown
  readonly cookie?: string
}

const ACME = '/v1/organizations/acme'
const SPEC = {
  trigger: { kind: 'http', path: '/orders/:id', methods: ['GET'], authentication: { apiKey: true } },
  steps: [{ proxy: { url: 'https://orders.example.com/orders/{id}' } }],
}
/** A spec with every kind of field. */
const LONG_SPEC = {
  trigger: {
    kind: 'rest',
    path: '/long/:id',
    routes: ['/long/:id/parts', '/long-files/*'],
    methods: ['GET', 'POST'],
    authentication: { apiKey: true, jwt: true, basic: false },
    acceptsPublicKeys: false,
    cors: { origins: ['https://app.example.com'], headers: ['x-trace'], credentials: false },
    limits: { requestBytes: 1000, timeoutMs: 2000 },
    rateLimits: [{ requests: 100, per: 'minute', by: 'consumer' }],
    responseHeaders: { 'x-served-by': 'sallyport' },
  },
  steps: [
    { assert: { that: 'params.id != ""', status: 422, code: 'no_id', detail: 'Send an id.' } },
    {
      call: { url: 'https://stock.example.com/{id}', method: 'POST', headers: { 'x-a': 'b' }, body: 'body' },
    },
    { transform: { body: '{ "stock": body }', headers: { 'x-b': '"c"' }, status: '200' } },
    { respond: { status: 200, body: { ok: true } } },
  ],
}

/** A spec with the fields that decide how upstreams are called, and what requests and responses may hold. */
const UPSTREAM_SPEC = {
  trigger: {
    kind: 'http',
    path: '/upstreams/{id}',
    routes: [
      { path: '/upstreams/{id}/parts', methods: ['PUT'], request: { body: { $ref: '#/$defs/Part' } } },
      '/upstreams/**',
    ],
    hosts: ['fuzz.example.com', '*.fuzz.example.com'],
    methods: ['GET', 'PUT'],
    authentication: { apiKey: 'optional' },
    trailingSlash: 'optional',
    correlationHeader: 'X-Correlation-ID',
    addressRules: ['203.0.113.0/24'],
    maintenance: { detail: 'Back soon.', retryAfterSeconds: 60, exceptAddresses: ['203.0.113.7'] },
    deprecation: { since: '2027-01-01T00:00:00Z', sunset: '2028-01-01T00:00:00Z' },
    compression: { minBytes: 10, contentTypes: ['text/*', 'application/json'] },
    request: {
      params: { properties: { id: { type: 'integer', minimum: 1 } } },
      query: {
        properties: { tag: { type: 'array', items: { enum: ['a', 'b'] } } },
        additionalProperties: false,
      },
      contentTypes: ['application/json'],
    },
    schemas: { Part: { type: 'object', required: ['n'], properties: { n: { multipleOf: 0.5 } } } },
  },
  steps: [
    {
      call: {
        url: 'https://a.example.com/check',
        targets: [{ origin: 'https://a.example.com' }, { origin: 'https://b.example.com', backup: true }],
        tls: { ca: '{secrets.CA}', serverName: 'inside.example.com' },
      },
    },
    {
      proxy: {
        url: 'https://a.example.com/{id}',
        headers: { 'x-a': null, 'x-b': { append: ['c'] }, 'x-d': { from: 'x-e' } },
        responseHeaders: { server: null },
        targets: [
          { origin: 'https://a.example.com', weight: 3 },
          { origin: 'https://b.example.com', when: { headers: { 'x-canary': 'yes' } } },
        ],
        balance: {
          by: 'caller',
          retries: 1,
          failures: 3,
          health: { path: '/healthz', intervalMs: 5000, statuses: [200, 204] },
        },
        cache: { shared: true, seconds: 30, headers: ['accept', 'x-currency'] },
        tls: { certificate: '{secrets.CERTIFICATE}', key: '{secrets.KEY}' },
        connectTimeoutMs: 500,
        firstByteTimeoutMs: 900,
        preserveHost: false,
        forwardedPrefix: true,
      },
    },
  ],
}

/** How many resources of a kind an environment or a consumer may have here before a new one is used. */
const PER_OWNER = 5
/** How long a session is used, in ms: after a minute its use would be recorded, also by a request that is refused. */
const SESSION_MS_MAX = 30_000
/** The public URL of servers that requests of people are sent to: passkeys need a domain. */
export const PUBLIC_URL = 'http://localhost:8080'
/** The password of everybody here. */
const PASSWORD = 'correct horse battery staple'
/** How many environments stay before unused ones are removed. */
const ENVIRONMENTS_KEPT = 20
/** How many invitations stay before they are withdrawn. */
const INVITATIONS_KEPT = 100
/** How many pending hand-overs stay before they are withdrawn. */
const HAND_OVERS_KEPT = 100
/** Its events do not happen here: deliveries would change what is stored while it is compared. */
const SILENT_WEBHOOK = { url: 'https://hooks.example.com/fuzz', events: ['probe.alarm'] }
/** How many webhooks stay before unused ones are removed. */
const WEBHOOKS_KEPT = 10
/** How many roles stay before unused ones are removed. */
const ROLES_KEPT = 50

/** Only these can go on: the end of each is waited for before the next request but one. */
const NEWEST_IMPORTS = 'limit=10&sort=-createdAt'

const NDJSON = { 'content-type': 'application/x-ndjson' }
const SECOND_FACTOR = '/v1/person/second-factor'

/** The cookie that an answer sets. */
function cookieOf({ headers, body }: ApiResponse): string {
  const cookie = headers.get('set-cookie')?.split(';', 1)[0]
  if (cookie === undefined) throw new Error(`no cookie, but ${JSON.stringify(body)}`)
  return cookie
}

/** Makes valid requests to every operation, with resources that exist. */
export class ValidRequests {
  readonly #api: ApiClient
  readonly #provider: HostileProvider
  readonly #kept = new Map<string, string>()
  readonly #uses = new Map<string, number>()
  /** When the session of an operation was made, by the monotonic clock. */
  readonly #sessionMadeMs = new Map<string, number>()
  #count = 0
  /** Whether an import may go on. */
  #mayImport = false
  /** How many new tokens were asked for as hand-overs. */
  #handOvers = 0
  #partnerToken: string | undefined
  /** The authenticators of people, by the cookie of their session. */
  readonly #authenticators = new Map<string, VirtualAuthenticator>()

  /** @param provider the only one that the server knows */
  constructor(api: ApiClient, provider: HostileProvider) {
    this.#api = api
    this.#provider = provider
  }

  /** Prepares a request to an operation; makes the resources that it needs. */
  async prepare(operation: Operation): Promise<ValidRequest> {
    await this.#endImports()
    const prepared = await this.#preparations[operation.id]?.()
    const parameters: Record<string, string> = { organization: 'acme', ...prepared?.path }
    const path = pathOf(operation, parameters)
    const body = prepared?.body ?? operation.example
    const { query, cookie, token, type } = prepared ?? {}
    return {
      operation,
      method: operation.method,
      path,
      parameters,
      ...(query === undefined ? {} : { query }),
      ...(body === undefined ? {} : { body }),
      ...(cookie === undefined ? {} : { cookie }),
      ...(token === undefined ? {} : { token }),
      ...(type === undefined ? {} : { type }),
    }
  }

  /** Forgets the resources of an operation after a request to it was accepted. */
  used({ id, path }: Operation): void {
    // Another method can turn a read of imports into a new one.
    this.#mayImport ||= path.includes('/imports')
    this.#forget(id)
  }

  /** Waits for the end of an import, which writes after its request was answered. */
  async #endImports(): Promise<void> {
    while (this.#mayImport) {
      const { items } = await this.#api.must('GET', `${ACME}/imports?${NEWEST_IMPORTS}`)
      this.#mayImport = Object.values(items ?? {}).some((one) => textAt(one, 'state') === 'running')
      if (this.#mayImport) await setTimeout(POLL_MS)
    }
  }

  readonly #import = async (): Promise<string> => {
    const { status, body } = await this.#api.call('POST', `${ACME}/imports`, this.#importedLine(), NDJSON)
    if (status !== 202) throw new Error(`an import got ${status}`)
    this.#mayImport = true
    await this.#endImports()
    return textAt(body, 'id')
  }

  /** A line of NDJSON, which is a JSON text. */
  #importedLine(): object {
    return { name: 'moved', token: `elsewhere-${this.#name()}`, environment: 'test', labels: { team: 'pay' } }
  }

  #forget(operation: string): void {
    for (const kept of this.#kept.keys()) if (kept.startsWith(`${operation} `)) this.#kept.delete(kept)
  }

  /** The cookie of a session, until a request to the operation is accepted, or the session is too old. */
  async #keepSession(operation: string, make = this.#session): Promise<string> {
    const nowMs = performance.now()
    if (nowMs - (this.#sessionMadeMs.get(operation) ?? nowMs) > SESSION_MS_MAX) this.#forget(operation)
    return await this.#keep(operation, 'session', async () => {
      this.#sessionMadeMs.set(operation, performance.now())
      return await make()
    })
  }

  /** A value that is made once, until a request to the operation is accepted. */
  async #keep(operation: string, kind: string, make: () => Promise<string>): Promise<string> {
    const name = `${operation} ${kind}`
    let kept = this.#kept.get(name)
    if (kept === undefined) {
      kept = await make()
      this.#kept.set(name, kept)
    }
    return kept
  }

  /** An owner of resources that is replaced after a number of uses, because it may only have so many of them. */
  async #owner(kind: string, make: () => Promise<string>): Promise<string> {
    const uses = (this.#uses.get(kind) ?? 0) + 1
    this.#uses.set(kind, uses)
    if (uses % PER_OWNER === 0) this.#kept.delete(`owner ${kind}`)
    return await this.#keep('owner', kind, make)
  }

  #name(): string {
    this.#count += 1
    return `m${this.#count}`
  }

  async #post(path: string, body: unknown): Promise<Json> {
    return await this.#api.must('POST', `${ACME}/${path}`, body)
  }

  readonly #project = async (): Promise<string> =>
    textAt(await this.#post('projects', { name: this.#name() }), 'name')

  readonly #environment = async (): Promise<string> => {
    await this.#removeEnvironments()
    return textAt(await this.#post('environments', { name: this.#name(), position: 0 }), 'name')
  }

  /** Removes environments that are no longer used: an organization can have 32. */
  async #removeEnvironments(): Promise<void> {
    const { items } = await this.#api.must('GET', `${ACME}/environments?limit=200`)
    const names = Object.values(items ?? {}).map((environment) => textAt(environment, 'name'))
    if (names.length < ENVIRONMENTS_KEPT) return
    const kept = new Set(this.#kept.values())
    for (const name of names) {
      if (/^m\d+$/.test(name) && !kept.has(name))
        await this.#api.call('DELETE', `${ACME}/environments/${name}`)
    }
  }

  readonly #role = async (): Promise<string> => {
    await this.#removeRoles()
    const permissions = [{ permission: 'pipelines.invoke', environment: 'prod' }]
    return textAt(await this.#post('roles', { name: this.#name(), permissions }), 'name')
  }

  /** Removes roles that are no longer used: an organization can have 100. */
  async #removeRoles(): Promise<void> {
    const { items } = await this.#api.must('GET', `${ACME}/roles?limit=200`)
    const names = Object.values(items ?? {}).map((role) => textAt(role, 'name'))
    if (names.length < ROLES_KEPT) return
    const kept = new Set(this.#kept.values())
    for (const name of names) if (!kept.has(name)) await this.#api.call('DELETE', `${ACME}/roles/${name}`)
  }

  /** Removes invitations that are no longer used: an organization can have 200. */
  async #removeInvitations(): Promise<void> {
    const { items } = await this.#api.must('GET', `${ACME}/invitations?limit=200`)
    const ids = Object.values(items ?? {}).map((invitation) => textAt(invitation, 'id'))
    if (ids.length < INVITATIONS_KEPT) return
    for (const id of ids) await this.#api.call('DELETE', `${ACME}/invitations/${id}`)
    this.#kept.delete('withdrawInvitation invitation')
    this.#kept.delete('acceptInvitation token')
  }

  /** What a new token is asked for with, to be handed over. Withdraws those of earlier requests: 200 can be pending. */
  async #handOverTerms(): Promise<Json> {
    this.#handOvers += 1
    if (this.#handOvers % HAND_OVERS_KEPT === 0) {
      let query: string | null = 'limit=200'
      while (query !== null) {
        const page = await this.#api.must('GET', `${ACME}/hand-overs?${query}`)
        const pending = Object.values(page['items'] ?? {}).filter(
          (item) => textAt(item, 'state') === 'pending',
        )
        for (const item of pending) await this.#api.must('DELETE', `${ACME}/hand-overs/${textAt(item, 'id')}`)
        query = page['next'] === null ? null : `limit=200&cursor=${textAt(page, 'next')}`
      }
      this.#forget('hand-overs')
      this.#forget('withdrawHandOver')
      this.#forget('openHandOver')
    }
    return { expiresInHours: 24 } as unknown as Json
  }

  readonly #handedKey = async (): Promise<Json> => {
    const key = { name: this.#name(), type: 'secret', environment: 'test' }
    return await this.#post('keys', { ...key, handOver: await this.#handOverTerms() })
  }

  readonly #handOver = async (): Promise<string> => textAt(await this.#handedKey(), 'handOver', 'id')

  async #portalLink(consumer: string): Promise<Json> {
    return await this.#post(`consumers/${consumer}/portal-sessions`, {
      scopes: ['keys.read', 'keys.create', 'keys.roll', 'keys.delete', 'usage.read'],
      expiresInSeconds: 86_400,
    })
  }

  readonly #portalSession = async (): Promise<string> =>
    textAt(await this.#portalLink(await this.#consumer()), 'id')

  /** The cookie of a new portal session. */
  async #openPortal(consumer: string): Promise<string> {
    const link = textAt(await this.#portalLink(consumer), 'link')
    return cookieOf(await this.#api.call('POST', '/v1/portal/open', { secret: link.split('#')[1] }))
  }

  /** A consumer and an open portal session of it. */
  async #portal(): Promise<{ readonly consumer: string; readonly cookie: string }> {
    const consumer = await this.#owner('portal', this.#consumer)
    const cookie = await this.#keep('portal', consumer, async () => await this.#openPortal(consumer))
    return { consumer, cookie }
  }

  /** A key of the consumer of an open portal session, until a request to the operation is accepted. */
  async #inPortal(operation: string, make: (consumer: string) => Promise<string>): Promise<Prepared> {
    const { consumer, cookie } = await this.#portal()
    const key = await this.#keep(operation, `key of ${consumer}`, async () => await make(consumer))
    return { path: { key }, cookie }
  }

  readonly #keyOf = async (consumer: string): Promise<string> =>
    textAt(await this.#post('keys', { name: this.#name(), type: 'secret', consumer }), 'key', 'id')

  readonly #rollingKeyOf = async (consumer: string): Promise<string> => {
    const key = await this.#keyOf(consumer)
    await this.#post(`keys/${key}/roll`, { graceSeconds: 3600 })
    return key
  }

  readonly #pipeline = async (): Promise<string> => {
    const name = this.#name()
    const spec = { ...SPEC, trigger: { ...SPEC.trigger, path: `/${name}/:id` } }
    await this.#post('pipelines', { name, spec })
    await this.#post(`pipelines/${name}/versions`, { spec })
    return name
  }

  readonly #deployment = async (): Promise<string> => {
    const pipeline = await this.#pipeline()
    await this.#post('deployments', { pipeline, version: '1.0', environment: 'test' })
    return textAt(await this.#post('deployments', { pipeline, version: '1.1', environment: 'test' }), 'id')
  }

  readonly #consumer = async (): Promise<string> =>
    textAt(await this.#post('consumers', { name: this.#name(), environment: 'test' }), 'consumer', 'id')

  readonly #username = async (consumer: string): Promise<string> => {
    const username = this.#name()
    await this.#post(`consumers/${consumer}/basic-credentials`, { username })
    return username
  }

  readonly #key = async (): Promise<string> =>
    textAt(await this.#post('keys', { name: this.#name(), type: 'secret', environment: 'test' }), 'key', 'id')

  /** The owner of an organization whose keys become external keys. */
  async #partner(): Promise<ApiClient> {
    this.#partnerToken ??= textAt(
      await this.#api.must('POST', '/v1/organizations', { slug: 'fuzz-partner', name: 'Partner Inc.' }),
      'token',
    )
    return this.#api.as(this.#partnerToken)
  }

  readonly #partnerKey = async (): Promise<string> => {
    const partner = await this.#partner()
    const key = { name: this.#name(), type: 'secret' }
    return textAt(await partner.must('POST', '/v1/organizations/fuzz-partner/keys', key), 'key', 'id')
  }

  readonly #externalKey = async (): Promise<string> =>
    textAt(await this.#post('external-keys', { keyId: await this.#partnerKey(), roles: ['invoker'] }), 'id')

  readonly #webhook = async (): Promise<string> => {
    await this.#removeWebhooks()
    return textAt(await this.#post('webhooks', SILENT_WEBHOOK), 'id')
  }

  /** A webhook that new tokens of scheduled rolls go to. No key is due here. */
  readonly #tokenWebhook = async (): Promise<string> => {
    await this.#removeWebhooks()
    return textAt(await this.#post('webhooks', { ...SILENT_WEBHOOK, events: ['key.rotated'] }), 'id')
  }

  /** A key that rolls on a schedule. */
  readonly #rotatedKey = async (): Promise<string> => {
    const webhook = await this.#keep('scheduled rolls', 'webhook', this.#tokenWebhook)
    const key = await this.#key()
    await this.#api.must('PUT', `${ACME}/keys/${key}/rotation`, { rotateEveryDays: 30, webhook })
    return key
  }

  /** Removes webhooks that are no longer used: an organization can have 20. */
  async #removeWebhooks(): Promise<void> {
    const { items } = await this.#api.must('GET', `${ACME}/webhooks?limit=200`)
    const ids = Object.values(items ?? {}).map((webhook) => textAt(webhook, 'id'))
    if (ids.length < WEBHOOKS_KEPT) return
    const kept = new Set(this.#kept.values())
    for (const id of ids) if (!kept.has(id)) await this.#api.call('DELETE', `${ACME}/webhooks/${id}`)
  }

  /** A delivery of a webhook that nothing more is delivered to. */
  readonly #delivery = async (): Promise<string> => {
    const webhook = `${ACME}/webhooks/${await this.#keep('deliveries', 'webhook', this.#webhook)}`
    await this.#api.must('PATCH', webhook, { events: ['key.created'] })
    await this.#key()
    const delivery = await firstDelivery(this.#api, webhook)
    await this.#api.must('PATCH', webhook, { status: 'inactive' })
    return delivery
  }

  readonly #invitation = async (): Promise<Json> =>
    await this.#post('invitations', { email: `${this.#name()}@example.com`, roles: ['auditor'] })

  /** Somebody who has just joined. @returns the cookie of their session */
  async #newcomer(): Promise<{ readonly id: string; readonly email: string; readonly cookie: string }> {
    const token = textAt(await this.#invitation(), 'token')
    this.#count += 1
    // From an address of its own, because failures of this one are limited.
    const headers = { 'x-forwarded-for': `10.0.${this.#count >> 8}.${this.#count & 255}` }
    const body = { token, name: 'Nora', password: PASSWORD }
    const accepted = await this.#api.call('POST', '/v1/invitations/accept', body, headers)
    const cookie = cookieOf(accepted)
    const [id, email] = [textAt(accepted.body, 'member', 'id'), textAt(accepted.body, 'member', 'email')]
    return { id, email, cookie }
  }

  readonly #member = async (): Promise<string> => (await this.#newcomer()).id
  readonly #session = async (): Promise<string> => (await this.#newcomer()).cookie

  /** The session of requests that leave it as it is. */
  async #sharedSession(): Promise<string> {
    return await this.#keepSession('session')
  }

  readonly #otherSession = async (cookie: string): Promise<string> => {
    const { body } = await this.#api.call('GET', '/v1/session', undefined, { cookie })
    const email = textAt(body, 'member', 'email')
    await this.#api.must('POST', '/v1/auth/sign-in', { email, password: PASSWORD })
    const others = await this.#api.call('GET', '/v1/session/others', undefined, { cookie })
    return textAt(others.body, 'items', '0', 'id')
  }

  /** The session of somebody with an authenticator, who has just signed in. */
  async #passkeySession(): Promise<{ readonly cookie: string; readonly device: VirtualAuthenticator }> {
    const cookie = await this.#owner('passkeys', this.#session)
    let device = this.#authenticators.get(cookie)
    if (device === undefined) {
      device = virtualAuthenticator(PUBLIC_URL)
      this.#authenticators.set(cookie, device)
    }
    return { cookie, device }
  }

  /** What a session begins, or nobody in particular. */
  async #begun(path: string, cookie?: string): Promise<{ readonly ticket: string; readonly options: never }> {
    const { body } = await this.#api.call('POST', path, {}, cookie === undefined ? {} : { cookie })
    return { ticket: textAt(body, 'ticket'), options: body['options'] as never }
  }

  /** The request that adds a passkey. */
  async #newPasskey(): Promise<{ readonly cookie: string; readonly body: Json }> {
    const { cookie, device } = await this.#passkeySession()
    const { ticket, options } = await this.#begun('/v1/person/passkeys/options', cookie)
    const body = { ticket, name: 'Laptop', response: device.create(withoutExclusions(options)) }
    return { cookie, body: body as unknown as Json }
  }

  /** A passkey that works. */
  async #passkey(): Promise<{
    readonly id: string
    readonly cookie: string
    readonly device: VirtualAuthenticator
  }> {
    const { cookie, body } = await this.#newPasskey()
    const added = await this.#api.call('POST', '/v1/person/passkeys', body, { cookie })
    const device = this.#authenticators.get(cookie) ?? virtualAuthenticator(PUBLIC_URL)
    return { id: textAt(added.body, 'id'), cookie, device }
  }
  /** Somebody who has linked an account at the provider. @returns the cookie of their session */
  readonly #linkedSession = async (): Promise<string> => {
    const cookie = await this.#session()
    const { id } = this.#provider.settings
    const begun = await this.#api.call('POST', `/v1/person/providers/${id}/begin`, {}, { cookie })
    const browser = begun.headers.get('set-cookie')?.split(';', 1)[0] ?? ''
    this.#provider.behaviour = { claims: { sub: this.#name() } }
    const query = this.#provider.authorize(textAt(begun.body, 'url'))
    const both = { cookie: `${cookie}; ${browser}` }
    await this.#api.call('GET', `/v1/auth/providers/${id}/callback${query}`, undefined, both)
    return cookie
  }

  /** Somebody who has begun to add an authenticator app. */
  async #beginner(): Promise<{ readonly cookie: string; readonly code: string }> {
    const { cookie } = await this.#newcomer()
    const { body } = await this.#api.call('POST', SECOND_FACTOR, {}, { cookie })
    return { cookie, code: appCode(textAt(body, 'secret')) }
  }

  /** Somebody who has just added an authenticator app. */
  async #verified(): Promise<{ readonly cookie: string; readonly recoveryCode: string }> {
    const { cookie, code } = await this.#beginner()
    const confirmed = await this.#api.call('POST', `${SECOND_FACTOR}/confirm`, { code }, { cookie })
    return { cookie: cookieOf(confirmed), recoveryCode: textAt(confirmed.body, 'recoveryCodes', '0') }
  }

  readonly #verifiedSession = async (): Promise<string> => (await this.#verified()).cookie

  readonly #rollingKey = async (): Promise<string> => {
    const key = await this.#key()
    await this.#post(`keys/${key}/roll`, {})
    return key
  }

  /** The token of a key that may roll itself. */
  readonly #ownToken = async (): Promise<string> => {
    const made = await this.#post('keys', { name: 'own', type: 'secret', roles: ['owner'] })
    return textAt(made, 'token')
  }

  /** The new token of such a key. */
  readonly #rollingOwnToken = async (): Promise<string> => {
    const own = this.#api.as(await this.#ownToken())
    return textAt(await own.must('POST', '/v1/keys/self/roll', {}), 'token')
  }

  readonly #secret = async (): Promise<string> => {
    const name = this.#name().toUpperCase()
    await this.#api.must('PUT', `${ACME}/environments/test/secrets/${name}`, { value: 'kept' })
    return name
  }

  readonly #variable = async (): Promise<string> => {
    const name = this.#name().toUpperCase()
    await this.#api.must('PUT', `${ACME}/environments/test/variables/${name}`, { value: 'kept' })
    return name
  }

  readonly #plan = async (environment: string): Promise<string> => {
    const made = await this.#post(`environments/${environment}/plans`, { name: this.#name() })
    return textAt(made, 'name')
  }

  readonly #issuer = async (environment: string): Promise<string> => {
    const made = await this.#post(`environments/${environment}/issuers`, {
      issuer: `https://${this.#name()}.example.com`,
      audience: 'orders',
      jwksUrl: 'https://login.example.com/keys',
    })
    return textAt(made, 'id')
  }

  readonly #retiredKey = async (environment: string): Promise<string> => {
    const rotated = await this.#post(`environments/${environment}/signing-keys/rotate`, {})
    return textAt(rotated, 'retired', '0', 'id')
  }

  readonly #preparations: Readonly<Record<string, () => Promise<Prepared>>> = {
    setUp: async () => ({
      body: {
        setupToken: 'test-set-up-token',
        organization: { slug: 'again', name: 'Again' },
        owner: { email: 'owner@example.com', password: 'a-long-password', name: 'Owner' },
      },
    }),
    signIn: async () => ({
      body: {
        email: await this.#keep('signIn', 'person', async () => (await this.#newcomer()).email),
        password: PASSWORD,
      },
    }),
    beginProviderSignIn: async () => ({
      path: { provider: this.#provider.settings.id },
      body: { returnTo: '/keys?page=2' },
    }),
    // Nobody began it, so that it changes nothing.
    completeProviderSignIn: async () => ({
      path: { provider: this.#provider.settings.id },
      query: 'code=code&state=state',
    }),
    beginProviderLink: async () => ({
      path: { provider: this.#provider.settings.id },
      cookie: await this.#keepSession('beginProviderLink'),
    }),
    listLinkedProviders: async () => ({ cookie: await this.#sharedSession() }),
    unlinkProvider: async () => ({
      path: { provider: this.#provider.settings.id },
      cookie: await this.#keepSession('unlinkProvider', this.#linkedSession),
    }),
    getSession: async () => ({ cookie: await this.#sharedSession() }),
    stepUp: async () => ({
      cookie: await this.#keepSession('stepUp'),
      body: { password: PASSWORD },
    }),
    listOtherSessions: async () => ({ cookie: await this.#sharedSession() }),
    endOtherSession: async () => {
      const cookie = await this.#keepSession('endOtherSession')
      const session = await this.#keep('endOtherSession', cookie, () => this.#otherSession(cookie))
      return { path: { session }, cookie }
    },
    endOtherSessions: async () => ({ cookie: await this.#sharedSession() }),
    signOut: async () => ({ cookie: await this.#keepSession('signOut') }),
    requestPasswordReset: async () => ({ body: { email: `${this.#name()}@example.com` } }),
    resetPassword: async () => ({
      body: {
        token: await this.#keep('resetPassword', 'token', async () =>
          textAt(await this.#post(`members/${await this.#member()}/reset-links`, undefined), 'token'),
        ),
        password: 'battery horse staple correct',
      },
    }),
    changePassword: async () => ({
      cookie: await this.#keepSession('changePassword'),
      body: { current: PASSWORD, password: 'battery horse staple correct' },
    }),
    createResetLink: async () => ({
      path: { member: await this.#keep('members', 'member', this.#member) },
    }),
    listPasskeys: async () => ({ cookie: (await this.#passkeySession()).cookie }),
    beginPasskey: async () => ({ cookie: (await this.#passkeySession()).cookie }),
    addPasskey: () => this.#newPasskey(),
    renamePasskey: async () => {
      const { id, cookie } = await this.#passkey()
      return { path: { passkey: id }, cookie }
    },
    removePasskey: async () => {
      const { id, cookie } = await this.#passkey()
      return { path: { passkey: id }, cookie }
    },
    beginPasskeyStepUp: async () => ({ cookie: (await this.#passkey()).cookie }),
    signInWithPasskey: async () => {
      const { device } = await this.#passkey()
      const { ticket, options } = await this.#begun('/v1/auth/passkeys/options')
      return { body: { ticket, response: device.get(options) } }
    },
    getSecondFactor: async () => ({ cookie: await this.#sharedSession() }),
    beginSecondFactor: async () => ({
      cookie: await this.#keepSession('beginSecondFactor'),
    }),
    // Too many wrong codes of one person would be limited.
    confirmSecondFactor: async () => {
      const { cookie, code } = await this.#beginner()
      return { cookie, body: { code } }
    },
    verifySecondFactor: async () => {
      const { cookie, recoveryCode } = await this.#verified()
      return { cookie, body: { code: recoveryCode } }
    },
    replaceRecoveryCodes: async () => ({
      cookie: await this.#keepSession('replaceRecoveryCodes', this.#verifiedSession),
    }),
    removeSecondFactor: async () => ({
      cookie: await this.#keepSession('removeSecondFactor', this.#verifiedSession),
    }),
    listMembers: async () => ({ query: 'limit=5' }),
    getMember: async () => ({ path: { member: await this.#keep('members', 'member', this.#member) } }),
    updateMember: async () => ({
      path: { member: await this.#keep('members', 'member', this.#member) },
      body: { roles: ['auditor', 'policy-manager'] },
    }),
    removeMember: async () => ({
      path: { member: await this.#keep('removeMember', 'member', this.#member) },
    }),
    listInvitations: async () => ({ query: 'limit=5' }),
    createInvitation: async () => {
      await this.#removeInvitations()
      return { body: { email: `${this.#name()}@example.com`, roles: ['auditor'] } }
    },
    withdrawInvitation: async () => ({
      path: {
        invitation: await this.#keep('withdrawInvitation', 'invitation', async () =>
          textAt(await this.#invitation(), 'id'),
        ),
      },
    }),
    acceptInvitation: async () => ({
      body: {
        token: await this.#keep('acceptInvitation', 'token', async () =>
          textAt(await this.#invitation(), 'token'),
        ),
        name: 'Nora New',
        password: PASSWORD,
      },
    }),
    createOrganization: async () => ({ body: { slug: this.#name(), name: 'Partner Inc.' } }),
    createEnvironment: async () => {
      await this.#removeEnvironments()
      return { body: { name: this.#name(), position: 1 } }
    },
    getEnvironment: async () => ({ path: { environment: 'test' } }),
    updateEnvironment: async () => ({ path: { environment: 'test' } }),
    removeEnvironment: async () => ({
      path: { environment: await this.#keep('removeEnvironment', 'environment', this.#environment) },
    }),
    getPolicy: async () => ({ path: { environment: 'prod' } }),
    setPolicy: async () => ({
      path: { environment: await this.#keep('policies', 'environment', this.#environment) },
      query: 'wait=5',
      body: { mode: 'api-key', dryRun: false },
    }),
    listPolicyVersions: async () => ({ path: { environment: 'prod' }, query: 'limit=5' }),
    getConformity: async () => ({ path: { environment: 'test' } }),
    getKeyAge: async () => ({ path: { environment: 'prod' } }),
    setKeyAge: async () => ({
      path: { environment: await this.#keep('policies', 'environment', this.#environment) },
      query: 'wait=5',
      body: { rotationReminderDays: 90, maxLifetimeDays: 365, dryRun: false },
    }),
    getOrganizationKeyAge: async () => ({}),
    setOrganizationKeyAge: async () => ({
      query: 'wait=5',
      body: { rotationReminderDays: 180, maxLifetimeDays: 3650, dryRun: false },
    }),
    createProject: async () => ({ body: { name: this.#name(), description: 'Invoices and payments' } }),
    getProject: async () => ({ path: { project: 'default' } }),
    describeProject: async () => ({
      path: { project: await this.#keep('projects', 'project', this.#project) },
    }),
    removeProject: async () => ({
      path: { project: await this.#keep('removeProject', 'project', this.#project) },
    }),
    listPipelines: async () => ({ query: 'limit=5&project=default' }),
    createPipeline: async () => ({ body: { name: this.#name(), project: 'default', spec: LONG_SPEC } }),
    getPipeline: async () => ({
      path: { pipeline: await this.#keep('pipelines', 'pipeline', this.#pipeline) },
    }),
    removePipeline: async () => ({
      path: { pipeline: await this.#keep('removePipeline', 'pipeline', this.#pipeline) },
    }),
    listVersions: async () => ({
      path: { pipeline: await this.#keep('pipelines', 'pipeline', this.#pipeline) },
    }),
    getVersion: async () => ({
      path: { pipeline: await this.#keep('pipelines', 'pipeline', this.#pipeline), version: '1.0' },
    }),
    createVersion: async () => ({
      path: { pipeline: await this.#owner('versions', this.#pipeline) },
      body: { spec: UPSTREAM_SPEC, bump: 'minor', base: null, comment: 'Longer' },
    }),
    evaluateExpressions: async () => ({
      body: {
        expressions: ['body.n + 1', 'auth.claims.sub'],
        message: {
          method: 'POST',
          path: '/orders/7',
          params: { id: '7' },
          query: { page: '1', tag: ['a', 'b'] },
          headers: { accept: 'application/json' },
          body: { n: 1 },
          auth: {
            consumer: 'Mobile App',
            consumerId: 'con_1',
            key: 'key_1',
            claims: { sub: 'me' },
            labels: { tier: 'gold' },
          },
          status: 200,
        },
      },
    }),
    listScheduleRuns: async () => ({
      path: { pipeline: await this.#keep('pipelines', 'pipeline', this.#pipeline) },
      query: 'environment=test',
    }),
    listDeployments: async () => ({ query: 'state=all&environment=test' }),
    deploy: async () => ({
      body: {
        pipeline: await this.#keep('pipelines', 'pipeline', this.#pipeline),
        version: '1.0',
        environment: 'test',
        dryRun: false,
      },
    }),
    getDeployment: async () => ({
      path: { deployment: await this.#keep('deployments', 'deployment', this.#deployment) },
    }),
    undeploy: async () => ({
      path: { deployment: await this.#keep('undeploy', 'deployment', this.#deployment) },
    }),
    promote: async () => ({
      path: { deployment: await this.#keep('deployments', 'deployment', this.#deployment) },
      body: { environment: 'prod', dryRun: false },
    }),
    rollback: async () => ({
      path: { deployment: await this.#keep('rollback', 'deployment', this.#deployment) },
      body: { dryRun: false },
    }),
    redeploy: async () => ({
      path: { deployment: await this.#keep('redeploy', 'deployment', this.#deployment) },
      body: { dryRun: false },
    }),
    listSecrets: async () => ({ path: { environment: 'test' } }),
    getSecret: async () => ({
      path: { environment: 'test', name: await this.#keep('secrets', 'secret', this.#secret) },
    }),
    putSecret: async () => ({
      path: { environment: 'test', name: await this.#keep('secrets', 'secret', this.#secret) },
    }),
    removeSecret: async () => ({
      path: { environment: 'test', name: await this.#keep('removeSecret', 'secret', this.#secret) },
    }),
    listVariables: async () => ({ path: { environment: 'test' } }),
    getVariable: async () => ({
      path: { environment: 'test', name: await this.#keep('variables', 'variable', this.#variable) },
    }),
    putVariable: async () => ({
      path: { environment: 'test', name: await this.#keep('variables', 'variable', this.#variable) },
    }),
    removeVariable: async () => ({
      path: { environment: 'test', name: await this.#keep('removeVariable', 'variable', this.#variable) },
    }),
    listSigningKeys: async () => ({ path: { environment: 'test' } }),
    rotateSigningKey: async () => ({
      path: { environment: await this.#owner('rotations', this.#environment) },
    }),
    removeSigningKey: async () => {
      const environment = await this.#owner('removeSigningKey', this.#environment)
      const signingKey = await this.#keep('removeSigningKey', environment, () =>
        this.#retiredKey(environment),
      )
      return { path: { environment, signingKey } }
    },
    listIssuers: async () => ({ path: { environment: 'test' } }),
    createIssuer: async () => ({
      path: { environment: await this.#owner('issuers', this.#environment) },
      body: {
        ...(OPERATIONS.get('createIssuer')?.example as object),
        issuer: `https://${this.#name()}.example.com`,
      },
    }),
    getIssuer: async () => ({
      path: {
        environment: 'prod',
        issuer: await this.#keep('issuers', 'issuer', () => this.#issuer('prod')),
      },
    }),
    removeIssuer: async () => ({
      path: {
        environment: 'test',
        issuer: await this.#keep('removeIssuer', 'issuer', () => this.#issuer('test')),
      },
    }),
    listPlans: async () => ({ path: { environment: 'test' } }),
    createPlan: async () => ({
      path: { environment: await this.#owner('plans', this.#environment) },
      body: {
        name: this.#name(),
        title: 'Gold',
        description: 'For partners',
        rateLimits: [
          { requests: 100, per: 'second', scope: 'pipeline' },
          { requests: 1_000_000, per: 'month' },
        ],
      },
    }),
    getPlan: async () => ({
      path: { environment: 'test', plan: await this.#keep('plans', 'plan', () => this.#plan('test')) },
    }),
    updatePlan: async () => ({
      path: { environment: 'test', plan: await this.#keep('plans', 'plan', () => this.#plan('test')) },
      body: { title: 'Gold', description: null, rateLimits: [{ requests: 5, per: 'day' }] },
    }),
    removePlan: async () => ({
      path: { environment: 'test', plan: await this.#keep('removePlan', 'plan', () => this.#plan('test')) },
    }),
    createConsumer: async () => ({
      body: {
        name: this.#name(),
        description: 'An app',
        environment: 'test',
        pipelines: [await this.#keep('pipelines', 'pipeline', this.#pipeline)],
        projects: [await this.#keep('projects', 'project', this.#project)],
        labels: { tier: 'gold' },
      },
    }),
    getConsumer: async () => ({
      path: { consumer: await this.#keep('consumers', 'consumer', this.#consumer) },
    }),
    updateConsumer: async () => ({
      path: { consumer: await this.#keep('updateConsumer', 'consumer', this.#consumer) },
      body: {
        description: 'The app for iOS and Android',
        pipelines: [await this.#keep('pipelines', 'pipeline', this.#pipeline)],
        projects: [await this.#keep('projects', 'project', this.#project)],
        labels: { tier: 'gold', team: '' },
        plan: await this.#keep('plans', 'plan', () => this.#plan('test')),
        status: 'active',
      },
    }),
    addConsumerPipeline: async () => ({
      path: { consumer: await this.#keep('updateConsumer', 'consumer', this.#consumer) },
      body: { pipeline: await this.#keep('pipelines', 'pipeline', this.#pipeline) },
    }),
    removeConsumerPipeline: async () => {
      const pipeline = await this.#keep('pipelines', 'pipeline', this.#pipeline)
      const body = { name: this.#name(), environment: 'test', pipelines: [pipeline] }
      const make = async (): Promise<string> => textAt(await this.#post('consumers', body), 'consumer', 'id')
      return { path: { consumer: await this.#keep('removeConsumerPipeline', 'consumer', make), pipeline } }
    },
    addConsumerProject: async () => ({
      path: { consumer: await this.#keep('updateConsumer', 'consumer', this.#consumer) },
      body: { project: await this.#keep('projects', 'project', this.#project) },
    }),
    removeConsumerProject: async () => {
      const project = await this.#keep('projects', 'project', this.#project)
      const body = { name: this.#name(), environment: 'test', projects: [project] }
      const make = async (): Promise<string> => textAt(await this.#post('consumers', body), 'consumer', 'id')
      return { path: { consumer: await this.#keep('removeConsumerProject', 'consumer', make), project } }
    },
    removeConsumer: async () => ({
      path: { consumer: await this.#keep('removeConsumer', 'consumer', this.#consumer) },
    }),
    listBasicCredentials: async () => ({
      path: { consumer: await this.#keep('consumers', 'consumer', this.#consumer) },
    }),
    createBasicCredential: async () => ({
      path: { consumer: await this.#owner('basic', this.#consumer) },
      body: { username: this.#name() },
    }),
    removeBasicCredential: async () => {
      const consumer = await this.#owner('removeBasicCredential', this.#consumer)
      const username = await this.#keep('removeBasicCredential', consumer, () => this.#username(consumer))
      return { path: { consumer, username } }
    },
    createRole: async () => {
      await this.#removeRoles()
      const example = OPERATIONS.get('createRole')?.example as object
      return { body: { ...example, name: this.#name() } }
    },
    getRole: async () => ({ path: { role: await this.#keep('roles', 'role', this.#role) } }),
    updateRole: async () => ({ path: { role: await this.#keep('roles', 'role', this.#role) } }),
    removeRole: async () => ({ path: { role: await this.#keep('removeRole', 'role', this.#role) } }),
    previewRoles: async () => ({
      body: { roles: ['invoker', await this.#keep('roles', 'role', this.#role)] },
    }),
    readUsage: async () => ({
      query: 'groupBy=key&interval=hour&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z&environment=test',
    }),
    listRequests: async () => ({
      query: 'limit=5&requestId=one&code=valid&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
    }),
    listKeys: async () => ({
      query:
        'limit=5&environment=test&includeDeleted=true&search=own%20key&type=secret&state=active&role=owner&label=team&label=tier:gold&freshness=fresh&expiresWithinDays=9&unusedForDays=9&neverUsed=true&oldSecretUsed=false&sort=-lastUsedAt',
    }),
    exportKeys: async () => ({
      query:
        'environment=test&includeDeleted=true&search=own%20key&type=secret&state=active&role=owner&freshness=fresh&expiresWithinDays=9&unusedForDays=9&neverUsed=true&oldSecretUsed=false',
    }),
    lookUpKey: async () => ({ body: { token: await this.#keep('lookUpKey', 'token', this.#ownToken) } }),
    createKey: async () => ({
      body: {
        name: 'CI',
        type: 'secret',
        environment: 'test',
        roles: ['developer'],
        expiresAt: '2999-01-01T00:00:00Z',
        addressRules: ['203.0.113.0/24'],
        rateLimits: [{ requests: 100, per: 'minute', by: 'credential' }],
        labels: { team: 'payments' },
        handOver: await this.#handOverTerms(),
      },
    }),
    getKey: async () => ({ path: { key: await this.#keep('keys', 'key', this.#key) } }),
    updateKey: async () => ({
      path: { key: await this.#keep('updateKey', 'key', this.#key) },
      body: {
        name: 'CI of the orders team',
        status: 'active',
        expiresAt: null,
        addressRules: ['2001:db8::/32'],
        rateLimits: [{ requests: 100, per: 'minute' }],
        labels: { team: 'pay ments', tier: '' },
      },
    }),
    deleteKey: async () => ({ path: { key: await this.#keep('deleteKey', 'key', this.#key) } }),
    rollKey: async () => ({
      path: { key: await this.#keep('rollKey', 'key', this.#key) },
      body: { graceSeconds: 3600, handOver: await this.#handOverTerms() },
    }),
    setRotation: async () => ({
      path: { key: await this.#owner('scheduled rolls', this.#key) },
      body: {
        rotateEveryDays: 30,
        webhook: await this.#keep('scheduled rolls', 'webhook', this.#tokenWebhook),
        handOver: { expiresInHours: 24 },
      },
    }),
    getRotation: async () => ({ path: { key: await this.#keep('getRotation', 'key', this.#rotatedKey) } }),
    removeRotation: async () => ({
      path: { key: await this.#keep('removeRotation', 'key', this.#rotatedKey) },
    }),
    finishRoll: async () => ({ path: { key: await this.#keep('finishRoll', 'key', this.#rollingKey) } }),
    undoRoll: async () => ({ path: { key: await this.#keep('undoRoll', 'key', this.#rollingKey) } }),
    rollOwnKey: async () => ({ token: await this.#keep('rollOwnKey', 'token', this.#ownToken) }),
    finishOwnRoll: async () => ({
      token: await this.#keep('finishOwnRoll', 'token', this.#rollingOwnToken),
    }),
    deleteOwnKey: async () => ({ token: await this.#keep('deleteOwnKey', 'token', this.#ownToken) }),
    verify: async () => ({
      body: {
        token: 'sp_sk_none',
        environment: 'test',
        pipeline: await this.#keep('pipelines', 'pipeline', this.#pipeline),
        method: 'GET',
        path: '/orders/7',
        address: '203.0.113.7',
        basic: { username: 'a', password: 'b' },
      },
    }),
    importKeys: async () => ({ body: this.#importedLine(), type: NDJSON['content-type'] }),
    listImports: async () => ({ query: 'limit=5&sort=-createdAt' }),
    getImport: async () => ({ path: { import: await this.#keep('imports', 'import', this.#import) } }),
    stopImport: async () => ({ path: { import: await this.#keep('stopImport', 'import', this.#import) } }),
    listHandOvers: async () => ({ query: 'limit=5' }),
    listLeaks: async () => ({
      query: `limit=5&environment=test&key=${await this.#keep('keys', 'key', this.#key)}`,
    }),
    getHandOver: async () => ({
      path: { handOver: await this.#keep('hand-overs', 'hand-over', this.#handOver) },
    }),
    withdrawHandOver: async () => ({
      path: { handOver: await this.#keep('withdrawHandOver', 'hand-over', this.#handOver) },
    }),
    openHandOver: async () => {
      const link = await this.#keep('openHandOver', 'link', async () =>
        textAt(await this.#handedKey(), 'handOver', 'link'),
      )
      return { body: await openingOf(link) }
    },
    createPortalSession: async () => ({
      path: { consumer: await this.#owner('portal sessions', this.#consumer) },
    }),
    listPortalSessions: async () => ({ query: 'limit=5' }),
    getPortalSession: async () => ({
      path: { portalSession: await this.#keep('portal-sessions', 'session', this.#portalSession) },
    }),
    endPortalSession: async () => ({
      path: { portalSession: await this.#keep('endPortalSession', 'session', this.#portalSession) },
    }),
    openPortalSession: async () => {
      const link = await this.#keep('openPortalSession', 'link', async () =>
        textAt(await this.#portalLink(await this.#consumer()), 'link'),
      )
      return { body: { secret: link.split('#')[1] } }
    },
    getPortal: async () => ({ cookie: (await this.#portal()).cookie }),
    leavePortal: async () => ({
      cookie: await this.#keep(
        'leavePortal',
        'cookie',
        async () => await this.#openPortal(await this.#consumer()),
      ),
    }),
    listPortalKeys: async () => ({ query: 'limit=5', cookie: (await this.#portal()).cookie }),
    createPortalKey: async () => ({
      cookie: (await this.#portal()).cookie,
      body: {
        name: 'Web shop',
        expiresAt: '2999-01-01T00:00:00Z',
        addressRules: ['203.0.113.0/24'],
        rateLimits: [{ requests: 100, per: 'minute', by: 'credential' }],
      },
    }),
    getPortalKey: async () => await this.#inPortal('getPortalKey', this.#keyOf),
    rollPortalKey: async () => ({
      ...(await this.#inPortal('rollPortalKey', this.#keyOf)),
      body: { graceSeconds: 3600 },
    }),
    finishPortalRoll: async () => await this.#inPortal('finishPortalRoll', this.#rollingKeyOf),
    undoPortalRoll: async () => await this.#inPortal('undoPortalRoll', this.#rollingKeyOf),
    deletePortalKey: async () => await this.#inPortal('deletePortalKey', this.#keyOf),
    listPortalPipelines: async () => ({ query: 'limit=5', cookie: (await this.#portal()).cookie }),
    readPortalUsage: async () => ({
      query: 'groupBy=key&interval=hour&from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z',
      cookie: (await this.#portal()).cookie,
    }),
    listExternalKeys: async () => ({ query: 'limit=5' }),
    addExternalKey: async () => ({
      body: {
        keyId: await this.#keep('addExternalKey', 'partner key', this.#partnerKey),
        label: 'ERP of Partner Inc.',
        roles: ['invoker'],
        addressRules: ['203.0.113.0/24'],
        rateLimits: [{ requests: 100, per: 'minute', by: 'credential' }],
      },
    }),
    getExternalKey: async () => ({
      path: { externalKey: await this.#keep('externalKeys', 'external key', this.#externalKey) },
    }),
    updateExternalKey: async () => ({
      path: { externalKey: await this.#keep('externalKeys', 'external key', this.#externalKey) },
      body: {
        label: 'ERP',
        roles: ['invoker', 'auditor'],
        status: 'active',
        addressRules: ['2001:db8::/32'],
        rateLimits: [{ requests: 100, per: 'minute' }],
      },
    }),
    removeExternalKey: async () => ({
      path: { externalKey: await this.#keep('removeExternalKey', 'external key', this.#externalKey) },
    }),
    createWebhook: async () => {
      await this.#removeWebhooks()
      return { body: SILENT_WEBHOOK }
    },
    getWebhook: async () => ({ path: { webhook: await this.#keep('webhooks', 'webhook', this.#webhook) } }),
    updateWebhook: async () => ({
      path: { webhook: await this.#keep('webhooks', 'webhook', this.#webhook) },
      body: { ...SILENT_WEBHOOK, status: 'inactive' },
    }),
    removeWebhook: async () => ({
      path: { webhook: await this.#keep('removeWebhook', 'webhook', this.#webhook) },
    }),
    rotateWebhook: async () => ({
      path: { webhook: await this.#keep('rotateWebhook', 'webhook', this.#webhook) },
    }),
    listDeliveries: async () => ({
      path: { webhook: await this.#keep('webhooks', 'webhook', this.#webhook) },
    }),
    replayDelivery: async () => {
      const delivery = await this.#keep('deliveries', 'delivery', this.#delivery)
      return { path: { webhook: await this.#keep('deliveries', 'webhook', this.#webhook), delivery } }
    },
    listAcceptances: async () => ({ query: 'limit=5' }),
    getAcceptances: async () => ({ path: { key: await this.#keep('keys', 'key', this.#key) } }),
    setKeyAcceptance: async () => ({
      path: { key: await this.#owner('acceptances', this.#key) },
      body: { allowed: false },
    }),
    setPartnerAcceptance: async () => ({
      path: { key: await this.#owner('acceptances', this.#key), partner: 'fuzz-partner' },
      body: { allowed: false },
    }),
    listAuditEvents: async () => ({
      query:
        'limit=5&action=keys.*&target=key/&actor=setup&from=2026-01-01T00:00:00Z&to=2100-01-01T00:00:00Z',
    }),
  }
}

/** The options of a registration, for an authenticator that makes any number of passkeys. */
function withoutExclusions(options: Parameters<VirtualAuthenticator['create']>[0]) {
  return { ...options, excludeCredentials: [] }
}
