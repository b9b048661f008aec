import type { CacheRules, RespondStep, Step } from '@sallyport/core'
import { compileUpstream, type CompiledUpstream } from './compiled-upstream.ts'
import { isReservedHeader } from '../message/response-headers.ts'
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
  /** Null if the step has no rules for the headers of the response. */
  readonly responseRules: ProxyResponseRules | null
  /** Null if responses are not stored. */
  readonly cache: CacheRules | null
}

/** The rules of the pipeline, and those of a `proxy` step in addition. */
export interface ProxyResponseRules extends ResponseRules {
  /** The headers that the step sets, as alternating names and values. */
  readonly headers: readonly string[]
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

/**
 * Compiles the steps of a pipeline.
 *
 * @param readsBody whether the body is read before the first step, so that even a single step runs over a message
 */
export function compileSteps(steps: readonly Step[], rules: ResponseRules, readsBody = false): CompiledStep {
  const last = steps.at(-1)
  if (last === undefined) return broken('the pipeline has no steps')
  const early = steps.slice(0, -1).find(({ kind }) => kind === 'proxy' || kind === 'respond')
  if (early !== undefined) return broken(`${early.kind} is not the last step`)
  const isSingle = steps.length === 1 && !readsBody
  if (last.kind === 'respond' && isSingle) return compileRespond(last, rules)
  if (last.kind !== 'proxy') return { kind: 'run', steps, closing: null }
  const upstream = compileUpstream(last, 'proxy')
  if (typeof upstream === 'string') return broken(upstream)
  const responseRules = compileResponseRules(last.responseHeaders ?? {}, rules)
  const closing: CompiledProxy = { kind: 'proxy', ...upstream, responseRules, cache: last.cache ?? null }
  return isSingle ? closing : { kind: 'run', steps: steps.slice(0, -1), closing }
}

/** The headers of the trigger take precedence over those of the step. */
function compileResponseRules(
  own: Readonly<Record<string, string | null>>,
  rules: ResponseRules,
): ProxyResponseRules | null {
  const entries = Object.entries(own).map(([name, value]) => [name.toLowerCase(), value] as const)
  if (entries.length === 0) return null
  const allowed = entries.filter(([name]) => !isReservedHeader(name))
  const set = allowed.filter(
    ([name]) => !rules.replacedHeaders.has(name) && !(rules.hasCors && name.startsWith('access-control-')),
  )
  return {
    replacedHeaders: new Set([...rules.replacedHeaders, ...allowed.map(([name]) => name)]),
    hasCors: rules.hasCors,
    headers: set.flatMap(([name, value]) => (value === null ? [] : [name, value])),
  }
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
