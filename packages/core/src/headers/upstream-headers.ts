import { CREDENTIAL_HEADERS } from '../decision/credentials.ts'
import { CLIENT_STATEMENT_PREFIXES, CLIENT_STATEMENTS } from './client-statements.ts'

/**
 * Headers of a single connection, which are never forwarded (RFC 9110 section 7.6.1), including those of older software.
 * `Trailer` is not one of them: it describes the message.
 */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** The prefix of every identity header. Callers' and upstreams' own headers with it are always dropped. */
export const IDENTITY_PREFIX = 'x-sallyport-'

/** Headers that the gateway sends upstreams with values of its own, which contain those of the caller that count. */
export const RESTATED_HEADERS: readonly string[] = [
  'host',
  'content-length',
  'via',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]

/** Headers that no upstream gets from a caller. */
export const REMOVED_HEADERS: readonly string[] = [
  'expect',
  // Traces are continued by the gateway's own span.
  'traceparent',
  'tracestate',
  // Trailers are not forwarded, so none may be announced.
  'trailer',
  // Some frameworks read the path from these headers. The authorized path is the request's own.
  'x-original-url',
  'x-original-uri',
  'x-rewrite-url',
  'x-rewrite-uri',
  'x-override-url',
  'x-ms-original-url',
  'x-waws-unencoded-url',
  'x-http-destinationurl',
  'x-matched-path',
  'x-invoke-path',
  // Others read the method from these. The authorized method is the request's own.
  'x-http-method-override',
  'x-http-method',
  'x-http-verb-override',
  'x-method-override',
  'x-override-method',
  'x-original-method',
  // With these, Next.js skips its authorization, and Rack sends a file that the caller chooses.
  'x-middleware-subrequest',
  'x-sendfile-type',
  'x-accel-mapping',
  // CGI makes it `HTTP_PROXY`, which many programs take for the proxy of their own requests.
  'proxy',
]

const NOT_IN_VARIABLES = /[^0-9a-z-]/
const ALL_NOT_IN_VARIABLES = /[^0-9a-z-]/g

/**
 * The name of a header, in lower case, as the software behind an upstream can read it. CGI and similar interfaces make it
 * the name of a variable: they read "_" as "-" (RFC 3875 section 4.1.18), and some, such as lighttpd, every character that
 * is neither a letter nor a digit.
 */
export function headerNameAsRead(name: string): string {
  return NOT_IN_VARIABLES.test(name) ? name.replaceAll(ALL_NOT_IN_VARIABLES, '-') : name
}

/** Names of headers of callers that never reach an upstream as the caller sent them, as software behind it can read them. */
const NEVER_PASSING: ReadonlySet<string> = new Set(
  [...HOP_BY_HOP, ...RESTATED_HEADERS, ...REMOVED_HEADERS, ...CREDENTIAL_HEADERS].map(headerNameAsRead),
)

/**
 * Whether no upstream gets a header as its caller sent it, not even from a trusted proxy: it belongs to the connection, is a
 * credential, is dangerous, or the gateway sends it with a value of its own.
 *
 * @param name in any case
 */
export function neverReachesUpstream(name: string): boolean {
  const read = headerNameAsRead(name.toLowerCase())
  return NEVER_PASSING.has(read) || read.startsWith(IDENTITY_PREFIX)
}

const STATEMENTS: ReadonlySet<string> = new Set(CLIENT_STATEMENTS)
const CORRELATION_NAME = /^[a-z][a-z0-9-]*-id$|^(?:[a-z][a-z0-9-]*-)?correlation(?:-[a-z0-9-]*)?$/
const CORRELATION_NAME_CHARS_MAX = 64

/**
 * What is wrong with the name of a header that carries the id of a request, which callers may choose; undefined if nothing is.
 * Only names that say as much can be used, so that no header which matters otherwise gets the text of a caller.
 *
 * @param name in lower case
 */
export function correlationHeaderProblem(name: string): string | undefined {
  if (name === 'x-request-id')
    return 'The id of a request is in x-request-id in any case. Leave this field out.'
  if (name.length > CORRELATION_NAME_CHARS_MAX || !CORRELATION_NAME.test(name)) {
    return `Use a name such as X-Correlation-ID: letters, digits and "-", with "-id" at its end or the word "correlation", and at most ${CORRELATION_NAME_CHARS_MAX} characters.`
  }
  const isStatement =
    STATEMENTS.has(name) || CLIENT_STATEMENT_PREFIXES.some((prefix) => name.startsWith(prefix))
  return isStatement || neverReachesUpstream(name) || name === 'last-event-id'
    ? 'This header has another meaning to the gateway or to upstreams. Use another name, such as X-Correlation-ID.'
    : undefined
}
