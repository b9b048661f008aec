import { vi } from 'vitest'
import { textAt, type ApiClient, type ApiResponse } from '../support/api-client.ts'
import type { Caller, Column } from './access-table.ts'

/** The path of the organization under test. */
export const ACME = '/v1/organizations/acme'
/** The path of the organization that is isolated from it; its resources have the same name, where they have one. */
export const FOREIGN = '/v1/organizations/foreign'

type Headers = Readonly<Record<string, string>>

/** A caller of the management API. */
export interface Actor extends Caller {
  /** Completes "answers …". */
  readonly name: string
  /** Creates it, and returns the headers that identify it. */
  readonly headers: (owners: Owners) => Promise<Headers>
}

/** The owners of the two organizations. */
export interface Owners {
  readonly acme: ApiClient
  readonly foreign: ApiClient
}

const BUILT_IN = [
  'owner',
  'admin',
  'developer',
  'key-manager',
  'policy-manager',
  'auditor',
  'invoker',
] as const satisfies readonly Column[]

/** To add a caller, add a line. Its column says which answers are right. */
export const ACTORS: readonly Actor[] = [
  { name: 'a caller without a credential', column: 'nobody', headers: async () => ({}) },
  { name: 'an unknown key', column: 'nobody', headers: async () => bearer(`sp_sk_${'0'.repeat(60)}`) },
  { name: 'a deleted owner key', column: 'nobody', headers: deletedKey },
  { name: 'an expired owner key', column: 'nobody', headers: expiredKey },
  { name: 'an inactive owner key', column: 'nobody', headers: inactiveKey },
  { name: 'an outdated secret of an owner key', column: 'nobody', headers: outdatedSecret },

  { name: "another organization's owner", column: 'stranger', headers: foreignOwner },
  { name: 'an external key that is switched off here', column: 'stranger', headers: switchedOffExternalKey },
  { name: 'an external key that its owner forbids', column: 'stranger', headers: forbiddenExternalKey },
  { name: 'an external key that was removed', column: 'stranger', headers: removedExternalKey },

  { name: 'a key without roles', column: 'no-role', headers: async ({ acme }) => await keyOf(acme, ACME) },
  { name: 'a public key', column: 'no-role', headers: publicKey },
  { name: 'an external key that may call one pipeline', column: 'no-role', headers: callingExternalKey },
  { name: 'a key that reads one pipeline', column: 'one-pipeline', headers: readingKey },
  { name: 'an external key that reads one pipeline', column: 'one-pipeline', headers: readingExternalKey },
  { name: 'an owner key of another environment', column: 'elsewhere', headers: elsewhereKey },
  // At home it is an owner, which counts for nothing here.
  {
    name: 'an external key with the role auditor',
    column: 'auditor',
    atHome: 'stranger',
    headers: async (owners) => (await externalKey(owners, 'auditor')).headers,
  },
  ...BUILT_IN.map((role) => ({
    name: `a key with the role ${role}`,
    column: role,
    headers: async ({ acme }: Owners) => await keyOf(acme, ACME, [role]),
  })),

  { name: 'a person who has signed out', column: 'nobody', headers: signedOutMember },
  { name: 'a portal session', column: 'nobody', isPortal: true, headers: portalSession },
  { name: 'a portal session that was ended', column: 'nobody', headers: endedPortalSession },
  {
    name: "another organization's member, an owner there",
    column: 'stranger',
    isPerson: true,
    headers: async ({ foreign }) => await memberOf(foreign, FOREIGN, ['owner']),
  },
  {
    name: 'a member who was removed',
    column: 'stranger',
    isPerson: true,
    headers: removedMember,
  },
  {
    name: 'a member without roles',
    column: 'no-role',
    isPerson: true,
    headers: async ({ acme }) => await memberOf(acme, ACME, []),
  },
  {
    name: 'a member who reads one pipeline',
    column: 'one-pipeline',
    isPerson: true,
    headers: async ({ acme }) => await memberOf(acme, ACME, ['one-reader']),
  },
  ...BUILT_IN.map((role) => ({
    name: `a member with the role ${role}`,
    column: role,
    isPerson: true,
    headers: async ({ acme }: Owners) => await memberOf(acme, ACME, [role]),
  })),
]

