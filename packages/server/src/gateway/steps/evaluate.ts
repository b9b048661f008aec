import { messageText, type Message } from '../message/message.ts'
import { known, type Run, type StepProblem } from './step.ts'
import { stepFailed } from './step-failure.ts'

/** An expression and where it stands in the spec. */
export interface PlacedExpression {
  readonly place: string
  readonly text: string
}

/**
 * Evaluates expressions over a message.
 *
 * @returns for each expression its value as JSON text, or undefined where it gave nothing
 */
export async function evaluate(
  run: Run,
  message: Message,
  expressions: readonly PlacedExpression[],
): Promise<{ readonly values: readonly (string | undefined)[] } | { readonly problem: StepProblem }> {
  if (expressions.length === 0) return { values: [] }
  const { organization, environment, pipeline } = run.deployment.record
  const evaluated = await run.tools.expressions.evaluate({
    group: `${organization} ${environment} ${pipeline}`,
    expressions: expressions.map(({ text }) => text),
    message: messageText(message),
  })
  // A run that is over has told why already, and nothing more is done for it.
  if (run.signal.aborted) return known('unavailable')
  if (evaluated.kind === 'values') return evaluated
  if (evaluated.reason === 'busy') return known('unavailable')
  const { reason, index = 0, detail } = evaluated
  return stepFailed(run, expressions[index]?.place ?? '', reason, detail)
}

/** The value of an expression, or undefined where it gave nothing. */
export function valueOf(text: string | undefined): unknown {
  return text === undefined ? undefined : (JSON.parse(text) as unknown)
}

/** The text that an expression gave, a number as its digits; undefined for anything else. */
export function textOf(text: string | undefined): string | undefined {
  const value = valueOf(text)
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : undefined
}
