import { jsonPointer, type Step } from '@sallyport/core'
import type { CompiledRun } from '../deployment/compiled-step.ts'
import { compileUpstream } from '../deployment/compiled-upstream.ts'
import { compileAssert } from '../steps/assert.ts'
import { compileCall } from '../steps/call-upstream.ts'
import { compileCredentialsVerify } from '../steps/credentials-verify.ts'
import { compileJwtDecode } from '../steps/jwt-decode.ts'
import { compileJwtGenerate } from '../steps/jwt-generate.ts'
import { compileRespond } from '../steps/respond.ts'
import { compileTransform } from '../steps/transform.ts'
import type { RunnableStep } from '../steps/step.ts'

const runnable = new WeakMap<CompiledRun, readonly RunnableStep[]>()

/** The steps of a deployment, ready to run: made on first use, gone with the deployment. */
export function runnableSteps(compiled: CompiledRun): readonly RunnableStep[] {
  let steps = runnable.get(compiled)
  if (steps === undefined) {
    steps = compiled.steps.map((step, index) => compileStep(step, jsonPointer('steps', index, step.kind)))
    runnable.set(compiled, steps)
  }
  return steps
}

/** @throws where a spec is one that the deployment gate refuses */
function compileStep(step: Step, place: string): RunnableStep {
  switch (step.kind) {
    case 'call': {
      const upstream = compileUpstream(step)
      if (typeof upstream === 'string') throw new Error(`${place}: ${upstream}`)
      return compileCall(step, upstream, place)
    }
    case 'transform':
      return compileTransform(step, place)
    case 'assert':
      return compileAssert(step, place)
    case 'credentials.verify':
      return compileCredentialsVerify(step, place)
    case 'jwt.generate':
      return compileJwtGenerate(step, place)
    case 'jwt.decode':
      return compileJwtDecode(step, place)
    case 'respond':
      return compileRespond(step, place)
    case 'proxy':
      throw new Error(`${place}: a proxy ends a pipeline`)
  }
}
