import { FairQueue } from '../fairness/fair-queue.ts'
import type { Tenant } from '../fairness/fair-share.ts'
import {
  evaluationFailure,
  type EvaluationFailure,
  type EvaluationResult,
  type EvaluationTask,
} from './evaluation.ts'
import { WorkerProcess, type WorkerLimits, type WorkerPriority } from './worker-process.ts'

export interface PoolLimits extends WorkerLimits {
  /** The number of processes. */
  readonly workersMax: number
  /** The number of waiting jobs. */
  readonly waitingMax: number
  /** The total length of the waiting jobs' messages, in UTF-16 code units. */
  readonly waitingCharsMax: number
}

export interface PoolJob extends EvaluationTask {
  readonly tenant: Tenant
  /** Until when it waits for a process, in monotonic ms. */
  readonly waitUntilMs: number
}

export interface PoolOptions {
  readonly limits: PoolLimits
  readonly priority: WorkerPriority
  /** The pool to which a tenant's jobs go instead, asked when a job arrives and again at its turn. */
  readonly divert?: (tenant: Tenant) => EvaluationPool | undefined
  /** Called with the processor time that the evaluation of a job took, in ms, whether it succeeded or not. */
  readonly onEvaluated: (tenant: Tenant, cpuMs: number) => void
}

interface Waiting extends PoolJob {
  readonly resolve: (result: EvaluationResult) => void
  readonly timer: NodeJS.Timeout
}

/** Worker processes of one priority, which start when they are needed. Organizations take turns for them. */
export class EvaluationPool implements AsyncDisposable {
  readonly #options: PoolOptions
  readonly #queue: FairQueue<Waiting>
  readonly #workers = new Set<WorkerProcess>()
  readonly #idle: WorkerProcess[] = []
  #starting = 0
  #isOver = false

  constructor(options: PoolOptions) {
    this.#options = options
    const { workersMax, waitingMax, waitingCharsMax } = options.limits
    this.#queue = new FairQueue(
      { runningMax: workersMax, waitingMax, waitingSizeMax: waitingCharsMax },
      (job) => this.#reject(job, TOO_MANY),
    )
  }

  get pids(): readonly number[] {
    return [...this.#workers].map((worker) => worker.pid).filter((pid) => pid !== undefined)
  }

  /** Runs a job at its turn. Never rejects. */
  async evaluate(job: PoolJob): Promise<EvaluationResult> {
    if (this.#isOver) return ENDING
    const other = this.#options.divert?.(job.tenant)
    if (other !== undefined) return await other.evaluate(job)
    return await new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#queue.remove(job.tenant, waiting)
        resolve(TOO_MANY)
      }, job.waitUntilMs - performance.now())
      const waiting: Waiting = { ...job, resolve, timer }
      this.#queue.add(job.tenant, waiting, job.message.length)
      this.#serve()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    this.#rejectWaiting(ENDING)
    const workers = [...this.#workers]
    for (const worker of workers) worker.kill(ENDING)
    await Promise.all(workers.map(async (worker) => await worker.ended))
  }

  /** Gives waiting jobs to idle workers, and starts a worker if more are needed. */
  #serve(): void {
    while (this.#idle.length > 0) {
      const job = this.#queue.take()
      if (job === undefined) return
      clearTimeout(job.timer)
      const other = this.#options.divert?.(job.tenant)
      if (other === undefined) {
        void this.#run(job, this.#idle.pop() as WorkerProcess)
      } else {
        this.#queue.release(job.tenant)
        void other.evaluate(job).then(job.resolve)
      }
    }
    if (this.#workers.size < this.#options.limits.workersMax && this.#starting < this.#queue.waiting)
      this.#start()
  }

  async #run({ tenant, expressions, message, resolve }: Waiting, worker: WorkerProcess): Promise<void> {
    const { result, cpuMs } = await worker.evaluate({ expressions, message })
    this.#options.onEvaluated(tenant, cpuMs)
    this.#queue.release(tenant)
    if (!worker.isOver) this.#idle.push(worker)
    resolve(result)
    this.#serve()
  }

  #start(): void {
    const { limits, priority } = this.#options
    let isReady = false
    this.#starting += 1
    const started = (): void => {
      if (isReady) return
      isReady = true
      this.#starting -= 1
    }
    try {
      const worker = new WorkerProcess(limits, priority, {
        onReady: () => {
          started()
          this.#idle.push(worker)
          this.#serve()
        },
        onEnd: () => {
          const wasReady = isReady
          started()
          this.#workers.delete(worker)
          const index = this.#idle.indexOf(worker)
          if (index !== -1) this.#idle.splice(index, 1)
          // A process that failed to start is not restarted immediately; the next request tries again.
          if (wasReady) this.#serve()
          else if (this.#workers.size === 0) this.#rejectWaiting(NO_WORKER)
        },
      })
      this.#workers.add(worker)
    } catch {
      started()
      if (this.#workers.size === 0) this.#rejectWaiting(NO_WORKER)
    }
  }

  #rejectWaiting(failure: EvaluationFailure): void {
    for (const job of this.#queue.clear()) this.#reject(job, failure)
  }

  #reject(job: Waiting, failure: EvaluationFailure): void {
    clearTimeout(job.timer)
    job.resolve(failure)
  }
}

const TOO_MANY = evaluationFailure('busy', 'Too many evaluations are waiting.')
const NO_WORKER = evaluationFailure('busy', 'No worker process could be started.')
const ENDING = evaluationFailure('busy', 'The server is shutting down.')
