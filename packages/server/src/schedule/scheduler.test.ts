import { Snapshot, type DeploymentRecord, type FeedRecord } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { ACME, deployment } from '../gateway/testing/started-gateway.ts'
import { openWorld as openAppWorld, pipeline, START_MS as NEW_YEAR_MS } from '../app/testing/world.ts'
import type { Store } from '../store/port/store.ts'
import { Scheduler, type DueRun, type MissedRun, type RunOutcome } from './scheduler.ts'

const MINUTE_MS = 60_000

/** A store, a stopped clock, and one scheduler for each simulated process. */
interface World extends AsyncDisposable {
  readonly store: Store
  readonly clock: { nowMs: number }
  readonly faults: unknown[]
  readonly missedRuns: MissedRun[]
  /** Every started run: its process, version and due time. */
  readonly started: { process: number; version: string; dueAtMs: number }[]
  readonly processes: readonly Scheduler[]
  deploy(records: readonly FeedRecord[]): Promise<void>
  /** Sets the clock, and runs a tick of every process concurrently. */
  at(nowMs: number): Promise<void>
  due(): number[]
}

interface Options {
  readonly processes?: number
  readonly run?: () => Promise<RunOutcome>
  readonly claim?: (run: DueRun, claim: (run: DueRun) => Promise<boolean>) => Promise<boolean>
}

async function openWorld(options: Options = {}): Promise<World> {
  const app = await openAppWorld()
  await pipeline(app.owner, 'nightly')
  const { store, clock } = app
  const nowMs = (): number => clock.nowMs
  const cell = { current: Snapshot.empty() }
  const faults: unknown[] = []
  const missedRuns: MissedRun[] = []
  const started: { process: number; version: string; dueAtMs: number }[] = []
  const claim = (run: DueRun): Promise<boolean> =>
    store.claimRun({ ...run, finishedAtMs: null, outcome: null })
  const processes = Array.from(
    { length: options.processes ?? 1 },
    (_, process) =>
      new Scheduler({
        cell,
        nowMs,
        claim: (run) => options.claim?.(run, claim) ?? claim(run),
        finish: (run, finishedAtMs, outcome) => store.finishRun({ ...run, finishedAtMs, outcome }),
        run: async (_view, { version }, dueAtMs) => {
          started.push({ process, version, dueAtMs })
          return (await options.run?.()) ?? { outcome: 'succeeded' }
        },
        onFault: (cause) => faults.push(cause),
        onMissedRun: (run) => missedRuns.push(run),
      }),
  )
  let revision = 0
  const at = async (moment: number): Promise<void> => {
    clock.nowMs = moment
    await Promise.all(processes.map((scheduler) => scheduler.tick()))
  }
  return {
    store,
    clock,
    faults,
    missedRuns,
    started,
    processes,
    at,
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

function nightly(schedule = '*/5 * * * *', version = '1.0'): DeploymentRecord {
  return deployment({ kind: 'schedule', paths: [], methods: [], schedule }, undefined, {
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
    await Promise.all(world.processes.map((scheduler) => scheduler.idle()))
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
        dueAtMs: NEW_YEAR_MS + 5 * MINUTE_MS,
        lateByMs: 58 * MINUTE_MS,
      },
    ])
    await world.at(NEW_YEAR_MS + 65 * MINUTE_MS)
    expect(world.due()).toEqual([NEW_YEAR_MS + 65 * MINUTE_MS])
    // Exactly the maximum delay is not too late.
    await world.at(NEW_YEAR_MS + 71 * MINUTE_MS)
    expect([world.due().length, world.missedRuns.length]).toEqual([2, 1])
    await world.at(NEW_YEAR_MS + 76 * MINUTE_MS + 1)
    expect([world.due().length, world.missedRuns.length]).toEqual([2, 2])
  })

  test('does not block others if it is invalid, having been deployed before schedules were validated', async () => {
    await using world = await openWorld()
    const unreadable = { ...nightly('61 * * * *', '2.0'), id: 'dep_0' }
    await world.deploy([unreadable, nightly()])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    expect(world.due()).toEqual([NEW_YEAR_MS + 5 * MINUTE_MS])
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
    await world.at(NEW_YEAR_MS + 10 * MINUTE_MS)
    await world.processes[0]?.idle()
    const { items } = await world.store.read.scheduleRuns.list('acme', 'prod', 'nightly', { limit: 10 })
    expect(items.map(({ outcome }) => outcome)).toEqual(['internal', 'upstream_failed'])
    expect(world.faults).toHaveLength(1)
  })
})
