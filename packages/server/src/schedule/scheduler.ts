import {
  CATCH_UP_DEFAULT,
  type DeploymentRecord,
  type EnvironmentView,
  nextDueMs,
  isTimeZone,
  OVERLAP_DEFAULT,
  type Overlap,
  parseCron,
  type Snapshot,
} from '@sallyport/core'
import { FairShare, type Tenant } from '../fairness/fair-share.ts'
import { ActiveRun } from './active-runs.ts'
import { dueTimesBetween, newestDueMs } from './passed-due-times.ts'
import { RunWatch } from './run-watch.ts'
import type { DueRun, ScheduleId, ScheduleRuns, ScheduleStanding } from './schedule-runs.ts'
import { type ScheduledDeployment, schedulesInTurns } from './scheduled-deployments.ts'

/** A due time that passed without a run. */
export interface MissedRun extends ScheduleId {
  readonly dueAtMs: number
  readonly lateByMs: number
  /** The due times right before it that have no run either. */
  readonly missedBefore: number
}

/** The result of a run: `succeeded`, or a problem code. */
export interface RunOutcome {
  readonly outcome: string
}

export interface SchedulerDeps {
  readonly cell: { readonly current: Snapshot }
  readonly nowMs: () => number
  readonly monotonicMs: () => number
  readonly runs: ScheduleRuns
  /** Runs the steps of a deployment, until the signal aborts. */
  readonly run: (
    view: EnvironmentView,
    deployment: DeploymentRecord,
    dueAtMs: number,
    signal: AbortSignal,
  ) => Promise<RunOutcome>
  readonly onFault: (cause: unknown, schedule: ScheduleId) => void
  /** Called by the process that has recorded the miss. */
  readonly onMissedRun: (run: MissedRun) => void
}

/** How often due times are checked. The shortest schedule is one minute. */
const TICK_MS = 1000
/** The latest start of a run after its due time, and the longest wait for a run before it. */
const LATE_MS_MAX = 60_000
/** The most concurrent runs, shared between organizations; others wait for the next tick. */
const RUNS_MAX = 64

/** How long disposal waits for runs in progress. */
const CLOSE_MS = 8_000
/** How long runs that did not finish in time are given to record that. */
const INTERRUPT_MS = 1_000

/** What a process knows of a schedule. */
interface ScheduleState {
  timetable: string
  /** The first due time that has not been handled; null if there is none. */
  dueAtMs: number | null
  /** The due time that waits for the run before it, and since when, monotonic in ms. */
  waiting: { readonly dueAtMs: number; readonly sinceMs: number } | null
  readonly watch: RunWatch
  /** The exclusive run of this process. */
  active: ActiveRun | null
}

/**
 * Runs scheduled pipelines once for each due time: of all processes, the first to claim a due time runs it. A run that
 * was interrupted by the end of its process is not repeated. If several due times have passed, the newest one counts.
 */
export class Scheduler implements AsyncDisposable {
  readonly #deps: SchedulerDeps
  readonly #running = new Map<ActiveRun, Promise<void>>()
  readonly #slots = new FairShare(RUNS_MAX)
  /** By schedule key, so that a new version of a pipeline keeps the due time of the previous one. */
  #states = new Map<string, ScheduleState>()
  #scheduled: readonly ScheduledDeployment[] = []
  #revision = -1
  #lastTickMs = -Infinity
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
    this.#refreshSchedules()
    if (nowMs < this.#lastTickMs) this.#turnBack(nowMs)
    this.#lastTickMs = nowMs
    this.#giveSignsOfLife()
    for (const scheduled of this.#scheduled) {
      const state = this.#states.get(scheduled.key)
      if (state !== undefined && (state.dueAtMs === null || state.dueAtMs > nowMs)) continue
      const id = scheduleId(scheduled.deployment)
      try {
        if (state === undefined) this.#states.set(scheduled.key, await this.#newState(scheduled, nowMs))
        else await this.#handle(scheduled, state, nowMs)
      } catch (cause) {
        // The store is unavailable; the next tick tries again.
        this.#deps.onFault(cause, id)
      }
    }
  }

