import { WEBHOOK_EVENTS, type Grant, type WebhookEventType } from '@sallyport/core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../keys/create-key.ts'
import { recordsOf } from '../testing/audited.ts'
import { graceSeconds, title } from '../testing/fields.ts'
import { member } from '../testing/member.ts'
import { codeOf, openWorld, problemOf, type World } from '../testing/world.ts'
import { createWebhook } from './create-webhook.ts'
import { getWebhook, listWebhooks } from './reading.ts'
import { removeWebhook } from './remove-webhook.ts'
import { rotateWebhook } from './rotate-webhook.ts'
import { updateWebhook } from './update-webhook.ts'

const organization = 'acme'
const input = {
  organization,
  url: 'https://hooks.example.com/in?token=hidden',
  events: ['key.created'] as WebhookEventType[],
}

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(async () => await world[Symbol.asyncDispose]())

describe('a webhook', () => {
  test.each(Object.entries(WEBHOOK_EVENTS) as [WebhookEventType, Grant['permission']][])(
    'for %s needs %s in the whole organization',
    async (type, permission) => {
      const as = (...grants: readonly Grant[]) => ({
        ...world.owner,
        actor: member({ acme: [{ permission: 'webhooks.write' }, ...grants] }),
      })
      const create = (...grants: readonly Grant[]) =>
        createWebhook(as(...grants), { ...input, events: [type] })
      for (const grants of [[], [{ permission, environment: 'test' }]]) {
        expect(await problemOf(create(...grants))).toMatchObject({
          code: 'permission_missing',
          extensions: { permission },
        })
      }
      const { webhook } = await create({ permission })
      const change = { organization, webhook: webhook.id }
      // What it sends elsewhere, or again, somebody must be able to read.
      for (const more of [
        { url: 'https://other.example.com/' },
        { events: [type, 'key.deleted', 'policy.changed'] as const },
      ]) {
        expect(await codeOf(updateWebhook(as(), { ...change, ...more }))).toBe('permission_missing')
      }
      await updateWebhook(as(), { ...change, active: false })
      expect(await codeOf(updateWebhook(as(), { ...change, active: true }))).toBe('permission_missing')
      await removeWebhook(as(), change)
    },
  )

  test('is not created by a key that ends, whose webhook would remain', async () => {
    const { token } = await createKey(world.owner, {
      organization,
      name: title('ends'),
      type: 'secret',
      roles: ['owner'],
      expiresAtMs: world.clock.nowMs + 1_000,
    })
    expect(await codeOf(createWebhook(await world.as(token), input))).toBe('permission_missing')
  })

  test('is recorded without its secrets and without the path of its URL', async () => {
    const secrets: string[] = []
    let id = ''
    const records = await recordsOf(world, async () => {
      const created = await createWebhook(world.owner, input)
      id = created.webhook.id
      const change = { organization, webhook: id }
      const rotated = await rotateWebhook(world.owner, change)
      secrets.push(created.secret, rotated.secret)
      await updateWebhook(world.owner, { ...change, events: ['policy.changed'] })
      await removeWebhook(world.owner, change)
    })
    expect(records.map(({ action, target }) => [action, target])).toEqual(
      ['create', 'rotate', 'update', 'remove'].map((action) => [`webhooks.${action}`, `webhook/${id}`]),
    )
    const log = JSON.stringify(records)
    expect(secrets[0]).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    for (const secret of [...secrets, 'hidden']) expect(log).not.toContain(secret)
    expect(records[0]?.after).toMatchObject({ origin: 'https://hooks.example.com' })
  })

  test('has at most two secrets', async () => {
    const { webhook } = await createWebhook(world.owner, input)
    const change = { organization, webhook: webhook.id }
    const first = await rotateWebhook(world.owner, change)
    expect(first.webhook.previousSecretEndsAtMs).toBe(world.clock.nowMs + 12 * 3_600_000)
    expect(await codeOf(rotateWebhook(world.owner, change))).toBe('conflict')
    const ended = await rotateWebhook(world.owner, { ...change, graceSeconds: graceSeconds(0) })
    expect(ended.webhook.previousSecretEndsAtMs).toBeNull()
    await rotateWebhook(world.owner, { ...change, graceSeconds: graceSeconds(60) })
    world.clock.nowMs += 60_000
    await rotateWebhook(world.owner, change)
    await removeWebhook(world.owner, change)
  })

  test('of another organization looks nonexistent', async () => {
    const { webhook } = await createWebhook(world.rival, { ...input, organization: 'rival' })
    const one = { organization, webhook: webhook.id }
    for (const operate of [getWebhook, updateWebhook, rotateWebhook, removeWebhook]) {
      expect(await codeOf(operate(world.owner, one))).toBe('not_found')
    }
  })

  test('is one of at most 20', async () => {
    const { items } = await listWebhooks(world.owner, { organization, limit: 100 })
    for (let count = items.length; count < 20; count += 1) await createWebhook(world.owner, input)
    const { code, detail } = await problemOf(createWebhook(world.owner, input))
    expect([code, detail]).toEqual(['conflict', expect.stringContaining('at most 20 webhooks')])
  })
})

test.each([
  ['http://hooks.example.com/', 'https://'],
  ['https://10.0.0.1/', 'public address'],
  ['https://[::ffff:10.0.0.1]/', 'public address'],
  ['https://user:pass@hooks.example.com/', 'user name'],
  ['ftp://hooks.example.com/', 'https://'],
])('%s is refused', async (url, reason) => {
  const { code, extensions } = await problemOf(
    createWebhook(world.rival, { ...input, organization: 'rival', url }),
  )
  expect([code, extensions]).toEqual([
    'invalid_request',
    { errors: [{ path: '/url', message: expect.stringContaining(reason) as string }] },
  ])
})
