import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import type { AdmittedRequest } from '../deployment/admitted-request.ts'
import type { BoundUpstream, ExpandedUpstream } from '../deployment/compiled-upstream.ts'
import { PREFIX_HEADER, prefixOf, type Forwarding } from '../deployment/forwarding.ts'
import type { TrustedProxies } from '../request/client-address.ts'
import { forwardedHost } from '../request/authz-description.ts'
import { parseRequestTarget, withoutAuthority } from '../request/request-target.ts'
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
  const { forwarding } = step
  if (forwarding !== null) appendForwarded(headers, admitted, expanded.target, forwarding, proxies)
  appendTrace(headers, entryOf(admitted.response)?.trace ?? null)
  return {
    origin: step.origin,
    path: withQuery(expanded.target, withoutParameters(query, step.queryNames)),
    method: request.method ?? 'GET',
    headers,
    body: body ?? content,
    upgrade: isUpgrade ? 'websocket' : null,
    ...serverNameOf(step),
  }
}

/** What a request with a `Host` of the caller needs, so that undici does not take another server's name from it. */
export function serverNameOf({ forwarding }: BoundUpstream): { readonly servername?: string } {
  return forwarding?.preservesHost === true ? CONSTANT_SERVER_NAME : NO_SERVER_NAME
}

/** The connector knows the real name. */
const CONSTANT_SERVER_NAME = { servername: 'upstream' }
const NO_SERVER_NAME = {}

/** Tells the upstream what a step forwards about the URL of the caller. */
export function appendForwarded(
  headers: string[],
  { request }: AdmittedRequest,
  target: string,
  { preservesHost, sendsPrefix }: Forwarding,
  proxies: TrustedProxies,
): void {
  const isTrusted = proxies.sent(request)
  if (preservesHost) {
    const host = isTrusted ? (forwardedHost(request.headers) ?? undefined) : request.headers.host
    if (host !== undefined) headers.push('host', host)
  }
  if (sendsPrefix) {
    const stated = isTrusted ? request.headers[PREFIX_HEADER] : undefined
    const { url = '' } = request
    const parsed = parseRequestTarget(withoutAuthority(url, request.headers.host))
    const path = 'problem' in parsed ? '' : parsed.path
    const prefix = prefixOf(path, target, typeof stated === 'string' ? stated : undefined)
    if (prefix !== undefined) headers.push(PREFIX_HEADER, prefix)
  }
}

/**
 * The options of one of several attempts. Its body is one of its own: undici destroys that of an attempt that it gives up, and
 * the next attempt needs the caller's.
 */
export function attemptOptions(
  options: UpstreamOptions,
  origin: string,
  body: Readable | null,
): UpstreamOptions {
  if (body === null) return { ...options, origin }
  const content = Readable.from(contentOf(body), { objectMode: false })
  // Errors are reported by the caller's body, or by the upstream.
  content.on('error', () => undefined)
  return { ...options, origin, body: content }
}

/**
 * Takes the body away from an attempt that is given up. undici can still connect for it, and reads from it before it learns
 * that the attempt is over.
 */
export function leaveBody({ body }: UpstreamOptions): void {
  if (body instanceof Readable) body.destroy()
}

/** Reads the body from its first use on. */
async function* contentOf(body: Readable): AsyncGenerator<Buffer> {
  // An attempt that is given up must leave the body to the next one.
  for await (const chunk of body.iterator({ destroyOnReturn: false })) yield chunk as Buffer
}

/** The target with the parameters of the caller that pass. */
export function withQuery(target: string, query: string | null): string {
  if (query === null) return target
  return `${target}${target.includes('?') ? '&' : '?'}${query}`
}