  /** Resolves when this process has no run in progress. */
  async idle(): Promise<void> {
    await Promise.all(this.#running.values())
  }

  /**
   * Starts no more runs and waits for those in progress. A run that takes longer is interrupted.
   *
   * @param graceMs the maximum wait
   */
  async close(graceMs: number): Promise<void> {
    this.#isClosed = true
    clearTimeout(this.#timer)
    await this.#tick
    await this.#idleFor(graceMs)
    for (const active of this.#running.keys()) active.end('interrupted')
    await this.#idleFor(INTERRUPT_MS)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close(CLOSE_MS)
  }

  async #idleFor(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const timeout = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, ms)
    })
    await Promise.race([this.idle(), timeout])
    clearTimeout(timer)
  }

  /** Reads the schedules again if the snapshot has changed. */
  #refreshSchedules(): void {
    const snapshot = this.#deps.cell.current
    if (snapshot.revision === this.#revision) return
    this.#revision = snapshot.revision
    this.#scheduled = schedulesInTurns(snapshot)
    const states = new Map<string, ScheduleState>()
    for (const { key, timetable } of this.#scheduled) {
      const known = this.#states.get(key)
      if (known === undefined) continue
      states.set(key, known)
      const text = JSON.stringify(timetable)
      if (known.timetable === text) continue
      known.timetable = text
      known.dueAtMs = nextDueMs(timetable, this.#deps.nowMs())
      known.waiting = null
    }
    this.#states = states
  }

  /** The clock was ahead: due times that it had reached are still to come. Those that have run stay claimed. */
  #turnBack(nowMs: number): void {
    for (const { key, timetable } of this.#scheduled) {
      const state = this.#states.get(key)
      if (state === undefined || (state.dueAtMs !== null && state.dueAtMs <= nowMs)) continue
      state.dueAtMs = nextDueMs(timetable, nowMs)
      state.waiting = null
    }
  }

