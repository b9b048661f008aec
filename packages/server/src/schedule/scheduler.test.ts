import { Snapshot, type DeploymentRecord, type FeedRecord } from '@sallyport/core'
import { describe, expect, test } from 'vitest'
import { ACME, deployment } from '../gateway/testing/started-gateway.ts'
import { openWorld as openAppWorld, pipeline, START_MS as NEW_YEAR_MS } from '../app/testing/world.ts'
import type { Store } from '../store/port/store.ts'
import { Scheduler, type DueRun, type PassedOver, type RunOutcome } from './scheduler.ts'

const MINUTE_MS = 60_000

/** A store of its own, a clock that stands still, and schedulers as of so many processes. */
interface World extends AsyncDisposable {
  readonly store: Store
  readonly clock: { nowMs: number }
  readonly faults: unknown[]
  readonly passedOver: PassedOver[]
  /** Every run that was begun: in which process, of which version, and for when. */
  readonly begun: { process: number; version: string; dueAtMs: number }[]
  readonly processes: readonly Scheduler[]
  deploy(records: readonly FeedRecord[]): Promise<void>
  /** Moves the clock and has every process look, all at once. */
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
  const passedOver: PassedOver[] = []
  const begun: { process: number; version: string; dueAtMs: number }[] = []
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
          begun.push({ process, version, dueAtMs })
          return (await options.run?.()) ?? { outcome: 'succeeded' }
        },
        onFault: (cause) => faults.push(cause),
        onPassedOver: (due) => passedOver.push(due),
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
    passedOver,
    begun,
    processes,
    at,
    due: () => begun.map(({ dueAtMs }) => dueAtMs),
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

describe('A schedule', () => {
  test('runs once for each due time, in however many processes', async () => {
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

  test('is not due a millisecond early', async () => {
    await using world = await openWorld()
    await world.deploy([nightly()])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS - 1)
    expect(world.due()).toEqual([])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    expect(world.due()).toEqual([NEW_YEAR_MS + 5 * MINUTE_MS])
  })

  test('that is deployed anew between its due time and the look loses no run, and its majors run apart', async () => {
    await using world = await openWorld()
    await world.deploy([nightly(), nightly('*/5 * * * *', '2.0')])
    world.clock.nowMs = NEW_YEAR_MS + 5 * MINUTE_MS + 10
    await world.deploy([nightly('*/5 * * * *', '1.1'), nightly('*/5 * * * *', '2.0')])
    expect(world.begun.map(({ version }) => version)).toEqual(['1.1', '2.0'])
  })

  test('that is taken down runs no more', async () => {
    await using world = await openWorld()
    await world.deploy([nightly()])
    await world.deploy([])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    expect(world.due()).toEqual([])
  })

  test('passes over what was due long before anybody looked', async () => {
    await using world = await openWorld()
    await world.deploy([nightly()])
    await world.at(NEW_YEAR_MS + 63 * MINUTE_MS)
    expect(world.due()).toEqual([])
    expect(world.passedOver).toEqual([
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
    // As late as may be is not yet too late.
    await world.at(NEW_YEAR_MS + 71 * MINUTE_MS)
    expect([world.due().length, world.passedOver.length]).toEqual([2, 1])
    await world.at(NEW_YEAR_MS + 76 * MINUTE_MS + 1)
    expect([world.due().length, world.passedOver.length]).toEqual([2, 2])
  })

  test('that cannot be read, since it went live before the gate read schedules, holds no other up', async () => {
    await using world = await openWorld()
    const unreadable = { ...nightly('61 * * * *', '2.0'), id: 'dep_0' }
    await world.deploy([unreadable, nightly()])
    await world.at(NEW_YEAR_MS + 5 * MINUTE_MS)
    expect(world.due()).toEqual([NEW_YEAR_MS + 5 * MINUTE_MS])
  })

  test('is tried again when the store could not be asked', async () => {
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

  test('runs in time, however many runs of another organization go on and on', async () => {
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
    expect(world.begun.map(({ version }) => version)).toContain('101.0')
    end.resolve({ outcome: 'succeeded' })
  })

  test('keeps the code with which its run ended, also where that was our fault', async () => {
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
