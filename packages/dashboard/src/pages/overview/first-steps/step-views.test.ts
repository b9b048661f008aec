import { describe, expect, test } from 'vitest'
import { type Facts, progressOf } from './progress.ts'
import { stepViews } from './step-views.ts'

const NOTHING: Facts = { demands: [], pipelines: [], live: [], consumers: [] }
const ORDERS = {
  pipeline: 'orders',
  project: 'shop',
  version: '1.0',
  environment: 'test',
  url: 'https://a.example/orders',
}
const SHOP = {
  id: 'con_1',
  name: 'shop',
  environment: 'test',
  status: 'active',
  pipelines: ['orders'],
  projects: [],
} as const
const STRANGER = { ...SHOP, pipelines: [] }

/** What a person with these permissions reads. */
function viewsFor(facts: Partial<Facts>, permissions: readonly string[], deployTo?: string) {
  const may = (permission: string): boolean => permissions.includes(permission)
  return stepViews(progressOf({ ...NOTHING, ...facts }), { organization: 'acme', deployTo, may })
}

test('environments with the same demand are named together', () => {
  const demands = [
    { environment: 'test', mode: 'any' },
    { environment: 'stage', mode: 'api-key' },
    { environment: 'prod', mode: 'any' },
  ] as const
  expect(viewsFor({ demands }, []).policy.text).toMatch(
    /^No credential demanded in test and prod\. API key demanded in stage\. /,
  )
})

describe('the next step leads to its place, or says who can do it', () => {
  const created = { pipelines: [{ name: 'orders' }] }
  const deployed = { ...created, live: [ORDERS] }

  test('a pipeline', () => {
    expect(viewsFor({}, ['pipelines.write']).pipeline.action).toMatchObject({
      word: 'Create pipeline',
      to: { search: { dialog: 'create' } },
    })
    const { action, text } = viewsFor({}, []).pipeline
    expect(action).toBeUndefined()
    expect(text).toContain('Owners, admins and developers can create one.')
  })

  test('a deployment', () => {
    expect(viewsFor(created, [], 'test').deployment.action).toMatchObject({
      word: 'Deploy orders in test',
      to: { params: { pipeline: 'orders' }, search: { panel: 'deploy', to: 'test' } },
    })
    const { action, text } = viewsFor(created, []).deployment
    expect(action).toBeUndefined()
    expect(text).toContain('Owners, admins and developers can deploy it.')
    expect(viewsFor({}, [], 'test').deployment.action).toBeUndefined()
  })

  test('a key', () => {
    expect(viewsFor(deployed, ['consumers.write', 'keys.create']).key.action).toMatchObject({
      to: { search: { dialog: 'create', to: 'test', pipeline: 'orders' } },
    })
    const { action, text } = viewsFor(deployed, ['consumers.write']).key
    expect(action).toBeUndefined()
    expect(text).toContain('Owners, admins and key managers can create one.')
    expect(viewsFor(created, ['consumers.write', 'keys.create']).key.action).toBeUndefined()
  })

  test('a consumer that may not call yet', () => {
    const facts = { ...deployed, consumers: [STRANGER] }
    const mayChange = viewsFor(facts, ['consumers.write']).key
    expect(mayChange.action).toMatchObject({ word: 'Open shop', to: { search: { consumer: 'con_1' } } })
    expect(mayChange.text).toBe('shop may not call orders yet. Allow it in its details.')
    const other = viewsFor(facts, []).key
    expect(other.action).toBeUndefined()
    expect(other.text).toContain('Owners, admins and key managers can allow it.')
  })
})

test('what is done says so, to everyone', () => {
  const { pipeline, deployment, key } = viewsFor({ live: [ORDERS], consumers: [SHOP] }, [])
  expect([pipeline.text, deployment.text, key.text]).toEqual([
    'orders is created.',
    'orders 1.0 is live in test.',
    'shop may call orders in test.',
  ])
})