  #giveSignsOfLife(): void {
    const { runs, monotonicMs, onFault } = this.#deps
    for (const active of this.#running.keys()) {
      active.beat(runs, monotonicMs()).catch((cause: unknown) => onFault(cause, active.run))
    }
  }

  /** A schedule that this process sees for the first time: due times since the last run may have passed without one. */
  async #newState({ deployment, timetable }: ScheduledDeployment, nowMs: number): Promise<ScheduleState> {
    const id = scheduleId(deployment)
    const { schedule, timeZone } = timetable
    // Such as one with syntax of an earlier release: it never runs, and stops no other.
    if ('message' in parseCron(schedule) || !isTimeZone(timeZone)) {
      this.#deps.onFault(new Error(`the schedule ${schedule} in ${timeZone} cannot be read`), id)
    }
    const { deployedAtMs, lastDueAtMs } = await this.#deps.runs.standing(id, deployment.id, nowMs)
    const sinceMs = deployedAtMs === null ? nowMs : Math.max(deployedAtMs, lastDueAtMs ?? 0)
    return {
      timetable: JSON.stringify(timetable),
      dueAtMs: nextDueMs(timetable, Math.min(sinceMs, nowMs)),
      waiting: null,
      watch: new RunWatch(),
      active: null,
    }
  }

  async #handle(scheduled: ScheduledDeployment, state: ScheduleState, nowMs: number): Promise<void> {
    const { deployment, timetable } = scheduled
    const { runs, monotonicMs, onMissedRun } = this.#deps
    const firstMs = state.dueAtMs
    if (firstMs === null) return
    const dueAtMs = newestDueMs(timetable, firstMs, nowMs)
    const { waiting } = state
    if (waiting !== null && (waiting.dueAtMs < dueAtMs || monotonicMs() - waiting.sinceMs > LATE_MS_MAX)) {
      await runs.claim(this.#dueRun(scheduled, waiting.dueAtMs, 0), 'skipped')
      state.waiting = null
      state.dueAtMs = nextDueMs(timetable, waiting.dueAtMs)
      return
    }
    const { catchUp = CATCH_UP_DEFAULT } = deployment.spec.trigger
    const lateByMs = nowMs - dueAtMs
    const isMissed = waiting === null && lateByMs > LATE_MS_MAX && catchUp === 'none'
    let missedBefore = 0
    if (dueAtMs > firstMs) {
      const standing = await runs.standing(scheduleId(deployment), deployment.id, dueAtMs)
      const lastMs = Math.max(firstMs - 1, standing.lastDueAtMs ?? 0)
      missedBefore = dueTimesBetween(timetable, lastMs, dueAtMs)
    }
    const run = this.#dueRun(scheduled, dueAtMs, missedBefore)
    if (isMissed) {
      if (await runs.claim(run, 'missed'))
        onMissedRun({ ...scheduleId(deployment), dueAtMs, lateByMs, missedBefore })
    } else if (!(await this.#claimAndRun(scheduled, state, run))) return
    state.waiting = null
    state.dueAtMs = nextDueMs(timetable, dueAtMs)
  }

  /** Resolves to true if the due time is handled, by this process or another one; false to retry it. */
  async #claimAndRun(scheduled: ScheduledDeployment, state: ScheduleState, run: DueRun): Promise<boolean> {
    const { organization, environment, pipeline } = run
    const tenant: Tenant = { organization, pipeline: `${environment} ${pipeline}` }
    if (this.#isClosed) return false
    if (run.isExclusive && state.active !== null) {
      if (overlapOf(scheduled) === 'replace') state.active.end('replaced')
      this.#wait(state, run)
      return false
    }
    if (!this.#slots.take(tenant)) return false
    let isClaimed = false
    try {
      isClaimed = await this.#deps.runs.claim(run, null)
    } finally {
      if (!isClaimed) this.#slots.give(tenant)
    }
    if (!isClaimed) return await this.#isTaken(scheduled, state, run)
    const active = new ActiveRun(run, this.#deps.monotonicMs())
    if (run.isExclusive) state.active = active
    const running = this.#run(scheduled, active).finally(() => {
      this.#running.delete(active)
      if (state.active === active) state.active = null
      this.#slots.give(tenant)
    })
    this.#running.set(active, running)
    return true
  }

  /** Whether a due time that could not be claimed has been; else a run of another process is in its way. */
  async #isTaken(scheduled: ScheduledDeployment, state: ScheduleState, run: DueRun): Promise<boolean> {
    const { runs, monotonicMs, nowMs } = this.#deps
    const standing: ScheduleStanding = await runs.standing(run, scheduled.deployment.id, run.dueAtMs)
    if (standing.isTaken) return true
    const { running } = standing
    if (running === null) return false
    this.#wait(state, run)
    if (state.watch.isDead(running, monotonicMs())) {
      await runs.abandon(run, { ...running, finishedAtMs: nowMs() })
    } else if (overlapOf(scheduled) === 'replace') await runs.askToEnd(run, running.dueAtMs)
    return false
  }

  #wait(state: ScheduleState, { dueAtMs }: DueRun): void {
    state.waiting ??= { dueAtMs, sinceMs: this.#deps.monotonicMs() }
  }

  #dueRun(scheduled: ScheduledDeployment, dueAtMs: number, missedBefore: number): DueRun {
    return {
      ...scheduleId(scheduled.deployment),
      dueAtMs,
      startedAtMs: this.#deps.nowMs(),
      isExclusive: overlapOf(scheduled) !== 'allow',
      missedBefore,
    }
  }

  async #run({ view, deployment }: ScheduledDeployment, active: ActiveRun): Promise<void> {
    const { runs, nowMs, onFault } = this.#deps
    const { run, signal } = active
    let outcome = 'internal'
    try {
      ;({ outcome } = await this.#deps.run(view, deployment, run.dueAtMs, signal))
    } catch (cause) {
      onFault(cause, run)
    }
    try {
      await runs.finish(run, nowMs(), active.endReason ?? outcome)
    } catch (cause) {
      onFault(cause, run)
    }
  }
}

function overlapOf({ deployment }: ScheduledDeployment): Overlap {
  return deployment.spec.trigger.overlap ?? OVERLAP_DEFAULT
}

function scheduleId({ organization, environment, pipeline, version }: DeploymentRecord): ScheduleId {
  return { organization, environment, pipeline, major: Number.parseInt(version, 10) }
}
