import type { RespondStep, Step } from '@sallyport/core'
import { compileUpstream, type CompiledUpstream } from './compiled-upstream.ts'
import { isFramingHeader } from './hop-by-hop.ts'

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

export interface CompiledRespond {
  readonly kind: 'respond'
  readonly status: number
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: Buffer | undefined
}

/** Steps over a message. The two kinds above are what remains of it where there is nothing to make a message for. */
export interface CompiledRun {
  readonly kind: 'run'
  readonly steps: readonly Step[]
  /** Where the request goes on to after the steps; null where the message is the answer. */
  readonly closing: CompiledProxy | null
}

const JSON_TYPE = ['content-type', 'application/json']

/** Compiles what a pipeline does. */
export function compileSteps(steps: readonly Step[]): CompiledStep {
  const last = steps.at(-1)
  if (last === undefined) return broken('there is no step')
  const early = steps.slice(0, -1).find(({ kind }) => kind === 'proxy' || kind === 'respond')
  if (early !== undefined) return broken(`${early.kind} is not the last step`)
  if (last.kind === 'respond' && steps.length === 1) return compileRespond(last)
  if (last.kind !== 'proxy') return { kind: 'run', steps, closing: null }
  const upstream = compileUpstream(last)
  if (typeof upstream === 'string') return broken(upstream)
  const closing: CompiledProxy = { kind: 'proxy', ...upstream }
  return steps.length === 1 ? closing : { kind: 'run', steps: steps.slice(0, -1), closing }
}

function broken(reason: string): CompiledStep {
  return { kind: 'broken', reason }
}

function compileRespond(step: RespondStep): CompiledRespond {
  const headers = Object.entries(step.headers).filter(([name]) => {
    const lower = name.toLowerCase()
    return !isFramingHeader(lower) && lower !== 'host'
  })
  // These statuses have no body (RFC 9110 sections 15.3.5 and 15.4.5), and null is none.
  const status = step.status ?? 200
  const isEmpty = status === 204 || status === 304 || (step.body ?? null) === null
  const typed = headers.some(([name]) => name.toLowerCase() === 'content-type')
  const body = isEmpty ? undefined : Buffer.from(JSON.stringify(step.body))
  return {
    kind: 'respond',
    status,
    headers: [
      ...(isEmpty || typed ? [] : JSON_TYPE),
      ...headers.flat(),
      ...(status === 204 || status === 304 ? [] : ['content-length', String(body?.length ?? 0)]),
    ],
    body,
  }
}
