import { nextDueMs, Snapshot, type DeploymentRecord, type FeedRecord, type Trigger } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { ACME, deployment } from '../gateway/testing/started-gateway.ts'
import { openWorld as openAppWorld, pipeline, START_MS as NEW_YEAR_MS } from '../app/testing/world.ts'
import { change } from '../store/testing/examples/audit-events.ts'
import { deployment as deploymentRow } from '../store/testing/examples/deployments.ts'
import type { Store } from '../store/port/store.ts'
import { scheduleRunsOf } from '../composition/schedule-runs.ts'
import type { DueRun } from './schedule-runs.ts'
import { Scheduler, type MissedRun, type RunOutcome } from './scheduler.ts'

const MINUTE_MS = 60_000

/** A store, a stopped clock, and one scheduler for each simulated process. */
interface World extends AsyncDisposable {
  readonly store: Store
  readonly clock: { nowMs: number; monotonicMs: number }
  readonly faults: unknown[]
  readonly missedRuns: MissedRun[]
  /** Every started run: its process, version and due time. */
  readonly started: { process: number; version: string; dueAtMs: number }[]
  readonly processes: Scheduler[]
  deploy(records: readonly FeedRecord[]): Promise<void>
  /** Sets the clock, and runs a tick of every process concurrently. */
  at(nowMs: number): Promise<void>
  /** A tick of every process, concurrently, at each second up to this time. */
  through(untilMs: number): Promise<void>
  /** A process that starts now, beside the others. */
  join(): Scheduler
  idle(): Promise<void>
  due(): number[]
  /** The due times of the recorded runs after the new year, in minutes, with their outcomes, the oldest first. */
  recorded(): Promise<(readonly [minute: number, outcome: string | null, missedBefore: number])[]>
}

interface Options {
  readonly processes?: number
  readonly run?: (signal: AbortSignal) => Promise<RunOutcome>
  readonly claim?: (run: DueRun, claim: (run: DueRun) => Promise<boolean>) => Promise<boolean>
}

/** Ends when the scheduler ends it. */
function untilEnded(signal: AbortSignal): Promise<RunOutcome> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve({ outcome: 'unavailable' }))
  })
}

async function openWorld(options: Options = {}): Promise<World> {
  const app = await openAppWorld()
  await pipeline(app.owner, 'nightly')
  await change(app.store, 'acme', (tx) =>
    tx.deployments.insert(
      deploymentRow('acme', 'dep_1.0', {
        environment: 'prod',
        pipeline: 'nightly',
        createdAtMs: NEW_YEAR_MS,
      }),
    ),
  )
  const { store } = app
  const clock = { nowMs: NEW_YEAR_MS, monotonicMs: 0 }
  const nowMs = (): number => clock.nowMs
  const cell = { current: Snapshot.empty() }
  const faults: unknown[] = []
  const missedRuns: MissedRun[] = []
  const started: { process: number; version: string; dueAtMs: number }[] = []
  const runs = scheduleRunsOf(store)
  const start = (process: number): Scheduler =>
    new Scheduler({
      cell,
      nowMs,
      monotonicMs: () => clock.monotonicMs,
      runs: {
        ...runs,
        claim: (run, outcome) =>
          options.claim?.(run, (one) => runs.claim(one, outcome)) ?? runs.claim(run, outcome),
      },
      run: async (_view, { version }, dueAtMs, signal) => {
        started.push({ process, version, dueAtMs })
        return (await options.run?.(signal)) ?? { outcome: 'succeeded' }
      },
      onFault: (cause) => faults.push(cause),
      onMissedRun: (run) => missedRuns.push(run),
    })
  const processes = Array.from({ length: options.processes ?? 1 }, (_, process) => start(process))
  let revision = 0
  const at = async (moment: number): Promise<void> => {
    clock.monotonicMs += Math.max(0, moment - clock.nowMs)
    clock.nowMs = moment
    await Promise.all(processes.map((scheduler) => scheduler.tick()))
  }
  const idle = async (): Promise<void> => {
    await Promise.all(processes.map((scheduler) => scheduler.idle()))
  }
  return {
    store,
    clock,
    faults,
    missedRuns,
    started,
    processes,
    at,
    idle,
    async through(untilMs) {
      while (clock.nowMs < untilMs) await at(clock.nowMs + 1000)
    },
    join() {
      const joined = start(processes.length)
      processes.push(joined)
      return joined
    },
    async recorded() {
      const { items } = await store.read.scheduleRuns.list('acme', 'prod', 'nightly', { limit: 100 })
      return items
        .map(
          ({ dueAtMs, outcome, missedBefore }) =>
            [(dueAtMs - NEW_YEAR_MS) / MINUTE_MS, outcome, missedBefore] as const,
        )
        .toReversed()
    },
    due: () => started.map(({ dueAtMs }) => dueAtMs),
    async deploy(records) {
      revision += 1
      const batch = [...ACME, ...records]
      cell.current = await Snapshot.load(
        revision,
        (async function* () {
          yield await Promise.resolve(batch)
        })(),
      )
      await at(clock.nowMs)
    },
    async [Symbol.asyncDispose]() {
      for (const scheduler of processes) await scheduler[Symbol.asyncDispose]()
      await app[Symbol.asyncDispose]()
    },
  }
}

