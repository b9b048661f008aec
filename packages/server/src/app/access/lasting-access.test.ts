import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createConsumer } from '../consumers/create-consumer.ts'
import { updateConsumer } from '../consumers/update-consumer.ts'
import { createIssuer } from '../issuers/create-issuer.ts'
import { createKey } from '../keys/create-key.ts'
import { addressRule, consumerName, keyRateLimits, title } from '../testing/fields.ts'
import { codeOf, openWorld, pipeline, START_MS, type World } from '../testing/world.ts'
import type { OperationContext } from './context.ts'

const organization = 'acme'
const ADDRESS = '192.0.2.1'
const BOUNDS = {
  'an expiry': { expiresAtMs: START_MS + 60_000 },
  'address rules': { addressRules: [addressRule('192.0.2.0/24')] },
  'rate limits': { rateLimits: keyRateLimits([{ requests: 1000, per: 'minute', by: 'credential' }]) },
}

let world: World

beforeAll(async () => {
  world = await openWorld()
  await pipeline(world.owner, 'orders')
  await pipeline(world.owner, 'invoices')
})
afterAll(async () => await world[Symbol.asyncDispose]())

describe.each(Object.entries(BOUNDS))('an owner key with %s', (_kind, bounds) => {
  async function actor(): Promise<OperationContext> {
    const input = {
      organization,
      name: title('bounded'),
      type: 'secret',
      roles: ['owner'],
      ...bounds,
    } as const
    return await world.as((await createKey(world.owner, input)).token, ADDRESS)
  }

  test('trusts no issuer, whose tokens have no such bounds', async () => {
    const issuer = {
      organization,
      environment: 'test',
      issuer: 'https://idp.example',
      audiences: ['orders'],
      jwksUrl: 'https://idp.example/jwks',
    }
    expect(await codeOf(createIssuer(await actor(), issuer))).toBe('permission_missing')
  })

  test('lets no consumer call more whose keys have no such bounds, but takes pipelines from it', async () => {
    const name = consumerName(`app-${Object.keys(bounds).join('').toLowerCase()}`)
    const { consumer } = await createConsumer(world.owner, {
      organization,
      name,
      environment: 'test',
      pipelines: ['orders'],
    })
    const change = { organization, consumer: consumer.id }
    const context = await actor()
    expect(await codeOf(updateConsumer(context, { ...change, pipelines: ['orders', 'invoices'] }))).toBe(
      'permission_missing',
    )
    expect(await codeOf(updateConsumer(context, { ...change, projects: ['default'] }))).toBe(
      'permission_missing',
    )
    await updateConsumer(context, { ...change, pipelines: [] })
  })

  test('lets a consumer call more whose keys have the same bounds', async () => {
    const context = await actor()
    const { consumer } = await createConsumer(context, {
      organization,
      name: consumerName(`same-${Object.keys(bounds).join('').toLowerCase()}`),
      environment: 'test',
      key: bounds,
    })
    await updateConsumer(context, { organization, consumer: consumer.id, pipelines: ['orders'] })
  })
})
