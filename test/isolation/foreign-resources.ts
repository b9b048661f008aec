import { setTimeout } from 'node:timers/promises'
import { textAt, type ApiClient } from '../support/api-client.ts'
import { firstDelivery, POLL_MS } from '../support/webhooks.ts'
import { ACME, FOREIGN } from './actors.ts'
import { ABSENT_NAME, absentLike, type Kind } from './references.ts'
import type { World } from './world.ts'

/** A name or id that another organization has, and one that does not exist. */
export interface Pair {
  readonly foreign: string
  readonly absent: string
}

/** Creates a resource of each kind in the other organization, with this name where it has one. */
export async function foreignResources(
  { acme, foreign, leak }: Pick<World, 'acme' | 'foreign' | 'leak'>,
  name: string,
): Promise<Readonly<Record<Kind, Pair>>> {
  const post = async (path: string, body: unknown) => await foreign.must('POST', `${FOREIGN}/${path}`, body)
  const names = { foreign: name, absent: ABSENT_NAME }
  await post('environments', { name })
  await post('projects', { name })
  const trigger = { kind: 'http', path: `/${name}/:id`, authentication: { apiKey: true } }
  await post('pipelines', { name, project: name, spec: { trigger, steps: [{ respond: {} }] } })
  const deployment = await post('deployments', { pipeline: name, version: '1.0', environment: 'test' })
  await post('roles', { name, permissions: [{ permission: 'pipelines.invoke', pipeline: name }] })
  await post('environments/test/plans', { name })
  const made = await post('consumers', { name, environment: 'test', pipelines: [name] })
  const consumer = textAt(made, 'consumer', 'id')
  await post(`consumers/${consumer}/basic-credentials`, { username: name })
  const secret = { foreign: name.toUpperCase(), absent: ABSENT_NAME.toUpperCase() }
  await foreign.must('PUT', `${FOREIGN}/environments/test/secrets/${secret.foreign}`, { value: 'theirs' })
  const rotated = await post('environments/test/signing-keys/rotate', {})
  const issuer = await post('environments/test/issuers', {
    issuer: `https://${name}.example.com`,
    audience: 'orders',
    jwksUrl: `https://${name}.example.com/keys`,
  })
  const forbidden = textAt(await post('keys', { name, type: 'secret' }), 'key', 'id')
  await foreign.must('PUT', `${FOREIGN}/keys/${forbidden}/acceptances`, { allowed: false })
  const ours = textAt(await acme.must('POST', `${ACME}/keys`, { name: 'ours', type: 'secret' }), 'key', 'id')
  const external = await post('external-keys', { keyId: ours, roles: ['invoker'] })
  const webhook = await post('webhooks', {
    url: 'https://hooks.example.com/theirs',
    events: ['key.created'],
  })
  await post('keys', { name: 'told', type: 'secret' })
  const invited = await post('invitations', { email: `${name}@example.com`, roles: ['invoker'] })
  const theirs = await post('invitations', { email: `member-of-${name}@example.com`, roles: ['invoker'] })
  const person = { name: 'Theirs', password: 'correct horse battery staple' }
  const joined = await foreign.must('POST', '/v1/invitations/accept', {
    token: textAt(theirs, 'token'),
    ...person,
  })
  const handed = await post('keys', { name: 'handed', type: 'secret', handOver: { expiresInHours: 24 } })
  const line = { name: 'moved', token: `elsewhere-${name}` }
  const moved = await foreign.call('POST', `${FOREIGN}/imports`, line, {
    'content-type': 'application/x-ndjson',
  })
  await importEnded(foreign, textAt(moved.body, 'id'))
  const portal = await post(`consumers/${consumer}/portal-sessions`, { scopes: ['keys.read'] })
  await leak(textAt(made, 'token'))
  return {
    organization: { foreign: FOREIGN.slice(FOREIGN.lastIndexOf('/') + 1), absent: ABSENT_NAME },
    environment: names,
    project: names,
    pipeline: names,
    role: names,
    plan: names,
    username: names,
    secret,
    deployment: idPair(textAt(deployment, 'id')),
    consumer: idPair(consumer),
    key: idPair(textAt(made, 'key', 'id')),
    token: idPair(textAt(made, 'token')),
    'signing-key': idPair(textAt(rotated, 'retired', '0', 'id')),
    issuer: idPair(textAt(issuer, 'id')),
    'unacceptable-key': idPair(forbidden),
    'portal-session': idPair(textAt(portal, 'id')),
    import: idPair(textAt(moved.body, 'id')),
    'hand-over': idPair(textAt(handed, 'handOver', 'id')),
    'external-key': idPair(textAt(external, 'id')),
    webhook: idPair(textAt(webhook, 'id')),
    delivery: idPair(await firstDelivery(foreign, `${FOREIGN}/webhooks/${textAt(webhook, 'id')}`)),
    invitation: idPair(textAt(invited, 'id')),
    member: idPair(textAt(joined, 'member', 'id')),
  }
}

function idPair(id: string): Pair {
  return { foreign: id, absent: absentLike(id) }
}

/** An import writes after its request was answered. */
async function importEnded(foreign: ApiClient, id: string): Promise<void> {
  for (;;) {
    const { state } = await foreign.must('GET', `${FOREIGN}/imports/${id}`)
    if (textAt({ state }, 'state') === 'done') return
    await setTimeout(POLL_MS)
  }
}
