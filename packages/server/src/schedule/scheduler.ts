import type { DeploymentRecord, EnvironmentView, Snapshot } from '@sallyport/core'
import { FairShare, type Tenant } from '../fairness/fair-share.ts'
import { nextDueMs } from './due-times.ts'

/** One due time of one schedule. */
export interface DueRun {
  readonly organization: string
  readonly environment: string
  readonly pipeline: string
  readonly major: number
  readonly dueAtMs: number
  readonly startedAtMs: number
}

/** A due time at which this process did not start the run. */
export interface MissedRun extends Omit<DueRun, 'startedAtMs'> {
  readonly lateByMs: number
}

/** The result of a run: `succeeded`, or a problem code. */
export interface RunOutcome {
  readonly outcome: string
}

export interface SchedulerDeps {
  readonly cell: { readonly current: Snapshot }
  readonly nowMs: () => number
  /** Claims a due time; resolves to true for exactly one caller among all processes. */
  readonly claim: (run: DueRun) => Promise<boolean>
  readonly finish: (run: DueRun, finishedAtMs: number, outcome: string) => Promise<void>
  /** Runs the steps of a deployment. */
  readonly run: (view: EnvironmentView, deployment: DeploymentRecord, dueAtMs: number) => Promise<RunOutcome>
  readonly onFault: (cause: unknown, run: DueRun) => void
  /**
   * Called if a run is too late to start, once for all due times of the same schedule that have passed since. Another
   * process may have run them.
   */
  readonly onMissedRun: (run: MissedRun) => void
}

/** How often due times are checked. The shortest schedule is one minute. */
const TICK_MS = 1000
/** The latest start of a run after its due time. Later runs are skipped and reported as missed. */
const LATE_MS_MAX = 60_000
/** The most concurrent runs, shared between organizations; others wait for the next tick. */
const RUNS_MAX = 64

/** How long disposal waits for runs in progress. */
const CLOSE_MS = 8_000

/** The next due time of a schedule. */
interface NextRun {
  readonly schedule: string
  readonly dueAtMs: number | null
}

/** A live deployment with a schedule. */
interface ScheduledDeployment {
  /** Identifies the organization, environment, pipeline and major. */
  readonly key: string
  readonly view: EnvironmentView
  readonly deployment: DeploymentRecord
  readonly schedule: string
}

/**
 * Runs scheduled pipelines once for each due time: of all processes, the first to claim a due time runs it. A run that
 * was interrupted by the end of its process is not repeated.
 */
