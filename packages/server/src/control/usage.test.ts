import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { USAGE_INTERVALS, type UsageRow } from '../store/port/usage.ts'
import { usageRow } from '../store/testing/examples/usage.ts'
import { ACME, bearer, openAcme, spec, textOf, type AcmeWorld, type Answer } from './testing/control-world.ts'
import { signedIn, verdict } from './testing/people.ts'

const { minute: MINUTE_MS, hour: HOUR_MS, day: DAY_MS } = USAGE_INTERVALS
const KEY = 'key_4fT0Qm2ZrX9bLk7A'

let world: AcmeWorld
/** The minute that the clock stands in. */
let minuteMs: number

beforeAll(async () => {
  world = await openAcme()
  const { nowMs } = world.clock
  minuteMs = nowMs - (nowMs % MINUTE_MS)
  const at = (more: Partial<UsageRow>): UsageRow => usageRow({ minuteMs, ...more })
  await world.store.addUsage([
    at({ keyId: KEY, consumer: 'con_1', requests: 3 }),
    at({ keyId: KEY, consumer: 'con_1', requests: 2, code: 'rate_limited' }),
    at({ environment: 'prod', requests: 10, code: 'credential_missing' }),
    at({ requests: 20, pipeline: 'leads', project: 'sales', minuteMs: minuteMs - HOUR_MS }),
    at({ requests: 40, minuteMs: minuteMs - 29 * DAY_MS }),
    at({ requests: 80, minuteMs: minuteMs - 30 * DAY_MS }),
    at({ requests: 160, organization: 'rival', keyId: KEY }),
  ])
})

afterAll(async () => {
  await world[Symbol.asyncDispose]()
})

async function usage(query = '', headers: Readonly<Record<string, string>> = world.owner): Promise<Answer> {
  return await world.call('GET', `${ACME}/usage${query}`, undefined, headers)
}

/** The sums as texts, without their times. */
async function sums(query: string, headers?: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const { status, body } = await usage(query, headers)
  expect(status).toBe(200)
  return Object.values(body['items'] ?? {}).map(
    (item) =>
      `${item['group'] === null ? 'null' : textOf(item['group'])}: ${['requests', 'allowed', 'refused'].map((field) => Number(item[field])).join(' ')}`,
  )
}

