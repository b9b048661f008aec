import { expect, test } from 'vitest'
import { ACME, bearer, openAcme, textOf, type Json } from './testing/control-world.ts'

/** The form of a token; of no key. */
const SECRET_TOKEN = `sp_sk_${'0'.repeat(16)}_${'0'.repeat(38)}`
const VARIABLES = `${ACME}/environments/test/variables`

test('creates, replaces, lists, reads and removes a variable', async () => {
  await using world = await openAcme()
  const put = await world.own('PUT', `${VARIABLES}/HOST`, { value: 'one.example.com' })
  expect(put).toMatchObject({ status: 201, body: { variable: { name: 'HOST', value: 'one.example.com' } } })
  const again = await world.own('PUT', `${VARIABLES}/HOST`, { value: 'two.example.com' })
  expect(again).toMatchObject({ status: 200, body: { receipt: { confirmed: true } } })
  const records = world.cell.current.environment('acme', 'test')?.variables.values() ?? []
  expect([...records]).toMatchObject([{ name: 'HOST', value: 'two.example.com' }])
  const read = await world.own('GET', `${VARIABLES}/HOST`)
  expect(read.body).toMatchObject({ name: 'HOST', value: 'two.example.com' })
  expect((await world.own('GET', VARIABLES)).body['items']).toEqual([read.body])
  expect((await world.own('DELETE', `${VARIABLES}/HOST`)).status).toBe(200)
  expect((await world.own('GET', `${VARIABLES}/HOST`)).status).toBe(404)
})

test.each([
  ['x'.repeat(4096), 201],
  ['x'.repeat(4097), 400],
  ['', 400],
  ['a\r\nb', 400],
  ['b\u00fccher.example', 400],
  [7, 400],
  [`Bearer ${SECRET_TOKEN}`, 400],
  [SECRET_TOKEN.slice(0, -16), 400],
  [SECRET_TOKEN.replace('sk', 'pk'), 201],
  ['sp_sk_', 201],
])('a value %j gets %i', async (value, status) => {
  await using world = await openAcme()
  expect((await world.own('PUT', `${VARIABLES}/HOST`, { value })).status).toBe(status)
})

test('one version is deployed in two environments; a used variable stays usable', async () => {
  await using world = await openAcme()
  const spec = {
    trigger: { kind: 'rest', authentication: { apiKey: true } },
    steps: [{ proxy: { url: 'https://{vars.HOST}/' } }],
  }
  await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec })
  const wanted = { pipeline: 'orders', version: '1.0', environment: 'test' }
  expect(await world.own('POST', `${ACME}/deployments`, wanted)).toMatchObject({
    status: 422,
    body: { violations: [{ rule: 'variable-unknown', path: '/steps/0/proxy/url' }] },
  })
  await world.own('PUT', `${VARIABLES}/HOST`, { value: 'test.example.com' })
  const deployed = await world.own('POST', `${ACME}/deployments`, wanted)
  expect(deployed.status).toBe(201)
  const id = textOf(deployed.body['id'])
  const promote = { environment: 'prod' }
  expect((await world.own('POST', `${ACME}/deployments/${id}/promote`, promote)).status).toBe(422)
  await world.own('PUT', `${ACME}/environments/prod/variables/HOST`, { value: 'example.com' })
  expect((await world.own('POST', `${ACME}/deployments/${id}/promote`, promote)).status).toBe(201)

  const usedBy = [{ pipeline: 'orders', version: '1.0', deploymentId: id }]
  for (const refused of [
    await world.own('PUT', `${VARIABLES}/HOST`, { value: 'test.example.com/' }),
    await world.own('DELETE', `${VARIABLES}/HOST`),
  ]) {
    expect(refused).toMatchObject({ status: 409, body: { code: 'conflict', usedBy } })
  }
  expect((await world.own('PUT', `${VARIABLES}/HOST`, { value: 'test.example.com:8443' })).status).toBe(200)
  await world.own('DELETE', `${ACME}/deployments/${id}`)
  expect((await world.own('DELETE', `${VARIABLES}/HOST`)).status).toBe(200)
})

test('auditors read variables, and other organizations do not know them', async () => {
  await using world = await openAcme()
  await world.own('PUT', `${VARIABLES}/HOST`, { value: 'x' })
  const auditor = await world.own('POST', `${ACME}/keys`, { name: 'a', type: 'secret', roles: ['auditor'] })
  const rival = await world.own('POST', '/v1/organizations', { slug: 'rival', name: 'Rival' })
  const statuses = async (token: Json | undefined): Promise<number[]> => [
    (await world.call('GET', `${VARIABLES}/HOST`, undefined, bearer(token))).status,
    (await world.call('PUT', `${VARIABLES}/HOST`, { value: 'y' }, bearer(token))).status,
  ]
  expect(await statuses(auditor.body['token'])).toEqual([200, 403])
  expect(await statuses(rival.body['token'])).toEqual([404, 404])
})
