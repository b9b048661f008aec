import { describe, expect, test } from 'vitest'
import type { Reader, Store } from '../../port/store.ts'
import { EXAMPLES, insertExamples, seedOf } from '../examples.ts'
import { change } from '../examples/audit-events.ts'
import { consumer } from '../examples/consumers.ts'
import { deployment, ended } from '../examples/deployments.ts'
import { FIRST_MS } from '../examples/example.ts'
import { key, keyId } from '../examples/keys.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

const TENANT_EXAMPLES = Object.entries(EXAMPLES).filter(([, { isTenant }]) => isTenant)
/** Example rows per organization. */
const ROWS = 2

/** The results of every method of every reader, by entity. */
async function everythingOf(read: Reader, owner: string): Promise<Readonly<Record<string, unknown[]>>> {
  const results: Record<string, unknown[]> = {}
  for (const [name, { get, queries, lists }] of TENANT_EXAMPLES) {
    const own: unknown[] = (results[name] = [])
    for (let index = 0; index < ROWS; index += 1) {
      const seed = seedOf(owner, index)
      own.push(await get(read, seed))
      for (const query of queries(read, seed)) own.push(await query)
      for (const list of Object.values(lists)) {
        own.push((await list.read(read, seed, EVERYTHING)).items)
      }
    }
  }
  return results
}

/** The value of each property `organization`, at any depth. */
function organizationsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, member]) =>
    name === 'organization' ? [String(member)] : organizationsIn(member),
  )
}

type Methods = Readonly<Record<string, (...parameters: readonly unknown[]) => unknown>>

const methodsOf = (read: Reader): [entity: string, methods: [name: string, method: Methods[string]][]][] =>
  Object.entries(read as unknown as Readonly<Record<string, Methods>>).map(([entity, methods]) => [
    entity,
    Object.entries(methods),
  ])

/** A reader that adds the name of each method that is called, such as `keys.get`, to `called`. */
function recordCalls(read: Reader, called: Set<string>): Reader {
  const entities = methodsOf(read).map(([entity, methods]) => {
    const recording = methods.map(([name, method]): [string, Methods[string]] => [
      name,
      (...parameters) => {
        called.add(`${entity}.${name}`)
        return method(...parameters)
      },
    ])
    return [entity, Object.fromEntries(recording)]
  })
  return Object.fromEntries(entities) as Reader
}

async function insertTenant(store: Store, owner: string): Promise<void> {
  await store.write((tx) => insertOrganization(tx, owner))
  for (let index = 0; index < ROWS; index += 1) await insertExamples(store, seedOf(owner, index))
}

