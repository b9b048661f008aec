import { readFileSync } from 'node:fs'
import { WEBHOOK_EVENT_TYPES } from '@sallyport/core'
import { expect, test } from 'vitest'
import { addExternalKey } from '../app/external-keys/add-external-key.ts'
import { removeExternalKey } from '../app/external-keys/remove-external-key.ts'
import { updateExternalKey } from '../app/external-keys/update-external-key.ts'
import { setOrganizationAcceptance } from '../app/acceptances/set-acceptance.ts'
import { deploy } from '../app/deployments/deploy.ts'
import { probeDeployment } from '../app/deployments/probe-deployment.ts'
import { undeploy } from '../app/deployments/undeploy.ts'
import { createKey } from '../app/keys/create-key.ts'
import { deleteKey } from '../app/keys/delete-key.ts'
import { reportDeadlines } from '../app/keys/report-deadlines.ts'
import { rollKey } from '../app/keys/roll-key.ts'
import { setKeyAge } from '../app/key-ages/set-key-age.ts'
import { reportLeaks } from '../app/leaks/report-leaks.ts'
import { updateKey } from '../app/keys/update-key.ts'
import { removeMember } from '../app/members/remove-member.ts'
import { insertMember } from '../app/people/insert-member.ts'
import { createVersion } from '../app/pipelines/create-version.ts'
import { setPolicy } from '../app/policies/set-policy.ts'
import { runRotations } from '../app/rotations/run-rotations.ts'
import { setRotation } from '../app/rotations/set-rotation.ts'
import {
  addressRule,
  keyRateLimits,
  labels,
  lifetimeDays,
  rotationDays,
  title,
  version,
} from '../app/testing/fields.ts'
import { draft, openWorld, pipeline, type World } from '../app/testing/world.ts'
import { createWebhook } from '../app/webhooks/create-webhook.ts'
import { usageRow } from '../store/testing/examples/usage.ts'
import { person } from '../store/testing/examples/people.ts'
import { entry } from '../store/testing/examples/audit-events.ts'
import { eventOf, type OrganizationEvent } from './event-of.ts'

const organization = 'acme'
const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS
const DOCUMENT = readFileSync(new URL('../../../../docs/webhooks.md', import.meta.url), 'utf8')

/** The events of what happened in `acme` since the last call. */
function watch(world: World): () => Promise<readonly OrganizationEvent[]> {
  let sequence = 0
  return async () => {
    const rows = await world.store.read.audit.after(organization, sequence, 1_000)
    sequence = rows.at(-1)?.sequence ?? sequence
    return rows.flatMap((row) => eventOf(row) ?? [])
  }
}

