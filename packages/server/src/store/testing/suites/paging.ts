import type { Target } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { EXAMPLES, insertExamples } from '../examples.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { FIRST_MS, type Seed } from '../examples/example.ts'
import { allPages, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf } from '../problem-codes.ts'

/** Ids whose order by bytes differs from a dictionary's. The rows have two times of creation. */
const IDS = ['B', 'a', 'é', 'Z', '😀', '\uffee', '-', '_'] as const

/** The rows at the earlier time first, then by the bytes of UTF-8. */
const IDS_IN_ORDER = ['-', 'B', 'a', 'é', 'Z', '_', '\uffee', '😀'].toSorted((a, b) => {
  const [first, second] = [IDS.indexOf(a as never), IDS.indexOf(b as never)]
  return (first % 2) - (second % 2) || Buffer.compare(Buffer.from(a), Buffer.from(b))
})

function seedAt(index: number): Seed {
  return {
    owner: 'acme',
    index,
    id: IDS[index] ?? '',
    firstId: IDS[0],
    createdAtMs: FIRST_MS + (index % 2),
  }
}

/** Every paged list, by name. */
const LISTS = Object.values(EXAMPLES).flatMap(({ lists }) => Object.entries(lists))

const cursorOf = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Lists: order, pages and cursors. */
export function pagingContract(database: () => Promise<TestDatabase>): void {
  describe('lists', () => {
    test('a list of visible rows has the rows within one of the scopes', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      for (const index of IDS.keys()) await insertExamples(store, seedAt(index))
      const { keys, handOvers, portalSessions, consumers, deployments, pipelines, projects, environments } =
        store.read
      const lists = {
        keys: async (visible?: readonly Target[]) =>
          (await keys.list('acme', { limit: 100, visible })).items.map(({ id, environment }) => ({
            id,
            ...(environment === null ? {} : { environment }),
          })),
        handOvers: async (visible?: readonly Target[]) =>
          (await handOvers.list('acme', { limit: 100, visible })).items.map(({ environment }) => ({
            environment: environment ?? '',
          })),
        portalSessions: async (visible?: readonly Target[]) =>
          (await portalSessions.list('acme', { limit: 100, visible })).items.map(({ environment }) => ({
            environment,
          })),
        consumers: async (visible?: readonly Target[]) =>
          (await consumers.list('acme', { limit: 100, visible })).items,
        deployments: async (visible?: readonly Target[]) =>
          (await deployments.list('acme', { limit: 100, visible }, { state: 'all' })).items,
        pipelines: async (visible?: readonly Target[]) =>
          (await pipelines.list('acme', { limit: 100, visible })).items.map((row) => ({
            project: row.project,
            pipeline: row.name,
          })),
        projects: async (visible?: readonly Target[]) =>
          (await projects.list('acme', { limit: 100, visible })).items.map(({ name }) => ({ project: name })),
        environments: async (visible?: readonly Target[]) =>
          (await environments.list('acme', { limit: 100, visible })).items.map(({ name }) => ({
            environment: name,
          })),
      }
      for (const [name, list] of Object.entries(lists)) {
        const all: readonly Target[] = await list()
        expect([name, await list([{}])]).toEqual([name, all])
        expect([name, await list([])]).toEqual([name, []])
        for (const field of ['environment', 'project', 'pipeline'] as const) {
          const value = all.map((row) => row[field]).find((one) => one !== undefined)
          const scope = { [field]: value ?? 'any' }
          const within = all.filter((row) => row[field] === scope[field])
          expect([name, field, await list([{ [field]: 'nowhere' }])]).toEqual([name, field, []])
          expect([name, field, await list([{ [field]: 'nowhere' }, scope])]).toEqual([name, field, within])
          const both = { ...scope, environment: 'nowhere' }
          expect([name, field, await list([both])]).toEqual([name, field, []])
        }
      }
    })

    test('every list returns each row once, whatever the size of its pages', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      for (const index of IDS.keys()) await insertExamples(store, seedAt(index))
      for (const [name, list] of LISTS) {
        const read = (page: { limit: number }) => list.read(store.read, seedAt(0), page)
        const whole = (await read({ limit: 1_000 })).items
        expect([name, whole.length >= IDS.length]).toEqual([name, true])
        for (const limit of [1, 3, whole.length - 1, whole.length]) {
          const pages = await allPages(read, limit)
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
        await store.read.basicCredentials.listOfConsumer('acme', IDS[0], page),
      ]) {
        expect(items.map(({ id }) => id)).toEqual(IDS_IN_ORDER)
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

    test('are narrowed by as many scopes as 16 roles of 200 permissions have', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const others = Array.from({ length: 16 * 200 }, (_, index) => ({
        environment: 'test',
        project: `p${index}`,
        pipeline: `q${index}`,
      }))
      const names = async (visible: readonly Target[]) =>
        (await store.read.projects.list('acme', { limit: 5, visible })).items.map(({ name }) => name)
      expect(await names(others)).toEqual([])
      const projects = others.map(({ project }) => ({ project }))
      for (const visible of [
        [...projects, { project: 'default' }],
        [{ project: 'default' }, ...projects],
      ]) {
        expect(await names(visible)).toEqual(['default'])
      }
      expect((await store.read.deployments.list('acme', { limit: 5, visible: others })).items).toEqual([])
    })

    test('rows added between two pages do not move the rows already listed', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
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

    test.for(LISTS)('%s rejects a cursor of another list', async ([, list]) => {
      await using db = await database()
      await using store = await db.open()
      const read = (page: { limit: number; cursor?: string }) => list.read(store.read, seedAt(0), page)
      const valid = list.cursor.map((type) => (type === 'number' ? 1 : 'a'))
      const wrong = ['', 'x', 'é', ...[[], {}, [1, 'a', 2], ['a', 1], [1.5]].map(cursorOf)]
      wrong.push(cursorOf(valid.length === 1 ? [1, 'a'] : [1]), cursorOf(valid) + '=')
      wrong.push(cursorOf(list.cursor.map((type) => (type === 'number' ? 'a' : 1))))
      // PostgreSQL cannot compare a text with NUL.
      for (const text of ['a\0', 'a\ud800']) {
        if (!list.cursor.includes('string')) continue
        wrong.push(cursorOf(list.cursor.map((type) => (type === 'number' ? 1 : text))))
      }
      for (const cursor of wrong) {
        const problem = await problemOf(read({ limit: 5, cursor }))
        expect([cursor, problem.code]).toEqual([cursor, 'invalid_request'])
        expect(problem.extensions).toMatchObject({ errors: [{ path: 'cursor' }] })
      }
      expect((await read({ limit: 5, cursor: cursorOf(valid) })).items).toEqual([])
      await expect(read({ limit: 0 })).rejects.toThrow(RangeError)
    })
  })
}
