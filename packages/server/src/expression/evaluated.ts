/** Why expressions gave nothing that can be used. */
export type EvaluationFault = 'error' | 'timeout' | 'memory' | 'too_large' | 'busy'

export interface EvaluationFailed {
  readonly kind: 'failed'
  /**
   * - `error`: an expression does not suit the message, or is wrong
   * - `timeout`: it took too long
   * - `memory`: it needed more memory than it gets
   * - `too_large`: the message, or what the expressions give, is larger than is taken
   * - `busy`: it was not evaluated, because others wait already or no child process is to be had
   */
  readonly reason: EvaluationFault
  /** The expression that failed, counted from 0; absent where that is not known. */
  readonly index?: number
  /** For the operator's log: at most 200 characters, with nothing of the message in it. */
  readonly detail: string
}

export interface EvaluatedValues {
  readonly kind: 'values'
  /** A JSON text for each expression, or undefined where it gives nothing or a function. */
  readonly values: readonly (string | undefined)[]
}

export type Evaluated = EvaluatedValues | EvaluationFailed

/** What a child process is given to evaluate. */
export interface EvaluationTask {
  readonly expressions: readonly string[]
  /** A JSON text. */
  readonly message: string
}

/** What bounds one evaluation inside a child process. */
export interface EvaluationLimits {
  /** Wall time for all expressions of a task together, in ms. */
  readonly evaluationMs: number
  /** The length of all results of a task together as JSON texts, in UTF-16 code units. */
  readonly resultCharsMax: number
}

/** What a child process is started with. */
export interface ChildSettings extends EvaluationLimits {
  /** Its heap, in MiB. */
  readonly heapMiB: number
}

/** What a child process says of a task. */
export interface ChildAnswer {
  readonly evaluated: Evaluated
  /** Whether the task has left so much behind that the next one might not find the memory that it needs. */
  readonly isWorn: boolean
}

export function failed(reason: EvaluationFault, detail: string, index?: number): EvaluationFailed {
  return { kind: 'failed', reason, detail, ...(index === undefined ? {} : { index }) }
}
