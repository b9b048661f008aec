import type { ListedKey } from '@sallyport/sdk'
import { expect, test } from 'vitest'
import { obstacleOf, secretsFile } from './rolling.ts'

const key = (state: ListedKey['state']): ListedKey => ({
  id: 'key_1',
  name: 'Feed',
  type: 'secret',
  environment: null,
  consumer: null,
  consumerName: null,
  roles: [],
  state,
  status: 'active',
  createdAt: '2026-11-27T10:00:00.000Z',
  createdBy: 'setup',
  expiresAt: null,
  secrets: [],
  freshness: 'fresh',
  lifetimeEndsAt: null,
  warnings: [],
  addressRules: [],
  rateLimits: [],
  labels: {},
})

test.each([
  ['active', true, undefined],
  ['active', false, 'forbidden'],
  ['rolling', true, 'rolling'],
  ['inactive', true, 'inactive'],
  ['expired', false, 'expired'],
  ['deleted', true, 'deleted'],
] as const)(
  'the obstacle of a key that is %s, with the permission: %s, is %s',
  (state, mayRoll, obstacle) => {
    expect(obstacleOf(key(state), mayRoll)).toBe(obstacle)
  },
)

test('the file of new secrets names what they are, and holds no formula', () => {
  const about = { id: 'key_1', environment: 'prod', consumerName: null }
  const secrets = [
    { ...about, name: '=Feed', secret: 'sp_sk_1', oldEndsAt: '2026-11-27T22:00:00.000Z' },
    { ...about, name: 'Other', secret: 'sp_sk_2', oldEndsAt: null },
  ]
  expect(secretsFile(secrets, 'here').split('\r\n')).toEqual([
    'key_id,name,consumer,environment,token,old_secret_ends_at',
    `key_1,"'=Feed",,prod,sp_sk_1,2026-11-27T22:00:00.000Z`,
    'key_1,Other,,prod,sp_sk_2,',
    '',
  ])
  expect(secretsFile([], 'link')).toBe('key_id,name,consumer,environment,link,old_secret_ends_at\r\n')
})
