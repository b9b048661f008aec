import { availableParallelism } from 'node:os'
import { EvaluationChild, type ChildLimits } from './evaluation-child.ts'
import { failed, type Evaluated, type EvaluationFailed, type EvaluationTask } from './evaluated.ts'
import { FairQueue } from '../fairness/fair-queue.ts'

export type { Evaluated } from './evaluated.ts'

/** The size of a message, in UTF-16 code units of its JSON text. */
const MESSAGE_CHARS_MAX = 8 * 1024 * 1024
/** The expressions of one request. */
const EXPRESSIONS_MAX = 256

/** At least two, so that one that is busy for its whole time does not stop everybody. */
const CHILDREN_MIN = 2
/** Each takes some 80 MB of memory, and up to 384 MiB while it evaluates. */
const CHILDREN_MAX = 4

/** What all waiting requests hold together, in UTF-16 code units. */
const WAITING_CHARS_MAX = 64 * 1024 * 1024

const LIMITS = {
  evaluationMs: 1000,
  answerGraceMs: 1000,
  startMs: 30_000,
  heapMiB: 128,
  residentMiBMax: 384,
  resultCharsMax: 8 * 1024 * 1024,
  childrenMax: Math.min(CHILDREN_MAX, Math.max(CHILDREN_MIN, availableParallelism())),
  waitingMax: 1024,
  groupWaitingMax: 256,
  /** How long a request waits for a child, in ms. */
  waitMs: 5000,
}

/** What bounds evaluations, for tests of the bounds. Times are in ms. */
export type ExpressionsOptions = Partial<typeof LIMITS>

export interface EvaluationRequest extends EvaluationTask {
  /** Whose expressions they are: a deployment's id. No group holds all children at a time. */
  readonly group: string
  /** At most 256, each of which `checkExpression` finds in order. */
  readonly expressions: readonly string[]
  /** A JSON text of at most 8 Mi characters. */
  readonly message: string
}

export interface Expressions extends AsyncDisposable {
  /**
   * Evaluates expressions over one message, one after the other.
   *
   * A simple one over a small message takes 0.25 ms there and back (p50 of a warm child on one core of a slow shared
   * machine with Node.js 26); the first of all waits some 200 ms for a child to start.
   *
   * @returns what they give, or why they give nothing; it never rejects and takes at most some 7 s
   */
  evaluate(request: EvaluationRequest): Promise<Evaluated>
}

/** Expressions that are evaluated in child processes, which start when they are first needed. */
export function createExpressions(options: ExpressionsOptions = {}): Expressions & ChildProcesses {
  return new ChildPool({ ...LIMITS, ...options })
}

/** For tests that nothing is left behind. */
export interface ChildProcesses {
  readonly pids: readonly number[]
}

interface Job extends EvaluationRequest {
  readonly resolve: (evaluated: Evaluated) => void
  readonly timer: NodeJS.Timeout
}

class ChildPool implements Expressions, ChildProcesses {
  readonly #limits: ChildLimits & typeof LIMITS
  readonly #queue: FairQueue<Job>
  readonly #children = new Set<EvaluationChild>()
  readonly #idle: EvaluationChild[] = []
  #starting = 0
  #waitingChars = 0
  #isOver = false

  constructor(limits: typeof LIMITS) {
    this.#limits = limits
    this.#queue = new FairQueue({
      waitingMax: limits.waitingMax,
      groupWaitingMax: limits.groupWaitingMax,
      groupRunningMax: Math.max(1, Math.floor(limits.childrenMax / 2)),
    })
  }

  get pids(): readonly number[] {
    return [...this.#children].map((child) => child.pid).filter((pid) => pid !== undefined)
  }

  async evaluate(request: EvaluationRequest): Promise<Evaluated> {
    if (this.#isOver) return ENDING
    if (request.message.length > MESSAGE_CHARS_MAX) return failed('too_large', 'The message is too large.')
    if (request.expressions.length > EXPRESSIONS_MAX) {
      return failed('too_large', 'There are too many expressions.')
    }
    if (this.#waitingChars + request.message.length > WAITING_CHARS_MAX) return TOO_MANY
    return await new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#queue.remove(request.group, job)
        this.#removeWaiting(job)
        resolve(TOO_MANY)
      }, this.#limits.waitMs)
      const job: Job = { ...request, resolve, timer }
      if (!this.#queue.add(request.group, job)) {
        clearTimeout(timer)
        resolve(TOO_MANY)
        return
      }
      this.#waitingChars += job.message.length
      this.#serve()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true
    this.#refuseWaiting(ENDING)
    const children = [...this.#children]
    for (const child of children) child.kill(ENDING)
    await Promise.all(children.map(async (child) => await child.ended))
  }

  /** Hands what waits to children that are free, and starts one where none is. */
  #serve(): void {
    while (this.#idle.length > 0) {
      const job = this.#queue.take()
      if (job === undefined) return
      this.#removeWaiting(job)
      void this.#run(job, this.#idle.pop() as EvaluationChild)
    }
    if (this.#children.size < this.#limits.childrenMax && this.#starting < this.#queue.size) this.#start()
  }

  async #run({ group, expressions, message, resolve }: Job, child: EvaluationChild): Promise<void> {
    const evaluated = await child.evaluate({ expressions, message })
    this.#queue.release(group)
    if (!child.isOver) this.#idle.push(child)
    resolve(evaluated)
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
      const child = new EvaluationChild(this.#limits, {
        onReady: () => {
          started()
          this.#idle.push(child)
          this.#serve()
        },
        onEnd: () => {
          const wasReady = isReady
          started()
          this.#children.delete(child)
          const index = this.#idle.indexOf(child)
          if (index !== -1) this.#idle.splice(index, 1)
          // What does not start now would not start at once either; the next request tries again.
          if (wasReady) this.#serve()
          else if (this.#children.size === 0) this.#refuseWaiting(NO_CHILD)
        },
      })
      this.#children.add(child)
    } catch {
      started()
      if (this.#children.size === 0) this.#refuseWaiting(NO_CHILD)
    }
  }

  #removeWaiting(job: Job): void {
    clearTimeout(job.timer)
    this.#waitingChars -= job.message.length
  }

  #refuseWaiting(answer: EvaluationFailed): void {
    for (const job of this.#queue.clear()) {
      this.#removeWaiting(job)
      job.resolve(answer)
    }
  }
}

const TOO_MANY = failed('busy', 'Too many evaluations wait already.')
const NO_CHILD = failed('busy', 'No child process could be started.')
const ENDING = failed('busy', 'The server is ending.')
