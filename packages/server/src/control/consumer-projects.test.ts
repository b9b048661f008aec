import { PROJECTS_PER_CONSUMER_MAX } from '@sallyport/core'
import { expect, test } from 'vitest'
import { ACME, openAcme, spec, textOf, type AcmeWorld } from './testing/control-world.ts'

const CONSUMERS = `${ACME}/consumers`

/** A consumer with the project `shop`, whose pipeline `orders` is live in `test`. */
async function openShop() {
  const world = await openAcme()
  for (const name of ['shop', 'stock']) await world.own('POST', `${ACME}/projects`, { name })
  await publish(world, 'orders', 'shop')
  const body = { name: 'app', environment: 'test', projects: ['shop'] }
  const made = await world.own('POST', CONSUMERS, body)
  const path = `${CONSUMERS}/${textOf(made.body['consumer']?.['id'])}`
  return { world, made, path, token: textOf(made.body['token']) }
}

async function publish(world: AcmeWorld, name: string, project: string): Promise<void> {
  await world.own('POST', `${ACME}/pipelines`, { name, project, spec: spec({ path: `/${name}` }) })
  const body = { pipeline: name, version: '1.0', environment: 'test' }
  expect((await world.own('POST', `${ACME}/deployments?wait=5`, body)).status).toBe(201)
}

test('projects are in force at gateways by the receipt, for later pipelines too, and are audited', async () => {
  const { world, made, path, token } = await openShop()
  await using _ = world
  expect(made).toMatchObject({ status: 201, body: { consumer: { pipelines: [], projects: ['shop'] } } })
  const verdictOf = async (pipeline: string) =>
    (await world.own('POST', `${ACME}/verify`, { token, environment: 'test', pipeline })).body['code']
  expect(await verdictOf('orders')).toBe('valid')
  await publish(world, 'returns', 'shop')
  await publish(world, 'levels', 'stock')
  expect(await verdictOf('returns')).toBe('valid')
  expect(await verdictOf('levels')).toBe('pipeline_not_allowed')

  const added = await world.own('POST', `${path}/projects?wait=5`, { project: 'stock' })
  expect(added).toMatchObject({
    status: 200,
    body: { consumer: { projects: ['shop', 'stock'] }, receipt: { confirmed: true } },
  })
  expect(await verdictOf('levels')).toBe('valid')
  const removed = await world.own('DELETE', `${path}/projects/shop?wait=5`)
  expect(removed).toMatchObject({ status: 200, body: { receipt: { confirmed: true } } })
  expect(await verdictOf('orders')).toBe('pipeline_not_allowed')
  expect((await world.own('DELETE', `${path}/projects/shop`)).status).toBe(404)
  const events = await world.own('GET', `${ACME}/audit-events?action=consumers.update`)
  expect(events.body['items']).toMatchObject([
    { before: { projects: ['shop', 'stock'] }, after: { projects: ['stock'] } },
    { before: { projects: ['shop'] }, after: { projects: ['shop', 'stock'] } },
  ])
})

test('projects change the entity tag of a consumer, so that no stale change replaces them', async () => {
  const { world, path } = await openShop()
  await using _ = world
  const tag = async () => (await world.own('GET', path)).headers['etag'] ?? ''
  const stale = await tag()
  await world.own('POST', `${path}/projects`, { project: 'stock' })
  const change = await world.own('PATCH', path, { projects: [] }, { 'if-match': stale })
  expect(change).toMatchObject({ status: 412 })
  const replaced = await world.own('PATCH', path, { projects: [] }, { 'if-match': await tag() })
  expect(replaced).toMatchObject({ status: 200, body: { consumer: { projects: [] } } })
})

test('refuses too many projects, and names that are none', async () => {
  const { world, path } = await openShop()
  await using _ = world
  const of = (count: number) => Array.from({ length: count }, () => 'shop')
  const answer = async (projects: unknown) => {
    const { status, body } = await world.own('PATCH', path, { projects })
    return [status, body['errors']?.[0]?.['path']]
  }
  expect(await answer(of(PROJECTS_PER_CONSUMER_MAX + 1))).toEqual([400, '/projects'])
  expect(await answer(of(PROJECTS_PER_CONSUMER_MAX))).toEqual([200, undefined])
  expect(await answer('shop')).toEqual([400, '/projects'])
  expect(await answer(['shop', 7])).toEqual([400, '/projects/1'])
  expect(await answer(['SHOP'])).toEqual([400, '/projects/0'])
})
