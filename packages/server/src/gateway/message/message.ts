import type { Identity } from '../headers/identity-headers.ts'

/** A header as steps set it: one line, or one line each. */
export type HeaderLines = readonly string[]

/** What came in, which no step changes. */
export interface MessageOrigin {
  readonly method: string
  /** Within the environment, as it came. */
  readonly path: string
  /** Decoded; `*` is the rest behind a wildcard. */
  readonly params: ReadonlyMap<string, string>
  readonly query: ReadonlyMap<string, string | readonly string[]>
  /** By name in lower case, without credentials. */
  readonly headers: ReadonlyMap<string, string>
}

/**
 * What a pipeline's steps work on. Immutable: a step gives a new one. What JSON it holds it holds as text, since it
 * goes out as text to where expressions run and comes back as text from there.
 */
export interface Message {
  readonly origin: MessageOrigin
  /** On whose behalf the steps run. */
  readonly identity: Identity
  /** As JSON text; `null` where there is none. */
  readonly body: string
  readonly status: number
  /** What steps have set, by name in lower case: these alone go out with the answer. */
  readonly headers: ReadonlyMap<string, HeaderLines>
}

/** The body that stands for none. */
export const NO_BODY = 'null'
export const STATUS_AT_START = 200
const NO_HEADERS: ReadonlyMap<string, HeaderLines> = new Map()

/** The message before the first step. */
export function firstMessage(origin: MessageOrigin, identity: Identity, body: string): Message {
  return { origin, identity, body, status: STATUS_AT_START, headers: NO_HEADERS }
}

/** The message with more headers set, each in place of what a step before has set under its name; no lines, no header. */
export function withHeaders(message: Message, headers: Iterable<readonly [string, HeaderLines]>): Message {
  const all = [...new Map([...message.headers, ...headers])]
  return { ...message, headers: new Map(all.filter(([, lines]) => lines.length > 0)) }
}

const origins = new WeakMap<MessageOrigin, string>()

/**
 * The message as expressions see it, as JSON text. Headers are the request's, with those that steps have set in their
 * place. Names are only ever written as JSON text here, so that `__proto__` is a name like any other.
 */
export function messageText({ origin, identity, body, status, headers }: Message): string {
  const auth = {
    organization: identity.organization,
    consumer: identity.consumer,
    consumerId: identity.consumerId,
    key: identity.keyId,
    claims: identity.claims,
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

/** Every name becomes a member of its own, also one that an object has by nature. */
function objectOf(entries: ReadonlyMap<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(entries)
}
