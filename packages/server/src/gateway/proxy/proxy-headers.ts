import { callHeaders, type Call } from '../deployment/admitted-request.ts'
import { peerAddress, type TrustedProxies } from '../request/client-address.ts'
import type { CompiledProxy } from '../deployment/compiled-step.ts'
import { connectionOptions, isFramingHeader } from '../headers/hop-by-hop.ts'
import { appendIdentity, IDENTITY_PREFIX } from '../headers/identity-headers.ts'
import { hasBody } from '../request/unread-body.ts'

/** How we name ourselves in `Via` (RFC 9110 section 7.6.3). */
const PSEUDONYM = 'sallyport'

/**
 * The header fields for the upstream: what came end to end, without credentials, and who is calling.
 *
 * @param own the step's for this request, names and values in turn
 */
export function upstreamHeaders(
  call: Call,
  step: CompiledProxy,
  own: readonly string[],
  proxies: TrustedProxies,
): string[] {
  const { request, deployment } = call
  const { rawHeaders } = request
  const named = connectionOptions(request.headers.connection)
  const isTrusted = proxies.sent(request)
  const dropped = isTrusted ? step.dropped.fromTrustedProxies : step.dropped.fromOthers
  const headers: string[] = []
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const raw = rawHeaders[index] ?? ''
    const name = raw.toLowerCase()
    // CGI and its heirs (RFC 3875 section 4.1.18) read "_" and "-" alike.
    const read = name.includes('_') ? name.replaceAll('_', '-') : name
    if (dropped.has(read) || read.startsWith(IDENTITY_PREFIX) || named?.has(name) === true) continue
    headers.push(raw, rawHeaders[index + 1] ?? '')
  }
  const length = request.headers['content-length']
  if (length !== undefined && hasBody(request)) headers.push('content-length', length)
  for (const part of own) headers.push(part)
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

/** What an upstream's headers say of its answer as a whole. */
export interface AnswerShape {
  /** The joined value of `Connection`. */
  readonly connection: string | undefined
  /** The body's length in bytes; -1 where it is not announced. */
  readonly bytes: number
  readonly isEventStream: boolean
}

/** @param raw the upstream's names and values in turn */
export function shapeOf(raw: readonly string[]): AnswerShape {
  let connection: string | undefined
  let bytes = -1
  let isEventStream = false
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? ''
    const value = raw[index + 1] ?? ''
    // Only these three lengths can matter.
    if (name.length === 10 && name.toLowerCase() === 'connection') {
      connection = connection === undefined ? value : `${connection},${value}`
    } else if (name.length === 12 && name.toLowerCase() === 'content-type') {
      isEventStream = value.toLowerCase().startsWith('text/event-stream')
    } else if (name.length === 14 && name.toLowerCase() === 'content-length') bytes = Number(value)
  }
  return { connection, bytes, isEventStream }
}

/**
 * The header fields for the caller: the upstream's own end to end, each as often as it came, with the pipeline's in
 * place of those of the same name.
 *
 * @param raw the upstream's names and values in turn
 */
export function callerHeaders(
  raw: readonly string[],
  { connection, bytes }: AnswerShape,
  status: number,
  call: Call,
): string[] {
  const { request, requestId, deployment } = call
  const { replacedHeaders, hasCors } = deployment.answerRules
  const named = connectionOptions(connection)
  // Trailers need a body in chunks, which HTTP/1.0 does not know (RFC 9112 section 7.1.2).
  const isEmpty = status === 204 || status === 304 || request.method === 'HEAD'
  const takesTrailers = bytes < 0 && !isEmpty && request.httpVersion === '1.1'
  const headers = ['x-request-id', requestId]
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const rawName = raw[index] ?? ''
    const name = rawName.toLowerCase()
    if (replacedHeaders.has(name)) continue
    if (named !== null && named.has(name) && name !== 'content-length') continue
    // Two sets of cross-origin rules are refused by browsers; the pipeline's stand.
    if (hasCors && name.startsWith('access-control-')) continue
    // A 204 has no length (RFC 9110 section 8.6).
    if (name === 'content-length' && status === 204) continue
    if (name === 'trailer' && !takesTrailers) continue
    headers.push(rawName, raw[index + 1] ?? '')
  }
  for (const part of callHeaders(call)) headers.push(part)
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
