import { setImmediate } from 'node:timers/promises'
import { OWNER_MAILS_DEFAULT } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { change, entry } from '../examples/audit-events.ts'
import { FIRST_MS } from '../examples/example.ts'
import { insertOrganization, type TestDatabase } from '../fixtures.ts'
import type { Store } from '../../port/store.ts'

const NOW_MS = FIRST_MS
const PAUSE_MS = 60
const EVENTS = 40

async function openWith(db: TestDatabase): Promise<Store> {
  const store = await db.open()
  await store.write((tx) => insertOrganization(tx, 'acme'))
  await store.write((tx) => insertOrganization(tx, 'globex'))
  return store
}

const told = async (store: Store, action: string, organization = 'acme') =>
  await store.write(async (tx) => tx.audit(entry(organization, { action })))

const queueOf = async (store: Store) => {
  const [queue] = await store.ownerMailQueues.due(NOW_MS, PAUSE_MS, 5)
  if (queue === undefined) throw new Error('No queue is due')
  return queue
}

/** The queues of mails to owners. */
export function ownerMailsContract(database: () => Promise<TestDatabase>): void {
  describe('the queue of mails to the owners of an organization', () => {
    test('is due only with an event that they get', async () => {
      await using db = await database()
      await using store = await openWith(db)
      expect((await store.read.organizations.get('acme'))?.ownerMails).toEqual(OWNER_MAILS_DEFAULT)
      const { ownerMailQueues } = store
      await told(store, 'keys.create')
      await told(store, 'test.change')
      await told(store, 'keys.rotate')
      expect(await ownerMailQueues.due(NOW_MS, PAUSE_MS, 5)).toEqual([])
      await told(store, 'keys.expiring')
      expect(await ownerMailQueues.due(NOW_MS, PAUSE_MS, 5)).toEqual([
        { organization: 'acme', position: 0, wakes: 1 },
      ])
      await change(store, 'globex', (tx) => tx.organizations.setOwnerMails('globex', ['key.created']))
      await told(store, 'keys.expiring', 'globex')
      expect(await ownerMailQueues.due(NOW_MS, PAUSE_MS, 5)).toHaveLength(1)
      await told(store, 'keys.create', 'globex')
      expect(
        (await ownerMailQueues.due(NOW_MS, PAUSE_MS, 5)).map(({ organization }) => organization),
      ).toEqual(['acme', 'globex'])
      expect(await ownerMailQueues.due(NOW_MS, PAUSE_MS, 1)).toHaveLength(1)
      expect((await store.read.organizations.get('globex'))?.ownerMails).toEqual(['key.created'])
    })

    test('is moved on by one process, and waits for the time of the next mail', async () => {
      await using db = await database()
      await using store = await openWith(db)
      await using other = await db.open()
      await told(store, 'keys.expiring')
      const queue = await queueOf(store)
      const nextMs = NOW_MS + PAUSE_MS
      const moved = await Promise.all(
        [store, other].map(({ ownerMailQueues }) =>
          ownerMailQueues.advance(queue, { position: 2, isCaughtUp: true, nextMs }),
        ),
      )
      expect(moved.filter(Boolean)).toHaveLength(1)
      const { ownerMailQueues } = other
      expect(await ownerMailQueues.due(nextMs, PAUSE_MS, 5)).toEqual([])
      await told(store, 'keys.expired')
      expect(await ownerMailQueues.due(nextMs - 1, PAUSE_MS, 5)).toEqual([])
      expect(await ownerMailQueues.due(nextMs, PAUSE_MS, 5)).toEqual([
        { organization: 'acme', position: 2, wakes: 2 },
      ])
    })

    test('is due now if a clock that was ahead has moved it', async () => {
      await using db = await database()
      await using store = await openWith(db)
      const { ownerMailQueues } = store
      await told(store, 'keys.expiring')
      const nextMs = NOW_MS + PAUSE_MS
      await ownerMailQueues.advance(await queueOf(store), { position: 2, isCaughtUp: false, nextMs })
      expect(await ownerMailQueues.due(nextMs - PAUSE_MS, PAUSE_MS, 5)).toEqual([])
      expect(await ownerMailQueues.due(nextMs - PAUSE_MS - 1, PAUSE_MS, 5)).toHaveLength(1)
    })

    test('leads several processes to each event once while others are recorded', async () => {
      await using db = await database()
      await using store = await openWith(db)
      await using other = await db.open()
      const found: number[] = []
      let isRecorded = false
      const look = async ({ ownerMailQueues, read }: Store): Promise<void> => {
        for (;;) {
          // SQLite answers without a turn of the event loop, which the writers need.
          await setImmediate()
          const isLast = isRecorded
          const [queue] = await ownerMailQueues.due(NOW_MS, PAUSE_MS, 1)
          if (queue === undefined) {
            if (isLast) return
            continue
          }
          const rows = await read.audit.after('acme', queue.position, 3)
          const position = rows.at(-1)?.sequence ?? queue.position
          const progress = { position, isCaughtUp: rows.length < 3, nextMs: NOW_MS }
          if (await ownerMailQueues.advance(queue, progress))
            found.push(...rows.map(({ sequence }) => sequence))
        }
      }
      const looking = [look(store), look(other), look(other)]
      const recorded: number[] = []
      for (let index = 0; index < EVENTS; index += 1) {
        await told(index % 2 === 0 ? store : other, 'keys.expiring')
        recorded.push((await store.read.audit.head('acme'))?.sequence ?? 0)
      }
      isRecorded = true
      await Promise.all(looking)
      expect(found.toSorted((a, b) => a - b)).toEqual([1, ...recorded])
    })

    test('stays due after an event that came in between, and while something is left', async () => {
      await using db = await database()
      await using store = await openWith(db)
      await told(store, 'keys.expiring')
      const { ownerMailQueues } = store
      const queue = await queueOf(store)
      await told(store, 'keys.expired')
      expect(await ownerMailQueues.advance(queue, { position: 2, isCaughtUp: true, nextMs: NOW_MS })).toBe(
        true,
      )
      const again = await queueOf(store)
      expect(again).toEqual({ organization: 'acme', position: 2, wakes: 2 })
      await ownerMailQueues.advance(again, { position: 3, isCaughtUp: false, nextMs: NOW_MS })
      const rest = await queueOf(store)
      expect(rest).toEqual({ organization: 'acme', position: 3, wakes: 2 })
      await ownerMailQueues.advance(rest, { position: 4, isCaughtUp: true, nextMs: NOW_MS })
      expect(await ownerMailQueues.due(NOW_MS, PAUSE_MS, 5)).toEqual([])
    })
  })
}
