import { PROBLEMS } from '@sallyport/core'
import { knownMethod, type EndedRequest } from '../telemetry/request-durations.ts'
import { redactTokens } from '../telemetry/redact-tokens.ts'
import type { FinishedSpan } from '../telemetry/tracing/finished-span.ts'
import type { RequestTrace } from '../telemetry/tracing/request-trace.ts'
import type { RequestEntry } from './request-entry.ts'
import { LET_IN_CODE } from './request-record.ts'

/** The outcome of a problem that the author of a pipeline has defined, since authors choose its code. */
const ASSERTED = 'asserted'
/** The outcome of a request whose caller left before the decision, or before a response. */
const CALLER_GONE = 'caller_gone'
const SERVER_ERROR = 500

/** The attributes of a request's duration. */
export function requestFacts(entry: RequestEntry): EndedRequest {
  const { entrance, method, status, organization, pipeline } = entry
  const outcome = outcomeOf(entry)
  return {
    entrance,
    method,
    route: routeTemplate(entry),
    status,
    outcome,
    errorType: errorTypeOf(entry, outcome),
    organization: organization ?? '',
    pipeline: pipeline ?? '',
  }
}

/** The route of the last request with one. Most requests have that of the one before them, and then its text is the same one. */
let last = { organization: '', environment: '', route: '', template: '' }

/** The template of a request's route with its environment; empty for a request without a route. */
function routeTemplate({ organization, environment, route }: RequestEntry): string {
  if (route === '') return ''
  const owner = organization ?? ''
  const name = environment ?? ''
  if (last.route !== route || last.environment !== name || last.organization !== owner) {
    last = { organization: owner, environment: name, route, template: `/${owner}/${name}${route}` }
  }
  return last.template
}

function outcomeOf({ code, undecidedAnswer, status, end }: RequestEntry): string {
  if (code === null) return undecidedAnswer ?? CALLER_GONE
  if (code === LET_IN_CODE && status === null && end === 'caller_gone') return CALLER_GONE
  return code === LET_IN_CODE || Object.hasOwn(PROBLEMS, code) ? code : ASSERTED
}

/** The code of our problem, or the status of the upstream, if the request failed on this side. */
function errorTypeOf({ code, status, end }: RequestEntry, outcome: string): string | null {
  const isCut = end === 'cut_off'
  if (!isCut && (status ?? 0) < SERVER_ERROR) return null
  if (code !== LET_IN_CODE && code === outcome) return code
  return isCut ? end : String(status)
}

/** The span of a request, without its path, query, headers and content, which can contain credentials. */
export function requestSpan(entry: RequestEntry, trace: RequestTrace, ended: EndedRequest): FinishedSpan {
  const { method, route, status, outcome, errorType } = ended
  const known = knownMethod(method)
  const attributes: Record<string, string | number> = {
    'http.request.method': known,
    'url.scheme': 'http',
    'sallyport.entrance': ended.entrance,
    'sallyport.outcome': outcome,
    // A caller chooses the id, and could send a token as one.
    'sallyport.request.id': redactTokens(entry.requestId),
    'http.request.body.size': entry.requestBytes,
    'http.response.body.size': entry.responseBytes,
  }
  const optional = {
    'http.route': route === '' ? null : route,
    'http.response.status_code': status,
    'error.type': errorType,
    'sallyport.organization': entry.organization,
    'sallyport.environment': entry.environment,
    'sallyport.project': entry.project,
    'sallyport.pipeline': entry.pipeline,
    'sallyport.version': entry.version,
    'sallyport.upstream.duration': entry.upstreamMs < 0 ? null : entry.upstreamMs / 1000,
  }
  for (const [name, value] of Object.entries(optional)) if (value !== null) attributes[name] = value
  return {
    // "HTTP" stands for a method that is not known (semantic conventions, "Name").
    name: [known === '_OTHER' ? 'HTTP' : known, route].filter((part) => part !== '').join(' '),
    kind: 'server',
    trace,
    startMs: entry.atMs,
    durationMs: entry.durationMs,
    attributes,
    errorType,
  }
}
