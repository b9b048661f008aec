import { type ListedKey, SallyportError } from '@sallyport/sdk'
import { expect, test } from 'vitest'
import { obstacleOf, refusalOf, secretsFile } from './rolling.ts'

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

test.each([
  [409, 'roll_pending', 'why'],
  [409, 'key_not_rollable', 'why'],
  [404, 'not_found', 'why'],
  [403, 'permission_missing', 'why'],
  [403, 'step_up_required', undefined],
  [401, 'unauthenticated', undefined],
  [429, 'rate_limited', undefined],
  [503, 'unavailable', undefined],
  [0, 'network_error', undefined],
])('a refusal with %i %s concerns this key alone: %s', (status, code, refusal) => {
  expect(refusalOf(new SallyportError({ status, code, detail: 'why' }))).toBe(refusal)
})

test('what is no answer of the server concerns all keys', () => {
  expect(refusalOf(new TypeError('broken'))).toBeUndefined()
})

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
