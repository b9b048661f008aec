import { hash } from 'node:crypto'
import type { CacheRules } from '@sallyport/core'
import { hasBody } from '../../connections/unread-body.ts'
import { traceparentOf } from '../../telemetry/tracing/trace-context.ts'
import { meets, type Balancing } from '../balance/balancing.ts'
import { CacheDirectives } from '../cache/cache-directives.ts'
import type { CacheKey } from '../cache/cache-partition.ts'
import type { CacheQuestion } from '../cache/cached-request.ts'
import type { ResponseCache } from '../cache/response-cache.ts'
import type { AdmittedRequest } from '../deployment/admitted-request.ts'
import type { BoundUpstream, ExpandedUpstream } from '../deployment/compiled-upstream.ts'
import { appendIdentity } from '../headers/identity-headers.ts'
import type { UpstreamTls } from '../../egress/upstream-tls.ts'
import type { TrustedProxies } from '../request/client-address.ts'
import { stripQueryKeys, withoutParameters } from '../request/query-key.ts'
import { entryOf } from '../response/gateway-response.ts'
import { balancedRequest } from './balanced-request.ts'
import { appendForwarded, serverNameOf, withQuery, type UpstreamOptions } from './dispatch-options.ts'
import { appendForwardedUrl, callerLines, PSEUDONYM } from './proxy-headers.ts'

/** What the cache has to do with a request. */
export type CachePart =
  /** Its response may be stored, or come from the cache. */
  | { readonly kind: 'asks'; readonly options: UpstreamOptions; readonly question: CacheQuestion }
  /** If it succeeds, the responses of its path are outdated. */
  | { readonly kind: 'changes'; readonly invalidate: () => void }
  | { readonly kind: 'none' }

const NONE: CachePart = { kind: 'none' }
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])
/** The caller asks for a part, or for something that only the upstream can compare. */
const PASSING = ['range', 'if-range', 'if-match', 'if-unmodified-since']

interface CacheDeps {
  readonly rules: CacheRules
  readonly cache: ResponseCache
  readonly proxies: TrustedProxies
  /** With what the gateway identifies itself to the upstream; null for nothing. */
  readonly tls: UpstreamTls | null
}

/**
 * Finds out what the cache has to do with a request.
 *
 * The request to the upstream is the key of its response: it has nothing of the caller but what is part of the key. So
 * no header that an upstream reads, and nothing about the caller, can make a response that another request gets.
 */
export function cachePart(
  admitted: AdmittedRequest,
  step: BoundUpstream,
  expanded: ExpandedUpstream,
  { rules, cache, proxies, tls }: CacheDeps,
): CachePart {
  const { request, deployment, content, isUpgrade } = admitted
  const { method = '', headers: given } = request
  const query = withoutParameters(
    stripQueryKeys(admitted.query, deployment.trigger.apiKeyInQuery),
    step.queryNames,
  )
  const path = withQuery(expanded.target, query)
  const group = hash('sha256', `${step.origin} ${pathOf(expanded.target)}`, 'base64')
  const partition = cache.of(deployment.record, deployment.tenant)
  if (!SAFE.has(method)) return { kind: 'changes', invalidate: () => partition.invalidate(group) }
  const asked = new CacheDirectives(given['cache-control'] ?? noCacheOf(given.pragma))
  const isPassing =
    (method !== 'GET' && method !== 'HEAD') ||
    isUpgrade ||
    hasBody(request) ||
    (content !== null && content.length > 0) ||
    asked.has('no-store') ||
    PASSING.some((name) => given[name] !== undefined)
  if (isPassing) return NONE
  const headers = keptHeaders(admitted, step, expanded, rules, proxies)
  const key: CacheKey = {
    text: hash(
      'sha256',
      JSON.stringify([path, conditionsMet(admitted, step, proxies), step.origin, headers, tls?.key ?? null]),
      'base64',
    ),
    group,
  }
  const trace = entryOf(admitted.response)?.trace ?? null
  // It only names the trace of the request that fetches the response.
  if (trace !== null) headers.push('traceparent', traceparentOf(trace))
  return {
    kind: 'asks',
    options: {
      origin: step.origin,
      path,
      method,
      headers,
      body: null,
      upgrade: null,
      ...serverNameOf(step),
    },
    question: {
      partition,
      key,
      isHead: method === 'HEAD',
      asked,
      preconditions: { noneMatch: given['if-none-match'], modifiedSince: given['if-modified-since'] },
      isAuthorized: headers.some((name, index) => index % 2 === 0 && name.toLowerCase() === 'authorization'),
      defaultSeconds: rules.seconds,
    },
  }
}

/** The headers of a request whose response may be stored, in an order that does not depend on the caller. */
function keptHeaders(
  admitted: AdmittedRequest,
  step: BoundUpstream,
  expanded: ExpandedUpstream,
  rules: CacheRules,
  proxies: TrustedProxies,
): string[] {
  const { request, deployment, identity } = admitted
  const isTrusted = proxies.sent(request)
  const renamed = new Set([...(step.renames?.names.values() ?? [])].map((name) => name.toLowerCase()))
  const lines = callerLines(request, step, isTrusted, deployment.correlation?.dropped)
  const kept: [string, string][] = []
  for (let index = 0; index < lines.length; index += 2) {
    const name = (lines[index] ?? '').toLowerCase()
    if (rules.headers.includes(name) || renamed.has(name)) kept.push([name, lines[index + 1] ?? ''])
  }
  // Lines of one name keep their order, which counts (RFC 9110 section 5.3).
  kept.sort(([one], [other]) => (one < other ? -1 : Number(one > other)))
  const headers = [...kept.flat(), ...expanded.headers]
  if (step.forwarding !== null) appendForwarded(headers, admitted, expanded.target, step.forwarding, proxies)
  appendForwardedUrl(headers, request, isTrusted)
  headers.push('via', `1.1 ${PSEUDONYM}`)
  appendIdentity(headers, rules.isShared ? null : identity, deployment)
  return headers
}

/** The targets, and which of them are for this request: they can answer differently. Variables can change their origins. */
function conditionsMet(
  admitted: AdmittedRequest,
  { balancing }: BoundUpstream,
  proxies: TrustedProxies,
): string {
  if (balancing === null) return ''
  const request = balancedRequest(admitted, proxies)
  return balancing.targets
    .map(({ origin, when }) => `${origin} ${when !== null && meets(when, request) ? 1 : 0}`)
    .join()
}

/** Whether an origin is a target that only stands in for the others. */
export function isBackup(balancing: Balancing | null, origin: string | undefined): boolean {
  const targets = balancing?.targets.filter((target) => target.origin === origin) ?? []
  return targets.length > 0 && targets.every((target) => target.isBackup)
}

function pathOf(target: string): string {
  const end = target.indexOf('?')
  return end < 0 ? target : target.slice(0, end)
}

/** What `Pragma` means without `Cache-Control` (RFC 9111 section 5.4). */
function noCacheOf(pragma: string | undefined): string | undefined {
  return pragma !== undefined && /no-cache/i.test(pragma) ? 'no-cache' : undefined
}