/** Makes what the callers need that know one pipeline. */
export async function prepareOnePipeline(acme: ApiClient): Promise<void> {
  const trigger = { kind: 'http', path: '/one/:id', authentication: { apiKey: true } }
  const spec = { trigger, steps: [{ respond: { body: { ok: true } } }] }
  await acme.must('POST', `${ACME}/pipelines`, { name: 'one', spec })
  await acme.must('POST', `${ACME}/deployments`, { pipeline: 'one', version: '1.0', environment: 'test' })
  for (const [name, permission] of [
    ['one-reader', 'pipelines.read'],
    ['one-caller', 'pipelines.invoke'],
  ]) {
    await acme.must('POST', `${ACME}/roles`, { name, permissions: [{ permission, pipeline: 'one' }] })
  }
}

function bearer(token: string): Headers {
  return { authorization: `Bearer ${token}` }
}

async function created(
  owner: ApiClient,
  organization: string,
  key: Readonly<Record<string, unknown>>,
): Promise<{ readonly id: string; readonly token: string }> {
  const made = await owner.must('POST', `${organization}/keys`, { name: 'actor', type: 'secret', ...key })
  return { id: textAt(made, 'key', 'id'), token: textAt(made, 'token') }
}

async function keyOf(
  owner: ApiClient,
  organization: string,
  roles: readonly string[] = [],
): Promise<Headers> {
  return bearer((await created(owner, organization, { roles })).token)
}

async function deletedKey({ acme }: Owners): Promise<Headers> {
  const { id, token } = await created(acme, ACME, { roles: ['owner'] })
  await acme.must('DELETE', `${ACME}/keys/${id}`)
  return bearer(token)
}

async function inactiveKey({ acme }: Owners): Promise<Headers> {
  const { id, token } = await created(acme, ACME, { roles: ['owner'] })
  await acme.must('PATCH', `${ACME}/keys/${id}`, { status: 'inactive' })
  return bearer(token)
}

async function outdatedSecret({ acme }: Owners): Promise<Headers> {
  const { id, token } = await created(acme, ACME, { roles: ['owner'] })
  await acme.must('POST', `${ACME}/keys/${id}/roll`, {})
  await acme.must('POST', `${ACME}/keys/${id}/roll/finish`)
  return bearer(token)
}

async function expiredKey({ acme }: Owners): Promise<Headers> {
  // A busy server may read the request only after the key would have expired.
  let made: ApiResponse | undefined
  for (let aheadMs = 500; made?.status !== 201 && aheadMs < 60_000; aheadMs *= 4) {
    const expiresAt = new Date(Date.now() + aheadMs).toISOString()
    const key = { name: 'actor', type: 'secret', roles: ['owner'], expiresAt }
    made = await acme.call('POST', `${ACME}/keys`, key)
  }
  const id = textAt(made?.body, 'key', 'id')
  const hasExpired = async (): Promise<boolean> =>
    textAt(await acme.must('GET', `${ACME}/keys/${id}`), 'state') === 'expired'
  await vi.waitUntil(hasExpired, { timeout: 60_000 })
  return bearer(textAt(made?.body, 'token'))
}

async function publicKey({ acme }: Owners): Promise<Headers> {
  return bearer((await created(acme, ACME, { type: 'public' })).token)
}

async function readingKey({ acme }: Owners): Promise<Headers> {
  return await keyOf(acme, ACME, ['one-reader'])
}

async function elsewhereKey({ acme }: Owners): Promise<Headers> {
  await acme.must('POST', `${ACME}/environments`, { name: 'elsewhere' })
  return bearer((await created(acme, ACME, { roles: ['owner'], environment: 'elsewhere' })).token)
}

async function foreignOwner({ foreign }: Owners): Promise<Headers> {
  return await keyOf(foreign, FOREIGN, ['owner'])
}

