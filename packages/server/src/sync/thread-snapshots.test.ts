import { setImmediate } from 'node:timers/promises'
import type { FeedRecord } from '@sallyport/core'
import { Snapshot } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { CellWriter, FIRST_POSITION } from './cell-writer.ts'
import { FollowedThread } from './followed-thread.ts'
import { SnapshotCell } from './snapshot-cell.ts'
import { type ApplyPart, ThreadSnapshots } from './thread-snapshots.ts'

const OWNERS: FeedRecord[] = [
  { kind: 'organization', slug: 'acme' },
  { kind: 'environment', organization: 'acme', name: 'prod' },
]

function consumer(number: number): FeedRecord {
  return {
    kind: 'consumer',
    organization: 'acme',
    id: `con_${String(number).padStart(16, '0')}`,
    name: `consumer-${number}`,
    environment: 'prod',
    active: true,
    pipelines: [],
  }
}

function role(name: string): FeedRecord {
  return { kind: 'role', organization: 'acme', name, grants: [] }
}

/** A thread with a cell of its own; what it gets is copied. */
class OtherThread {
  readonly cell = new SnapshotCell()
  readonly #followed = new FollowedThread(this.cell)
  /** Holds back each part until it resolves, or lets it fail. */
  gate: Promise<void> = Promise.resolve()

  readonly apply: ApplyPart = async (part) => {
    const copy = structuredClone(part)
    await this.gate
    await this.#followed.apply(copy)
  }
}

async function* batches(...records: FeedRecord[]): AsyncGenerator<readonly FeedRecord[]> {
  yield await Promise.resolve(records)
}

const MANY = Array.from({ length: 1_200 }, (_, number) => role(`role-${number}`))

/** A cell with its writer, which shares each snapshot with other threads. */
async function sharing(threads: readonly OtherThread[]) {
  const cell = new SnapshotCell()
  const writer = new CellWriter(cell)
  await writer.load({ revision: 1, hash: 'one' }, batches(...OWNERS, consumer(1), ...MANY))
  const snapshots = new ThreadSnapshots(threads.map(({ apply }) => apply))
  const newest = cell.onShare(async (snapshot, records) => await snapshots.send(snapshot, records))
  await snapshots.send(newest, 'all')
  return { cell, writer, snapshots }
}

function change(revision: number, ...records: FeedRecord[]) {
  return { revision, hash: `h${revision}`, atMs: 1, records }
}

describe('other threads', () => {
  test('have each snapshot when it counts as in force, loaded or changed', async () => {
    const threads = [new OtherThread(), new OtherThread()]
    const { cell, writer } = await sharing(threads)
    const expectEqual = (): void => {
      for (const thread of threads) {
        expect(thread.cell.isLoaded).toBe(true)
        expect(thread.cell.current.revision).toBe(cell.current.revision)
        expect(thread.cell.current.toRecords()).toEqual(cell.current.toRecords())
      }
    }
    expectEqual()
    await writer.apply([change(2, consumer(2)), change(3, role('late'), consumer(1))])
    expectEqual()
    expect(threads[0]?.cell.current.consumer('con_0000000000000002')?.name).toBe('consumer-2')
    await writer.load({ revision: 2, hash: 'other' }, batches(...OWNERS, consumer(9)))
    expectEqual()
    await writer.apply([change(3, consumer(10))])
    expectEqual()
  })

  test('keep the position back until the last of them has the snapshot; this thread does not wait', async () => {
    const [fast, slow] = [new OtherThread(), new OtherThread()]
    const { cell, writer } = await sharing([fast, slow])
    const gate = Promise.withResolvers<void>()
    slow.gate = gate.promise
    const applying = writer.apply([change(2, consumer(2))])
    await expect.poll(() => cell.current.revision).toBe(2)
    await expect.poll(() => fast.cell.current.revision).toBe(2)
    expect(slow.cell.current.revision).toBe(1)
    expect(writer.position).toEqual({ revision: 1, hash: 'one' })
    gate.resolve()
    await applying
    expect(slow.cell.current.revision).toBe(2)
    expect(writer.position).toEqual({ revision: 2, hash: 'h2' })
  })

  test('see their listeners called with the changed records before a snapshot is in force', async () => {
    const thread = new OtherThread()
    const seen: unknown[] = []
    const { writer } = await sharing([thread])
    thread.cell.onPrepare(async (snapshot, records) => {
      seen.push(['prepare', thread.cell.current.revision, snapshot.revision, records])
      await Promise.resolve()
    })
    thread.cell.onReplace((snapshot, records) =>
      seen.push(['replace', thread.cell.current.revision, snapshot.revision, records]),
    )
    await writer.apply([change(2, consumer(2))])
    await writer.load({ revision: 5, hash: 'five' }, batches(...OWNERS))
    expect(seen).toEqual([
      ['prepare', 1, 2, [consumer(2)]],
      ['replace', 1, 2, [consumer(2)]],
      ['prepare', 2, 5, 'all'],
      ['replace', 2, 5, 'all'],
    ])
  })

  test('get the next snapshot as a whole when one of them has failed to apply a change', async () => {
    const [good, bad] = [new OtherThread(), new OtherThread()]
    const { cell, writer } = await sharing([good, bad])
    // The first thread takes longer than the failure.
    cell.onPrepare(async () => await setImmediate())
    const failure = Promise.withResolvers<void>()
    bad.gate = failure.promise
    const applying = writer.apply([change(2, consumer(2), role('late'))])
    failure.reject(new Error('out of order'))
    await expect(applying).rejects.toThrow('out of order')
    expect(writer.position.revision).toBe(1)
    bad.gate = Promise.resolve()
    await writer.apply([change(2, consumer(2), role('late'))])
    expect(writer.position).toEqual({ revision: 2, hash: 'h2' })
    for (const { cell: other } of [good, bad])
      expect(other.current.toRecords()).toEqual(cell.current.toRecords())
    await writer.apply([change(3, consumer(3))])
    expect(bad.cell.current.consumer('con_0000000000000003')?.name).toBe('consumer-3')
  })

  test('that are added while a snapshot is about to be in force get that one', async () => {
    const cell = new SnapshotCell()
    const writer = new CellWriter(cell)
    await writer.load({ revision: 1, hash: 'one' }, batches(...OWNERS))
    const gate = Promise.withResolvers<void>()
    cell.onPrepare(async () => await gate.promise)
    const applying = writer.apply([change(2, consumer(2))])
    const thread = new OtherThread()
    const snapshots = new ThreadSnapshots([thread.apply])
    const newest = cell.onShare(async (snapshot, records) => await snapshots.send(snapshot, records))
    await snapshots.send(newest, 'all')
    expect([cell.current.revision, thread.cell.current.revision]).toEqual([1, 2])
    gate.resolve()
    await applying
    await writer.apply([change(3, role('late'))])
    expect(thread.cell.current.toRecords()).toEqual(cell.current.toRecords())
  })
})

test('a cell without other threads waits for none', async () => {
  const cell = new SnapshotCell()
  expect(cell.onShare(undefined)).toBe(cell.current)
  await cell.share(Snapshot.empty(), 'all')
  expect(new CellWriter(cell).position).toBe(FIRST_POSITION)
})
