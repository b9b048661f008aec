import { CREDENTIAL_HEADERS } from '@sallyport/core'
import { HOP_BY_HOP } from './hop-by-hop.ts'

/** Headers that we write ourselves, or that concern this connection alone. */
const OURS = [
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
]

/** What only a trusted proxy may say about the connection in front of it. */
const HEARSAY = [
  'forwarded',
  'x-real-ip',
  'x-forwarded-port',
  'x-forwarded-prefix',
  'x-forwarded-server',
  'x-forwarded-method',
  'x-forwarded-uri',
]

/** Which of a caller's headers do not go on to an upstream, in lower case, beside the identity headers. */
export interface DroppedHeaders {
  readonly fromTrustedProxies: ReadonlySet<string>
  readonly fromOthers: ReadonlySet<string>
}

/** @param replaced the names, in lower case, of headers that the step sets itself */
export function droppedHeaders(replaced: readonly string[]): DroppedHeaders {
  const fromTrustedProxies = new Set([...HOP_BY_HOP, ...OURS, ...CREDENTIAL_HEADERS, ...replaced])
  return { fromTrustedProxies, fromOthers: new Set([...fromTrustedProxies, ...HEARSAY]) }
}
