import type { Change, FeedRecord } from '@sallyport/core'
import { describe, expect, test, vi } from 'vitest'
import { Follower, type Feed } from './follower.ts'
import { confirmRevision } from './receipts.ts'
import { SnapshotCell } from './snapshot-cell.ts'

/** A feed backed by an array. */
class ArrayFeed implements Feed {
  readonly changes: Change[] = []
  keptFrom = 0
  loads = 0
  isUnavailable = false
  notifies = true
  readonly #wakes = new Set<() => void>()

  async readSnapshot<T>(
    use: (snapshot: { revision: number; records: AsyncIterable<readonly FeedRecord[]> }) => Promise<T>,
  ): Promise<T> {
    this.loads += 1
    const records = this.changes.flatMap((change) => change.records)
    return await use({ revision: this.#head(), records: oneBatch(records) })
  }

  changesAfter(revision: number, limit: number): Promise<readonly Change[] | 'pruned'> {
    if (this.isUnavailable) return Promise.reject(new Error('the store is unavailable'))
    if (revision < this.keptFrom) return Promise.resolve('pruned')
    return Promise.resolve(this.changes.filter((change) => change.revision > revision).slice(0, limit))
  }

  onChange(wake: () => void): () => void {
    this.#wakes.add(wake)
    return () => this.#wakes.delete(wake)
  }

  add(slug: string): number {
    const revision = this.#head() + 1
    this.changes.push({ revision, atMs: 0, records: [{ kind: 'organization', slug }] })
    if (this.notifies) for (const wake of this.#wakes) wake()
    return revision
  }

  #head(): number {
    return this.changes.at(-1)?.revision ?? 0
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
    nowMs: Date.now,
    onFault: () => events.push('fault'),
    onRecovered: () => events.push('recovered'),
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
    expect(await follower.waitForRevision(feed.add('globex'), 5000)).toBe(true)
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
    await vi.waitFor(() => {
      expect(cell.current.revision).toBe(1)
    }, 5000)
  })

  test('applies more changes than fit in one batch', async () => {
    const feed = new ArrayFeed()
    const { cell, follower } = await follow(feed)
    await using _ = follower
    let last = 0
    for (let index = 0; index < 2500; index += 1) last = feed.add(`o${index}`)
    expect(await follower.waitForRevision(last, 5000)).toBe(true)
    expect(cell.current.organization('o2499')).toBeDefined()
  })

  test('reloads the snapshot if it is behind the oldest retained change', async () => {
    const feed = new ArrayFeed()
    const { cell, follower } = await follow(feed)
    await using _ = follower
    feed.keptFrom = 1
    expect(await follower.waitForRevision(feed.add('acme'), 5000)).toBe(true)
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
    await vi.waitFor(() => {
      expect(events).toEqual(['fault'])
    }, 5000)
    expect(cell.current.organization('acme')).toBeDefined()
    feed.isUnavailable = false
    expect(await follower.waitForRevision(revision, 5000)).toBe(true)
    await vi.waitFor(() => {
      expect(events).toEqual(['fault', 'recovered'])
    }, 5000)
  })

  test('gives each change to the listeners before its revision is current and before its wait ends', async () => {
    const feed = new ArrayFeed()
    const { cell, follower } = await follow(feed)
    await using _ = follower
    const seen: unknown[] = []
    const end = cell.onReplace((snapshot, records) => {
      seen.push([snapshot.revision, cell.current.revision, records])
    })
    const first = await follower.waitForRevision(feed.add('acme'), 5000).then(() => [...seen])
    expect(first).toEqual([[1, 0, [{ kind: 'organization', slug: 'acme' }]]])
    feed.keptFrom = 2
    await follower.waitForRevision(feed.add('globex'), 5000)
    expect(seen.at(-1)).toEqual([2, 1, 'all'])
    end()
    feed.keptFrom = 0
    await follower.waitForRevision(feed.add('initech'), 5000)
    expect(seen).toHaveLength(2)
  })

  test('stops waiting for a revision after the given time', async () => {
    const { follower } = await follow(new ArrayFeed())
    await using _ = follower
    expect(await follower.waitForRevision(99, 20)).toBe(false)
  })
})

test('a receipt is confirmed if every gateway has applied the revision, and names the others', async () => {
  const current = { id: 'gw_a', waitForRevision: () => Promise.resolve(true), seenAtMs: () => 7 }
  const behind = { id: 'gw_b', waitForRevision: () => Promise.resolve(false), seenAtMs: () => 3 }
  expect(await confirmRevision([current], 5, 0, () => 9)).toEqual({
    revision: 5,
    confirmed: true,
    gateways: [{ id: 'gw_a', confirmed: true, seenAtMs: 7 }],
    elapsedMs: 0,
  })
  expect(await confirmRevision([current, behind], 5, 0, () => 9)).toMatchObject({
    confirmed: false,
    gateways: [{ confirmed: true }, { id: 'gw_b', confirmed: false, seenAtMs: 3 }],
  })
})
