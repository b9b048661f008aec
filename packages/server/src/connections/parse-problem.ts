import type { ProblemCode } from '@sallyport/core'

/** What is wrong with a request as HTTP. */
export interface HttpProblem {
  readonly code: ProblemCode
  /** A sentence for the caller; absent if the problem's own advice says what to do. */
  readonly detail?: string
}

/** An error that Node.js's HTTP server reports. */
export interface ParseError extends Error {
  readonly code?: string | undefined
  /** What the parser says of it. */
  readonly reason?: unknown
  /** The bytes that were being parsed, as a Buffer. */
  readonly rawPacket?: unknown
  /** How many of them had been read. */
  readonly bytesParsed?: number | undefined
}

const KNOWN: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
}

/** Characters of a method (RFC 9110 section 5.6.2) up to the space after it, or to the end of what has arrived. */
const METHOD = /^[!#$%&'*+.^_`|~\w-]+(?= |$)/
/** Another version of HTTP (RFC 9112 section 2.3) at the end of a request line. */
const OTHER_VERSION = / HTTP\/(?!1\.[01])\d\.\d\r$/

/** The parser's reason for a method that it knows of another protocol, such as `ANNOUNCE`. */
const RTSP_METHOD = 'Invalid method for HTTP/x.x request'
const LONG_EXTENSIONS = 'The extensions of the chunks of the body are too long. Send none.'
const NOT_HTTP = 'This is not a valid HTTP request.'

/**
 * The problem for bytes that Node.js cannot read as a request. A method or a version that it does not know is one that this
 * server does not support (RFC 9110 sections 15.6.2 and 15.6.6); anything else is not HTTP.
 *
 * @returns null for bytes behind a request that ends its connection, which mean nothing (RFC 9112 section 9.6)
 */
export function parseProblem(error: ParseError): HttpProblem | null {
  const { code = '' } = error
  if (code === 'HPE_CLOSED_CONNECTION') return null
  const known = KNOWN[code]
  if (known !== undefined) return { code: known }
  if (error.reason === RTSP_METHOD) return { code: 'method_not_supported' }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return { code: 'too_large', detail: LONG_EXTENSIONS }
  if (code === 'HPE_INVALID_METHOD' && METHOD.test(lineAt(error))) return { code: 'method_not_supported' }
  if (code === 'HPE_INVALID_VERSION' && OTHER_VERSION.test(lineAt(error)))
    return { code: 'version_not_supported' }
  return { code: 'invalid_request', detail: NOT_HTTP }
}

/** The line in which the parser stopped, as far as it has arrived. */
function lineAt({ rawPacket, bytesParsed = 0 }: ParseError): string {
  if (!Buffer.isBuffer(rawPacket)) return ''
  const start = bytesParsed === 0 ? 0 : rawPacket.lastIndexOf('\n', bytesParsed - 1) + 1
  const end = rawPacket.indexOf('\n', bytesParsed)
  return rawPacket.toString('latin1', start, end < 0 ? rawPacket.length : end)
}
