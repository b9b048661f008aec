import type { IncomingMessage } from 'node:http'
import { headerNameAsRead, IDENTITY_PREFIX } from '@sallyport/core'
import { hasBody } from '../../connections/unread-body.ts'
import { admittedResponseHeaders, type AdmittedRequest } from '../deployment/admitted-request.ts'
import { peerAddress, type TrustedProxies } from '../request/client-address.ts'
import type { ProxyResponseRules } from '../deployment/compiled-step.ts'
import type { BoundUpstream } from '../deployment/compiled-upstream.ts'
import type { DroppedNames } from '../headers/dropped-headers.ts'
import { connectionOptions, isFramingHeader } from '../headers/hop-by-hop.ts'
import { appendIdentity } from '../headers/identity-headers.ts'

/** The gateway's name in `Via` (RFC 9110 section 7.6.3). */
export const PSEUDONYM = 'sallyport'

/**
 * The headers for the upstream: the caller's end-to-end headers without credentials, the step's headers, and the caller's
 * identity.
 *
 * @param stepHeaders alternating names and values
 */
export function upstreamHeaders(
  admitted: Pick<AdmittedRequest, 'request' | 'requestId' | 'deployment' | 'identity'>,
  step: Pick<BoundUpstream, 'dropped' | 'renames'>,
  stepHeaders: readonly string[],
  proxies: TrustedProxies,
): string[] {
  const { request, deployment } = admitted
  const isTrusted = proxies.sent(request)
  const { correlation } = deployment
  const headers = callerLines(request, step, isTrusted, correlation?.dropped)
  const length = request.headers['content-length']
  if (length !== undefined && hasBody(request)) headers.push('content-length', length)
  for (const part of stepHeaders) headers.push(part)
  appendForwarding(headers, request, isTrusted)
  headers.push('x-request-id', admitted.requestId)
  if (correlation !== null) headers.push(correlation.name, admitted.requestId)
  appendIdentity(headers, admitted.identity, deployment)
  return headers
}

/**
 * The caller's headers that pass, under the names that the step gives them.
 *
 * @param isTrusted whether a trusted proxy sent them
 * @param replaced further ones that do not pass, under any name
 */
export function callerLines(
  request: IncomingMessage,
  step: Pick<BoundUpstream, 'dropped' | 'renames'>,
  isTrusted: boolean,
  replaced?: DroppedNames,
): string[] {
  const { rawHeaders } = request
  const named = connectionOptions(request.headers.connection)
  const dropped = isTrusted ? step.dropped.fromTrustedProxies : step.dropped.fromOthers
  const { renames } = step
  const headers: string[] = []
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const raw = rawHeaders[index] ?? ''
    const name = raw.toLowerCase()
    if (replaced?.has(name) === true || named?.has(name) === true) continue
    if (renames !== null) {
      const renamed = renames.names.get(name)
      const hidden = isTrusted ? renames.dropped.fromTrustedProxies : renames.dropped.fromOthers
      if (renamed !== undefined && !hidden.has(name)) headers.push(renamed, rawHeaders[index + 1] ?? '')
    }
    if (dropped.has(name)) continue
    headers.push(raw, rawHeaders[index + 1] ?? '')
  }
  return headers
}

/** Describes the client's connection. The caller's own description counts only from a trusted proxy. */
function appendForwarding(headers: string[], request: IncomingMessage, isTrusted: boolean): void {
  const given = request.headers
  const peer = peerAddress(request)
  const before = isTrusted ? single(given['x-forwarded-for']) : undefined
  headers.push('x-forwarded-for', before === undefined ? peer : `${before}, ${peer}`)
  appendForwardedUrl(headers, request, isTrusted)
  const via = single(given.via)
  const hop = `${request.httpVersion} ${PSEUDONYM}`
  headers.push('via', via === undefined ? hop : `${via}, ${hop}`)
}

/** Describes the URL that the caller used. */
export function appendForwardedUrl(
  headers: string[],
  { headers: given }: IncomingMessage,
  isTrusted: boolean,
): void {
  headers.push('x-forwarded-proto', (isTrusted ? single(given['x-forwarded-proto']) : undefined) ?? 'http')
  const host = (isTrusted ? single(given['x-forwarded-host']) : undefined) ?? given.host
  if (host !== undefined) headers.push('x-forwarded-host', host)
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value.length > 0 ? value : undefined
}

/** Converts undici's raw headers to strings: one character per byte, as in Node.js. */
export function headerStrings(raw: unknown): string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((item: unknown) => (Buffer.isBuffer(item) ? item.toString('latin1') : String(item)))
}

/** What an upstream's headers state about its response as a whole. */
export interface ResponseShape {
  /** The joined value of `Connection`. */
  readonly connection: string | undefined
  /** The body's length in bytes; -1 if unknown. */
  readonly bytes: number
  readonly isEventStream: boolean
  /** The joined value of `Transfer-Encoding`. */
  readonly coding: string | undefined
}

