import type { RespondStep, Step } from '@sallyport/core'
import { compileUpstream, type CompiledUpstream } from './compiled-upstream.ts'
import { isFramingHeader } from './hop-by-hop.ts'

/** What a pipeline does with a request that was let in. */
export type CompiledStep =
  | CompiledProxy
  | CompiledRespond
  /** The deployment has no step that answers, or one that cannot be run: the gate should have refused it. */
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

const JSON_TYPE = ['content-type', 'application/json']

/** Compiles the step that answers. */
export function compileStep(steps: readonly Step[]): CompiledStep {
  const [step] = steps
  if (step === undefined) return { kind: 'broken', reason: 'no step answers' }
  if (step.kind === 'respond') return compileRespond(step)
  if (step.kind !== 'proxy') return { kind: 'broken', reason: `${step.kind} does not answer` }
  const upstream = compileUpstream(step)
  return typeof upstream === 'string' ? { kind: 'broken', reason: upstream } : { kind: 'proxy', ...upstream }
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
