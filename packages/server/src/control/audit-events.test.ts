import { expect, test } from 'vitest'
import { REFUSABLE_GROUPS } from '../store/port/audit/audit-actions.ts'
import {
  ACME,
  bearer,
  openAcme,
  textOf,
  type AcmeWorld,
  type Answer,
  type Json,
} from './testing/control-world.ts'

const EVENTS = `${ACME}/audit-events`

function itemsOf({ body }: Answer): readonly Json[] {
  return Object.values(body['items'] ?? {})
}

/** The actions of the events that a query finds. */
async function actionsOf(world: AcmeWorld, query: string): Promise<readonly string[]> {
  const answer = await world.own('GET', `${EVENTS}?${query}`)
  expect([query, answer.status, answer.body['errors']]).toEqual([query, 200, undefined])
  return itemsOf(answer).map((item) => textOf(item['action']))
}

test('audit events are found by actor, action, target and time, newest first', async () => {
  await using world = await openAcme()
  const startMs = world.clock.nowMs
  const first = await world.own('POST', `${ACME}/keys`, { name: 'CI', type: 'secret', roles: ['owner'] })
  const ci = textOf(first.body['key']?.['id'])
  world.clock.nowMs += 1000
  await world.call('POST', `${ACME}/projects`, { name: 'shop' }, bearer(first.body['token']))
  world.clock.nowMs += 1000
  await world.own('POST', `${ACME}/keys/${ci}/roll`, {})
  await world.own('DELETE', `${ACME}/keys/${ci}`)
  const at = (offsetMs: number): string => new Date(startMs + offsetMs).toISOString()
  expect(await actionsOf(world, 'limit=4')).toEqual([
    'keys.delete',
    'keys.roll',
    'projects.create',
    'keys.create',
  ])
  expect(await actionsOf(world, `actor=${ci}`)).toEqual(['projects.create'])
  expect(await actionsOf(world, 'action=projects.create')).toContain('projects.create')
  expect(await actionsOf(world, `action=keys.*&target=key/${ci}`)).toEqual([
    'keys.delete',
    'keys.roll',
    'keys.create',
  ])
  expect(await actionsOf(world, `target=key/${ci}&action=keys.roll`)).toEqual(['keys.roll'])
  expect(await actionsOf(world, `target=project/&from=${at(1000)}`)).toEqual(['projects.create'])
  expect(await actionsOf(world, `from=${at(1000)}&to=${at(1001)}`)).toEqual(['projects.create'])
  expect(await actionsOf(world, `from=${at(1001)}&to=${at(2000)}`)).toEqual([])
  expect(
    await actionsOf(world, `target=key/&from=${encodeURIComponent('2026-01-01T01:00:02+01:00')}`),
  ).toEqual(['keys.delete', 'keys.roll'])
})

test('pages of audit events keep their places while new ones arrive, and a cursor belongs to its filter', async () => {
  await using world = await openAcme()
  for (const name of ['one', 'two', 'three']) await world.own('POST', `${ACME}/projects`, { name })
  const query = 'action=projects.*&limit=2'
  const first = await world.own('GET', `${EVENTS}?${query}`)
  const targets = (answer: Answer) => itemsOf(answer).map((item) => item['target'])
  expect(targets(first)).toEqual(['project/three', 'project/two'])
  await world.own('POST', `${ACME}/projects`, { name: 'four' })
  const cursor = textOf(first.body['next'])
  const second = await world.own('GET', `${EVENTS}?${query}&cursor=${cursor}`)
  expect(targets(second)).toContain('project/one')
  expect(targets(second)).not.toContain('project/four')
  const other = await world.own('GET', `${EVENTS}?action=projects.create&limit=2&cursor=${cursor}`)
  expect([other.status, other.body['code']]).toEqual([400, 'invalid_request'])
})

/** Queries that are refused, with the field at fault. */
const REFUSED = [
  ['action=*', 'query/action'],
  ['action=keys*', 'query/action'],
  ['action=keys.roll.*', 'query/action'],
  ['action=KEYS.*', 'query/action'],
  ['action=nope', 'query/action'],
  ['action=keys.nope', 'query/action'],
  ['action=nope.*', 'query/action'],
  ['action=nope.refused', 'query/action'],
  ['action=keys.', 'query/action'],
  ['action=', 'query/action'],
  ['actor=', 'query/actor'],
  ['actor=%00', 'query/actor'],
  ['actor=a&actor=b', 'query/actor'],
  ['target=%C3%A9', 'query/target'],
  ['target=key/1/', 'query/target'],
  ['target=/', 'query/target'],
  [`target=${'a'.repeat(301)}`, 'query/target'],
  ['from=yesterday', 'query/from'],
  ['from=2026-01-01T00:00:00Z&to=2026-01-01T00:00:00Z', 'query/from'],
  ['from=2026-01-01T00:00:01Z&to=2026-01-01T00:00:00Z', 'query/from'],
  ['code=keys', 'query/code'],
] as const

test('audit events are not listed with a wrong filter', async () => {
  await using world = await openAcme()
  for (const [query, path] of REFUSED) {
    const answer = await world.own('GET', `${EVENTS}?${query}`)
    expect([query, answer.status, answer.body['code']]).toEqual([query, 400, 'invalid_request'])
    const paths = Object.values(answer.body['errors'] ?? {}).map((error) => error['path'])
    expect([query, paths]).toEqual([query, [path]])
  }
})

test('every group of operations that change something can have refused changes in the audit log', async () => {
  await using world = await openAcme()
  const { body } = await world.call('GET', '/v1/openapi.json')
  const groups = Object.values(body['paths'] ?? {}).flatMap((methods) =>
    Object.entries(
      methods as unknown as Readonly<Record<string, { readonly tags?: readonly string[] }>>,
    ).flatMap(([method, { tags = [] }]) => (method === 'get' ? [] : tags)),
  )
  const names = new Set(groups.map((group) => group.toLowerCase().replaceAll(' ', '-')))
  expect([...names].toSorted()).toEqual(REFUSABLE_GROUPS)
})
