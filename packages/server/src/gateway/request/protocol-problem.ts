import type { IncomingMessage } from 'node:http'
import { PIPELINE_METHODS } from '@sallyport/core'
import { isHost } from '../../address/host-name.ts'
import type { HttpProblem } from '../../connections/parse-problem.ts'

const METHODS: ReadonlySet<string> = new Set(PIPELINE_METHODS)

/**
 * Checks what Node.js's parser lets through, although RFC 9112 does not or this gateway does not support it. Two servers
 * would not agree on such a request, so nothing of it is passed on, and its connection ends.
 *
 * @returns null for a request that is fine
 */
export function protocolProblem(request: IncomingMessage): HttpProblem | null {
  const { httpVersionMajor, httpVersionMinor, method = '' } = request
  // Node.js parses a request line without a version as HTTP/0.9, but with headers, which 0.9 does not have.
  if (httpVersionMajor === 0) return oddProtocol(request) === undefined ? NO_VERSION : BAD_VERSION
  if (httpVersionMajor !== 1 || httpVersionMinor > 1) return isOtherProtocol(request) ? NOT_HTTP : BAD_VERSION
  if (httpVersionMinor === 0 && isOtherProtocol(request)) return NOT_HTTP
  const host = hostProblem(request)
  if (host !== null) return host
  if (!METHODS.has(method)) return BAD_METHOD
  // Node.js decodes only `chunked`. A body in another coding would be forwarded without its coding's name.
  const coding = request.headers['transfer-encoding']
  return coding === undefined || coding.toLowerCase() === 'chunked' ? null : codingProblem(coding)
}

/**
 * Checks `Host`: exactly one, and a valid one (RFC 9112 section 3.2). Node.js keeps the first of two, and an upstream might
 * use the second.
 */
function hostProblem({ rawHeaders, httpVersionMinor }: IncomingMessage): HttpProblem | null {
  let host: string | null = null
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index]
    if (name?.length !== 4 || name.toLowerCase() !== 'host') continue
    if (host !== null) return NO_HOST
    host = rawHeaders[index + 1] ?? ''
  }
  if (host === null) return httpVersionMinor === 0 ? null : NO_HOST
  return isHost(host) ? null : BAD_HOST
}

/** A coding twice, or an empty one, leaves the end of the body unclear; any other coding is only unknown. */
function codingProblem(coding: string): HttpProblem {
  const codings = coding.split(',').map((item) => item.trim().toLowerCase())
  const isClear = codings.at(-1) === 'chunked' && codings.indexOf('chunked') === codings.length - 1
  return isClear && codings.every((item) => item !== '') ? BAD_CODING : TWICE_CHUNKED
}

/** Node.js's parser also reads the request lines of RTSP and of ICE, and does not tell them apart. */
function isOtherProtocol(request: IncomingMessage): boolean {
  const protocol = oddProtocol(request)
  return protocol === 'RTSP' || protocol === 'ICE'
}

/** Node.js's parser has the bytes that it is reading, but no public way to them. */
interface ReadingSocket {
  readonly bytesRead: number
  readonly parser?: { getCurrentBuffer?(): Uint8Array | undefined } | null
}

/** The request lines with another protocol among the bytes that were read last from a connection. */
interface OddLines {
  /** Tells these bytes from later ones. */
  readonly bytesRead: number
  /** By method and target. */
  readonly protocols: ReadonlyMap<string, string>
}

const ODD_LINE = /^([^\s]{1,40}) +([^\s]{1,8192}) +(RTSP|ICE|HTTP\/0\.9)/gm
const oddLines = new WeakMap<object, OddLines>()

/**
 * What stands in place of HTTP in the request line, as far as that is among the bytes that are being parsed. They are searched
 * once, however many requests they hold.
 */
function oddProtocol({ socket, method = '', url = '' }: IncomingMessage): string | undefined {
  const { bytesRead, parser } = socket as unknown as ReadingSocket
  let lines = oddLines.get(socket)
  if (lines?.bytesRead !== bytesRead) {
    const bytes = parser?.getCurrentBuffer?.() ?? Buffer.of()
    const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
    const found = [...text.matchAll(ODD_LINE)]
    lines = {
      bytesRead,
      protocols: new Map(found.map(([, verb, target, name]) => [`${verb} ${target}`, name ?? ''])),
    }
    oddLines.set(socket, lines)
  }
  return lines.protocols.get(`${method} ${url}`)
}

const NOT_HTTP: HttpProblem = { code: 'invalid_request', detail: 'This is not a valid HTTP request.' }
const NO_VERSION: HttpProblem = {
  code: 'invalid_request',
  detail: 'The request line has no HTTP version. End it with the version, such as `HTTP/1.1`.',
}
const BAD_VERSION: HttpProblem = { code: 'version_not_supported' }
const BAD_METHOD: HttpProblem = { code: 'method_not_supported' }
const BAD_CODING: HttpProblem = { code: 'coding_not_supported' }
const TWICE_CHUNKED: HttpProblem = {
  code: 'invalid_request',
  detail: '`Transfer-Encoding` must be "chunked", once. Otherwise the end of the body is not clear.',
}
const NO_HOST: HttpProblem = {
  code: 'invalid_request',
  detail: 'The request must have exactly one `Host` header. Send it once.',
}
const BAD_HOST: HttpProblem = {
  code: 'invalid_request',
  detail: '`Host` must be a host name or an address, with a port or without one. Send it as the URL has it.',
}
