import { describe, expect, test } from 'vitest'
import type { Store } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { basicCredential } from '../examples/basic-credentials.ts'
import { consumer } from '../examples/consumers.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'
import { problemOf, refusalOf } from '../problem-codes.ts'

/** An organization with consumers `con_1` and `con_2` in `test` and `con_prod` in `prod`. */
async function insertConsumers(store: Store): Promise<void> {
  await store.write((tx) => insertOrganization(tx, 'acme'))
  await change(store, 'acme', async (tx) => {
    await tx.consumers.insert(consumer('acme', 'con_1'))
    await tx.consumers.insert(consumer('acme', 'con_2'))
    await tx.consumers.insert(consumer('acme', 'con_prod', { environment: 'prod' }))
  })
}

/** Usernames and hashed passwords of consumers. */
export function basicCredentialsContract(database: () => Promise<TestDatabase>): void {
  describe('Basic credentials', () => {
    test('are read back as written, and found by the exact username', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertConsumers(store)
      const row = basicCredential('acme', 'bas_1', { username: 'Zoë "the" 😀' })
      await change(store, 'acme', async (tx) => {
        await tx.basicCredentials.insert(row)
        await tx.basicCredentials.insert(basicCredential('acme', 'bas_2', { username: 'zoë "the" 😀' }))
        await tx.basicCredentials.insert(basicCredential('acme', 'bas_3', { consumer: 'con_2' }))
      })
      const { read } = store
      expect(await read.basicCredentials.getByUsername('acme', 'test', row.username)).toEqual(row)
      // The same text in another Unicode normal form is a different username.
      for (const other of [row.username.normalize('NFD'), `${row.username} `, '%']) {
        expect(await read.basicCredentials.getByUsername('acme', 'test', other)).toBeUndefined()
      }
      expect(await read.basicCredentials.getByUsername('acme', 'prod', row.username)).toBeUndefined()
      const listed = await read.basicCredentials.listOfConsumer('acme', 'con_1', EVERYTHING)
      expect(listed.items.map(({ id }) => id)).toEqual(['bas_1', 'bas_2'])
      expect(await read.basicCredentials.countOfConsumer('acme', 'con_1')).toBe(2)
      expect(await read.basicCredentials.countOfConsumer('acme', 'con_prod')).toBe(0)
    })

    test('have a username that is unique in their environment, whichever consumer they belong to', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertConsumers(store)
      const row = basicCredential('acme', 'bas_1', { username: 'app' })
      await change(store, 'acme', (tx) => tx.basicCredentials.insert(row))
      const twin = { ...row, id: 'bas_2', consumer: 'con_2' }
      const problem = await problemOf(change(store, 'acme', (tx) => tx.basicCredentials.insert(twin)))
      expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('username')])
      await change(store, 'acme', (tx) =>
        tx.basicCredentials.insert({ ...twin, environment: 'prod', consumer: 'con_prod' }),
      )
    })

    test('of concurrent inserts with the same username, exactly one succeeds', async () => {
      await using db = await database()
      await using store = await db.open()
      await using other = await db.open()
      await insertConsumers(store)
      const outcomes = await Promise.all(
        Array.from({ length: 8 }, async (_, index) => {
          const row = basicCredential('acme', `bas_${index}`, { username: 'app' })
          const racer = change(index % 2 === 0 ? store : other, 'acme', (tx) =>
            tx.basicCredentials.insert(row),
          )
          return await racer.then(
            () => 'in',
            () => refusalOf(racer),
          )
        }),
      )
      expect(outcomes.toSorted()).toEqual([...Array.from({ length: 7 }, () => 'conflict'), 'in'])
    })

    test.for([
      ['of a consumer of another environment', { environment: 'prod' }],
      ['of an unknown consumer', { consumer: 'con_9' }],
      ["of another organization's consumer", { organization: 'globex' }],
    ] as const)('%s are rejected', async ([, wrong]) => {
      await using db = await database()
      await using store = await db.open()
      await insertConsumers(store)
      await store.write((tx) => insertOrganization(tx, 'globex'))
      const bad = basicCredential('acme', 'bas_1', wrong)
      expect(await refusalOf(change(store, 'acme', (tx) => tx.basicCredentials.insert(bad)))).toBe('conflict')
    })

    test.for([
      ['a plain password', { passwordHash: 'correct horse battery staple' }],
      ['an empty hash', { passwordHash: '$$' }],
      ['a colon in the username', { username: 'a:b' }],
      ['an empty username', { username: '' }],
    ] as const)('%s cannot be stored', async ([, wrong]) => {
      await using db = await database()
      await using store = await db.open()
      await insertConsumers(store)
      const bad = basicCredential('acme', 'bas_1', wrong)
      await expect(change(store, 'acme', (tx) => tx.basicCredentials.insert(bad))).rejects.toThrow(
        /constraint/i,
      )
      expect(await store.read.basicCredentials.countOfConsumer('acme', 'con_1')).toBe(0)
    })

    test('must be removed before their consumer, and leave their username free', async () => {
      await using db = await database()
      await using store = await db.open()
      await insertConsumers(store)
      await change(store, 'acme', async (tx) => {
        await tx.basicCredentials.insert(basicCredential('acme', 'bas_1', { username: 'app' }))
        await tx.basicCredentials.insert(basicCredential('acme', 'bas_2'))
        await tx.basicCredentials.insert(basicCredential('acme', 'bas_3', { consumer: 'con_2' }))
      })
      const { revision } = await change(store, 'acme', async (tx) => {
        await tx.basicCredentials.remove('acme', 'bas_1')
        await tx.basicCredentials.insert(basicCredential('acme', 'bas_4', { username: 'app' }))
      })
      expect(await store.feed.changesAfter(revision - 1, 10)).toMatchObject([
        {
          records: [
            { kind: 'removed', of: 'basic-credential', organization: 'acme', id: 'bas_1' },
            { kind: 'basic-credential', id: 'bas_4', username: 'app', consumer: 'con_1' },
          ],
        },
      ])
      const removal = () => change(store, 'acme', (tx) => tx.consumers.remove('acme', 'con_1'))
      const problem = await problemOf(removal())
      expect([problem.code, problem.detail]).toEqual(['conflict', expect.stringContaining('Basic')])
      const gone = await change(store, 'acme', async (tx) => {
        await tx.basicCredentials.removeAllOfConsumer('acme', 'con_1')
        await tx.consumers.remove('acme', 'con_1')
      })
      expect(await store.feed.changesAfter(gone.revision - 1, 10)).toMatchObject([
        {
          records: [
            { kind: 'removed', of: 'basic-credential', id: 'bas_2' },
            { kind: 'removed', of: 'basic-credential', id: 'bas_4' },
            { kind: 'removed', of: 'consumer', id: 'con_1' },
          ],
        },
      ])
      expect(await store.read.basicCredentials.countOfConsumer('acme', 'con_2')).toBe(1)
      expect(
        await refusalOf(change(store, 'acme', (tx) => tx.basicCredentials.remove('acme', 'bas_1'))),
      ).toBe('not_found')
      // Removing nothing creates no revision.
      const { revision: last } = await change(store, 'acme', (tx) =>
        tx.basicCredentials.removeAllOfConsumer('acme', 'con_1'),
      )
      expect(last).toBe(gone.revision)
    })
  })
}
