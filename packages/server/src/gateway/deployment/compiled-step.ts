import type { RespondStep, Step } from '@sallyport/core'
import { compileUpstream, type CompiledUpstream } from './compiled-upstream.ts'
import { NO_BODY, INITIAL_STATUS } from '../message/message.ts'
import {
  renderResponse,
  type ResponseRules,
  type RenderedResponse,
  respondParts,
} from '../message/rendered-response.ts'

/** What a pipeline does with an admitted request. */
export type CompiledStep =
  | CompiledProxy
  | CompiledRespond
  | CompiledRun
  /** The deployment cannot run. The deployment gate should have refused it. */
  | { readonly kind: 'broken'; readonly reason: string }

export interface CompiledProxy extends CompiledUpstream {
  readonly kind: 'proxy'
}

/** A constant response. */
export interface CompiledRespond extends RenderedResponse {
  readonly kind: 'respond'
}

/** Steps that process a message. A single `proxy` or `respond` step needs no message and is compiled as above. */
export interface CompiledRun {
  readonly kind: 'run'
  readonly steps: readonly Step[]
  /** The `proxy` step after the others; null if the message is the response. */
  readonly closing: CompiledProxy | null
}

/** Compiles the steps of a pipeline. */
export function compileSteps(steps: readonly Step[], rules: ResponseRules): CompiledStep {
  const last = steps.at(-1)
  if (last === undefined) return broken('the pipeline has no steps')
  const early = steps.slice(0, -1).find(({ kind }) => kind === 'proxy' || kind === 'respond')
  if (early !== undefined) return broken(`${early.kind} is not the last step`)
  if (last.kind === 'respond' && steps.length === 1) return compileRespond(last, rules)
  if (last.kind !== 'proxy') return { kind: 'run', steps, closing: null }
  const upstream = compileUpstream(last, 'proxy')
  if (typeof upstream === 'string') return broken(upstream)
  const closing: CompiledProxy = { kind: 'proxy', ...upstream }
  return steps.length === 1 ? closing : { kind: 'run', steps: steps.slice(0, -1), closing }
}

function broken(reason: string): CompiledStep {
  return { kind: 'broken', reason }
}

/** The response of a single `respond` step. */
function compileRespond(step: RespondStep, rules: ResponseRules): CompiledRespond {
  const { body = NO_BODY, headers } = respondParts(step)
  const message = { status: step.status ?? INITIAL_STATUS, headers: new Map(headers), body }
  return { kind: 'respond', ...renderResponse(message, rules) }
}
