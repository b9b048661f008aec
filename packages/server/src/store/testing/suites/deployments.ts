import { claimsOf, deploymentFacts, type PipelineSpec } from '@sallyport/core'
import { sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import type { Candidacy, DeploymentFilter } from '../../port/deployments.ts'
import { change } from '../examples/audit-events.ts'
import { deployment, ended } from '../examples/deployments.ts'
import { FIRST_MS } from '../examples/example.ts'
import { pipeline, spec, version } from '../examples/pipelines.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { refusalOf } from '../problem-codes.ts'

const proxied = (path: string, url: string): PipelineSpec => ({
  ...spec(path),
  steps: [{ kind: 'proxy', url } as never],
})

/** Adds copies of a live deployment, each with a major of its own: directly, because there are many. */
async function insertCopies(db: TestDatabase, id: string, count: number): Promise<void> {
  await using backend = await db.backend()
  const copies = (into: string, from: string, columns: Readonly<Record<string, string>>, where: string) =>
    sql`
      insert into ${sql.raw(into)} (${sql.raw(Object.keys(columns).join(', '))})
      with recursive numbers (number) as (select 2 union all select number + 1 from numbers where number <= ${count})
      select ${sql.raw(Object.values(columns).join(', '))} from numbers cross join ${sql.raw(from)} as one
      where ${sql.raw(where)}
    `.execute(backend.writer)
  const row = {
    organization: 'one.organization',
    pipeline: 'one.pipeline',
    major: 'number',
    minor: 'one.minor',
  }
  const created = { created_at: 'one.created_at', created_by: 'one.created_by' }
  const environment = 'one.environment'
  const copy = `one.id || '_' || number`
  const versions = { ...row, ...created, source_json: 'one.source_json', spec_json: 'one.spec_json' }
  const history = {
    ...row,
    ...created,
    id: copy,
    environment,
    project: 'one.project',
    spec_json: 'one.spec_json',
  }
  const live = {
    ...row,
    created_at: 'one.created_at',
    id: copy,
    environment,
    routes: 'one.routes',
    subject_json: 'one.subject_json',
    routes_json: 'one.routes_json',
  }
  const claim = {
    organization: 'one.organization',
    environment,
    claim: 'one.claim',
    deployment: `one.deployment || '_' || number`,
  }
  await copies(
    'pipeline_versions',
    'pipeline_versions',
    versions,
    `one.pipeline = '${id.replace('dep_', '')}'`,
  )
  await copies('deployments', 'deployments', history, `one.id = '${id}'`)
  await copies('live_deployments', 'live_deployments', live, `one.id = '${id}'`)
  await copies('live_claims', 'live_claims', claim, `one.deployment = '${id}' and one.claim like 'origin %'`)
}

const numbered = (index: number): string => `dep_${String(index).padStart(3, '0')}`

/** Deployments and their history. */
export function deploymentsContract(database: () => Promise<TestDatabase>): void {
  describe('deployments', () => {
    test('of one pipeline, major and environment have one live deployment', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insertVersion(version('acme', 'orders', { minor: 1 }))
        await tx.pipelines.insertVersion(version('acme', 'orders', { major: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_1'))
        await tx.deployments.insert(deployment('acme', 'dep_2', { major: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_3', { environment: 'prod' }))
      })
      const next = deployment('acme', 'dep_4', { minor: 1, createdAtMs: 7 })
      expect(await refusalOf(change(store, 'acme', (tx) => tx.deployments.insert(next)))).toBe('conflict')
      const { revision } = await change(store, 'acme', async (tx) => {
        await tx.deployments.end('acme', 'dep_1', ended(7))
        await tx.deployments.insert(next)
      })
      expect(await store.read.deployments.get('acme', 'dep_1')).toMatchObject({ endedAtMs: 7 })
      expect(await store.read.deployments.get('acme', 'dep_4')).toEqual(next)
      const live = await store.read.deployments.allLive('acme', 'test')
      expect(live.map(({ id }) => id)).toEqual(['dep_4', 'dep_2'])
      expect(await store.read.deployments.countLiveOfPipeline('acme', 'orders')).toBe(3)
      // The removal precedes the new deployment, so that a gateway never has two on one route.
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          records: [
            { kind: 'removed', of: 'deployment', id: 'dep_1' },
            { id: 'dep_4', version: '1.1' },
          ],
        },
      ])
    })

    test('that have ended are kept up to a number, the newest ones of each pipeline, major and environment', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insertVersion(version('acme', 'orders', { major: 2 }))
        const others = [
          deployment('acme', 'other_1', { major: 2 }),
          deployment('acme', 'other_2', { environment: 'prod' }),
        ]
        for (const other of others) {
          await tx.deployments.insert(other)
          await tx.deployments.end('acme', other.id, ended(1))
        }
        for (let index = 0; index < 203; index += 1) {
          await tx.deployments.insert(deployment('acme', numbered(index), { createdAtMs: index }))
          await tx.deployments.end('acme', numbered(index), ended(index + 1))
        }
        await tx.deployments.insert(deployment('acme', 'dep_live', { createdAtMs: 300 }))
      })
      const { items } = await store.read.deployments.list('acme', EVERYTHING, { state: 'all' })
      const kept = items.map((row) => row.id).filter((one) => !one.startsWith('other'))
      expect(kept).toEqual([...Array.from({ length: 200 }, (_, index) => numbered(index + 3)), 'dep_live'])
      expect(items).toHaveLength(203)
      const live = items.find((row) => row.id === 'dep_live')
      expect(live && (await store.read.deployments.previous(live))?.id).toBe(numbered(202))
    })

    test('that a version replaces, or shares a route or an upstream with, are found while they live', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await store.write((tx) => insertOrganization(tx, 'globex'))
      const specs = {
        orders: spec('/orders/:id/lines/:line'),
        pay: proxied('/pay', 'https://ERP.example:443/pay'),
        stock: proxied('/stock/*', 'http://erp.example/stock'),
      }
      await change(store, 'acme', async (tx) => {
        for (const [name, own] of Object.entries(specs)) {
          if (name !== 'orders') {
            await tx.pipelines.insert(pipeline('acme', name))
            await tx.pipelines.insertVersion(version('acme', name))
          }
          await tx.deployments.insert(deployment('acme', `dep_${name}`, { pipeline: name, spec: own }))
        }
        const elsewhere = { pipeline: 'pay', spec: specs.orders, environment: 'prod' }
        await tx.deployments.insert(deployment('acme', 'dep_elsewhere', elsewhere))
      })
      await change(store, 'globex', (tx) =>
        tx.deployments.insert(deployment('globex', 'dep_theirs', { spec: specs.orders })),
      )
      const { deployments } = store.read
      const related = async (name: string, major: number, own: PipelineSpec): Promise<string[]> => {
        const claims = claimsOf(deploymentFacts(own).routes)
        const rows = await deployments.related('acme', 'test', { pipeline: name, major, claims })
        expect(rows.map(({ routes }) => routes)).toEqual(
          rows.map((row) => deploymentFacts(specs[row.pipeline as keyof typeof specs]).routes),
        )
        return rows.map(({ id }) => id)
      }
      expect(await deployments.countLive('acme', 'test')).toBe(3)
      expect(await related('new', 1, spec('/orders/:other/lines/:name'))).toEqual(['dep_orders'])
      expect(await related('new', 1, spec('/orders/:other/lines/all'))).toEqual([])
      expect(await related('new', 1, spec('/stock/*'))).toEqual(['dep_stock'])
      expect(await related('new', 1, proxied('/new', 'https://erp.example/{path.x}'))).toEqual(['dep_pay'])
      expect(await related('new', 1, proxied('/new', 'https://erp.example.org/'))).toEqual([])
      expect(await related('pay', 1, spec('/new'))).toEqual(['dep_pay'])
      expect(await related('pay', 2, spec('/new'))).toEqual([])
      expect(await related('pay', 1, spec('/stock/*'))).toEqual(['dep_pay', 'dep_stock'])
      expect(await related('pay', 1, { ...spec(), trigger: { ...spec().trigger, paths: [] } })).toEqual([
        'dep_pay',
      ])
      await change(store, 'acme', (tx) => tx.deployments.end('acme', 'dep_pay', ended(7)))
      expect(await related('pay', 1, specs.pay)).toEqual([])
      expect(await deployments.countLive('acme', 'test')).toBe(2)
    })

    test('that share an upstream are read up to a bound, but each that shares a route or is replaced', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const small = spec('/small')
      await change(store, 'acme', async (tx) => {
        for (const name of ['pay', 'small', 'zz']) await tx.pipelines.insert(pipeline('acme', name))
        await tx.pipelines.insertVersion(version('acme', 'pay'))
        await tx.pipelines.insertVersion(version('acme', 'small'))
        await tx.pipelines.insertVersion(version('acme', 'zz', { major: 9_000 }))
        const shared = proxied('/pay', 'https://erp.example/')
        await tx.deployments.insert(deployment('acme', 'dep_pay', { pipeline: 'pay', spec: shared }))
        const other = proxied('/small', 'https://small.example/')
        await tx.deployments.insert(deployment('acme', 'dep_small', { pipeline: 'small', spec: other }))
        // In any order, this one comes after the many.
        const last = { pipeline: 'zz', major: 9_000, spec: proxied('/last', 'https://erp.example/') }
        await tx.deployments.insert(deployment('acme', 'dep_zz', { ...last, createdAtMs: FIRST_MS + 1 }))
      })
      await insertCopies(db, 'dep_pay', 3_000)
      const related = async (candidacy: Candidacy): Promise<readonly string[]> =>
        (await store.read.deployments.related('acme', 'test', candidacy)).map(({ id }) => id)
      const claims = ['origin https://erp.example', 'origin https://small.example']
      const found = await related({ pipeline: 'new', major: 1, claims })
      expect(found.length).toBeLessThanOrEqual(1_000)
      expect(found.length).toBeGreaterThan(400)
      expect(found).toContain('dep_small')
      expect(found).not.toContain('dep_zz')
      const conflicting = claimsOf(deploymentFacts(proxied('/last', 'https://erp.example/')).routes)
      expect(await related({ pipeline: 'new', major: 1, claims: conflicting })).toContain('dep_zz')
      expect(await related({ pipeline: 'zz', major: 9_000, claims })).toContain('dep_zz')
      expect(
        await related({ pipeline: 'new', major: 1, claims: claimsOf(deploymentFacts(small).routes) }),
      ).toEqual(['dep_small'])
    })

    test('with claims of any length are stored', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const long = `https://${'a'.repeat(8_000)}.example/`
      const own = { ...spec(`/${'x'.repeat(511)}`), steps: [{ kind: 'proxy', url: long } as never] }
      await change(store, 'acme', (tx) => tx.deployments.insert(deployment('acme', 'dep_1', { spec: own })))
      const claims = claimsOf(deploymentFacts(own).routes)
      const found = await store.read.deployments.related('acme', 'test', {
        pipeline: 'new',
        major: 1,
        claims,
      })
      expect(found.map(({ id }) => id)).toEqual(['dep_1'])
    })

    test('are listed by environment and pipeline, end once, and need an existing version', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insert(pipeline('acme', 'pay'))
        await tx.pipelines.insertVersion(version('acme', 'pay'))
        await tx.deployments.insert(deployment('acme', 'dep_1'))
        await tx.deployments.insert(deployment('acme', 'dep_2', { environment: 'prod' }))
        await tx.deployments.insert(deployment('acme', 'dep_3', { pipeline: 'pay' }))
      })
      const ids = async (filter?: { environment?: string; pipeline?: string }) =>
        (await store.read.deployments.list('acme', EVERYTHING, filter)).items.map(({ id }) => id)
      expect(await ids()).toEqual(['dep_1', 'dep_2', 'dep_3'])
      expect(await ids({ environment: 'test' })).toEqual(['dep_1', 'dep_3'])
      expect(await ids({ environment: 'test', pipeline: 'pay' })).toEqual(['dep_3'])
      const ending = () => change(store, 'acme', (tx) => tx.deployments.end('acme', 'dep_3', ended(5)))
      await ending()
      expect(await ids({ pipeline: 'pay' })).toEqual([])
      expect(await refusalOf(ending())).toBe('not_found')
      expect(
        await refusalOf(
          change(store, 'acme', (tx) => tx.deployments.insert(deployment('acme', 'dep_4', { minor: 1 }))),
        ),
      ).toBe('conflict')
    })

    test('are listed by state in order of creation, live ones by default', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.deployments.insert(deployment('acme', 'dep_b', { createdAtMs: 1, endedAtMs: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_c', { createdAtMs: 3 }))
        await tx.deployments.insert(deployment('acme', 'dep_a', { createdAtMs: 2, endedAtMs: 3 }))
        await tx.deployments.insert(deployment('acme', 'dep_d', { createdAtMs: 4, environment: 'prod' }))
      })
      const ids = async (filter: DeploymentFilter) =>
        (await store.read.deployments.list('acme', EVERYTHING, filter)).items.map(({ id }) => id)
      expect(await ids({ state: 'all' })).toEqual(['dep_b', 'dep_a', 'dep_c', 'dep_d'])
      expect(await ids({ state: 'all', environment: 'test' })).toEqual(['dep_b', 'dep_a', 'dep_c'])
      expect(await ids({ state: 'all', pipeline: 'pay' })).toEqual([])
      expect(await ids({ state: 'live' })).toEqual(['dep_c', 'dep_d'])
    })

    test('have as previous the last one of their pipeline, major and environment', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await store.write((tx) => insertOrganization(tx, 'globex'))
      // The ids are not in time order, the clock goes back once, and two deployments end as soon as they start.
      const lives = [
        ['dep_9', 100, 50],
        ['dep_8', 50, 60],
        ['dep_3', 70, 70],
        ['dep_7', 70, 90],
        ['dep_1', 90, null],
      ] as const
      const rows = lives.map(([id, createdAtMs, endedAtMs]) =>
        deployment('acme', id, { createdAtMs, endedAtMs }),
      )
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insert(pipeline('acme', 'pay'))
        await tx.pipelines.insertVersion(version('acme', 'pay'))
        await tx.pipelines.insertVersion(version('acme', 'orders', { major: 2 }))
        for (const row of rows) await tx.deployments.insert(row)
        const life = { createdAtMs: 80, endedAtMs: 85 }
        await tx.deployments.insert(deployment('acme', 'other_environment', { ...life, environment: 'prod' }))
        await tx.deployments.insert(deployment('acme', 'other_pipeline', { ...life, pipeline: 'pay' }))
        await tx.deployments.insert(deployment('acme', 'other_major', { ...life, major: 2 }))
        await tx.deployments.insert(deployment('globex', 'other_organization', life))
      })
      const before = await Promise.all(rows.slice(1).map((row) => store.read.deployments.previous(row)))
      expect(before).toEqual(rows.slice(0, -1))
      const alone = deployment('acme', 'dep_0', { major: 3 })
      expect(await store.read.deployments.previous(alone)).toBeUndefined()
    })
  })

  describe('the deployment history', () => {
    test('has the end of each deployment, and is listed by state', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', async (tx) => {
        await tx.deployments.insert(deployment('acme', 'dep_1', { createdAtMs: 1 }))
        await tx.deployments.end('acme', 'dep_1', ended(2, 'dep_2'))
        await tx.deployments.insert(deployment('acme', 'dep_2', { createdAtMs: 2 }))
        await tx.deployments.end('acme', 'dep_2', ended(3))
        await tx.deployments.insert(deployment('acme', 'dep_3', { createdAtMs: 4 }))
      })
      const get = (id: string) => store.read.deployments.get('acme', id)
      expect(await get('dep_1')).toEqual(
        deployment('acme', 'dep_1', { createdAtMs: 1, ...ended(2, 'dep_2') }),
      )
      expect(await get('dep_2')).toMatchObject({ endedAtMs: 3, endedBy: 'setup', replacedBy: null })
      expect(await get('dep_3')).toMatchObject({ endedAtMs: null, endedBy: null, replacedBy: null })
      const ids = async (state?: 'live' | 'ended' | 'all') =>
        (await store.read.deployments.list('acme', EVERYTHING, state && { state })).items.map(({ id }) => id)
      expect(await ids()).toEqual(['dep_3'])
      expect(await ids('live')).toEqual(['dep_3'])
      expect(await ids('ended')).toEqual(['dep_1', 'dep_2'])
      expect(await ids('all')).toEqual(['dep_1', 'dep_2', 'dep_3'])
    })

    test('has the previous deployment, even if all were created within one millisecond', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const at = { createdAtMs: 5 }
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insertVersion(version('acme', 'orders', { major: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_z', at))
        await tx.deployments.end('acme', 'dep_z', ended(5, 'dep_m'))
        await tx.deployments.insert(deployment('acme', 'dep_m', at))
        await tx.deployments.end('acme', 'dep_m', ended(5, 'dep_a'))
        await tx.deployments.insert(deployment('acme', 'dep_a', at))
        await tx.deployments.insert(deployment('acme', 'dep_other', { ...at, major: 2 }))
        await tx.deployments.insert(deployment('acme', 'dep_prod', { ...at, environment: 'prod' }))
      })
      const previous = async (id: string) => {
        const row = await store.read.deployments.get('acme', id)
        return row && (await store.read.deployments.previous(row))?.id
      }
      expect(await previous('dep_a')).toBe('dep_m')
      expect(await previous('dep_m')).toBe('dep_z')
      expect(await previous('dep_other')).toBeUndefined()
      expect(await previous('dep_prod')).toBeUndefined()
      await change(store, 'acme', async (tx) => {
        await tx.deployments.end('acme', 'dep_a', ended(7))
        await tx.deployments.insert(deployment('acme', 'dep_later', { createdAtMs: 9 }))
      })
      expect(await previous('dep_later')).toBe('dep_a')
    })
  })
}
