import { expect, test } from 'vitest'
import { ACME, openAcme, spec, textOf, type AcmeWorld } from './testing/control-world.ts'

const environment = `${ACME}/environments/test`
const policy = `${environment}/policies/external-api-access`

async function deployed(world: AcmeWorld, name: string, authentication: unknown): Promise<void> {
  await world.own('POST', `${ACME}/pipelines`, { name, spec: spec({ authentication }) })
  const wanted = { pipeline: name, version: '1.0', environment: 'test' }
  expect((await world.own('POST', `${ACME}/deployments`, wanted)).status).toBe(201)
}

test('a dry run lists deployments that would stop conforming and those that never conformed', async () => {
  await using world = await openAcme()
  await deployed(world, 'open', {})
  await deployed(world, 'keyed', { apiKey: true })
  await deployed(world, 'both', { apiKey: true, jwt: true })
  await world.own('PUT', policy, { mode: 'api-key' })
  const asked = { mode: 'jwt-and-api-key' }
  const tried = await world.own('PUT', policy, { ...asked, dryRun: true })
  const affected = Object.values(tried.body['affected'] ?? {}).map((item) => [
    textOf(item['pipeline']),
    {
      stopsConforming: item['stopsConforming'],
      rules: Object.values(item['violations'] ?? {}).map((violation) => violation['rule']),
    },
  ])
  expect(Object.fromEntries(affected)).toEqual({
    keyed: { stopsConforming: true, rules: ['jwt-required'] },
    open: { stopsConforming: false, rules: ['api-key-required', 'jwt-required'] },
  })
  expect(tried.body['conformity']).toEqual({ total: 3, conforming: 1 })
  expect((await world.own('GET', policy)).body['conformity']).toEqual({ total: 3, conforming: 2 })
  const saved = await world.own('PUT', policy, asked)
  expect(saved.body['affected']).toEqual(tried.body['affected'])
  expect((await world.own('GET', policy)).body['conformity']).toEqual({ total: 3, conforming: 1 })
  expect((await world.own('PUT', policy, { mode: 'any' })).body['affected']).toEqual([])
})

test('conformity lists each live deployment with its violations, in pages', async () => {
  await using world = await openAcme()
  for (const name of ['a', 'b', 'c']) await deployed(world, name, { apiKey: name === 'b' })
  await world.own('PUT', policy, { mode: 'api-key' })
  const items: unknown[] = []
  let query = '?limit=2'
  for (let pages = 0; query !== ''; pages += 1) {
    expect(pages).toBeLessThan(3)
    const { status, body } = await world.own('GET', `${environment}/conformity${query}`)
    expect(status).toBe(200)
    items.push(...Object.values(body['items'] ?? {}))
    const next: unknown = body['next']
    query = typeof next === 'string' ? `?limit=2&cursor=${encodeURIComponent(next)}` : ''
  }
  const rows = items as readonly { pipeline: string; conforming: boolean; violations: readonly unknown[] }[]
  expect(rows.toSorted((one, other) => one.pipeline.localeCompare(other.pipeline))).toMatchObject([
    { pipeline: 'a', version: '1.0', conforming: false, violations: [{ rule: 'api-key-required' }] },
    { pipeline: 'b', version: '1.0', conforming: true, violations: [] },
    { pipeline: 'c', version: '1.0', conforming: false, violations: [{ policy: 'external-api-access' }] },
  ])
  expect((await world.own('GET', `${environment}/conformity?limit=0`)).status).toBe(400)
})

test('lists policy versions with author and time, newest first', async () => {
  await using world = await openAcme()
  world.clock.nowMs += 60_000
  await world.own('PUT', policy, { mode: 'api-key' })
  await world.own('PUT', policy, { mode: 'jwt', dryRun: true })
  world.clock.nowMs += 60_000
  await world.own('PUT', policy, { mode: 'jwt' })
  const { status, body } = await world.own('GET', `${policy}/versions`)
  expect(status).toBe(200)
  const author = { updatedBy: expect.stringMatching(/^key_/) as string }
  expect(body).toEqual({
    items: [
      { ...at('00:02'), ...author, version: 3, mode: 'jwt' },
      { ...at('00:01'), ...author, version: 2, mode: 'api-key' },
      { ...at('00:00'), updatedBy: 'setup', version: 1, mode: 'any' },
    ],
    next: null,
  })
  const first = await world.own('GET', `${policy}/versions?limit=2`)
  expect(first.body['items']).toHaveLength(2)
  const next = encodeURIComponent(textOf(first.body['next']))
  expect((await world.own('GET', `${policy}/versions?limit=2&cursor=${next}`)).body).toMatchObject({
    items: [{ version: 1 }],
    next: null,
  })
  expect(
    (await world.own('GET', `${ACME}/environments/nowhere/policies/external-api-access/versions`)).status,
  ).toBe(404)
})

function at(time: string): { createdAt: string; updatedAt: string } {
  const moment = `2026-01-01T${time}:00.000Z`
  return { createdAt: moment, updatedAt: moment }
}
