import { fork, type ChildProcess } from 'node:child_process'
import { CHILD_ENVIRONMENT, CHILD_PROGRAM, CHILD_RIGHTS, LIBRARY_FILE } from './child-rights.ts'
import {
  failed,
  type ChildSettings,
  type Evaluated,
  type EvaluationFailed,
  type EvaluationFault,
  type EvaluationTask,
} from './evaluated.ts'
import { endFirstWithoutMemory, residentBytes } from './process-memory.ts'

const DETAIL_CHARS_MAX = 200

/** How often the memory of a child is looked at that evaluates, in ms. */
const MEMORY_WATCH_MS = 20
const MIB_BYTES = 1024 * 1024

/** How V8 ends a process that has no memory left: by `abort`, and in some places by a trap. */
const OUT_OF_MEMORY_SIGNALS: readonly unknown[] = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV']
/** How that looks where there are no signals. */
const OUT_OF_MEMORY_CODE = 134

const FAULTS: readonly unknown[] = [
  'error',
  'timeout',
  'memory',
  'too_large',
  'busy',
] satisfies EvaluationFault[]

export interface ChildLimits extends ChildSettings {
  /**
   * The memory of a child in all, in MiB. V8 lets one allocation pass the heap's limit before it gives up, and that can
   * be a text of 512 MiB. It takes a while to write, in which the child is killed where the system tells its size.
   */
  readonly residentMiBMax: number
  /** How long after the end of its time a task may go unanswered before its child is killed, in ms. */
  readonly answerGraceMs: number
  /** How long a child may take to start, in ms. */
  readonly startMs: number
}

export interface ChildEvents {
  readonly onReady: () => void
  /** The process is gone. What it was evaluating has been answered. */
  readonly onEnd: () => void
}

interface Running {
  readonly resolve: (evaluated: Evaluated) => void
  readonly expressions: number
  readonly timer: NodeJS.Timeout
  readonly memoryWatch: NodeJS.Timeout
}

/**
 * A process of its own that evaluates expressions, one task at a time.
 *
 * It has no settings, none of this process's memory and so no master key, and hardly any rights (child-rights.ts). It
 * ends with this process, however that ends: the channel between them closes.
 */
export class EvaluationChild {
  readonly ended: Promise<void>
  readonly #limits: ChildLimits
  readonly #process: ChildProcess
  #running: Running | undefined
  #isKilled = false
  /** Why the task under way fails when this process kills the child. */
  #cause: EvaluationFailed | undefined

  /** @throws what the system says where it cannot start a process at all; mostly `onEnd` tells that */
  constructor(limits: ChildLimits, { onReady, onEnd }: ChildEvents) {
    this.#limits = limits
    const { evaluationMs, resultCharsMax, heapMiB } = limits
    const settings: ChildSettings = { evaluationMs, resultCharsMax, heapMiB }
    this.#process = fork(CHILD_PROGRAM, [LIBRARY_FILE, JSON.stringify(settings)], {
      env: CHILD_ENVIRONMENT,
      execArgv: [`--max-old-space-size=${heapMiB}`, ...CHILD_RIGHTS],
      // V8 tells where it was when it had no memory left, with pieces of what was there.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    if (this.#process.pid !== undefined) endFirstWithoutMemory(this.#process.pid)
    const starting = setTimeout(() => this.kill(), limits.startMs)
    this.#process.once('message', () => {
      // The first message says that it listens; every other one is an answer.
      clearTimeout(starting)
      this.#process.on('message', (message) => this.#answer(message))
      onReady()
    })
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        clearTimeout(starting)
        this.#settle(this.#cause ?? causeOf(code, signal))
        resolve()
        onEnd()
      }
      this.#process.once('exit', end)
      this.#process.on('error', () => {
        // Without a process nothing exits. With one, its channel broke, and it is of no more use.
        if (this.#process.pid === undefined) end(null, null)
        else this.kill()
      })
    })
  }

  /** The process, undefined where it could not be started. */
  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Whether it takes no further task, because it is gone or about to be. */
  get isOver(): boolean {
    return this.#isKilled || this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  /** Evaluates a task; the one before it has been answered. The promise never rejects. */
  async evaluate(task: EvaluationTask): Promise<Evaluated> {
    const { evaluationMs, answerGraceMs } = this.#limits
    return await new Promise((resolve) => {
      const timer = setTimeout(() => {
        // Where this process itself was held up, the answer may lie in the channel: it is read before this runs.
        setImmediate(() => {
          if (this.#running?.timer !== timer) return
          this.kill(failed('timeout', `It took longer than ${evaluationMs} ms and was killed.`))
        })
      }, evaluationMs + answerGraceMs)
      const memoryWatch = setInterval(() => this.#limitMemory(), MEMORY_WATCH_MS)
      this.#running = { resolve, expressions: task.expressions.length, timer, memoryWatch }
      this.#process.send(task)
    })
  }

  /** Ends the process at once. What it is evaluating fails for the given cause. */
  kill(cause?: EvaluationFailed): void {
    this.#isKilled = true
    this.#cause ??= cause
    this.#process.kill('SIGKILL')
  }

  #limitMemory(): void {
    const bytes = this.pid === undefined ? undefined : residentBytes(this.pid)
    if (bytes === undefined || bytes <= this.#limits.residentMiBMax * MIB_BYTES) return
    this.kill(failed('memory', `The child process grew past ${this.#limits.residentMiBMax} MiB.`))
  }

  #answer(message: unknown): void {
    // Who gets an answer may give the next task, which this child would take along.
    if (this.#isKilled) return
    const { evaluated: said, isWorn } = (message ?? {}) as Readonly<Record<string, unknown>>
    const evaluated = this.#running && readEvaluated(said, this.#running.expressions)
    // Before it is settled, so that whoever waits for it does not come back to this child.
    if (evaluated === undefined || isWorn !== false) this.kill()
    if (evaluated !== undefined) this.#settle(evaluated)
  }

  #settle(evaluated: Evaluated): void {
    const running = this.#running
    this.#running = undefined
    if (running === undefined) return
    clearTimeout(running.timer)
    clearInterval(running.memoryWatch)
    running.resolve(evaluated)
  }
}

function causeOf(code: number | null, signal: NodeJS.Signals | null): EvaluationFailed {
  return code === OUT_OF_MEMORY_CODE || OUT_OF_MEMORY_SIGNALS.includes(signal)
    ? failed('memory', 'The child process had no memory left.')
    : failed('error', `The child process ended (${signal ?? `code ${code}`}).`)
}

/** Takes an answer for what it is: it comes from where strangers' expressions ran. */
function readEvaluated(message: unknown, expressions: number): Evaluated | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  const answer = message as Readonly<Record<string, unknown>>
  if (answer['kind'] === 'values') {
    const values: unknown = answer['values']
    if (!Array.isArray(values) || values.length !== expressions) return undefined
    const read = values.map((value: unknown) => (typeof value === 'string' ? value : undefined))
    return { kind: 'values', values: read }
  }
  const { kind, reason, detail, index } = answer
  if (kind !== 'failed' || !FAULTS.includes(reason) || typeof detail !== 'string') return undefined
  const known = Number.isInteger(index) ? (index as number) : undefined
  return failed(reason as EvaluationFault, detail.slice(0, DETAIL_CHARS_MAX), known)
}
