import { CREDENTIAL_HEADERS } from '@sallyport/core'
import { HOP_BY_HOP } from './hop-by-hop.ts'

/** Headers that the gateway sets itself, or that belong to this connection only. */
const GATEWAY_HEADERS = [
  'host',
  'content-length',
  'expect',
  'via',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'traceparent',
  'tracestate',
  // Some frameworks read the path from these headers. The authorized path is the request's own.
  'x-original-url',
  'x-rewrite-url',
]

/** Statements about the client's connection, accepted from trusted proxies only. */
const FORWARDING_HEADERS = [
  'forwarded',
  'x-real-ip',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-server',
  'x-forwarded-method',
  'x-forwarded-uri',
]

const NOT_IN_VARIABLES = /[^0-9a-z-]/
const ALL_NOT_IN_VARIABLES = /[^0-9a-z-]/g

/**
 * The name of a header, in lower case, as the software behind an upstream can read it. CGI and similar interfaces make it
 * the name of a variable: they read "_" as "-" (RFC 3875 section 4.1.18), and some, such as lighttpd, every character that
 * is neither a letter nor a digit.
 */
export function nameAsRead(name: string): string {
  return NOT_IN_VARIABLES.test(name) ? name.replaceAll(ALL_NOT_IN_VARIABLES, '-') : name
}

/** A caller's headers, in lower case, that an upstream does not receive. Identity headers are dropped separately. */
export interface DroppedHeaders {
  readonly fromTrustedProxies: ReadonlySet<string>
  readonly fromOthers: ReadonlySet<string>
}

/** @param replaced names, in lower case, of headers that the step sets */
export function droppedHeaders(replaced: readonly string[]): DroppedHeaders {
  const fromTrustedProxies = new Set([...HOP_BY_HOP, ...GATEWAY_HEADERS, ...CREDENTIAL_HEADERS, ...replaced])
  return { fromTrustedProxies, fromOthers: new Set([...fromTrustedProxies, ...FORWARDING_HEADERS]) }
}