/** A key of the other organization that has been added here. */
async function externalKey(
  { acme, foreign }: Owners,
  role: string,
  rolesAtHome: readonly string[] = ['owner'],
): Promise<{ readonly keyId: string; readonly path: string; readonly headers: Headers }> {
  const { id: keyId, token } = await created(foreign, FOREIGN, { roles: rolesAtHome })
  const added = await acme.must('POST', `${ACME}/external-keys`, { keyId, roles: [role] })
  return { keyId, path: `${ACME}/external-keys/${textAt(added, 'id')}`, headers: bearer(token) }
}

async function callingExternalKey(owners: Owners): Promise<Headers> {
  return (await externalKey(owners, 'one-caller', [])).headers
}

async function readingExternalKey(owners: Owners): Promise<Headers> {
  return (await externalKey(owners, 'one-reader', [])).headers
}

async function switchedOffExternalKey(owners: Owners): Promise<Headers> {
  const { path, headers } = await externalKey(owners, 'owner')
  await owners.acme.must('PATCH', path, { status: 'inactive' })
  return headers
}

async function forbiddenExternalKey(owners: Owners): Promise<Headers> {
  const { keyId, headers } = await externalKey(owners, 'owner')
  await owners.foreign.must('PUT', `${FOREIGN}/keys/${keyId}/acceptances/acme`, { allowed: false })
  return headers
}

async function removedExternalKey(owners: Owners): Promise<Headers> {
  const { path, headers } = await externalKey(owners, 'owner')
  await owners.acme.must('DELETE', path)
  return headers
}

let members = 0
let consumers = 0

/** Invites somebody, who joins. */
async function join(
  owner: ApiClient,
  organization: string,
): Promise<{ readonly path: string; readonly headers: Headers }> {
  members += 1
  const invitation = { email: `member-${members}@example.com`, roles: ['invoker'] }
  const token = textAt(await owner.must('POST', `${organization}/invitations`, invitation), 'token')
  const person = { token, name: `Member ${members}`, password: 'correct horse battery staple' }
  const { headers, body } = await owner.call('POST', '/v1/invitations/accept', person)
  const cookie = headers.get('set-cookie')?.split(';', 1)[0] ?? ''
  return {
    path: `${organization}/members/${textAt(body, 'member', 'id')}`,
    // As a page of the server sends it.
    headers: { cookie, 'sec-fetch-site': 'same-origin' },
  }
}

async function memberOf(owner: ApiClient, organization: string, roles: readonly string[]): Promise<Headers> {
  const { path, headers } = await join(owner, organization)
  await owner.must('PATCH', path, { roles })
  return headers
}

async function removedMember({ acme }: Owners): Promise<Headers> {
  const { path, headers } = await join(acme, ACME)
  await acme.must('PATCH', path, { roles: ['owner'] })
  await acme.must('DELETE', path)
  return headers
}

async function signedOutMember({ acme }: Owners): Promise<Headers> {
  const { headers } = await join(acme, ACME)
  await acme.call('DELETE', '/v1/session', undefined, headers)
  return headers
}

/** Opens a portal session of a new consumer, with every scope. */
async function openPortal(owner: ApiClient): Promise<{ readonly path: string; readonly headers: Headers }> {
  consumers += 1
  const consumer = { name: `portal-${consumers}`, environment: 'test' }
  const id = textAt(await owner.must('POST', `${ACME}/consumers`, consumer), 'consumer', 'id')
  const scopes = ['keys.read', 'keys.create', 'keys.roll', 'keys.delete', 'usage.read']
  const terms = { scopes, expiresInSeconds: 86_400 }
  const made = await owner.must('POST', `${ACME}/consumers/${id}/portal-sessions`, terms)
  const secret = textAt(made, 'link').split('#')[1]
  const { headers } = await owner.call('POST', '/v1/portal/open', { secret })
  return {
    path: `${ACME}/portal-sessions/${textAt(made, 'id')}`,
    headers: {
      cookie: headers.get('set-cookie')?.split(';', 1)[0] ?? '',
      'sec-fetch-site': 'same-origin',
    },
  }
}

async function portalSession({ acme }: Owners): Promise<Headers> {
  return (await openPortal(acme)).headers
}

async function endedPortalSession({ acme }: Owners): Promise<Headers> {
  const { path, headers } = await openPortal(acme)
  await acme.must('DELETE', path)
  return headers
}
