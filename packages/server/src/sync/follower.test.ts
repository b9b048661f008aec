import type { Change, FeedRecord } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import type { Position } from './cell-writer.ts'
import { Follower, type Feed } from './follower.ts'
import { confirmRevision, type ReceiptGateway, type ReportingGateway } from './receipts.ts'
import { SnapshotCell } from './snapshot-cell.ts'
import { eventually } from '../../../../test/support/eventually.ts'

/** A feed backed by an array. */
class ArrayFeed implements Feed {
  changes: (Change & Position)[] = []
  /** Part of every new hash, so that another value makes another history. */
  history = 'first'
  keptFrom = 0
  loads = 0
  isUnavailable = false
  notifies = true
  readonly #wakes = new Set<() => void>()

  async readSnapshot<T>(
    use: (snapshot: Position & { records: AsyncIterable<readonly FeedRecord[]> }) => Promise<T>,
  ): Promise<T> {
    this.loads += 1
    const records = this.changes.flatMap((change) => change.records)
    return await use({ ...this.#head(), records: oneBatch(records) })
  }

  changesAfter(
    revision: number,
    limit: number,
    hash: string,
  ): Promise<readonly (Change & Position)[] | 'pruned' | 'forked'> {
    if (this.isUnavailable) return Promise.reject(new Error('the store is unavailable'))
    if (revision < this.keptFrom) return Promise.resolve('pruned')
    const own = this.changes.find((change) => change.revision === revision)
    if (revision > 0 && own?.hash !== hash) return Promise.resolve('forked')
    return Promise.resolve(this.changes.filter((change) => change.revision > revision).slice(0, limit))
  }

  onChange(wake: () => void): () => void {
    this.#wakes.add(wake)
    return () => this.#wakes.delete(wake)
  }

  add(slug: string): number {
    const revision = this.#head().revision + 1
    const hash = `${this.history} ${revision}`
    this.changes.push({ revision, hash, atMs: 0, records: [{ kind: 'organization', slug }] })
    if (this.notifies) for (const wake of this.#wakes) wake()
    return revision
  }

  #head(): Position {
    return this.changes.at(-1) ?? { revision: 0, hash: '' }
  }
}

async function* oneBatch(records: readonly FeedRecord[]): AsyncGenerator<readonly FeedRecord[]> {
  yield await Promise.resolve(records)
}

async function follow(
  feed: ArrayFeed,
): Promise<{ cell: SnapshotCell; follower: Follower; events: string[] }> {
  const cell = new SnapshotCell()
  const events: string[] = []
  const follower = await Follower.start({
    feed,
    cell,
    monotonicMs: () => performance.now(),
    isShared: true,
    onFault: () => events.push('fault'),
    onRecovered: () => events.push('recovered'),
    onForked: ({ revision }) => events.push(`forked at ${revision}`),
  })
  return { cell, follower, events }
}

describe('Follower', () => {
  test('loads once, then applies changes, and resolves the wait when their revision is applied', async () => {
    const feed = new ArrayFeed()
    feed.add('acme')
    const { cell, follower } = await follow(feed)
    await using _ = follower
    expect(cell.current.organization('acme')?.slug).toBe('acme')
    const before = cell.current
    expect(await follower.waitForRevision(feed.add('globex'), 60_000)).toBe(true)
    expect(cell.current.organization('globex')?.slug).toBe('globex')
    expect(before.organization('globex')).toBeUndefined()
    expect(feed.loads).toBe(1)
  })

  test('applies a change by polling if its notification is lost', async () => {
    const feed = new ArrayFeed()
    const { cell, follower } = await follow(feed)
    await using _ = follower
    feed.notifies = false
    feed.add('acme')
    await eventually(() => {
      expect(cell.current.revision).toBe(1)
    })
  })

  test('does not go past a change of which it does not know a part, and goes on when that is gone', async () => {
    const feed = new ArrayFeed()
    const { cell, follower, events } = await follow(feed)
    await using _ = follower
    feed.notifies = false
    feed.add('acme')
    // A later release, with a restriction.
    const environment = { kind: 'environment', organization: 'acme', name: 'prod', suspended: true }
    feed.changes.push({ revision: 2, hash: 'first 2', atMs: 0, records: [environment as FeedRecord] })
    feed.notifies = true
    const last = feed.add('globex')
    await eventually(() => {
      expect(events).toEqual(['fault'])
    })
    expect(follower.position.revision).toBe(1)
    expect(cell.current.environment('acme', 'prod')).toBeUndefined()
    expect(await follower.waitForRevision(2, 0)).toBe(false)
    feed.keptFrom = 2
    feed.changes[1] = { revision: 2, hash: 'first 2', atMs: 0, records: [] }
    expect(await follower.waitForRevision(last, 60_000)).toBe(true)
    await eventually(() => {
      expect(events).toEqual(['fault', 'recovered'])
    })
  })

  test('applies more changes than fit in one batch', async () => {
    const feed = new ArrayFeed()
    const { cell, follower } = await follow(feed)
    await using _ = follower
    let last = 0
    for (let index = 0; index < 2500; index += 1) last = feed.add(`o${index}`)
    expect(await follower.waitForRevision(last, 60_000)).toBe(true)
    expect(cell.current.organization('o2499')).toBeDefined()
  })

  test('gives the end of a deployment to the listeners before what follows in its batch', async () => {
    const feed = new ArrayFeed()
    const { cell, follower } = await follow(feed)
    await using _ = follower
    const seen: unknown[] = []
    cell.onReplace(({ revision }, records) =>
      seen.push([revision, records === 'all' ? 'all' : records.length]),
    )
    feed.notifies = false
    feed.add('acme')
    feed.add('rival')
    const ended = { kind: 'removed', of: 'deployment', organization: 'acme', id: 'dep_1' } as const
    feed.changes.push({ revision: 3, hash: 'first 3', atMs: 0, records: [ended] })
    feed.add('globex')
    feed.notifies = true
    expect(await follower.waitForRevision(feed.add('initech'), 60_000)).toBe(true)
    expect(seen).toEqual([
      [3, 3],
      [5, 2],
    ])
  })

  test('reloads the snapshot if it is behind the oldest retained change', async () => {
    const feed = new ArrayFeed()
    const { cell, follower } = await follow(feed)
    await using _ = follower
    feed.keptFrom = 1
    expect(await follower.waitForRevision(feed.add('acme'), 60_000)).toBe(true)
    expect(cell.current.organization('acme')).toBeDefined()
    expect(feed.loads).toBe(2)
  })

  test('keeps its snapshot while the feed is unavailable, and reports the fault and the recovery once', async () => {
    const feed = new ArrayFeed()
    feed.add('acme')
    const { cell, follower, events } = await follow(feed)
    await using _ = follower
    feed.isUnavailable = true
    const revision = feed.add('globex')
    expect(await follower.waitForRevision(revision, 0)).toBe(false)
    await eventually(() => {
      expect(events).toEqual(['fault'])
    })
    expect(cell.current.organization('acme')).toBeDefined()
    feed.isUnavailable = false
    expect(await follower.waitForRevision(revision, 60_000)).toBe(true)
    await eventually(() => {
      expect(events).toEqual(['fault', 'recovered'])
    })
  })

  test('gives each change to the listeners before its revision is current and before its wait ends', async () => {
    const feed = new ArrayFeed()
    const { cell, follower } = await follow(feed)
    await using _ = follower
    const seen: unknown[] = []
    const end = cell.onReplace((snapshot, records) => {
      seen.push([snapshot.revision, cell.current.revision, records])
    })
    const first = await follower.waitForRevision(feed.add('acme'), 60_000).then(() => [...seen])
    expect(first).toEqual([[1, 0, [{ kind: 'organization', slug: 'acme' }]]])
    feed.keptFrom = 2
    await follower.waitForRevision(feed.add('globex'), 60_000)
    expect(seen.at(-1)).toEqual([2, 1, 'all'])
    end()
    feed.keptFrom = 0
    await follower.waitForRevision(feed.add('initech'), 60_000)
    expect(seen).toHaveLength(2)
  })

  test.each([
    ['a change', 0, 1],
    ['a new load', 2, 'all'],
  ] as const)(
    'lets listeners prepare for %s, and serves the old snapshot meanwhile',
    async (_case, keptFrom, changed) => {
      const feed = new ArrayFeed()
      feed.add('acme')
      const { cell, follower } = await follow(feed)
      await using _ = follower
      const prepared = Promise.withResolvers<void>()
      const seen: unknown[] = []
      const end = cell.onPrepare(async (snapshot, records) => {
        seen.push([
          snapshot.revision,
          'beside',
          cell.current.revision,
          records === 'all' ? 'all' : records.length,
        ])
        await prepared.promise
      })
      cell.onReplace((snapshot) => {
        seen.push([snapshot.revision, 'replaces', cell.current.revision])
      })
      feed.keptFrom = keptFrom
      const applied = follower.waitForRevision(feed.add('globex'), 60_000)
      await eventually(() => {
        expect(seen).toEqual([[2, 'beside', 1, changed]])
      })
      expect(cell.current.organization('globex')).toBeUndefined()
      prepared.resolve()
      expect(await applied).toBe(true)
      expect(seen.slice(1)).toEqual([[2, 'replaces', 1]])
      end()
      expect(await follower.waitForRevision(feed.add('initech'), 60_000)).toBe(true)
      expect(seen.slice(2)).toEqual([[3, 'replaces', 2]])
    },
  )

  test('loads a new snapshot if the feed lost changes, and does not confirm a revision of the lost history', async () => {
    const feed = new ArrayFeed()
    for (const slug of ['acme', 'globex', 'initech']) feed.add(slug)
    const { cell, follower, events } = await follow(feed)
    await using _ = follower
    feed.changes = feed.changes.slice(0, 1)
    feed.history = 'second'
    // Revision 2 exists in both histories; the follower is ahead of it in the lost one.
    expect(await follower.waitForRevision(feed.add('umbrella'), 60_000)).toBe(true)
    expect(events).toEqual(['forked at 3'])
    expect(cell.current.organization('umbrella')).toBeDefined()
    expect(cell.current.organization('globex')).toBeUndefined()
    expect([cell.current.revision, follower.position]).toEqual([2, { revision: 2, hash: 'second 2' }])
  })

  test('notices by polling that the feed has another history at the same revision', async () => {
    const feed = new ArrayFeed()
    feed.add('acme')
    const { cell, follower, events } = await follow(feed)
    await using _ = follower
    feed.notifies = false
    feed.changes = []
    feed.history = 'second'
    feed.add('globex')
    await eventually(() => {
      expect(cell.current.organization('globex')).toBeDefined()
    })
    expect(cell.current.organization('acme')).toBeUndefined()
    expect(events).toEqual(['forked at 1'])
  })

  test('asks the feed again at once when it is told to, before it starts', async () => {
    const feed = new ArrayFeed()
    feed.add('acme')
    const asked: number[] = []
    const follower = await Follower.start({
      feed,
      cell: new SnapshotCell(),
      monotonicMs: () => performance.now(),
      onCurrent: (_position, atMs) => Promise.resolve(asked.push(atMs) === 1),
      onFault: () => undefined,
      onRecovered: () => undefined,
      onForked: () => undefined,
    })
    await using _ = follower
    expect(asked.length).toBeGreaterThanOrEqual(2)
  })

  test('measures the age of the snapshot by the monotonic clock it is given', async () => {
    const feed = new ArrayFeed()
    const cell = new SnapshotCell()
    const follower = await Follower.start({
      feed,
      cell,
      monotonicMs: () => 123,
      onFault: () => undefined,
      onRecovered: () => undefined,
      onForked: () => undefined,
    })
    await follower[Symbol.asyncDispose]()
    expect(cell.upToDateAtMs).toBe(123)
  })

  test('stops waiting for a revision after the given time', async () => {
    const { follower } = await follow(new ArrayFeed())
    await using _ = follower
    expect(await follower.waitForRevision(99, 20)).toBe(false)
  })
})

function reporting(receipt: ReceiptGateway): ReportingGateway {
  return {
    confirm: () => Promise.resolve(receipt),
    status: () => Promise.reject(new Error('not asked')),
  }
}

test('a receipt is confirmed if every gateway has applied the revision, and names the others', async () => {
  const current = reporting({ id: 'gw_a', state: 'applied', confirmed: true, seenAtMs: 7 })
  const behind = reporting({ id: 'gw_b', state: 'pending', confirmed: false, seenAtMs: 3 })
  expect(await confirmRevision([current], 5, 0, () => 9)).toEqual({
    revision: 5,
    confirmed: true,
    gateways: [{ id: 'gw_a', state: 'applied', confirmed: true, seenAtMs: 7 }],
    elapsedMs: 0,
  })
  expect(await confirmRevision([current, behind], 5, 0, () => 9)).toMatchObject({
    confirmed: false,
    gateways: [{ confirmed: true }, { id: 'gw_b', confirmed: false, seenAtMs: 3 }],
  })
})
