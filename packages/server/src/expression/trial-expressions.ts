import type { EvaluationResult } from './evaluation.ts'
import {
  createExpressions,
  type EvaluationRequest,
  type Expressions,
  type ExpressionsOptions,
} from './expressions.ts'

/** How long processes stay after their last evaluation, in ms. Each uses about 80 MB of memory. */
const IDLE_MS = 60_000

/**
 * Processes of their own, with the priority of the control plane: a gateway never waits for a trial. Of two processes, an
 * organization can occupy one. An evaluation waits for a process as long as one of a gateway does.
 */
const LIMITS = { workersMax: 2, backgroundWorkersMax: 2, waitingMax: 64, waitingCharsMax: 16 * 1024 * 1024 }

/** Evaluates expressions that people try. Its processes start when they are needed, and end a while after the last one. */
export class TrialExpressions implements Expressions {
  readonly #idleMs: number
  readonly #limits: ExpressionsOptions
  #expressions: ReturnType<typeof createExpressions> | undefined
  #running = 0
  #timer: NodeJS.Timeout | undefined
  #ending: Promise<unknown> = Promise.resolve()

  /** @param limits overrides, for tests */
  constructor(idleMs = IDLE_MS, limits: ExpressionsOptions = {}) {
    this.#idleMs = idleMs
    this.#limits = { ...LIMITS, ...limits }
  }

  /** For tests: the processes that run. */
  get pids(): readonly number[] {
    return this.#expressions?.pids ?? []
  }

  async evaluate(request: EvaluationRequest): Promise<EvaluationResult> {
    clearTimeout(this.#timer)
    this.#expressions ??= createExpressions(this.#limits)
    this.#running += 1
    try {
      return await this.#expressions.evaluate(request)
    } finally {
      this.#running -= 1
      if (this.#running === 0) this.#timer = setTimeout(() => this.#end(), this.#idleMs).unref()
    }
  }

  #end(): void {
    const expressions = this.#expressions
    this.#expressions = undefined
    if (expressions !== undefined)
      this.#ending = Promise.all([this.#ending, expressions[Symbol.asyncDispose]()])
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearTimeout(this.#timer)
    this.#end()
    await this.#ending
    clearTimeout(this.#timer)
  }
}
