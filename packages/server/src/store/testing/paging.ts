import { describe, expect, test } from 'vitest'
import type { Page, PageRequest } from '../port/paging.ts'
import type { Reader } from '../port/store.ts'
import {
  FIRST_MS,
  type TestDatabase,
  allPages,
  change,
  consumer,
  deployment,
  environment,
  found,
  key,
  keyId,
  organization,
  pipeline,
  policy,
  project,
  version,
} from './fixtures.ts'
import { basicCredential, environmentSecret, issuer, run } from './governance-fixtures.ts'
import { problemOf } from './problem-codes.ts'

/** Names whose order by bytes is not what a dictionary would say, all made at two instants. */
const NAMES = ['B', 'a', 'é', 'Z', '😀', '\uffee', '-', '_'] as const
const instant = (index: number): number => FIRST_MS + (index % 2)

/** First what was made at the earlier instant; within one instant by the bytes of UTF-8. */
const IN_ORDER = ['-', 'B', 'a', 'é', 'Z', '_', '\uffee', '😀'].toSorted((a, b) => {
  const [first, second] = [NAMES.indexOf(a as never), NAMES.indexOf(b as never)]
  return (first % 2) - (second % 2) || Buffer.compare(Buffer.from(a), Buffer.from(b))
})

type List = (read: Reader, page: PageRequest) => Promise<Page<unknown>>

const LISTS: Readonly<Record<string, List>> = {
  organizations: (read, page) => read.organizations.list(page),
  environments: (read, page) => read.environments.list('acme', page),
  projects: (read, page) => read.projects.list('acme', page),
  pipelines: (read, page) => read.pipelines.list('acme', page),
  versions: (read, page) => read.pipelines.listVersions('acme', 'orders', page),
  policies: (read, page) => read.policies.list('acme', 'test', page),
  deployments: (read, page) => read.deployments.list('acme', page),
  history: (read, page) => read.deployments.list('acme', page, { state: 'all' }),
  consumers: (read, page) => read.consumers.list('acme', page),
  keys: (read, page) => read.keys.list('acme', page),
  issuers: (read, page) => read.issuers.list('acme', 'test', page),
  secrets: (read, page) => read.environmentSecrets.list('acme', 'test', page),
  // The consumer that is made first.
  credentials: (read, page) => read.basicCredentials.listOfConsumer('acme', NAMES[0], page),
  runs: (read, page) => read.scheduleRuns.list('acme', 'test', 'orders', page),
  audit: (read, page) => read.audit.list('acme', page),
}

/** Lists whose place is one number; that of all others has two parts. */
const ONE_NUMBER: ReadonlySet<string> = new Set(['audit', 'policies'])

const text = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Lists: order, pages and cursors. */
export function pagingContract(database: () => Promise<TestDatabase>): void {
  describe('lists', () => {
    test('every list gives each thing once, whatever the size of its pages', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      for (const [index, name] of NAMES.entries()) {
        const createdAtMs = instant(index)
        await change(store, 'acme', async (tx) => {
          await tx.organizations.insert(organization(`o${index}`, { createdAtMs }))
          await tx.environments.insert(environment('acme', name, { position: index % 2 }))
          await tx.projects.insert(project('acme', name, { createdAtMs }))
          await tx.pipelines.insert(pipeline('acme', name, { createdAtMs }))
          await tx.pipelines.insertVersion(version('acme', name))
          await tx.pipelines.insertVersion(
            version('acme', 'orders', { major: 2 + (index % 2), minor: index }),
          )
          await tx.deployments.insert(deployment('acme', name, { pipeline: name, createdAtMs }))
          await tx.consumers.insert(consumer('acme', name, { createdAtMs }))
          await tx.keys.insert(key('acme', keyId(String(index)), { createdAtMs }))
          await tx.policies.insert(policy('acme', { version: index + 1, createdAtMs }))
          const ended = { pipeline: name, createdAtMs, endedAtMs: createdAtMs }
          await tx.deployments.insert(deployment('acme', `ended ${name}`, ended))
          await tx.issuers.insert(issuer('acme', name, { createdAtMs }))
          await tx.environmentSecrets.insert(environmentSecret('acme', name, { createdAtMs }))
          await tx.basicCredentials.insert(basicCredential('acme', name, { consumer: NAMES[0], createdAtMs }))
        })
        // Two majors share each due time.
        await store.claimRun(run('acme', FIRST_MS + (index >> 1), { major: 1 + (index % 2) }))
      }
      for (const [name, list] of Object.entries(LISTS)) {
        const whole = (await list(store.read, { limit: 1_000 })).items
        expect([name, whole.length >= NAMES.length]).toEqual([name, true])
        for (const limit of [1, 3, whole.length - 1, whole.length]) {
          const pages = await allPages((page) => list(store.read, page), limit)
          expect([name, limit, pages.flat()]).toEqual([name, limit, whole])
          const sizes = pages.map((page) => page.length)
          const full = Array.from({ length: pages.length - 1 }, () => limit)
          expect([name, sizes]).toEqual([name, [...full, whole.length - full.length * limit]])
        }
      }
      const page = { limit: 100 }
      for (const { items } of [
        await store.read.consumers.list('acme', page),
        await store.read.issuers.list('acme', 'test', page),
        await store.read.environmentSecrets.list('acme', 'test', page),
        await store.read.basicCredentials.listOfConsumer('acme', NAMES[0], page),
      ]) {
        expect(items.map(({ id }) => id)).toEqual(IN_ORDER)
      }
      const policies = await store.read.policies.list('acme', 'test', page)
      expect(policies.items.map((row) => row.version)).toEqual([8, 7, 6, 5, 4, 3, 2, 1])
      const runs = await store.read.scheduleRuns.list('acme', 'test', 'orders', page)
      expect(runs.items.map(({ dueAtMs, major }) => [dueAtMs - FIRST_MS, major])).toEqual(
        [3, 2, 1, 0].flatMap((due) => [
          [due, 2],
          [due, 1],
        ]),
      )
    })

    test('what is added meanwhile moves nothing that was listed', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => found(tx, 'acme'))
      const add = (id: string, createdAtMs: number) =>
        change(store, 'acme', (tx) => tx.consumers.insert(consumer('acme', id, { createdAtMs })))
      await add('con_1', 10)
      await add('con_2', 10)
      const first = await store.read.consumers.list('acme', { limit: 1 })
      await add('con_0', 9)
      await add('con_3', 10)
      const second = await store.read.consumers.list('acme', { limit: 5, cursor: first.next ?? '' })
      expect(second.items.map(({ id }) => id)).toEqual(['con_2', 'con_3'])
      expect(second.next).toBeNull()
    })

    test.for(Object.entries(LISTS))('a cursor of another kind is refused: %s', async ([name, list]) => {
      await using db = await database()
      await using store = await db.open()
      const wrong = ['', 'x', 'é', text([]), text({}), text([1, 'a', 2]), text(['a', 1]), text([1.5])]
      for (const cursor of [...wrong, text(ONE_NUMBER.has(name) ? [1, 'a'] : [1]), text([1, 'a']) + '=']) {
        const problem = await problemOf(list(store.read, { limit: 5, cursor }))
        expect([cursor, problem.code]).toEqual([cursor, 'invalid_request'])
        expect(problem.extensions).toMatchObject({ errors: [{ path: 'cursor' }] })
      }
      await expect(list(store.read, { limit: 0 })).rejects.toThrow(RangeError)
    })
  })
}
