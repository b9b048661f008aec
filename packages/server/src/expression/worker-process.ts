import { makeExactJson } from '@sallyport/core'
import { fork, type ChildProcess } from 'node:child_process'
import { WORKER_ENVIRONMENT, WORKER_PROGRAM, WORKER_PERMISSIONS, LIBRARY_FILE } from './worker-permissions.ts'
import {
  evaluationFailure,
  type WorkerSettings,
  type EvaluationResult,
  type EvaluationFailure,
  type EvaluationFailureReason,
  type EvaluationTask,
} from './evaluation.ts'
import { preferForOomKill, residentBytes } from './process-memory.ts'
import { idleCommand, lowerPriority } from '../priority/process-priority.ts'

const EXACT_JSON = makeExactJson.toString()

const DETAIL_CHARS_MAX = 200

/**
 * How a process shares the processor cores. `low`: below the server's priority, so that evaluations do not take CPU time
 * from requests. `idle`: below that of all other processes.
 */
export type WorkerPriority = 'low' | 'idle'

/** How much lower the priority is; for `idle`, where the system has no better way. */
const STEPS = { low: 5, idle: 19 }

/** How often the memory of an evaluating process is checked, in ms. */
const MEMORY_WATCH_MS = 20
const MIB_BYTES = 1024 * 1024

/** The signals by which V8 ends a process that is out of memory: `abort`, and in some cases a trap. */
const OUT_OF_MEMORY_SIGNALS: readonly unknown[] = ['SIGABRT', 'SIGTRAP', 'SIGILL', 'SIGSEGV']
/** The exit code for the same on systems without signals. */
const OUT_OF_MEMORY_CODE = 134

const FAILURE_REASONS: readonly unknown[] = Object.keys({
  error: true,
  timeout: true,
  memory: true,
  too_large: true,
  number: true,
  value: true,
  busy: true,
} satisfies Record<EvaluationFailureReason, true>)

export interface WorkerLimits extends Omit<WorkerSettings, 'exactJson'> {
  /**
   * The resident memory limit of a process, in MiB. V8 lets a single allocation exceed the heap limit before it aborts,
   * for example a string of 512 MiB. Filling it takes time, so the memory check kills the process first on Linux.
   */
  readonly residentMiBMax: number
  /** How long after `evaluationMs` the process may still respond before it is killed, in ms. */
  readonly answerGraceMs: number
  /** How long a process may take to start, in ms. */
  readonly startMs: number
}

export interface WorkerEvents {
  readonly onReady: () => void
  /** The process has exited, and its task is settled. */
  readonly onEnd: () => void
}

/** The result of a task, and what it cost. */
export interface Evaluated {
  readonly result: EvaluationResult
  /** Its processor time in ms; if the process was killed, the time that it had, which is at most the limit. */
  readonly cpuMs: number
}

interface Running {
  readonly resolve: (evaluated: Evaluated) => void
  readonly startedAtMs: number
  readonly expressions: number
  readonly timer: NodeJS.Timeout
  readonly memoryWatch: NodeJS.Timeout
}

/**
 * A separate process that evaluates expressions, one task at a time.
 *
 * It shares no settings and no memory with this process, and so has no master key, and it has almost no permissions
 * (worker-permissions.ts). It exits whenever this process ends, because the channel between them closes.
 */
export class WorkerProcess {
  readonly ended: Promise<void>
  readonly #limits: WorkerLimits
  readonly #process: ChildProcess
  #running: Running | undefined
  #isKilled = false
  /** The failure to report for the current task after the process was killed. */
  #cause: EvaluationFailure | undefined