function nightly(
  schedule = '*/5 * * * *',
  version = '1.0',
  trigger: Partial<Trigger> = {},
): DeploymentRecord {
  return deployment({ kind: 'schedule', paths: [], methods: [], schedule, ...trigger }, undefined, {
    id: `dep_${version}`,
    pipeline: 'nightly',
    version,
  })
}

describe('a schedule', () => {
  test('runs once for each due time, regardless of the number of processes', async () => {
    await using world = await openWorld({ processes: 8 })
    await world.deploy([nightly()])
    for (let minute = 0; minute <= 12; minute += 0.5) await world.at(NEW_YEAR_MS + minute * MINUTE_MS)
    expect(world.due()).toEqual([NEW_YEAR_MS + 5 * MINUTE_MS, NEW_YEAR_MS + 10 * MINUTE_MS])
    await world.idle()
    const runs = await world.store.read.scheduleRuns.list('acme', 'prod', 'nightly', { limit: 10 })
    expect(runs.items).toMatchObject([
      { dueAtMs: NEW_YEAR_MS + 10 * MINUTE_MS, outcome: 'succeeded' },
      { dueAtMs: NEW_YEAR_MS + 5 * MINUTE_MS, outcome: 'succeeded' },
    ])
    expect(world.faults).toEqual([])
  })

  test('does not run a millisecond early', async () => {
    await using world = await openWorld()
    await world.deploy([nightly()])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS - 1)
    expect(world.due()).toEqual([])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    expect(world.due()).toEqual([NEW_YEAR_MS + 5 * MINUTE_MS])
  })

  test('loses no run on a redeployment between due time and tick, and runs each major separately', async () => {
    await using world = await openWorld()
    await world.deploy([nightly(), nightly('*/5 * * * *', '2.0')])
    world.clock.nowMs = NEW_YEAR_MS + 5 * MINUTE_MS + 10
    await world.deploy([nightly('*/5 * * * *', '1.1'), nightly('*/5 * * * *', '2.0')])
    expect(world.started.map(({ version }) => version)).toEqual(['1.1', '2.0'])
  })

  test('does not run after its deployment was removed', async () => {
    await using world = await openWorld()
    await world.deploy([nightly()])
    await world.deploy([])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    expect(world.due()).toEqual([])
  })

  test('reports a run as missed if its start would be too late', async () => {
    await using world = await openWorld()
    await world.deploy([nightly()])
    await world.at(NEW_YEAR_MS + 63 * MINUTE_MS)
    expect(world.due()).toEqual([])
    expect(world.missedRuns).toEqual([
      {
        organization: 'acme',
        environment: 'prod',
        pipeline: 'nightly',
        major: 1,
        dueAtMs: NEW_YEAR_MS + 60 * MINUTE_MS,
        lateByMs: 3 * MINUTE_MS,
        missedBefore: 11,
      },
    ])
    await world.at(NEW_YEAR_MS + 65 * MINUTE_MS)
    expect(world.due()).toEqual([NEW_YEAR_MS + 65 * MINUTE_MS])
    await world.idle()
    // Exactly the maximum delay is not too late.
    await world.at(NEW_YEAR_MS + 71 * MINUTE_MS)
    expect([world.due().length, world.missedRuns.length]).toEqual([2, 1])
    await world.idle()
    await world.at(NEW_YEAR_MS + 76 * MINUTE_MS + 1)
    expect([world.due().length, world.missedRuns.length]).toEqual([2, 2])
  })

  test('does not block others if it is invalid, having been deployed before schedules were validated', async () => {
    await using world = await openWorld()
    const unreadable = { ...nightly('61 * * * *', '2.0'), id: 'dep_0' }
    await world.deploy([unreadable, nightly()])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    expect(world.due()).toEqual([NEW_YEAR_MS + 5 * MINUTE_MS])
    expect(world.faults).toEqual([new Error('the schedule 61 * * * * in UTC cannot be read')])
  })

  test('is retried after the store was unavailable', async () => {
    let isDown = true
    await using world = await openWorld({
      claim: (run, claim) => (isDown ? Promise.reject(new Error('the store is away')) : claim(run)),
    })
    await world.deploy([nightly()])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    expect([world.due(), world.faults.length]).toEqual([[], 1])
    isDown = false
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS + 1000)
    expect(world.due()).toEqual([NEW_YEAR_MS + 5 * MINUTE_MS])
  })

  test('runs on time, even if another organization has many endless runs', async () => {
    const end = Promise.withResolvers<RunOutcome>()
    await using world = await openWorld({
      claim: () => Promise.resolve(true),
      run: () => end.promise,
    })
    const endless = Array.from({ length: 100 }, (_, major) => nightly('*/5 * * * *', `${major + 1}.0`))
    const prompt = { ...nightly(), organization: 'globex', id: 'dep_globex', version: '101.0' }
    await world.deploy([
      ...endless,
      { kind: 'organization', slug: 'globex' },
      { kind: 'environment', organization: 'globex', name: 'prod' },
      prompt,
    ])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    expect(world.started.map(({ version }) => version)).toContain('101.0')
    end.resolve({ outcome: 'succeeded' })
  })

  test("is claimed in its organization's turn, even if another organization has many due schedules", async () => {
    const claimed: string[] = []
    await using world = await openWorld({
      claim: ({ organization }) => {
        claimed.push(organization)
        return Promise.resolve(false)
      },
    })
    const many = Array.from({ length: 100 }, (_, major) => nightly('*/5 * * * *', `${major + 1}.0`))
    await world.deploy([
      ...many,
      { kind: 'organization', slug: 'globex' },
      { kind: 'environment', organization: 'globex', name: 'prod' },
      { ...nightly(), organization: 'globex', id: 'dep_globex', version: '101.0' },
    ])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    expect(claimed).toHaveLength(101)
    expect(claimed.indexOf('globex')).toBeLessThan(2)
  })

  test('stores the outcome code of its run, including internal errors', async () => {
    const outcomes = [
      () => Promise.resolve({ outcome: 'upstream_failed' }),
      () => Promise.reject(new Error('ours')),
    ]
    await using world = await openWorld({
      run: () => outcomes.shift()?.() ?? Promise.resolve({ outcome: 'none' }),
    })
    await world.deploy([nightly()])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    await world.idle()
    await world.at(NEW_YEAR_MS + 10 * MINUTE_MS)
    await world.idle()
    const { items } = await world.store.read.scheduleRuns.list('acme', 'prod', 'nightly', { limit: 10 })
    expect(items.map(({ outcome }) => outcome)).toEqual(['internal', 'upstream_failed'])
    expect(world.faults).toHaveLength(1)
  })
})

