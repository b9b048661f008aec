import { CREDENTIAL_HEADERS } from '@sallyport/core'
import type { Call } from './call.ts'
import { peerAddress, type TrustedProxies } from './client-address.ts'
import type { CompiledDeployment } from './compiled-deployment.ts'
import type { CompiledProxy } from './compiled-step.ts'
import { connectionOptions, isFramingHeader, isHopByHop } from './hop-by-hop.ts'
import { appendIdentity, IDENTITY_PREFIX } from './identity-headers.ts'
import { hasBody } from './unread-body.ts'

/** How we name ourselves in `Via` (RFC 9110 section 7.6.3). */
const PSEUDONYM = 'sallyport'

/** Headers that we write ourselves, or that concern this connection alone. */
const OURS: ReadonlySet<string> = new Set([
  'host',
  'content-length',
  'expect',
  'via',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  // Some frameworks take the path from these in place of the request's own, which is the one that was decided about.
  'x-original-url',
  'x-rewrite-url',
])

/** What only a trusted proxy may say about the connection in front of it. */
const HEARSAY: ReadonlySet<string> = new Set([
  'forwarded',
  'x-real-ip',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-server',
  'x-forwarded-method',
  'x-forwarded-uri',
])

/** The header fields for the upstream: what came end to end, without credentials, and who is calling. */
export function upstreamHeaders(call: Call, step: CompiledProxy, proxies: TrustedProxies): string[] {
  const { request, deployment } = call
  const { rawHeaders } = request
  const named = connectionOptions(request.headers.connection)
  const isTrusted = proxies.sent(request)
  const isDropped = (name: string): boolean =>
    isHopByHop(name) ||
    OURS.has(name) ||
    CREDENTIAL_HEADERS.has(name) ||
    name.startsWith(IDENTITY_PREFIX) ||
    (!isTrusted && HEARSAY.has(name)) ||
    step.headerNames.has(name)
  const headers: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const raw = rawHeaders[index] ?? ''
    const name = raw.toLowerCase()
    if (isDropped(name) || named?.has(name) === true) continue
    // CGI and its heirs (RFC 3875 section 4.1.18) read "_" and "-" alike.
    if (name.includes('_') && isDropped(name.replaceAll('_', '-'))) continue
    headers.push(raw, rawHeaders[index + 1] ?? '')
  }
  const length = request.headers['content-length']
  if (length !== undefined && hasBody(request)) headers.push('content-length', length)
  for (const part of step.headers) headers.push(part)
  appendForwarding(headers, call, isTrusted)
  headers.push('x-request-id', call.requestId)
  appendIdentity(headers, call.identity, deployment)
  return headers
}

/** Says what the caller's connection was; what the caller itself says of that counts only from a trusted proxy. */
function appendForwarding(headers: string[], { request }: Call, isTrusted: boolean): void {
  const given = request.headers
  const peer = peerAddress(request)
  const before = isTrusted ? single(given['x-forwarded-for']) : undefined
  headers.push('x-forwarded-for', before === undefined ? peer : `${before}, ${peer}`)
  headers.push('x-forwarded-proto', (isTrusted ? single(given['x-forwarded-proto']) : undefined) ?? 'http')
  const host = (isTrusted ? single(given['x-forwarded-host']) : undefined) ?? given.host
  if (host !== undefined) headers.push('x-forwarded-host', host)
  const via = single(given.via)
  const hop = `${request.httpVersion} ${PSEUDONYM}`
  headers.push('via', via === undefined ? hop : `${via}, ${hop}`)
}

function single(value: string | string[] | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** An upstream's headers, as undici gives them, as text: a byte is a character, as Node.js has it the other way too. */
export function textOf(raw: unknown): string[] {
  if (!Array.isArray(raw)) return []
  return raw.map((item: unknown) => (Buffer.isBuffer(item) ? item.toString('latin1') : String(item)))
}

/**
 * The header fields for the caller: the upstream's own end to end, each as often as it came, with the pipeline's in
 * place of those of the same name.
 *
 * @param raw the upstream's names and values in turn
 * @param ownHeaders the pipeline's own, names and values in turn
 */
export function callerHeaders(
  raw: readonly string[],
  status: number,
  requestId: string,
  deployment: CompiledDeployment,
  ownHeaders: readonly string[],
): string[] {
  let connection: string | undefined
  let isSized = false
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const length = raw[index]?.length
    if (length === 10 && raw[index]?.toLowerCase() === 'connection') {
      connection = connection === undefined ? raw[index + 1] : `${connection},${raw[index + 1] ?? ''}`
    } else if (length === 14 && raw[index]?.toLowerCase() === 'content-length') isSized = true
  }
  const named = connectionOptions(connection)
  const headers = ['x-request-id', requestId]
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const rawName = raw[index] ?? ''
    const name = rawName.toLowerCase()
    if (isHopByHop(name) || name === 'x-request-id' || name === 'x-sallyport-code') continue
    if (named !== null && named.has(name) && name !== 'content-length') continue
    if (deployment.responseHeaderNames.has(name)) continue
    // Two sets of cross-origin rules are refused by browsers; the pipeline's stand.
    if (deployment.cors !== null && name.startsWith('access-control-')) continue
    // A 204 has no length (RFC 9110 section 8.6); trailers need a body without one.
    if (name === 'content-length' && status === 204) continue
    if (name === 'trailer' && isSized) continue
    headers.push(rawName, raw[index + 1] ?? '')
  }
  for (const part of ownHeaders) headers.push(part)
  return headers
}

/** Trailer fields for the caller, without what must not be among them (RFC 9110 section 6.5.1). */
export function callerTrailers(raw: readonly string[]): [string, string][] {
  const trailers: [string, string][] = []
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const lower = name.toLowerCase()
    if (isFramingHeader(lower) || NO_TRAILERS.has(lower) || lower.startsWith(IDENTITY_PREFIX)) continue
    trailers.push([name, raw[index + 1] ?? ''])
  }
  return trailers
}

const NO_TRAILERS: ReadonlySet<string> = new Set([
  'set-cookie',
  'www-authenticate',
  'location',
  'content-type',
  'content-encoding',
  'content-range',
  'cache-control',
  'vary',
])
