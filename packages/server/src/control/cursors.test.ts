import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { seal, unseal, type Sealer } from '../crypto/seal.ts'
import {
  ACME,
  bearer,
  openAcme,
  openControlWorld,
  spec,
  textOf,
  type AcmeWorld,
} from './testing/control-world.ts'

function namesOf(body: Readonly<Record<string, unknown>>): unknown[] {
  return Object.values(body['items'] as Record<string, { name: unknown }>).map(({ name }) => name)
}

async function narrowed(world: AcmeWorld, roles: readonly string[], environment: string) {
  const made = await world.own('POST', `${ACME}/keys`, { name: 'narrow', type: 'secret', roles, environment })
  return bearer(made.body['token'])
}

describe('a page of a narrowed caller', () => {
  test('is full, and its cursor says nothing about hidden rows behind it', async () => {
    await using world = await openAcme()
    const narrow = await narrowed(world, ['owner'], 'test')
    world.clock.nowMs += 1
    for (let index = 0; index < 6; index += 1) {
      // Each visible key has two hidden ones after it, one of them of no environment.
      await world.own('POST', `${ACME}/keys`, { name: `k${index}`, type: 'secret', environment: 'test' })
      await world.own('POST', `${ACME}/keys`, { name: 'hidden', type: 'secret', environment: 'prod' })
      await world.own('POST', `${ACME}/keys`, { name: 'hidden', type: 'secret' })
      world.clock.nowMs += 1
    }
    const list = async (query: string) => await world.call('GET', `${ACME}/keys?${query}`, undefined, narrow)
    const first = await list('limit=4')
    expect(namesOf(first.body)).toEqual(['narrow', 'k0', 'k1', 'k2'])
    const second = await list(`limit=4&cursor=${textOf(first.body['next'])}`)
    expect(namesOf(second.body)).toEqual(['k3', 'k4', 'k5'])
    expect(second.body['next']).toBeNull()
    // Exactly the visible rows: hidden ones behind them make no further page.
    expect((await list('limit=7')).body['next']).toBeNull()
    expect(await list('environment=prod')).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })

  test('of consumers, deployments and environments has only its environment', async () => {
    await using world = await openAcme()
    await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec() })
    for (const environment of ['prod', 'test', 'prod']) {
      await world.own('POST', `${ACME}/deployments`, { pipeline: 'orders', version: '1.0', environment })
      await world.own('POST', `${ACME}/consumers`, { name: `app-${world.clock.nowMs}`, environment })
      world.clock.nowMs += 1
    }
    const narrow = await narrowed(world, ['owner'], 'test')
    for (const list of ['consumers', 'deployments', 'environments']) {
      const { body } = await world.call('GET', `${ACME}/${list}?limit=1`, undefined, narrow)
      const items = Object.values(body['items'] ?? {})
      expect([list, items.map((item) => item['environment'] ?? item['name']), body['next']]).toEqual([
        list,
        ['test'],
        null,
      ])
    }
  })
})

describe('a cursor', () => {
  /** The cursor of the second page of the projects. */
  async function withCursor(world: AcmeWorld): Promise<string> {
    for (const name of ['a', 'b', 'c']) await world.own('POST', `${ACME}/projects`, { name })
    const { body } = await world.own('GET', `${ACME}/projects?limit=2`)
    return textOf(body['next'])
  }

  test('reveals nothing of the row that it stands at', async () => {
    await using world = await openAcme()
    const cursor = await withCursor(world)
    const decoded = Buffer.from(cursor.replace(/^v1\./, ''), 'base64url').toString('latin1')
    // Longer than what random bytes could contain by chance.
    expect(decoded).not.toMatch(/default|17672256/)
  })

  test('works for another page size, but for no other list, filter, organization or actor', async () => {
    await using world = await openAcme()
    const cursor = await withCursor(world)
    const other = await narrowed(world, ['owner'], 'test')
    await world.own('POST', '/v1/organizations', { slug: 'second', name: 'Second' })
    const admin = await world.own('POST', `${ACME}/keys`, { name: 'x', type: 'secret', roles: ['owner'] })
    expect(await world.own('GET', `${ACME}/projects?limit=1&cursor=${cursor}`)).toMatchObject({ status: 200 })
    const refused = [
      await world.own('GET', `${ACME}/keys?cursor=${cursor}`),
      await world.own('GET', `${ACME}/environments?cursor=${cursor}`),
      await world.call('GET', `${ACME}/projects?cursor=${cursor}`, undefined, bearer(admin.body['token'])),
      await world.own('GET', `/v1/organizations?cursor=${cursor}`),
      await world.own('GET', `${ACME}/environments/test/signing-keys?cursor=${cursor}`),
    ]
    for (const answer of refused) {
      expect(answer).toMatchObject({
        status: 400,
        body: { code: 'invalid_request', errors: [{ path: 'query/cursor' }] },
      })
    }
    expect(await world.call('GET', `${ACME}/projects?cursor=${cursor}`, undefined, other)).not.toMatchObject({
      status: 200,
    })
  })

  test('belongs to its filter', async () => {
    await using world = await openAcme()
    for (const name of ['a', 'b', 'c']) {
      await world.own('POST', `${ACME}/keys`, { name, type: 'secret', environment: 'test' })
    }
    const filtered = `${ACME}/keys?environment=test`
    const cursor = textOf((await world.own('GET', `${filtered}&limit=1`)).body['next'])
    expect(await world.own('GET', `${filtered}&cursor=${cursor}`)).toMatchObject({ status: 200 })
    for (const query of ['?', '?environment=prod&', '?environment=test&includeDeleted=true&']) {
      expect(await world.own('GET', `${ACME}/keys${query}cursor=${cursor}`)).toMatchObject({ status: 400 })
    }
  })

  test('is refused when it was altered, made up, or is a bare position', async () => {
    await using world = await openAcme()
    const cursor = await withCursor(world)
    const bare = Buffer.from(JSON.stringify([world.clock.nowMs, 'a'])).toString('base64url')
    const swapped = cursor.slice(0, 20) + (cursor[20] === 'A' ? 'B' : 'A') + cursor.slice(21)
    for (const wrong of [
      bare,
      swapped,
      cursor.slice(0, -1),
      `${cursor}A`,
      'v1.',
      'nonsense',
      'A'.repeat(1000),
    ]) {
      expect(await world.own('GET', `${ACME}/projects?cursor=${wrong}`)).toMatchObject({
        status: 400,
        body: { code: 'invalid_request' },
      })
    }
  })

  test('survives a restart', async () => {
    const masterKey = randomBytes(32)
    const sealer: Sealer = {
      seal: (text, context) => seal(masterKey, text, context),
      unseal: (sealed, context) => unseal(masterKey, sealed, context),
    }
    await using world = await openAcme({ sealer })
    await world.own('POST', `${ACME}/projects`, { name: 'a' })
    const { body } = await world.own('GET', `${ACME}/projects?limit=1`)
    await using later = await openControlWorld({ sealer, store: world.store })
    const path = `${ACME}/projects?limit=1&cursor=${textOf(body['next'])}`
    expect(await later.call('GET', path, undefined, world.owner)).toMatchObject({ status: 200 })
  })
})