const DAY_MS = 24 * 60 * MINUTE_MS

describe('a clock that moves', () => {
  test.each([
    ['30 days ahead', 30 * DAY_MS],
    ['two minutes ahead', 2 * MINUTE_MS],
  ])('%s and back does not stop a schedule, nor run a due time twice', async (_, aheadMs) => {
    await using world = await openWorld({ processes: 3 })
    await world.deploy([nightly('* * * * *')])
    await world.at(NEW_YEAR_MS + MINUTE_MS)
    await world.idle()
    await world.at(NEW_YEAR_MS + MINUTE_MS + aheadMs)
    await world.idle()
    expect(world.due()).toEqual([NEW_YEAR_MS + MINUTE_MS, NEW_YEAR_MS + MINUTE_MS + aheadMs])
    for (const minute of [1.5, 2, 2.5, 3, 4, 5]) {
      await world.at(NEW_YEAR_MS + minute * MINUTE_MS)
      await world.idle()
    }
    const minutes = world.due().map((dueAtMs) => (dueAtMs - NEW_YEAR_MS) / MINUTE_MS)
    expect(minutes.toSorted((a, b) => a - b)).toEqual(
      [...new Set([1, 1 + aheadMs / MINUTE_MS, 2, 3, 4, 5])].toSorted((a, b) => a - b),
    )
    expect(world.faults).toEqual([])
  })

  test('back by less than a due time loses none that waits for the store', async () => {
    let isDown = true
    await using world = await openWorld({
      claim: (run, claim) => (isDown ? Promise.reject(new Error('the store is away')) : claim(run)),
    })
    await world.deploy([nightly()])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS + 500)
    isDown = false
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS + 300)
    expect(world.due()).toEqual([NEW_YEAR_MS + 5 * MINUTE_MS])
  })

  test('of one of several processes does not run a due time twice', async () => {
    await using world = await openWorld({ processes: 2 })
    await world.deploy([nightly('* * * * *')])
    const [first, second] = world.processes
    for (let minute = 1; minute <= 4; minute += 1) {
      world.clock.nowMs = NEW_YEAR_MS + (minute + 2) * MINUTE_MS
      await first?.tick()
      await first?.idle()
      world.clock.nowMs = NEW_YEAR_MS + minute * MINUTE_MS
      await second?.tick()
      await second?.idle()
    }
    const due = world.due()
    expect(new Set(due).size).toBe(due.length)
    expect(due.length).toBeGreaterThan(4)
  })

  test('ahead and back makes up for no due time, and takes none away', async () => {
    await using world = await openWorld({ processes: 2 })
    await world.deploy([nightly('0 * * * *')])
    await world.at(NEW_YEAR_MS + 150 * MINUTE_MS)
    expect(await world.recorded()).toEqual([[120, 'missed', 1]])
    await world.at(NEW_YEAR_MS + MINUTE_MS)
    await world.at(NEW_YEAR_MS + 60 * MINUTE_MS)
    await world.idle()
    await world.at(NEW_YEAR_MS + 120 * MINUTE_MS)
    await world.idle()
    expect(await world.recorded()).toEqual([
      [60, 'succeeded', 0],
      [120, 'succeeded', 0],
    ])
  })

  test('through a year, in both directions, starts each due time exactly once', async () => {
    await using world = await openWorld({ processes: 2 })
    const timetable = { schedule: '30 2 * * *', timeZone: 'Europe/Berlin' }
    await world.deploy([nightly(timetable.schedule, '1.0', timetable)])
    const jumpsMs = [0, 3 * DAY_MS, -DAY_MS, 40 * DAY_MS + 3 * MINUTE_MS, -90 * MINUTE_MS, 20_000]
    const dueTimes: number[] = []
    for (let day = 0; day < 365; day += 1) {
      const dueAtMs = nextDueMs(timetable, dueTimes.at(-1) ?? NEW_YEAR_MS) ?? 0
      dueTimes.push(dueAtMs)
      await world.at(dueAtMs)
      await world.idle()
      await world.at(dueAtMs + 30_000 + (jumpsMs[day % jumpsMs.length] ?? 0))
      await world.idle()
      await world.at(dueAtMs + 40_000)
    }
    const due = world.due()
    expect(new Set(due).size).toBe(due.length)
    expect(due.filter((dueAtMs) => dueAtMs <= (dueTimes.at(-1) ?? 0)).toSorted((a, b) => a - b)).toEqual(
      dueTimes,
    )
    expect(world.faults).toEqual([])
  })
})

