import { QUOTA_LIMITS_DEFAULT } from '@sallyport/core'
import { expect, test } from 'vitest'
import { ACME, openAcme, spec } from './testing/control-world.ts'

test('the quotas of an organization show what is used and the limit', async () => {
  await using world = await openAcme()
  await world.own('POST', `${ACME}/pipelines`, { name: 'orders', spec: spec({ authentication: {} }) })
  await world.own('POST', `${ACME}/deployments`, { pipeline: 'orders', version: '1.0', environment: 'test' })
  const { status, body } = await world.own('GET', `${ACME}/quotas`)
  expect(status).toBe(200)
  expect(body).toMatchObject({
    keys: { used: 2, limit: QUOTA_LIMITS_DEFAULT.keys },
    consumers: { used: 0, limit: QUOTA_LIMITS_DEFAULT.consumers },
    pipelines: { used: 1 },
    versions: { used: 1 },
    deployments: { used: 1 },
    routes: { used: 1 },
  })
  expect(Object.keys(body)).toHaveLength(7)
})

test('a request beyond a quota gets 403 with the quota, what is used and the limit', async () => {
  await using world = await openAcme({ quotaLimits: () => ({ ...QUOTA_LIMITS_DEFAULT, keys: 2 }) })
  const refused = await world.own('POST', `${ACME}/keys`, { name: 'one more', type: 'secret' })
  expect(refused.status).toBe(403)
  expect(refused.body).toMatchObject({ code: 'quota_exceeded', quota: 'keys', used: 2, limit: 2 })
  const consumer = await world.own('POST', `${ACME}/consumers`, { name: 'app', environment: 'test' })
  expect(consumer.body).toMatchObject({ code: 'quota_exceeded', quota: 'keys' })
})
