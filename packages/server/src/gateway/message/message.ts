import type { Identity } from '../headers/identity-headers.ts'
import type { UpstreamToken } from './upstream-token.ts'

/** The lines of one header. */
export type HeaderLines = readonly string[]

/** The request that a message comes from. No step changes it. */
export interface MessageOrigin {
  readonly method: string
  /** The path within the environment, as received. */
  readonly path: string
  /** Decoded; `*` is the rest after a wildcard. */
  readonly params: ReadonlyMap<string, string>
  readonly query: ReadonlyMap<string, string | readonly string[]>
  /** By name in lower case, without credentials. */
  readonly headers: ReadonlyMap<string, string>
}

/**
 * The value that a pipeline's steps process. It is immutable: a step returns a new one. JSON is kept as text because
 * expressions run in another process, which receives and returns text.
 */
export interface Message {
  readonly origin: MessageOrigin
  /** The caller that the steps run for. */
  readonly identity: Identity
  /** The token of the last `oauth.token` step, which no expression sees; null without one. */
  readonly token: UpstreamToken | null
  /** JSON text; `null` without a body. */
  readonly body: string
  readonly status: number
  /** The response headers that steps have set, by name in lower case. */
  readonly headers: ReadonlyMap<string, HeaderLines>
}

/** The JSON text of a message without a body. */
export const NO_BODY = 'null'
export const INITIAL_STATUS = 200
const NO_HEADERS: ReadonlyMap<string, HeaderLines> = new Map()

/** The message before the first step. */
export function initialMessage(origin: MessageOrigin, identity: Identity, body: string): Message {
  return { origin, identity, token: null, body, status: INITIAL_STATUS, headers: NO_HEADERS }
}

/** Sets headers of a message, replacing those of the same name. A header without lines is removed. */
export function withHeaders(message: Message, headers: Iterable<readonly [string, HeaderLines]>): Message {
  const all = [...new Map([...message.headers, ...headers])]
  return { ...message, headers: new Map(all.filter(([, lines]) => lines.length > 0)) }
}

const origins = new WeakMap<MessageOrigin, string>()

/**
 * The message as expressions see it, as JSON text. Its headers are the request's, overridden by those that steps have
 * set. Names are only serialized here, never assigned, so that `__proto__` is an ordinary name.
 */
export function messageText({ origin, identity, body, status, headers }: Message): string {
  const auth = {
    organization: identity.organization,
    consumer: identity.consumer,
    consumerId: identity.consumerId,
    key: identity.keyId,
    claims: identity.claims,
    labels: identity.labels,
  }
  const seen = new Map<string, string | readonly string[]>(origin.headers)
  for (const [name, lines] of headers) seen.set(name, lines.length === 1 ? (lines[0] ?? '') : lines)
  let start = origins.get(origin)
  if (start === undefined) {
    const { method, path, params, query } = origin
    start = JSON.stringify({ method, path, params: objectOf(params), query: objectOf(query) }).slice(0, -1)
    origins.set(origin, start)
  }
  const rest = `"headers":${JSON.stringify(objectOf(seen))},"auth":${JSON.stringify(auth)}`
  return `${start},${rest},"status":${status},"body":${body}}`
}

/** `fromEntries` defines own properties, including names such as `__proto__`. */
function objectOf(entries: ReadonlyMap<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(entries)
}