/** Two organizations whose rows have the same ids and names: neither reads or changes the other's. */
export function tenancyContract(database: () => Promise<TestDatabase>): void {
  describe('the examples of tenant entities', () => {
    test('call every method of their readers', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertTenant(store, 'acme')
      const called = new Set<string>()
      await everythingOf(recordCalls(store.read, called), 'acme')
      const tenantEntities = new Set(TENANT_EXAMPLES.map(([name]) => name))
      const methods = methodsOf(store.read)
        .filter(([entity]) => tenantEntities.has(entity))
        .flatMap(([entity, own]) => own.map(([name]) => `${entity}.${name}`))
      expect([...called].toSorted()).toEqual(methods.toSorted())
    })
  })

  describe('an organization', () => {
    test('reads the same rows, all of them its own, whether or not another one exists', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertTenant(store, 'acme')
      const alone = await everythingOf(store.read, 'acme')
      for (const [name, results] of Object.entries(alone)) {
        for (const [index, result] of results.entries()) {
          expect([name, index, result]).not.toEqual([name, index, undefined])
          expect([name, index, result]).not.toEqual([name, index, []])
          expect([name, index, result]).not.toEqual([name, index, 0])
        }
      }
      await insertTenant(store, 'globex')
      expect(await everythingOf(store.read, 'acme')).toEqual(alone)
      for (const owner of ['acme', 'globex']) {
        const organizations = organizationsIn(await everythingOf(store.read, owner))
        expect(new Set(organizations)).toEqual(new Set([owner]))
      }
      const { read } = store
      expect(await read.keys.get('acme', keyId('globex0'))).toBeUndefined()
      await change(store, 'globex', (tx) =>
        tx.consumers.update(consumer('globex', 'id_0', { pipelines: [] })),
      )
      expect((await read.consumers.get('globex', 'id_0'))?.pipelines).toEqual([])
      expect((await read.consumers.get('acme', 'id_0'))?.pipelines).toEqual(['orders'])
    })

    test("cannot change another one's keys", async () => {
      await using db = await database()
      await using store = await db.open()
      await insertTenant(store, 'acme')
      await insertTenant(store, 'globex')
      const before = await everythingOf(store.read, 'globex')
      const foreign = key('acme', keyId('globex0'), { name: 'taken over' })
      expect(await refusalOf(change(store, 'acme', (tx) => tx.keys.update(foreign)))).toBe('not_found')
      expect(await refusalOf(change(store, 'acme', (tx) => tx.keys.insert(foreign)))).toBe('conflict')
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.keys.replaceSecrets('acme', foreign.id, []))),
      ).toBe('not_found')
      expect(await everythingOf(store.read, 'globex')).toEqual(before)
    })

    test("leaves another one's rows as they are when it changes and removes its own", async () => {
      await using db = await database()
      await using store = await db.open()
      await insertTenant(store, 'acme')
      await insertTenant(store, 'globex')
      const before = await everythingOf(store.read, 'globex')
      const own = await everythingOf(store.read, 'acme')
      // The first consumer also has the second one's Basic credential, so the second one is removed.
      const seed = seedOf('acme', 1)
      // Reading everything takes much longer than changing one row, so it is read once for all of them.
      for (const [, { update }] of TENANT_EXAMPLES) await update?.(store, seed)
      expect(await everythingOf(store.read, 'globex')).toEqual(before)
      expect(await everythingOf(store.read, 'acme')).not.toEqual(own)
      for (const [, { remove }] of TENANT_EXAMPLES.toReversed()) await remove?.(store, seed)
      expect(await everythingOf(store.read, 'globex')).toEqual(before)
      // Rows of these names now exist only in the other organization.
      for (const [name, { update, remove, get }] of TENANT_EXAMPLES) {
        if (remove === null) continue
        // A deleted key stays as a tombstone, which cannot be changed.
        const isTombstone = name === 'keys'
        const refusal = isTombstone ? 'conflict' : 'not_found'
        expect([name, (await get(store.read, seed)) !== undefined]).toEqual([name, isTombstone])
        expect([name, await refusalOf(remove(store, seed))]).toEqual([name, refusal])
        if (update === null) continue
        expect([name, (await problemOf(update(store, seed))).code]).toEqual([name, refusal])
      }
      expect(await everythingOf(store.read, 'globex')).toEqual(before)
    })

    test('removes only its own rows with its environments, pipelines and consumers', async () => {
      await using db = await database()
      await using store = await db.open()
      for (const owner of ['acme', 'globex']) {
        await insertTenant(store, owner)
        await change(store, owner, (tx) => tx.deployments.insert(deployment(owner, 'dep_orders')))
      }
      const before = await everythingOf(store.read, 'globex')
      await change(store, 'acme', async (tx) => {
        for (const id of ['dep_orders', 'id_0', 'id_1']) await tx.deployments.end('acme', id, ended(5))
        for (const name of ['orders', 'id_0', 'id_1']) await tx.pipelines.remove('acme', name, 9)
        await tx.basicCredentials.removeAllOfConsumer('acme', 'id_0')
        for (const index of [0, 1]) {
          const deleted = { consumer: `id_${index}`, deletedAtMs: FIRST_MS }
          await tx.keys.update(key('acme', keyId(`acme${index}`), deleted))
          await tx.consumers.remove('acme', `id_${index}`)
        }
        await tx.environments.remove('acme', 'test')
      })
      expect(await store.read.signingKeys.all('acme', 'test')).toEqual([])
      expect(await everythingOf(store.read, 'globex')).toEqual(before)
      expect(await store.read.pipelines.version('globex', 'orders', 1, 0)).toBeDefined()
    })
  })
}