  /** @throws the system error if a process cannot be started; most start failures are reported by `onEnd` instead */
  constructor(limits: WorkerLimits, priority: WorkerPriority, { onReady, onEnd }: WorkerEvents) {
    this.#limits = limits
    const flags = [`--max-old-space-size=${limits.heapMiB}`, ...WORKER_PERMISSIONS]
    const [program, ...programArgs] = priority === 'idle' ? (idleCommand() ?? []) : []
    const { evaluationMs, resultCharsMax, heapMiB } = limits
    const settings: WorkerSettings = { evaluationMs, resultCharsMax, heapMiB, exactJson: EXACT_JSON }
    this.#process = fork(WORKER_PROGRAM, [LIBRARY_FILE, JSON.stringify(settings)], {
      env: WORKER_ENVIRONMENT,
      ...(program === undefined
        ? { execArgv: flags }
        : { execPath: program, execArgv: [...programArgs, process.execPath, ...flags] }),
      // On running out of memory, V8 prints details that could contain parts of a message.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const { pid } = this.#process
    if (pid !== undefined) {
      preferForOomKill(pid)
      lowerPriority(pid, STEPS[priority])
    }
    const starting = setTimeout(() => this.kill(), limits.startMs)
    this.#process.once('message', () => {
      // The first message means "ready"; every other one is a response.
      clearTimeout(starting)
      if (pid !== undefined) lowerPriority(pid, STEPS[priority])
      this.#process.on('message', (message) => this.#handleResponse(message))
      onReady()
    })
    this.ended = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        clearTimeout(starting)
        this.#settle(this.#cause ?? causeOf(code, signal), undefined)
        resolve()
        onEnd()
      }
      this.#process.once('exit', end)
      this.#process.on('error', () => {
        // Without a process there is no exit event. With one, its channel is broken, so it is killed.
        if (this.#process.pid === undefined) end(null, null)
        else this.kill()
      })
    })
  }

  /** The process id; undefined if the process could not be started. */
  get pid(): number | undefined {
    return this.#process.pid
  }

  /** Whether the process accepts no further task because it has exited or is being killed. */
  get isOver(): boolean {
    return this.#isKilled || this.#process.exitCode !== null || this.#process.signalCode !== null
  }

  /** Evaluates a task. The previous task must be settled. Never rejects. */
  async evaluate(task: EvaluationTask): Promise<Evaluated> {
    const { evaluationMs, answerGraceMs } = this.#limits
    return await new Promise((resolve) => {
      const timer = setTimeout(() => {
        // If this process itself was delayed, the response may already be in the channel; it is read before this runs.
        setImmediate(() => {
          if (this.#running?.timer !== timer) return
          this.kill(evaluationFailure('timeout', `It took longer than ${evaluationMs} ms and was killed.`))
        })
      }, evaluationMs + answerGraceMs)
      const memoryWatch = setInterval(() => this.#limitMemory(), MEMORY_WATCH_MS)
      const startedAtMs = performance.now()
      this.#running = { resolve, startedAtMs, expressions: task.expressions.length, timer, memoryWatch }
      this.#process.send(task)
    })
  }

  /** Kills the process. Its current task fails with the given cause. */
  kill(cause?: EvaluationFailure): void {
    this.#isKilled = true
    this.#cause ??= cause
    this.#process.kill('SIGKILL')
  }

  #limitMemory(): void {
    const bytes = this.pid === undefined ? undefined : residentBytes(this.pid)
    if (bytes === undefined || bytes <= this.#limits.residentMiBMax * MIB_BYTES) return
    const { residentMiBMax } = this.#limits
    this.kill(evaluationFailure('memory', `The worker process used more than ${residentMiBMax} MiB.`))
  }

  #handleResponse(message: unknown): void {
    // A caller that gets a result may send the next task at once, which would die with a killed process.
    if (this.#isKilled) return
    const { result: received, cpuMs, isHeapExhausted } = (message ?? {}) as Readonly<Record<string, unknown>>
    const result = this.#running && parseResult(received, this.#running.expressions)
    const isComplete = result !== undefined && typeof cpuMs === 'number' && cpuMs >= 0
    // Killed before the task is settled, so that the caller does not reuse this process.
    if (!isComplete || isHeapExhausted !== false) this.kill()
    if (isComplete) this.#settle(result, cpuMs)
  }

  /** @param cpuMs undefined if the process did not tell it */
  #settle(result: EvaluationResult, cpuMs: number | undefined): void {
    const running = this.#running
    this.#running = undefined
    if (running === undefined) return
    clearTimeout(running.timer)
    clearInterval(running.memoryWatch)
    const hadMs = Math.min(performance.now() - running.startedAtMs, this.#limits.evaluationMs)
    running.resolve({ result, cpuMs: cpuMs ?? hadMs })
  }
}

function causeOf(code: number | null, signal: NodeJS.Signals | null): EvaluationFailure {
  return code === OUT_OF_MEMORY_CODE || OUT_OF_MEMORY_SIGNALS.includes(signal)
    ? evaluationFailure('memory', 'The worker process ran out of memory.')
    : evaluationFailure('error', `The worker process ended (${signal ?? `code ${code}`}).`)
}

/** Validates a response, because untrusted expressions ran in the process that sent it. */
function parseResult(message: unknown, expressions: number): EvaluationResult | undefined {
  if (typeof message !== 'object' || message === null) return undefined
  const response = message as Readonly<Record<string, unknown>>
  if (response['kind'] === 'values') {
    const values: unknown = response['values']
    if (!Array.isArray(values) || values.length !== expressions) return undefined
    const read = values.map((value: unknown) => (typeof value === 'string' ? value : undefined))
    return { kind: 'values', values: read }
  }
  const { kind, reason, detail, index } = response
  if (kind !== 'failed' || !FAILURE_REASONS.includes(reason) || typeof detail !== 'string') return undefined
  const known = Number.isInteger(index) ? (index as number) : undefined
  return evaluationFailure(reason as EvaluationFailureReason, detail.slice(0, DETAIL_CHARS_MAX), known)
}
