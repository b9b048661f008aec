import { jsonPointer, type Step } from '@sallyport/core'
import type { CompiledRun } from '../deployment/compiled-step.ts'
import { compileUpstream } from '../deployment/compiled-upstream.ts'
import { compileAssert } from './assert.ts'
import { compileCall } from './call-upstream.ts'
import { compileCredentialsVerify } from './credentials-verify.ts'
import { compileJwtDecode } from './jwt-decode.ts'
import { compileJwtGenerate } from './jwt-generate.ts'
import { compileOauthToken } from './oauth-token.ts'
import { compileRespond } from './respond.ts'
import { compileTransform } from './transform.ts'
import type { RunnableStep } from './step.ts'

const runnable = new WeakMap<CompiledRun, readonly RunnableStep[]>()

/** The runnable steps of a deployment, compiled on first use. */
export function runnableSteps(compiled: CompiledRun): readonly RunnableStep[] {
  let steps = runnable.get(compiled)
  if (steps === undefined) {
    steps = compiled.steps.map((step, index) => compileStep(step, jsonPointer('steps', index, step.kind)))
    runnable.set(compiled, steps)
  }
  return steps
}

/** @throws Error for a spec that the deployment gate should have refused */
function compileStep(step: Step, pointer: string): RunnableStep {
  switch (step.kind) {
    case 'call': {
      const upstream = compileUpstream(step, pointer)
      if (typeof upstream === 'string') throw new Error(`${pointer}: ${upstream}`)
      return compileCall(step, upstream, pointer)
    }
    case 'transform':
      return compileTransform(step, pointer)
    case 'assert':
      return compileAssert(step, pointer)
    case 'credentials.verify':
      return compileCredentialsVerify(step, pointer)
    case 'jwt.generate':
      return compileJwtGenerate(step, pointer)
    case 'jwt.decode':
      return compileJwtDecode(step, pointer)
    case 'oauth.token':
      return compileOauthToken(step, pointer)
    case 'respond':
      return compileRespond(step, pointer)
    case 'proxy':
      throw new Error(`${pointer}: a proxy must be the last step`)
  }
}