describe('a run that lasts longer than the time to the next', () => {
  test('lets the next one wait for a minute, and no longer, unless told otherwise', async () => {
    const ends: ((outcome: RunOutcome) => void)[] = []
    await using world = await openWorld({
      processes: 2,
      run: async () => await new Promise((resolve) => ends.push(resolve)),
    })
    await world.deploy([nightly('* * * * *')])
    await world.through(NEW_YEAR_MS + 3.5 * MINUTE_MS)
    expect(world.due()).toEqual([NEW_YEAR_MS + MINUTE_MS])
    ends[0]?.({ outcome: 'succeeded' })
    await world.idle()
    await world.through(NEW_YEAR_MS + 3.6 * MINUTE_MS)
    expect(world.due()).toEqual([NEW_YEAR_MS + MINUTE_MS, NEW_YEAR_MS + 3 * MINUTE_MS])
    ends[1]?.({ outcome: 'succeeded' })
    await world.idle()
    expect(await world.recorded()).toEqual([
      [1, 'succeeded', 0],
      [2, 'skipped', 0],
      [3, 'succeeded', 0],
    ])
    expect(world.faults).toEqual([])
  })

  test('does not delay the next one if overlaps are allowed', async () => {
    await using world = await openWorld({ run: untilEnded })
    await world.deploy([nightly('* * * * *', '1.0', { overlap: 'allow' })])
    await world.through(NEW_YEAR_MS + 3 * MINUTE_MS)
    expect(world.due()).toHaveLength(3)
    await world.processes[0]?.close(0)
    expect(await world.recorded()).toEqual([
      [1, 'interrupted', 0],
      [2, 'interrupted', 0],
      [3, 'interrupted', 0],
    ])
  })

  test('ends for the next one if it is replaced, also in another process', async () => {
    await using world = await openWorld({ run: untilEnded })
    await world.deploy([nightly('* * * * *', '1.0', { overlap: 'replace' })])
    await world.at(NEW_YEAR_MS + MINUTE_MS)
    await world.at(NEW_YEAR_MS + 2 * MINUTE_MS)
    await world.idle()
    await world.at(NEW_YEAR_MS + 2 * MINUTE_MS + 1000)
    expect(await world.recorded()).toEqual([
      [1, 'replaced', 0],
      [2, null, 0],
    ])
    // The other process runs before the first one, so it finds the due time first.
    world.join()
    world.processes.reverse()
    await world.through(NEW_YEAR_MS + 3.5 * MINUTE_MS)
    expect(await world.recorded()).toEqual([
      [1, 'replaced', 0],
      [2, 'replaced', 0],
      [3, null, 0],
    ])
    await Promise.all(world.processes.map((process) => process.close(0)))
    expect(world.faults).toEqual([])
  })

  test.each(['forbid', 'replace'] as const)(
    'does not block the next one when its process has died (%s)',
    async (overlap) => {
      await using world = await openWorld({ run: untilEnded })
      await world.deploy([nightly('* * * * *', '1.0', { overlap })])
      await world.at(NEW_YEAR_MS + MINUTE_MS)
      const [dead] = world.processes.splice(0)
      world.join()
      await world.through(NEW_YEAR_MS + 2 * MINUTE_MS + 29_000)
      expect(world.due()).toEqual([NEW_YEAR_MS + MINUTE_MS])
      await world.through(NEW_YEAR_MS + 2 * MINUTE_MS + 35_000)
      expect(await world.recorded()).toEqual([
        [1, 'interrupted', 0],
        [2, null, 0],
      ])
      // A process that was only asleep ends its run as soon as it notices.
      await dead?.tick()
      await dead?.idle()
      await world.processes[0]?.close(0)
      expect(await world.recorded()).toEqual([
        [1, 'interrupted', 0],
        [2, 'interrupted', 0],
      ])
    },
  )

  test('blocks the next one for as long as its process lives, also while the clock moves', async () => {
    await using world = await openWorld({ processes: 2, run: untilEnded })
    await world.deploy([nightly('* * * * *')])
    await world.through(NEW_YEAR_MS + MINUTE_MS)
    world.clock.nowMs += 30 * DAY_MS
    await world.through(world.clock.nowMs + 5 * MINUTE_MS)
    world.clock.nowMs -= 30 * DAY_MS
    await world.through(world.clock.nowMs + 5 * MINUTE_MS)
    expect(world.due()).toEqual([NEW_YEAR_MS + MINUTE_MS])
    await Promise.all(world.processes.map((process) => process.close(0)))
  })
})

