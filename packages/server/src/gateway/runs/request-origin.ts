import type { IncomingMessage } from 'node:http'
import type { AdmittedRequest } from '../deployment/admitted-request.ts'
import type { CompiledDeployment } from '../deployment/compiled-deployment.ts'
import { paramsOf, queryOf } from '../deployment/request-rules.ts'
import { connectionOptions } from '../headers/hop-by-hop.ts'
import { isHidden } from '../headers/dropped-headers.ts'
import { stripQueryKeys } from '../request/query-key.ts'
import type { MessageOrigin } from '../message/message.ts'

/**
 * The parts of a request that steps can read, apart from its body: everything that an upstream may see.
 *
 * @param isTrusted whether a trusted proxy sent it, whose statements about the client count
 */
export function requestOrigin(
  { request, requestId, deployment, pattern, path, query }: AdmittedRequest,
  isTrusted: boolean,
): MessageOrigin {
  return {
    method: request.method ?? '',
    path,
    params: paramsOf(pattern, path),
    query: queryOf(stripQueryKeys(query, deployment.trigger.apiKeyInQuery)),
    headers: headersOf(request, requestId, isTrusted, deployment.correlation),
  }
}

function headersOf(
  { rawHeaders, headers }: IncomingMessage,
  requestId: string,
  isTrusted: boolean,
  correlation: CompiledDeployment['correlation'],
): ReadonlyMap<string, string> {
  const named = connectionOptions(headers.connection)
  const seen = new Map<string, string>()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]?.toLowerCase() ?? ''
    if (isHidden(name, isTrusted) || named?.has(name) === true) continue
    // Upstreams get this one of the gateway, and none that is only read like it.
    if (correlation !== null && name !== correlation.name && correlation.dropped.has(name)) continue
    const value = rawHeaders[index + 1] ?? ''
    const before = seen.get(name)
    // RFC 9110 section 5.3, and RFC 6265 section 5.4 for cookies.
    seen.set(name, before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`)
  }
  // The caller's own counts only if it is acceptable.
  for (const name of ['x-request-id', correlation?.name]) {
    if (name !== undefined && seen.has(name)) seen.set(name, requestId)
  }
  return seen
}
