import type { AssertStep } from '@sallyport/core'
import { evaluate } from './evaluate.ts'
import type { RunnableStep, StepProblem } from './step.ts'

/** Ends the pipeline with the author's problem unless the expression gives exactly true. */
export function compileAssert(step: AssertStep, place: string): RunnableStep {
  const { status, code, detail } = step
  const problem: StepProblem = { kind: 'own', status, code, detail }
  const expressions = [{ place: `${place}/that`, text: step.that }]
  return {
    place,
    callsUpstream: false,
    seesMessage: true,
    async run(message, run) {
      const evaluated = await evaluate(run, message, expressions)
      if ('problem' in evaluated) return evaluated
      return evaluated.values[0] === 'true' ? { message } : { problem }
    },
  }
}
