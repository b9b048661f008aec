import type { AssertStep } from '@sallyport/core'
import { evaluate } from './evaluate.ts'
import type { RunnableStep, StepProblem } from './step.ts'

/** Ends the pipeline with the author's problem unless the expression evaluates to exactly `true`. */
export function compileAssert(step: AssertStep, pointer: string): RunnableStep {
  const { status, code, detail } = step
  const problem: StepProblem = { kind: 'author', status, code, detail }
  const expressions = [{ pointer: `${pointer}/that`, text: step.that }]
  return {
    pointer,
    callsUpstream: false,
    readsMessage: true,
    async run(message, run) {
      const evaluated = await evaluate(run, message, expressions)
      if ('problem' in evaluated) return evaluated
      return evaluated.values[0] === 'true' ? { message } : { problem }
    },
  }
}
