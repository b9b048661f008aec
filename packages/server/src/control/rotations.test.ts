import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACME, openAcme, textOf, type AcmeWorld } from './testing/control-world.ts'

let world: AcmeWorld
let webhook: string

beforeAll(async () => {
  world = await openAcme()
  const body = { url: 'https://hooks.example.com/tokens', events: ['key.rotated'] }
  webhook = textOf((await world.own('POST', `${ACME}/webhooks`, body)).body['id'])
})
afterAll(async () => await world[Symbol.asyncDispose]())

async function key(type = 'secret'): Promise<string> {
  const made = await world.own('POST', `${ACME}/keys`, { name: 'app', type })
  return `${ACME}/keys/${textOf(made.body['key']?.['id'])}`
}

test('a rotation is set, read alone and with its key, and removed', async () => {
  const path = await key()
  expect(await world.own('GET', `${path}/rotation`)).toMatchObject({
    status: 404,
    body: { code: 'not_found' },
  })
  expect((await world.own('GET', path)).body['rotation']).toBeNull()
  const set = await world.own('PUT', `${path}/rotation`, { rotateEveryDays: 30, webhook })
  const { createdAt } = (await world.own('GET', path)).body
  const expected = {
    rotateEveryDays: 30,
    webhook,
    handOver: null,
    state: 'scheduled',
    nextRotationAt: new Date(Date.parse(textOf(createdAt)) + 30 * 86_400_000).toISOString(),
    lastRotatedAt: null,
    problem: null,
  }
  expect(set).toMatchObject({ status: 201, body: { rotation: expected, receipt: { confirmed: true } } })
  const read = await world.own('GET', `${path}/rotation`)
  expect(read).toMatchObject({ status: 200, body: expected })
  expect((await world.own('GET', path)).body['rotation']).toEqual(read.body)
  const linked = { rotateEveryDays: 365, webhook, handOver: { expiresInHours: 168 } }
  expect(await world.own('PUT', `${path}/rotation`, linked)).toMatchObject({
    status: 200,
    body: { rotation: { handOver: { expiresInHours: 168 } } },
  })
  expect(await world.own('DELETE', `${path}/rotation`)).toMatchObject({
    status: 200,
    body: { receipt: { confirmed: true } },
  })
  expect((await world.own('DELETE', `${path}/rotation`)).status).toBe(404)
})

test.each([
  [{ rotateEveryDays: 0 }, '/rotateEveryDays'],
  [{ rotateEveryDays: 366 }, '/rotateEveryDays'],
  [{ rotateEveryDays: 1.5 }, '/rotateEveryDays'],
  [{ webhook: undefined }, '/webhook'],
  [{ webhook: 'whk_0000000000000000' }, '/webhook'],
  [{ handOver: { expiresInHours: 169 } }, '/handOver/expiresInHours'],
  [{ handOver: { expiresInHours: 1, more: 1 } }, '/handOver'],
  [{ graceSeconds: 1 }, ''],
])('a rotation with %j is refused', async (changes, place) => {
  const path = await key()
  const body = { rotateEveryDays: 1, webhook, ...changes }
  const refused = await world.own('PUT', `${path}/rotation`, body)
  expect(refused).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  expect(JSON.stringify(refused.body['errors'])).toContain(`"path":"${place}`)
  expect((await world.own('GET', `${path}/rotation`)).status).toBe(404)
})

test('a public key cannot roll on a schedule', async () => {
  const path = await key('public')
  expect(await world.own('PUT', `${path}/rotation`, { rotateEveryDays: 1, webhook })).toMatchObject({
    status: 409,
    body: { code: 'conflict' },
  })
})