export class Scheduler implements AsyncDisposable {
  readonly #deps: SchedulerDeps
  readonly #running = new Set<Promise<void>>()
  readonly #slots = new FairShare(RUNS_MAX)
  /** By schedule key, so that a new version of a pipeline keeps the due time of the previous one. */
  #nextRuns: ReadonlyMap<string, NextRun> = new Map()
  #scheduled: readonly ScheduledDeployment[] = []
  #revision = -1
  #timer: NodeJS.Timeout | undefined
  #tick: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(deps: SchedulerDeps) {
    this.#deps = deps
  }

  /** Starts checking for due times, until disposal. */
  start(): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => {
      this.#tick = this.tick().finally(() => this.start())
    }, TICK_MS)
  }

  /** Starts every due run. Resolves when they have started, not when they have finished. */
  async tick(): Promise<void> {
    const nowMs = this.#deps.nowMs()
    this.#refreshSchedules(nowMs)
    const nextRuns = new Map(this.#nextRuns)
    for (const { key, view, deployment, schedule } of this.#scheduled) {
      const dueAtMs = nextRuns.get(key)?.dueAtMs ?? null
      if (dueAtMs === null || dueAtMs > nowMs) continue
      const isLate = nowMs - dueAtMs > LATE_MS_MAX
      if (isLate) this.#deps.onMissedRun({ ...dueTime(deployment, dueAtMs), lateByMs: nowMs - dueAtMs })
      else if (!(await this.#claimAndRun(view, deployment, dueAtMs))) continue
      nextRuns.set(key, { schedule, dueAtMs: nextDueMs(schedule, isLate ? nowMs : dueAtMs) })
    }
    this.#nextRuns = nextRuns
  }

  /** Resolves when this process has no run in progress. */
  async idle(): Promise<void> {
    await Promise.all(this.#running)
  }

  /**
   * Starts no more runs and waits for those in progress. A run that takes longer ends with the process.
   *
   * @param graceMs the maximum wait
   */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#tick
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs)
    })
    await Promise.race([this.idle(), timeout])
    clearTimeout(timer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(CLOSE_MS)
  }

  /** Reads the schedules again if the snapshot has changed. */
  #refreshSchedules(nowMs: number): void {
    const snapshot = this.#deps.cell.current
    if (snapshot.revision === this.#revision) return
    this.#revision = snapshot.revision
    this.#scheduled = inTurns([...schedulesOf(snapshot)])
    this.#nextRuns = new Map(
      this.#scheduled.map(({ key, schedule }) => {
        const known = this.#nextRuns.get(key)
        return [key, known?.schedule === schedule ? known : { schedule, dueAtMs: nextDueMs(schedule, nowMs) }]
      }),
    )
  }

  /** Resolves to true if the due time is handled, by this process or another one; false to retry it. */
  async #claimAndRun(view: EnvironmentView, deployment: DeploymentRecord, dueAtMs: number): Promise<boolean> {
    const { organization, environment, pipeline } = deployment
    const tenant: Tenant = { organization, pipeline: `${environment} ${pipeline}` }
    if (this.#isClosed || !this.#slots.take(tenant)) return false
    const { claim, nowMs, onFault } = this.#deps
    const run: DueRun = { ...dueTime(deployment, dueAtMs), startedAtMs: nowMs() }
    let isClaimed = false
    try {
      isClaimed = await claim(run)
      if (!isClaimed) return true
    } catch (cause) {
      // The store is unavailable; the next tick tries again.
      onFault(cause, run)
      return false
    } finally {
      if (!isClaimed) this.#slots.give(tenant)
    }
    const running: Promise<void> = this.#run(view, deployment, run).finally(() => {
      this.#running.delete(running)
      this.#slots.give(tenant)
    })
    this.#running.add(running)
    return true
  }

  async #run(view: EnvironmentView, deployment: DeploymentRecord, run: DueRun): Promise<void> {
    const { finish, nowMs, onFault } = this.#deps
    let outcome = 'internal'
    try {
      ;({ outcome } = await this.#deps.run(view, deployment, run.dueAtMs))
    } catch (cause) {
      onFault(cause, run)
    }
    try {
      await finish(run, nowMs(), outcome)
    } catch (cause) {
      onFault(cause, run)
    }
  }
}

function dueTime(deployment: DeploymentRecord, dueAtMs: number): Omit<DueRun, 'startedAtMs'> {
  const { organization, environment, pipeline, version } = deployment
  return { organization, environment, pipeline, major: Number.parseInt(version, 10), dueAtMs }
}

/**
 * The schedules in the order in which organizations take turns: the first of each, the second of each, and so on. Each
 * claim is a write, so thousands of due schedules of one organization would otherwise delay those of all others.
 */
function inTurns(scheduled: readonly ScheduledDeployment[]): ScheduledDeployment[] {
  const counts = new Map<string, number>()
  const turns: ScheduledDeployment[][] = []
  for (const one of scheduled) {
    const { organization } = one.deployment
    const turn = counts.get(organization) ?? 0
    counts.set(organization, turn + 1)
    ;(turns[turn] ??= []).push(one)
  }
  return turns.flat()
}

function* schedulesOf(snapshot: Snapshot): Generator<ScheduledDeployment> {
  for (const view of snapshot.environments()) {
    for (const deployment of view.deployments.values()) {
      const { schedule } = deployment.spec.trigger
      if (schedule === null) continue
      const { organization, environment, pipeline, version } = deployment
      // None of these names contains a space.
      const key = `${organization} ${environment} ${pipeline} ${Number.parseInt(version, 10)}`
      yield { key, view, deployment, schedule }
    }
  }
}