/** The examples of the document, by the type of their event. */
const EXAMPLES = new Map(
  [...DOCUMENT.matchAll(/```json\n(\{\n {2}"type": [^`]*)```/g)].map(([, text = '']) => {
    const example = JSON.parse(text) as { readonly type: string; readonly data: object }
    return [example.type, example]
  }),
)

/** The names of all members at any depth; those of lists are those of their first item. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])]
  if (typeof value !== 'object' || value === null) return null
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shapeOf(member)]))
}

test('docs/webhooks.md has an example of every event', () => {
  expect([...EXAMPLES.keys()].toSorted()).toEqual(WEBHOOK_EVENT_TYPES.toSorted())
})

test('every event follows from an operation, has the shape of its example, and no secret', async () => {
  await using world = await openWorld()
  const { owner, rival, clock, store } = world
  const events = watch(world)
  const seen: OrganizationEvent[] = []
  await events()
  const expires = clock.nowMs + 31 * DAY_MS
  const bounds = {
    expiresAtMs: expires,
    roles: ['invoker'],
    addressRules: [addressRule('192.0.2.0/24')],
    rateLimits: keyRateLimits([{ requests: 9, per: 'day', by: 'credential' }]),
    labels: labels({ team: 'payments' }),
  }
  const created = await createKey(owner, { organization, name: title('app'), type: 'secret', ...bounds })
  const key = { organization, key: created.key.id }
  const rolled = await rollKey(owner, key)
  clock.nowMs += 11 * HOUR_MS
  const used = { keyId: created.key.id, secretSequence: 1, lastUsedAtMs: clock.nowMs - HOUR_MS + 1 }
  await store.addUsage([usageRow({ organization, ...used })])
  await reportDeadlines({ store, nowMs: () => clock.nowMs })
  clock.nowMs += DAY_MS
  await reportDeadlines({ store, nowMs: () => clock.nowMs })
  clock.nowMs = expires
  await reportDeadlines({ store, nowMs: () => clock.nowMs })
  await reportDeadlines({ store, nowMs: () => clock.nowMs })
  const findToken = () => ({
    organization,
    key: created.key.id,
    environment: null,
    isPublic: false,
    sequence: 2,
    code: null,
  })
  const findings = [{ token: rolled.token, url: 'https://example.com/key.txt' }]
  await reportLeaks({ ...owner, findToken }, { source: 'github', findings })
  await deleteKey(owner, key)
  seen.push(...(await events()))
  expect(seen.map(({ type }) => type)).toEqual([
    'key.created',
    'key.rolled',
    'key.old_secret_still_used',
    'key.expiring',
    'key.expired',
    'key.leaked',
    'key.deleted',
  ])
  expect(new Set(seen.map(({ subject }) => subject))).toEqual(new Set([`key/${created.key.id}`]))
  expect(seen[1]?.data).toMatchObject({
    oldSecretExpiresAt: new Date(clock.nowMs - 31 * DAY_MS + 12 * HOUR_MS).toISOString(),
  })
  for (const token of [created.token, rolled.token])
    expect(JSON.stringify(seen)).not.toContain(token.slice(6))

  const app = await createKey(owner, {
    organization,
    name: title('app'),
    type: 'secret',
    ...bounds,
    expiresAtMs: clock.nowMs + 40 * DAY_MS,
  })
  const url = 'https://hooks.example.com/in'
  const { webhook } = await createWebhook(owner, { organization, url, events: ['key.rotated'] })
  const rotation = { organization, key: app.key.id, rotateEveryDays: rotationDays(1), webhook: webhook.id }
  await setRotation(owner, rotation)
  await events()
  clock.nowMs += DAY_MS
  await runRotations(world.anonymous, (cause) => expect.unreachable(String(cause)))
  clock.nowMs += 2 * DAY_MS
  await runRotations(world.anonymous, (cause) => expect.unreachable(String(cause)))
  const ofRotation = await events()
  expect(ofRotation.map(({ type, subject, delivers }) => [type, subject, delivers])).toEqual([
    ['key.rolled', `key/${app.key.id}`, undefined],
    [
      'key.rotated',
      `key-rotation/${app.key.id}/2`,
      { organization, webhook: webhook.id, key: app.key.id, secretSequence: 2 },
    ],
    ['key.rotation_failed', `key/${app.key.id}`, undefined],
  ])
  // What the webhook receives of the token is added when it is sent.
  seen.push(
    ...ofRotation.map((event) =>
      event.type === 'key.rotated' ? { ...event, data: { ...event.data, token: '' } } : event,
    ),
  )

  const theirs = await createKey(rival, { organization: 'rival', name: title('erp'), type: 'secret' })
  const { row } = await addExternalKey(owner, { organization, keyId: theirs.key.id, roles: ['invoker'] })
  const external = { organization, externalKey: row.id }
  await updateExternalKey(owner, { ...external, active: false })
  await setOrganizationAcceptance(rival, { organization: 'rival', allowed: false })
  await removeExternalKey(owner, external)
  const ofExternal = await events()
  expect(ofExternal.map(({ type, data }) => [type, data['allowedByOwner']])).toEqual([
    ['external_key.added', undefined],
    ['external_key.changed', undefined],
    ['external_key.changed', false],
    ['external_key.removed', undefined],
  ])
  seen.push(...ofExternal)

  await setPolicy(owner, { organization, environment: 'prod', mode: 'api-key', dryRun: false })
  await pipeline(owner, 'orders')
  await createVersion(owner, { organization, pipeline: 'orders', source: {}, draft: draft(), bump: 'minor' })
  const put = async (number: string) =>
    (
      await deploy(owner, {
        organization,
        pipeline: 'orders',
        version: version(number),
        environment: 'test',
        dryRun: false,
      })
    ).deployment
  const first = await put('1.0')
  const second = await put('1.1')
  const alarm = { method: 'POST', route: '/b', outcome: 'allow', alarm: true } as const
  await probeDeployment(
    owner,
    { probe: async () => [alarm] },
    { deployment: { ...second, id: second.id ?? '' }, revision: 1 },
  )
  await undeploy(owner, { organization, deployment: second.id ?? '' })
  await store.write(async (tx) => {
    const violations = [{ rule: 'api-key-required', environment: 'prod' }]
    const refused = { action: 'deployments.refused', target: 'pipeline/orders', atMs: clock.nowMs }
    const after = { code: 'deployment_refused', operation: 'deploy', violations }
    tx.audit(entry(organization, { ...refused, after }))
    // No event: a dry run, and another refusal.
    tx.audit(entry(organization, { ...refused, after: { ...after, dryRun: true } }))
    tx.audit(entry(organization, { ...refused, after: { code: 'permission_missing' } }))
  })
  const ofPipelines = await events()
  expect(ofPipelines.map(({ type, data }) => [type, data['replaced']])).toEqual([
    ['policy.changed', undefined],
    ['deployment.created', null],
    ['deployment.created', first.id],
    ['probe.alarm', undefined],
    ['deployment.ended', undefined],
    ['deployment.refused', undefined],
  ])
  expect(new Set(ofPipelines.slice(1, 5).map(({ subject }) => subject)).size).toBe(1)
  seen.push(...ofPipelines)

  const member = person('mem_1', { passwordHash: 'hash' })
  await store.write(async (tx) => {
    await tx.people.insert(member)
    await insertMember(tx, owner, { organization, person: member, roles: ['auditor'] })
  })
  await removeMember(owner, { organization, member: 'mem_1' })
  seen.push(...(await events()))

  expect([...new Set(seen.map(({ type }) => type))].toSorted()).toEqual(WEBHOOK_EVENT_TYPES.toSorted())
  for (const event of seen) {
    const { type, data } = event
    if (data['allowedByOwner'] !== undefined) continue
    expect([type, shapeOf(data)]).toEqual([type, shapeOf(EXAMPLES.get(type)?.data)])
  }
})

test('a key is not said to expire, or to be used, that is deleted, finished or late', async () => {
  await using world = await openWorld()
  const { owner, clock, store } = world
  const events = watch(world)
  const keyIn = async (days: number) =>
    (
      await createKey(owner, {
        organization,
        name: title('app'),
        type: 'secret',
        expiresAtMs: clock.nowMs + days * DAY_MS,
      })
    ).key.id
  const gone = await keyIn(40)
  await deleteKey(owner, { organization, key: gone })
  const extended = await keyIn(40)
  const quiet = await keyIn(400)
  await rollKey(owner, { organization, key: quiet })
  await events()
  clock.nowMs += 11 * HOUR_MS
  await reportDeadlines({ store, nowMs: () => clock.nowMs })
  expect(await events()).toEqual([])
  clock.nowMs += 11 * DAY_MS
  await reportDeadlines({ store, nowMs: () => clock.nowMs })
  expect((await events()).map(({ type, subject }) => [type, subject])).toEqual([
    ['key.expiring', `key/${extended}`],
  ])
  await updateKey(owner, { organization, key: extended, expiresAtMs: clock.nowMs + 60 * DAY_MS })
  clock.nowMs += 64 * DAY_MS
  await reportDeadlines({ store, nowMs: () => clock.nowMs })
  expect(await events()).toEqual([])
})

test('a key that its age ends is told of once, 30 days before and at the end', async () => {
  await using world = await openWorld()
  const { owner, clock, store } = world
  const events = watch(world)
  const report = async () => {
    await reportDeadlines({ store, nowMs: () => clock.nowMs })
    return (await events()).map(({ type, subject, data }) => [type, subject, data['endsAt']])
  }
  const limit = async (days: number | null) => {
    const maxLifetimeDays = days === null ? null : lifetimeDays(days)
    const environment = 'test'
    await setKeyAge(owner, {
      organization,
      environment,
      rotationReminderDays: 90,
      maxLifetimeDays,
      dryRun: false,
    })
  }
  const create = async (name: string, expiresAtMs: number | null = null) => {
    const key = { organization, name: title(name), type: 'secret', environment: 'test', expiresAtMs } as const
    return (await createKey(owner, key)).key.id
  }
  const startMs = clock.nowMs
  const at = (days: number) => new Date(startMs + days * DAY_MS).toISOString()
  const aging = await create('aging')
  const rolled = await create('rolled')
  const gone = await create('gone')
  const earlier = await create('earlier', startMs + 99 * DAY_MS)
  await create('later', startMs + 500 * DAY_MS).then((key) => deleteKey(owner, { organization, key }))
  await limit(100)
  expect((await events()).at(-1)).toEqual({
    type: 'policy.changed',
    subject: 'policy/test/key-age',
    data: {
      organization,
      policy: {
        name: 'key-age',
        environment: 'test',
        rotationReminderDays: 90,
        maxLifetimeDays: 100,
        version: 1,
        updatedAt: at(0),
      },
      previous: { environment: 'test', rotationReminderDays: null, maxLifetimeDays: null, version: 0 },
    },
  })
  await deleteKey(owner, { organization, key: gone })
  await events()
  clock.nowMs = startMs + 69 * DAY_MS - 1
  expect(await report()).toEqual([])
  clock.nowMs += 1
  expect(await report()).toEqual([['key.expiring', `key/${earlier}`, at(99)]])
  await rollKey(owner, { organization, key: rolled })
  await events()
  clock.nowMs = startMs + 70 * DAY_MS
  expect(await report()).toEqual([['key.expiring', `key/${aging}`, at(100)]])
  expect(await report()).toEqual([])
  // Another maximum: the key ends at another time.
  await limit(90)
  await events()
  // Both were created at the same time, so their order is that of their ids.
  const subjects = [aging, earlier].map((id) => `key/${id}`).toSorted()
  expect(await report()).toEqual(subjects.map((subject) => ['key.expiring', subject, at(90)]))
  clock.nowMs = startMs + 90 * DAY_MS
  expect(await report()).toEqual(subjects.map((subject) => ['key.expired', subject, at(90)]))
  // The expiry of the key that its age has ended is told no more.
  clock.nowMs = startMs + 99 * DAY_MS
  expect(await report()).toEqual([])
  clock.nowMs = startMs + (69 + 90 - 30) * DAY_MS
  expect(await report()).toEqual([['key.expiring', `key/${rolled}`, at(69 + 90)]])
})
