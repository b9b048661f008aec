import { exactJson } from '@sallyport/core'
import { numberText } from '../message/number-text.ts'
import { messageText, type Message } from '../message/message.ts'
import { stepProblem, type Run, type StepProblem } from './step.ts'
import { stepFailure } from './step-failure.ts'

/** An expression and its location in the spec. */
export interface SpecExpression {
  /** A JSON Pointer (RFC 6901). */
  readonly pointer: string
  readonly text: string
}

/**
 * Evaluates expressions over a message.
 *
 * @returns the value of each expression as JSON text, or undefined for no value
 */
export async function evaluate(
  run: Run,
  message: Message,
  expressions: readonly SpecExpression[],
): Promise<{ readonly values: readonly (string | undefined)[] } | { readonly problem: StepProblem }> {
  if (expressions.length === 0) return { values: [] }
  const evaluated = await run.deps.expressions.evaluate({
    tenant: run.deployment.tenant,
    expressions: expressions.map(({ text }) => text),
    message: messageText(message),
  })
  // The run has ended and has its problem already.
  if (run.signal.aborted) return stepProblem('unavailable')
  if (evaluated.kind === 'values') return evaluated
  if (evaluated.reason === 'busy') return stepProblem('unavailable')
  const { reason, index = 0, detail } = evaluated
  return stepFailure(run, expressions[index]?.pointer ?? '', reason, detail)
}

/**
 * Parses the value of an expression; undefined for no value. A number that JavaScript would write differently is a
 * `RawJson`, so that claims and headers keep its digits.
 */
export function valueOf(text: string | undefined): unknown {
  return text === undefined ? undefined : exactJson.parse(text, (number) => JSON.rawJSON(number))
}

/** The value of an expression as a string if it is a string or number; undefined otherwise. */
export function stringOf(text: string | undefined): string | undefined {
  const value = valueOf(text)
  return typeof value === 'string' ? value : numberText(value)
}
