import type { Dispatcher } from 'undici'
import type { AdmittedRequest } from '../deployment/admitted-request.ts'
import type { BoundUpstream, ExpandedUpstream } from '../deployment/compiled-upstream.ts'
import type { TrustedProxies } from '../request/client-address.ts'
import { stripQueryKeys, withoutParameters } from '../request/query-key.ts'
import type { RequestBody } from '../request/request-body.ts'
import { appendTrace } from '../../telemetry/tracing/request-trace.ts'
import { entryOf } from '../response/gateway-response.ts'
import { upstreamHeaders } from './proxy-headers.ts'

/** Options of a request to a known origin. */
export type UpstreamOptions = Dispatcher.DispatchOptions & { readonly origin: string }

/**
 * The request to the upstream, for undici.
 *
 * @param expanded the step's target and headers for this request
 * @param body the caller's body as a stream; null if it was read already or there is none
 */
export function dispatchOptions(
  admitted: AdmittedRequest,
  step: BoundUpstream,
  expanded: ExpandedUpstream,
  body: RequestBody | null,
  proxies: TrustedProxies,
): UpstreamOptions {
  const { request, deployment, content, isUpgrade } = admitted
  const query = stripQueryKeys(admitted.query, deployment.trigger.apiKeyInQuery)
  const headers = upstreamHeaders(admitted, step, expanded.headers, proxies)
  appendTrace(headers, entryOf(admitted.response)?.trace ?? null)
  return {
    origin: step.origin,
    path: withQuery(expanded.target, withoutParameters(query, step.queryNames)),
    method: request.method ?? 'GET',
    headers,
    body: body ?? content,
    upgrade: isUpgrade ? 'websocket' : null,
  }
}

function withQuery(target: string, query: string | null): string {
  if (query === null) return target
  return `${target}${target.includes('?') ? '&' : '?'}${query}`
}
