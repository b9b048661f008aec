import { expandUrlTemplate, parseUrlTemplate, type Step, type UrlTemplate } from '@sallyport/core'
import { droppedHeaders, type DroppedHeaders } from './dropped-headers.ts'
import { isFramingHeader } from './hop-by-hop.ts'
import { PathPlaces } from './path-places.ts'

/** What a pipeline does with a request that was let in. */
export type CompiledStep =
  | CompiledProxy
  | CompiledRespond
  /** The deployment has no step that answers, or one that cannot be run: the gate should have refused it. */
  | { readonly kind: 'broken'; readonly reason: string }

export interface CompiledProxy {
  readonly kind: 'proxy'
  readonly origin: string
  /** The upstream's path and query for a request's path, or undefined where none can be made safely. */
  readonly target: (pattern: string, path: string) => string | undefined
  /** Names and values in turn, in place of a caller's own. */
  readonly headers: readonly string[]
  readonly dropped: DroppedHeaders
  readonly timeoutMs: number | null
}

export interface CompiledRespond {
  readonly kind: 'respond'
  readonly status: number
  /** Names and values in turn. */
  readonly headers: readonly string[]
  readonly body: Buffer | undefined
}

const EMPTY: ReadonlyMap<string, string> = new Map()
const JSON_TYPE = ['content-type', 'application/json']

/** Compiles the step that answers. */
export function compileStep(steps: readonly Step[]): CompiledStep {
  const [step] = steps
  if (step === undefined) return { kind: 'broken', reason: 'no step answers' }
  if (step.kind !== 'proxy' && step.kind !== 'respond') {
    return { kind: 'broken', reason: `${step.kind} does not answer` }
  }
  const headers = Object.entries(step.headers).filter(([name]) => {
    const lower = name.toLowerCase()
    return !isFramingHeader(lower) && lower !== 'host'
  })
  if (step.kind === 'respond') {
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
  const { template, problems } = parseUrlTemplate(step.url)
  if (template === undefined) return { kind: 'broken', reason: problems.join(' ') }
  return {
    kind: 'proxy',
    origin: template.origin,
    target: compileTarget(template),
    headers: headers.flat(),
    dropped: droppedHeaders(headers.map(([name]) => name.toLowerCase())),
    timeoutMs: step.timeoutMs,
  }
}

function compileTarget(template: UrlTemplate): CompiledProxy['target'] {
  if ([...template.path, ...template.query].every((part) => part.kind === 'text')) {
    const fixed = expandUrlTemplate(template, EMPTY)
    return () => fixed
  }
  // As many as the trigger has paths.
  const known = new Map<string, PathPlaces>()
  return (pattern, path) => {
    let places = known.get(pattern)
    if (places === undefined) {
      places = new PathPlaces(pattern)
      known.set(pattern, places)
    }
    return expandUrlTemplate(template, places.in(path))
  }
}