describe('due times that passed while no process ran', () => {
  test.each<[string, Partial<Trigger>, number[], (readonly [number, string, number])[]]>([
    [
      'are recorded as missed',
      {},
      [5],
      [
        [5, 'succeeded', 0],
        [120, 'missed', 22],
      ],
    ],
    [
      'are made up for by one run, if told so',
      { catchUp: 'one' },
      [5, 120],
      [
        [5, 'succeeded', 0],
        [120, 'succeeded', 22],
      ],
    ],
  ])('%s', async (_, trigger, due, recorded) => {
    await using world = await openWorld()
    await world.deploy([nightly('*/5 * * * *', '1.0', trigger)])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    await world.idle()
    world.processes.splice(0)
    // Three new processes, at once.
    for (let process = 0; process < 3; process += 1) world.join()
    for (const second of [0, 1, 2]) await world.at(NEW_YEAR_MS + 122 * MINUTE_MS + second * 1000)
    await world.idle()
    expect(world.due().map((dueAtMs) => (dueAtMs - NEW_YEAR_MS) / MINUTE_MS)).toEqual(due)
    expect(await world.recorded()).toEqual(recorded)
    expect(world.missedRuns).toHaveLength(due.length === 1 ? 1 : 0)
    await world.at(NEW_YEAR_MS + 125 * MINUTE_MS)
    expect(world.due()).toHaveLength(due.length + 1)
  })

  test('are not those before the deployment', async () => {
    await using world = await openWorld()
    world.clock.nowMs = NEW_YEAR_MS - DAY_MS
    await world.store.claimRun({
      organization: 'acme',
      environment: 'prod',
      pipeline: 'nightly',
      major: 1,
      dueAtMs: NEW_YEAR_MS - DAY_MS,
      startedAtMs: NEW_YEAR_MS - DAY_MS,
      finishedAtMs: null,
      outcome: null,
      isExclusive: false,
      missedBefore: 0,
    })
    world.clock.nowMs = NEW_YEAR_MS + MINUTE_MS
    await world.deploy([nightly('*/5 * * * *', '1.0', { catchUp: 'one' })])
    await world.at(NEW_YEAR_MS + 4 * MINUTE_MS)
    expect(world.due()).toEqual([])
  })

  test('are counted to a thousand', async () => {
    await using world = await openWorld()
    await world.deploy([nightly('* * * * *', '1.0', { catchUp: 'one' })])
    await world.at(NEW_YEAR_MS + 30 * DAY_MS)
    await world.idle()
    expect(await world.recorded()).toEqual([[30 * 24 * 60, 'succeeded', 1000]])
  })
})
