import { describe, expect, test } from 'vitest'
import type { ScheduleRunRow } from '../../port/schedule-runs.ts'
import type { Store } from '../../port/store.ts'
import { change } from '../examples/audit-events.ts'
import { environment } from '../examples/environments.ts'
import { FIRST_MS } from '../examples/example.ts'
import { pipeline } from '../examples/pipelines.ts'
import { run } from '../examples/schedule-runs.ts'
import { EVERYTHING, insertOrganization, type TestDatabase } from '../fixtures.ts'

const STORES = 3
const DUE_TIMES = 8

const runsOf = async (store: Store, name = 'orders', stage = 'test') =>
  (await store.read.scheduleRuns.list('acme', stage, name, EVERYTHING)).items

const exclusive = (dueAtMs: number, more: Partial<ScheduleRunRow> = {}) =>
  run('acme', dueAtMs, { isExclusive: true, ...more })

/** Runs of schedules. */
export function scheduleRunsContract(database: () => Promise<TestDatabase>): void {
  describe('a due time', () => {
    test('is claimed by exactly one of many concurrent claims', async () => {
      await using db = await database()
      await using first = await db.open()
      await using second = await db.open()
      await using third = await db.open()
      await first.write((tx) => insertOrganization(tx, 'acme'))
      const stores = [first, second, third]
      const dueTimes = Array.from({ length: DUE_TIMES }, (_, index) => FIRST_MS + index)
      // Each store claims every due time twice.
      const claims = await Promise.all(
        stores.flatMap((store, process) =>
          [...dueTimes, ...dueTimes].map(async (dueAtMs) => ({
            dueAtMs,
            process,
            isClaimed: await store.claimRun(run('acme', dueAtMs, { startedAtMs: process })),
          })),
        ),
      )
      expect(claims).toHaveLength(STORES * DUE_TIMES * 2)
      const successful = claims.filter(({ isClaimed }) => isClaimed)
      expect(successful.map(({ dueAtMs }) => dueAtMs).toSorted((a, b) => a - b)).toEqual(dueTimes)
      // The stored run is that of the successful claim.
      const stored = await runsOf(first)
      expect(new Map(stored.map((row) => [row.dueAtMs, row.startedAtMs]))).toEqual(
        new Map(successful.map(({ dueAtMs, process }) => [dueAtMs, process])),
      )
    })

    test('belongs to one pipeline, major, environment and organization', async () => {
      await using db = await database()
      await using store = await db.open()
      for (const owner of ['acme', 'globex']) {
        await store.write((tx) => insertOrganization(tx, owner))
        await change(store, owner, (tx) => tx.pipelines.insert(pipeline(owner, 'pay')))
      }
      const head = await store.feed.head()
      const one = run('acme', FIRST_MS)
      const others = [
        { organization: 'globex' },
        { environment: 'prod' },
        { pipeline: 'pay' },
        { major: 2 },
        { dueAtMs: FIRST_MS + 1 },
      ]
      for (const other of [{}, ...others]) {
        expect([other, await store.claimRun({ ...one, ...other })]).toEqual([other, true])
        expect([other, await store.claimRun({ ...one, ...other })]).toEqual([other, false])
      }
      expect(await runsOf(store)).toEqual([{ ...one, dueAtMs: FIRST_MS + 1 }, { ...one, major: 2 }, one])
      // No decision depends on a run, so it creates no revision.
      expect(await store.feed.head()).toBe(head)
    })

    test('of an unknown organization, environment or pipeline cannot be claimed', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      for (const wrong of [{ organization: 'unknown' }, { environment: 'stage' }, { pipeline: 'pay' }]) {
        expect(await store.claimRun(run('acme', 1, wrong))).toBe(false)
      }
      expect(await store.claimRun(run('acme', 1))).toBe(true)
    })
  })

  describe('a run', () => {
    test('records its outcome without changing other runs', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await store.claimRun(run('acme', 1))
      await store.claimRun(run('acme', 2))
      const done = run('acme', 1, { finishedAtMs: 9, outcome: 'upstream_failed' })
      await store.finishRun({ ...done, startedAtMs: 7 })
      await store.finishRun({ ...done, dueAtMs: 3 })
      expect(await runsOf(store)).toEqual([run('acme', 2), done])
      await store.finishRun({ ...done, finishedAtMs: 10, outcome: 'succeeded' })
      expect(await runsOf(store)).toEqual([run('acme', 2), done])
      await expect(store.finishRun({ ...done, dueAtMs: 2, outcome: null })).rejects.toThrow(/constraint/i)
    })

    test('of a schedule excludes others until it has finished, in every process', async () => {
      await using db = await database()
      await using first = await db.open()
      await using second = await db.open()
      await first.write((tx) => insertOrganization(tx, 'acme'))
      const claims = await Promise.all(
        Array.from({ length: DUE_TIMES }, async (_, index) => {
          const store = index % 2 === 0 ? first : second
          return (await store.claimRun(exclusive(index + 1))) ? [index + 1] : []
        }),
      )
      const [dueAtMs = 0, ...others] = claims.flat()
      expect(others).toEqual([])
      const schedule = { organization: 'acme', environment: 'test', pipeline: 'orders', major: 1 }
      const standing = async () => await second.read.scheduleRuns.standing(schedule, 'dep_0', 99)
      expect(await standing()).toEqual({
        deployedAtMs: null,
        isTaken: false,
        lastDueAtMs: dueAtMs,
        running: { dueAtMs, beats: 0 },
      })
      // Not in the way: other majors, runs beside others, and due times that do not run.
      expect(await second.claimRun(exclusive(50, { major: 2 }))).toBe(true)
      expect(await second.claimRun(run('acme', 51))).toBe(true)
      expect(await second.claimRun(exclusive(52, { finishedAtMs: 60, outcome: 'skipped' }))).toBe(true)
      expect(await first.beatRun(schedule, dueAtMs)).toBe('running')
      await second.abandonRun(schedule, { dueAtMs, beats: 0, finishedAtMs: 61 })
      expect((await standing()).running).toEqual({ dueAtMs, beats: 1 })
      expect(await second.claimRun(exclusive(53))).toBe(false)
      await second.askRunToEnd(schedule, dueAtMs)
      expect(await first.beatRun(schedule, dueAtMs)).toBe('ending')
      await second.abandonRun(schedule, { dueAtMs, beats: 2, finishedAtMs: 62 })
      expect(await first.beatRun(schedule, dueAtMs)).toBe('ended')
      await first.finishRun(exclusive(dueAtMs, { finishedAtMs: 63, outcome: 'succeeded' }))
      expect((await runsOf(first)).find((row) => row.dueAtMs === dueAtMs)).toMatchObject({
        outcome: 'interrupted',
        finishedAtMs: 62,
      })
      expect(await second.claimRun(exclusive(53))).toBe(true)
    })

    test('can start at a due time that a clock ahead has recorded as missed', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      const missed = run('acme', 1, { finishedAtMs: 9, outcome: 'missed', missedBefore: 3 })
      expect(await store.claimRun(missed)).toBe(true)
      expect(await store.claimRun(missed)).toBe(false)
      const claims = await Promise.all([1, 2, 3].map(() => store.claimRun(run('acme', 1))))
      expect(claims.filter(Boolean)).toHaveLength(1)
      expect(await runsOf(store)).toEqual([run('acme', 1)])
      await store.claimRun(run('acme', 2, { isExclusive: true }))
      await store.claimRun({ ...missed, dueAtMs: 3 })
      expect(await store.claimRun(run('acme', 3, { isExclusive: true }))).toBe(false)
    })

    test('is pruned by its due time, unless it is the newest of its schedule', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      for (const dueAtMs of [1, 2, 3]) await store.claimRun(run('acme', dueAtMs, { startedAtMs: 1 }))
      await store.pruneRuns(2)
      expect((await runsOf(store)).map(({ dueAtMs }) => dueAtMs)).toEqual([3, 2])
      await store.claimRun(run('acme', 1, { major: 2 }))
      await store.pruneRuns(9)
      expect((await runsOf(store)).map(({ dueAtMs, major }) => [dueAtMs, major])).toEqual([
        [3, 1],
        [1, 2],
      ])
    })

    test('is removed with its pipeline or its environment', async () => {
      await using db = await database()
      await using store = await db.open()
      await store.write((tx) => insertOrganization(tx, 'acme'))
      await change(store, 'acme', (tx) => tx.pipelines.insert(pipeline('acme', 'pay')))
      for (const other of [{}, { pipeline: 'pay' }, { environment: 'prod' }]) {
        await store.claimRun(run('acme', 1, other))
      }
      await change(store, 'acme', (tx) => tx.pipelines.remove('acme', 'pay', 9))
      await change(store, 'acme', (tx) => tx.environments.remove('acme', 'prod'))
      await store.finishRun(run('acme', 1, { pipeline: 'pay', finishedAtMs: 2, outcome: 'succeeded' }))
      // Runs that stayed would belong to a new pipeline or environment of the same name.
      await change(store, 'acme', async (tx) => {
        await tx.pipelines.insert(pipeline('acme', 'pay'))
        await tx.environments.insert(environment('acme', 'prod'))
      })
      expect(await runsOf(store, 'pay')).toEqual([])
      expect(await runsOf(store, 'orders', 'prod')).toEqual([])
      expect(await runsOf(store)).toHaveLength(1)
    })
  })
}
