import type { RespondStep, Step } from '@sallyport/core'
import { compileUpstream, type CompiledUpstream } from './compiled-upstream.ts'
import { NO_BODY, STATUS_AT_START } from '../message/message.ts'
import { renderAnswer, type AnswerRules, type RenderedAnswer } from '../message/rendered-answer.ts'
import { respondParts } from '../message/respond-parts.ts'

/** What a pipeline does with a request that was let in. */
export type CompiledStep =
  | CompiledProxy
  | CompiledRespond
  | CompiledRun
  /** The deployment cannot be run: the gate should have refused it. */
  | { readonly kind: 'broken'; readonly reason: string }

export interface CompiledProxy extends CompiledUpstream {
  readonly kind: 'proxy'
}

/** The answer, which is the same for each request. */
export interface CompiledRespond extends RenderedAnswer {
  readonly kind: 'respond'
}

/** Steps over a message. The two kinds above are what remains of it where there is nothing to make a message for. */
export interface CompiledRun {
  readonly kind: 'run'
  readonly steps: readonly Step[]
  /** Where the request goes on to after the steps; null where the message is the answer. */
  readonly closing: CompiledProxy | null
}

/** Compiles what a pipeline does. */
export function compileSteps(steps: readonly Step[], rules: AnswerRules): CompiledStep {
  const last = steps.at(-1)
  if (last === undefined) return broken('there is no step')
  const early = steps.slice(0, -1).find(({ kind }) => kind === 'proxy' || kind === 'respond')
  if (early !== undefined) return broken(`${early.kind} is not the last step`)
  if (last.kind === 'respond' && steps.length === 1) return compileRespond(last, rules)
  if (last.kind !== 'proxy') return { kind: 'run', steps, closing: null }
  const upstream = compileUpstream(last)
  if (typeof upstream === 'string') return broken(upstream)
  const closing: CompiledProxy = { kind: 'proxy', ...upstream }
  return steps.length === 1 ? closing : { kind: 'run', steps: steps.slice(0, -1), closing }
}

function broken(reason: string): CompiledStep {
  return { kind: 'broken', reason }
}

/** What the step would answer after others that have set nothing. */
function compileRespond(step: RespondStep, rules: AnswerRules): CompiledRespond {
  const { body = NO_BODY, headers } = respondParts(step)
  const message = { status: step.status ?? STATUS_AT_START, headers: new Map(headers), body }
  return { kind: 'respond', ...renderAnswer(message, rules) }
}