describe('usage', () => {
  test('is summed over days for the last 30 days unless something else is asked for', async () => {
    const { body } = await usage()
    const day = (ms: number): string => new Date(ms - (ms % DAY_MS)).toISOString()
    const items = Object.values(body['items'] ?? {})
    expect(items.at(0)).toEqual({
      group: null,
      at: day(minuteMs - 29 * DAY_MS),
      requests: 40,
      allowed: 40,
      refused: 0,
    })
    expect(items.reduce((sum, item) => sum + Number(item['requests']), 0)).toBe(75)
    expect(body['next']).toBeNull()
  })

  test('is summed over the last hour by minute and over the last day by hour', async () => {
    expect(await sums('?interval=minute')).toEqual(['null: 15 3 12'])
    expect(await sums('?interval=hour')).toEqual(['null: 20 20 0', 'null: 15 3 12'])
  })

  test('is grouped and filtered', async () => {
    expect(await sums('?interval=minute&groupBy=key')).toEqual(['null: 10 0 10', `${KEY}: 5 3 2`])
    expect(await sums('?interval=minute&groupBy=secret')).toContain(`${KEY}/1: 5 3 2`)
    expect(await sums(`?interval=minute&groupBy=code&key=${KEY}`)).toEqual([
      'rate_limited: 2 0 2',
      'valid: 3 3 0',
    ])
    expect(await sums('?interval=hour&groupBy=version&project=sales')).toEqual(['leads/1.0: 20 20 0'])
    expect(await sums('?interval=minute&consumer=con_1')).toEqual(['null: 5 3 2'])
    expect(await sums('?interval=minute&environment=prod&code=credential_missing')).toEqual(['null: 10 0 10'])
  })

  test('counts the intervals of `from` and `to` whole', async () => {
    const iso = (ms: number): string => new Date(ms).toISOString()
    const minute = `interval=minute&from=${iso(minuteMs + 59_999)}&to=${iso(minuteMs + 60_000)}`
    expect(await sums(`?${minute}`)).toEqual(['null: 15 3 12'])
    expect(await sums(`?interval=minute&from=${iso(minuteMs)}&to=${iso(minuteMs + 1)}`)).toHaveLength(1)
    expect(await sums(`?interval=minute&from=${iso(minuteMs - MINUTE_MS)}&to=${iso(minuteMs)}`)).toEqual([])
  })

  test('comes in pages', async () => {
    const first = await usage('?interval=minute&groupBy=key&limit=1')
    expect(Object.values(first.body['items'] ?? {})).toHaveLength(1)
    const next = `&cursor=${textOf(first.body['next'])}`
    expect(await sums(`?interval=minute&groupBy=key&limit=1${next}`)).toEqual([`${KEY}: 5 3 2`])
    expect(verdict(await usage(`?interval=minute&groupBy=secret&limit=1${next}`))).toEqual([
      400,
      'invalid_request',
    ])
  })

  test.each([
    ['from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'query/from'],
    ['interval=minute&from=2026-01-01T00:00:00Z&to=2026-01-04T00:00:00Z', 'query/from'],
    [`groupBy=consumer&key=${KEY}`, 'query/groupBy'],
    ['groupBy=nothing', 'query/groupBy'],
    ['interval=month', 'query/interval'],
    ['from=yesterday', 'query/from'],
    ['sort=group', 'query/sort'],
  ])('refuses %s', async (query, path) => {
    const answer = await usage(`?${query}`)
    expect(verdict(answer)).toEqual([400, 'invalid_request'])
    expect(answer.body['errors']?.['0']?.['path']).toBe(path)
  })
})

describe('whoever may see the usage of a part', () => {
  /** The same roles as a key and as a member. */
  const CALLERS = [
    [
      'a key',
      async (role: string): Promise<Readonly<Record<string, string>>> => {
        const key = { name: 'k', type: 'secret', roles: [role] }
        return bearer((await world.own('POST', `${ACME}/keys`, key)).body['token'])
      },
    ],
    ['a member', async (role: string) => (await signedIn(world, { acme: [role] })).headers],
  ] as const

  beforeAll(async () => {
    await world.own('POST', `${ACME}/projects`, { name: 'sales' })
    await world.own('POST', `${ACME}/pipelines`, { name: 'leads', project: 'sales', spec: spec() })
    for (const [name, scope] of Object.entries({
      'usage-in-prod': { environment: 'prod' },
      'usage-of-leads': { pipeline: 'leads' },
      'usage-of-sales-in-prod': { environment: 'prod', project: 'sales' },
    })) {
      const permissions = [{ permission: 'usage.read', ...scope }]
      expect((await world.own('POST', `${ACME}/roles`, { name, permissions })).status).toBe(201)
    }
  })

  test.each(CALLERS)('%s, sees nothing outside of it, whatever is asked for', async (_, callerWith) => {
    const inProd = await callerWith('usage-in-prod')
    for (const groupBy of ['key', 'secret', 'consumer', 'environment', 'pipeline', 'version', 'code']) {
      const items = await sums(`?interval=hour&groupBy=${groupBy}`, inProd)
      expect(items).toHaveLength(1)
      expect(items[0]).toMatch(/: 10 0 10$/)
    }
    expect(await sums('?interval=hour', inProd)).toEqual(['null: 10 0 10'])
    for (const filter of ['pipeline=leads', 'project=sales']) {
      expect(await sums(`?interval=hour&${filter}`, inProd)).toEqual([])
    }
    for (const filter of ['environment=test', 'consumer=con_1', `key=${KEY}`]) {
      expect(verdict(await usage(`?interval=hour&${filter}`, inProd))).toEqual([400, 'invalid_request'])
    }
    const ofLeads = await callerWith('usage-of-leads')
    expect(await sums('?interval=hour&groupBy=pipeline', ofLeads)).toEqual(['leads: 20 20 0'])
    expect(await sums('?interval=hour', await callerWith('usage-of-sales-in-prod'))).toEqual([])
    expect(verdict(await usage('', await callerWith('policy-manager')))).toEqual([403, 'permission_missing'])
  })
})
