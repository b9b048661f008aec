import type { DeploymentRecord, EnvironmentView, Snapshot } from '@sallyport/core'
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

/** One due time of one schedule, at which this process has run nothing. */
export interface PassedOver extends Omit<DueRun, 'startedAtMs'> {
  readonly lateByMs: number
}

/** How a run came out: `succeeded`, or the code of the problem with which it ended. */
export interface RunOutcome {
  readonly outcome: string
}

export interface SchedulerDeps {
  readonly cell: { readonly current: Snapshot }
  readonly nowMs: () => number
  /** Takes a due time: true for exactly one caller of however many processes ask. */
  readonly claim: (run: DueRun) => Promise<boolean>
  readonly finish: (run: DueRun, finishedAtMs: number, outcome: string) => Promise<void>
  /** Runs the steps of a deployment. */
  readonly run: (view: EnvironmentView, deployment: DeploymentRecord, dueAtMs: number) => Promise<RunOutcome>
  readonly onFault: (cause: unknown, run: DueRun) => void
  /**
   * Hears of a due time that this process came too late for, once for all of the same schedule that have gone by since.
   * Another process may have run them.
   */
  readonly onPassedOver: (due: PassedOver) => void
}

/** How often due times are looked for. The shortest schedule is a minute. */
const TICK_MS = 1000
/** How late a run may start. What was due before that, while nobody was there to run it, is passed over. */
const LATE_MS_MAX = 60_000
/** How many runs go on at a time; others wait for the next tick. */
const RUNS_MAX = 64
/** How many of them are one organization's, so that runs that take long keep nobody else's from beginning in time. */
const RUNS_PER_ORGANIZATION_MAX = RUNS_MAX / 2

/** How long a close waits for runs under way, unless told otherwise. */
const CLOSE_MS = 8_000

/** When a schedule is due next. */
interface Waiting {
  readonly schedule: string
  readonly dueAtMs: number | null
}

/** A live deployment with a schedule. */
interface Scheduled {
  readonly place: string
  readonly view: EnvironmentView
  readonly deployment: DeploymentRecord
  readonly schedule: string
}

/**
 * Runs the pipelines that start by themselves, each once for each due time: whoever takes a due time first runs it, in
 * this process or another one. A run that has begun when its process ends is not begun again.
 */
export class Scheduler implements AsyncDisposable {
  readonly #deps: SchedulerDeps
  /** The organization of each run that goes on. */
  readonly #running = new Map<Promise<void>, string>()
  /** By place: a new version of a pipeline goes on with the due time of the one before. */
  #waiting: ReadonlyMap<string, Waiting> = new Map()
  #scheduled: readonly Scheduled[] = []
  #revision = -1
  #timer: NodeJS.Timeout | undefined
  #tick: Promise<void> = Promise.resolve()
  #isClosed = false

  constructor(deps: SchedulerDeps) {
    this.#deps = deps
  }

  /** Begins to look for due times, until disposed. */
  start(): void {
    if (this.#isClosed) return
    this.#timer = setTimeout(() => {
      this.#tick = this.tick().finally(() => this.start())
    }, TICK_MS)
  }

  /** Looks once, and takes what is due. Settles when everything due was taken, not when it has run. */
  async tick(): Promise<void> {
    const nowMs = this.#deps.nowMs()
    this.#look(nowMs)
    const waiting = new Map(this.#waiting)
    for (const { place, view, deployment, schedule } of this.#scheduled) {
      const dueAtMs = waiting.get(place)?.dueAtMs ?? null
      if (dueAtMs === null || dueAtMs > nowMs) continue
      const isLate = nowMs - dueAtMs > LATE_MS_MAX
      if (isLate) this.#deps.onPassedOver({ ...dueTime(deployment, dueAtMs), lateByMs: nowMs - dueAtMs })
      else if (!(await this.#take(view, deployment, dueAtMs))) continue
      waiting.set(place, { schedule, dueAtMs: nextDueMs(schedule, isLate ? nowMs : dueAtMs) })
    }
    this.#waiting = waiting
  }

  /** Settles when no run that was taken here goes on. */
  async idle(): Promise<void> {
    await Promise.all(this.#running.keys())
  }

  /**
   * Takes nothing more, and waits for the runs under way; one that takes longer is left to the end of its process.
   *
   * @param graceMs how long it waits at most
   */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#tick
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, graceMs)
    })
    await Promise.race([this.idle(), patience])
    clearTimeout(timer)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(CLOSE_MS)
  }

  /** Finds the schedules anew where anything has changed. */
  #look(nowMs: number): void {
    const snapshot = this.#deps.cell.current
    if (snapshot.revision === this.#revision) return
    this.#revision = snapshot.revision
    this.#scheduled = [...schedulesOf(snapshot)]
    this.#waiting = new Map(
      this.#scheduled.map(({ place, schedule }) => {
        const known = this.#waiting.get(place)
        return [
          place,
          known?.schedule === schedule ? known : { schedule, dueAtMs: nextDueMs(schedule, nowMs) },
        ]
      }),
    )
  }

  /** Whether the due time is dealt with: taken here, or by somebody else. */
  async #take(view: EnvironmentView, deployment: DeploymentRecord, dueAtMs: number): Promise<boolean> {
    const { organization } = deployment
    if (this.#isClosed || !this.#hasRoomFor(organization)) return false
    const { claim, nowMs, onFault } = this.#deps
    const run: DueRun = { ...dueTime(deployment, dueAtMs), startedAtMs: nowMs() }
    try {
      if (!(await claim(run))) return true
    } catch (cause) {
      // The store cannot be asked: the next tick tries again.
      onFault(cause, run)
      return false
    }
    const running: Promise<void> = this.#run(view, deployment, run).finally(() => {
      this.#running.delete(running)
    })
    this.#running.set(running, organization)
    return true
  }

  #hasRoomFor(organization: string): boolean {
    const own = [...this.#running.values()].filter((other) => other === organization)
    return this.#running.size < RUNS_MAX && own.length < RUNS_PER_ORGANIZATION_MAX
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

function* schedulesOf(snapshot: Snapshot): Generator<Scheduled> {
  for (const view of snapshot.environments()) {
    for (const deployment of view.deployments.values()) {
      const { schedule } = deployment.spec.trigger
      if (schedule === null) continue
      const { organization, environment, pipeline, version } = deployment
      // A space is in none of them.
      const place = `${organization} ${environment} ${pipeline} ${Number.parseInt(version, 10)}`
      yield { place, view, deployment, schedule }
    }
  }
}
