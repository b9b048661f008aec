import { availableParallelism } from 'node:os'
import type { Tenant } from '../fairness/fair-share.ts'
import { evaluationFailure, type EvaluationResult, type EvaluationTask } from './evaluation.ts'
import { EvaluationPool } from './evaluation-pool.ts'
import { LongEvaluations } from './long-evaluations.ts'

export type { EvaluationResult } from './evaluation.ts'

/** The length of a message's JSON text, in UTF-16 code units. */
const MESSAGE_CHARS_MAX = 8 * 1024 * 1024
/** The number of expressions in one request. */
const EXPRESSIONS_MAX = 256

/** Of two worker processes an organization can occupy one, and the other one stays for the others. */
const WORKERS_MIN = 2
/** Each process uses about 80 MB of memory, and up to 384 MiB while it evaluates. */
const WORKERS_MAX = 3

/**
 * For the organizations with long evaluations: of three an organization can occupy two, and one of its pipelines one, so
 * that its other pipelines do not wait for that one.
 */
const BACKGROUND_WORKERS_MAX = 3

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
  backgroundWorkersMax: BACKGROUND_WORKERS_MAX,
  waitingMax: 1024,
  waitingCharsMax: WAITING_CHARS_MAX,
  /** How long a request waits for a worker process, in ms. */
  waitMs: 5000,
}

/** Overrides of the limits, for tests. Times are in ms. */
export type ExpressionsOptions = Partial<typeof LIMITS>

export interface EvaluationRequest extends EvaluationTask {
  /**
   * The owner of the expressions. No organization occupies all worker processes at a time. One whose evaluations exceed
   * 10 ms of CPU time, for more than 1 % of the time, gets only CPU time that is left over.
   */
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
  return new TwoPools({ ...LIMITS, ...options })
}

/** Lets tests observe the worker processes. */
export interface WorkerProcessIds {
  readonly pids: readonly number[]
}

/**
 * A pool for everyone, and one for the organizations whose evaluations take long. The second one uses only CPU time that
 * is left over, so that requests and the expressions of others do not wait for it.
 */
class TwoPools implements Expressions, WorkerProcessIds {
  readonly #waitMs: number
  readonly #long = new LongEvaluations()
  readonly #shared: EvaluationPool
  readonly #background: EvaluationPool

  constructor({ waitMs, backgroundWorkersMax, ...limits }: typeof LIMITS) {
    this.#waitMs = waitMs
    const onEvaluated = ({ organization }: Tenant, cpuMs: number): void => this.#long.add(organization, cpuMs)
    this.#background = new EvaluationPool({
      limits: { ...limits, workersMax: backgroundWorkersMax },
      priority: 'idle',
      onEvaluated,
    })
    this.#shared = new EvaluationPool({
      limits,
      priority: 'low',
      onEvaluated,
      divert: ({ organization }) => (this.#long.isUsedUp(organization) ? this.#background : undefined),
    })
  }

  get pids(): readonly number[] {
    return [...this.#shared.pids, ...this.#background.pids]
  }

  async evaluate(request: EvaluationRequest): Promise<EvaluationResult> {
    if (request.message.length > MESSAGE_CHARS_MAX)
      return evaluationFailure('too_large', `The message is longer than ${MESSAGE_CHARS_MAX} characters.`)
    if (request.expressions.length > EXPRESSIONS_MAX) {
      return evaluationFailure('too_large', `There are more than ${EXPRESSIONS_MAX} expressions.`)
    }
    return await this.#shared.evaluate({ ...request, waitUntilMs: performance.now() + this.#waitMs })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#shared[Symbol.asyncDispose](), this.#background[Symbol.asyncDispose]()])
  }
}
