import { availableParallelism } from 'node:os'
import { WorkerProcess, type WorkerLimits } from './worker-process.ts'
import {
  evaluationFailure,
  type EvaluationResult,
  type EvaluationFailure,
  type EvaluationTask,
} from './evaluation.ts'
import { FairQueue } from '../fairness/fair-queue.ts'
import type { Tenant } from '../fairness/fair-share.ts'

export type { EvaluationResult } from './evaluation.ts'

/** The length of a message's JSON text, in UTF-16 code units. */
const MESSAGE_CHARS_MAX = 8 * 1024 * 1024
/** The number of expressions in one request. */
const EXPRESSIONS_MAX = 256

/** Of three workers an organization can occupy two with long evaluations, and one stays for the others. */
const WORKERS_MIN = 3
/** Each uses about 80 MB of memory, and up to 384 MiB while it evaluates. */
const WORKERS_MAX = 4

/** The total length of the waiting requests' messages, in UTF-16 code units. */
const WAITING_CHARS_MAX = 64 * 1024 * 1024

const LIMITS = {
  evaluationMs: 1000,
  answerGraceMs: 1000,
  startMs: 30_000,
  heapMiB: 128,
  residentMiBMax: 384,
  resultCharsMax: 8 * 1024 * 1024,
  workersMax: Math.min(WORKERS_MAX, Math.max(WORKERS_MIN, availableParallelism())),
  waitingMax: 1024,
  waitingCharsMax: WAITING_CHARS_MAX,
  /** How long a request waits for a worker process, in ms. */
  waitMs: 5000,
}

/** Overrides of the limits, for tests. Times are in ms. */
export type ExpressionsOptions = Partial<typeof LIMITS>

export interface EvaluationRequest extends EvaluationTask {
  /** The owner of the expressions. No organization occupies all worker processes at a time. */
  readonly tenant: Tenant
  /** At most 256 expressions that `checkExpression` accepts. */
  readonly expressions: readonly string[]
  /** JSON text of at most 8 Mi characters. */
  readonly message: string
}

export interface Expressions extends AsyncDisposable {
  /**
   * Evaluates expressions against one message, in order.
   *
   * A simple expression on a small message takes 0.25 ms (p50 of a warm process on one core of a slow shared machine
   * with Node.js 26). The first evaluation waits about 200 ms for a process to start.
   *
   * @returns the results or the failure; never rejects and takes at most about 7 s
   */
  evaluate(request: EvaluationRequest): Promise<EvaluationResult>
}

/** Creates an evaluator whose worker processes start on demand. */
export function createExpressions(options: ExpressionsOptions = {}): Expressions & WorkerProcessIds {
  return new WorkerPool({ ...LIMITS, ...options })
}

/** Lets tests observe the worker processes. */
export interface WorkerProcessIds {
  readonly pids: readonly number[]
}

interface Job extends EvaluationRequest {
  readonly resolve: (result: EvaluationResult) => void
  readonly timer: NodeJS.Timeout
}

class WorkerPool implements Expressions, WorkerProcessIds {
  readonly #limits: WorkerLimits & typeof LIMITS
  readonly #queue: FairQueue<Job>
  readonly #workers = new Set<WorkerProcess>()
  readonly #idle: WorkerProcess[] = []
  #starting = 0
  #isOver = false

  constructor(limits: typeof LIMITS) {
    this.#limits = limits
    this.#queue = new FairQueue(
      {
        runningMax: limits.workersMax,
        waitingMax: limits.waitingMax,
        waitingSizeMax: limits.waitingCharsMax,
      },
      (job) => this.#reject(job, TOO_MANY),
    )
  }

  get pids(): readonly number[] {
    return [...this.#workers].map((worker) => worker.pid).filter((pid) => pid !== undefined)
  }

  async evaluate(request: EvaluationRequest): Promise<EvaluationResult> {
    if (this.#isOver) return ENDING
    if (request.message.length > MESSAGE_CHARS_MAX)
      return evaluationFailure('too_large', `The message is longer than ${MESSAGE_CHARS_MAX} characters.`)
    if (request.expressions.length > EXPRESSIONS_MAX) {
      return evaluationFailure('too_large', `There are more than ${EXPRESSIONS_MAX} expressions.`)
    }
    return await new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#queue.remove(request.tenant, job)
        resolve(TOO_MANY)
      }, this.#limits.waitMs)
      const job: Job = { ...request, resolve, timer }
      this.#queue.add(request.tenant, job, job.message.length)
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
      void this.#run(job, this.#idle.pop() as WorkerProcess)
    }
    if (this.#workers.size < this.#limits.workersMax && this.#starting < this.#queue.waiting) this.#start()
  }

  async #run({ tenant, expressions, message, resolve }: Job, worker: WorkerProcess): Promise<void> {
    const result = await worker.evaluate({ expressions, message })
    this.#queue.release(tenant)
    if (!worker.isOver) this.#idle.push(worker)
    resolve(result)
    this.#serve()
  }

  #start(): void {
    let isReady = false
    this.#starting += 1
    const started = (): void => {
      if (isReady) return
      isReady = true
      this.#starting -= 1
    }
    try {
      const worker = new WorkerProcess(this.#limits, {
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

  #reject(job: Job, failure: EvaluationFailure): void {
    clearTimeout(job.timer)
    job.resolve(failure)
  }
}

const TOO_MANY = evaluationFailure('busy', 'Too many evaluations are waiting.')
const NO_WORKER = evaluationFailure('busy', 'No worker process could be started.')
const ENDING = evaluationFailure('busy', 'The server is shutting down.')