/** @param raw the upstream's headers, as alternating names and values */
export function shapeOf(raw: readonly string[]): ResponseShape {
  let connection: string | undefined
  let bytes = -1
  let isEventStream = false
  let coding: string | undefined
  for (let index = 0; index < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const value = raw[index + 1] ?? ''
    // Compares lengths first, since few headers have one of these four.
    switch (name.length) {
      case 10:
        if (name.toLowerCase() === 'connection') {
          connection = connection === undefined ? value : `${connection},${value}`
        }
        break
      case 12:
        if (name.toLowerCase() === 'content-type') {
          isEventStream = value.toLowerCase().startsWith('text/event-stream')
        }
        break
      case 14:
        if (name.toLowerCase() === 'content-length') bytes = Number(value)
        break
      case 17:
        if (name.toLowerCase() === 'transfer-encoding') {
          coding = coding === undefined ? value : `${coding},${value}`
        }
    }
  }
  return { connection, bytes, isEventStream, coding }
}

/**
 * The headers for the caller: the upstream's end-to-end headers, replaced by the pipeline's own of the same names.
 *
 * @param raw the upstream's headers, as alternating names and values
 * @param own the rules of the step; null if it has none
 */
export function callerHeaders(
  raw: readonly string[],
  { connection, bytes }: ResponseShape,
  status: number,
  admitted: Pick<AdmittedRequest, 'request' | 'requestId' | 'deployment' | 'budgets'>,
  own: ProxyResponseRules | null = null,
): string[] {
  const { request, requestId, deployment, budgets } = admitted
  const { replacedHeaders, hasCors } = own ?? deployment.responseRules
  const named = connectionOptions(connection)
  // Trailers need a chunked body, which HTTP/1.0 does not have (RFC 9112 section 7.1.2).
  const isEmpty = status === 204 || status === 304 || request.method === 'HEAD'
  const allowsTrailers = bytes < 0 && !isEmpty && request.httpVersion === '1.1'
  const headers = ['x-request-id', requestId]
  for (let index = 0; index < raw.length; index += 2) {
    const rawName = raw[index] ?? ''
    const name = rawName.toLowerCase()
    if (replacedHeaders.has(name) || isIdentityName(name)) continue
    if (named !== null && named.has(name) && name !== 'content-length') continue
    // Browsers reject two sets of cross-origin rules. The pipeline's apply.
    if (hasCors && name.startsWith('access-control-')) continue
    // Both are lists, and one malformed item makes a list unreadable (RFC 9651 section 4.2).
    if (budgets.length > 0 && (name === 'ratelimit' || name === 'ratelimit-policy')) continue
    // A 204 has no length (RFC 9110 section 8.6).
    if (name === 'content-length' && status === 204) continue
    if (name === 'trailer' && !allowsTrailers) continue
    headers.push(rawName, raw[index + 1] ?? '')
  }
  if (own !== null) for (const part of own.headers) headers.push(part)
  for (const part of admittedResponseHeaders(admitted)) headers.push(part)
  return headers
}

/**
 * The headers of an interim response for the caller: the upstream's end-to-end headers, except those of the response that
 * follows.
 *
 * @param raw the upstream's headers, as alternating names and values
 */
export function interimHeaders(
  raw: readonly string[],
  { deployment }: Pick<AdmittedRequest, 'deployment'>,
  own: ProxyResponseRules | null = null,
): string[] {
  const { replacedHeaders, hasCors } = own ?? deployment.responseRules
  const named = connectionOptions(shapeOf(raw).connection)
  const headers: string[] = []
  for (let index = 0; index < raw.length; index += 2) {
    const rawName = raw[index] ?? ''
    const name = rawName.toLowerCase()
    const isOfResponse = isFramingHeader(name) || name === 'set-cookie' || replacedHeaders.has(name)
    if (isOfResponse || isIdentityName(name) || named?.has(name) === true) continue
    if (hasCors && name.startsWith('access-control-')) continue
    headers.push(rawName, raw[index + 1] ?? '')
  }
  return headers
}

/** Whether a name, in lower case, is or is read like that of an identity header. */
function isIdentityName(name: string): boolean {
  return name.startsWith('x') && headerNameAsRead(name).startsWith(IDENTITY_PREFIX)
}

/**
 * Trailers for the caller, without fields that are not allowed in trailers (RFC 9110 section 6.5.1) and without those that are
 * dropped as headers: a recipient may merge both.
 *
 * @param raw the upstream's trailers, as alternating names and values
 */
export function callerTrailers(
  raw: readonly string[],
  { deployment }: Pick<AdmittedRequest, 'deployment'>,
  own: ProxyResponseRules | null = null,
): string[] {
  const { replacedHeaders, hasCors } = own ?? deployment.responseRules
  const trailers: string[] = []
  for (let index = 0; index < raw.length; index += 2) {
    const rawName = raw[index] ?? ''
    const name = rawName.toLowerCase()
    const isForbidden = isFramingHeader(name) || FORBIDDEN_TRAILERS.has(name)
    if (isForbidden || isIdentityName(name) || replacedHeaders.has(name)) continue
    if (hasCors && name.startsWith('access-control-')) continue
    trailers.push(rawName, raw[index + 1] ?? '')
  }
  return trailers
}

const FORBIDDEN_TRAILERS: ReadonlySet<string> = new Set([
  'set-cookie',
  'www-authenticate',
  'location',
  'content-type',
  'content-encoding',
  'content-range',
  'cache-control',
  'vary',
])
