/** Why an evaluation failed. */
export type EvaluationFailureReason =
  | 'error'
  | 'timeout'
  | 'memory'
  | 'too_large'
  | 'number'
  | 'value'
  | 'busy'

export interface EvaluationFailure {
  readonly kind: 'failed'
  /**
   * - `error`: an expression is wrong or does not fit the message
   * - `timeout`: the evaluation exceeded its time limit
   * - `memory`: the evaluation exceeded its memory limit
   * - `too_large`: the message or the results exceed their size limit
   * - `number`: a number cannot be computed with, or be written as JSON, without changing it
   * - `value`: a result is a function, or contains one
   * - `busy`: not evaluated, because the queue is full or no worker process is available
   */
  readonly reason: EvaluationFailureReason
  /** The index of the failed expression, from 0; absent if unknown. */
  readonly index?: number
  /** For the operator's log: at most 200 characters; never quotes the message. */
  readonly detail: string
}

export interface EvaluationValues {
  readonly kind: 'values'
  /** The result of each expression as JSON text, or undefined if it has no value. */
  readonly values: readonly (string | undefined)[]
}

export type EvaluationResult = EvaluationValues | EvaluationFailure

/** The task of a worker process. */
export interface EvaluationTask {
  readonly expressions: readonly string[]
  /** JSON text. */
  readonly message: string
}

/** The limits of one evaluation inside a worker process. */
export interface EvaluationLimits {
  /** Wall time for all expressions of a task, in ms. */
  readonly evaluationMs: number
  /** The total length of a task's results as JSON text, in UTF-16 code units. */
  readonly resultCharsMax: number
}

/** The settings that a worker process starts with. */
export interface WorkerSettings extends EvaluationLimits {
  /** The heap limit, in MiB. */
  readonly heapMiB: number
  /** The source text of core's `makeExactJson`, whose file the process may not read. */
  readonly exactJson: string
}

/** A worker process's response to a task. */
export interface WorkerResponse {
  readonly result: EvaluationResult
  /** The processor time of the evaluation, in ms. */
  readonly cpuMs: number
  /** Whether so much heap remains in use that the next task might run out of memory. */
  readonly isHeapExhausted: boolean
}

export function evaluationFailure(
  reason: EvaluationFailureReason,
  detail: string,
  index?: number,
): EvaluationFailure {
  return { kind: 'failed', reason, detail, ...(index === undefined ? {} : { index }) }
}
