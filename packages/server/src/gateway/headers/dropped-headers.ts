import { CREDENTIAL_HEADERS } from '@sallyport/core'
import { CLIENT_STATEMENTS, CLIENT_STATEMENT_PREFIXES } from './client-statements.ts'
import { HOP_BY_HOP } from './hop-by-hop.ts'
import { IDENTITY_PREFIX } from './identity-headers.ts'

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
  // Trailers are not forwarded, so none may be announced.
  'trailer',
  // Some frameworks read the path from these headers. The authorized path is the request's own.
  'x-original-url',
  'x-original-uri',
  'x-rewrite-url',
  // Others read the method from these. The authorized method is the request's own.
  'x-http-method-override',
  'x-http-method',
  'x-method-override',
  'x-original-method',
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
export function nameAsRead(name: string): string {
  return NOT_IN_VARIABLES.test(name) ? name.replaceAll(ALL_NOT_IN_VARIABLES, '-') : name
}

/** How many names a set remembers. The names of callers are endless, those of usual ones are few. */
const KNOWN_MAX = 1_000
const KNOWN_CHARS_MAX = 64

/** Header names that are dropped, also where they are written so that they are only read like one. */
export class DroppedNames {
  readonly #names: ReadonlySet<string>
  readonly #prefixes: readonly string[]
  /** Whether names that were asked for before are dropped. */
  readonly #known = new Map<string, boolean>()

  constructor(names: Iterable<string>, prefixes: readonly string[]) {
    this.#names = new Set(names)
    this.#prefixes = prefixes
  }

  /** @param name in lower case */
  has(name: string): boolean {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const read = nameAsRead(name)
    const isDropped = this.#names.has(read) || this.#prefixes.some((prefix) => read.startsWith(prefix))
    if (this.#known.size < KNOWN_MAX && name.length <= KNOWN_CHARS_MAX) this.#known.set(name, isDropped)
    return isDropped
  }
}

/** A caller's headers that an upstream does not receive. */
export interface DroppedHeaders {
  readonly fromTrustedProxies: DroppedNames
  readonly fromOthers: DroppedNames
}

/** @param replaced names, in lower case, of headers that the step sets */
export function droppedHeaders(replaced: readonly string[]): DroppedHeaders {
  const always = [...HOP_BY_HOP, ...GATEWAY_HEADERS, ...CREDENTIAL_HEADERS, ...replaced]
  return {
    fromTrustedProxies: new DroppedNames(always, [IDENTITY_PREFIX]),
    fromOthers: new DroppedNames(
      [...always, ...CLIENT_STATEMENTS],
      [IDENTITY_PREFIX, ...CLIENT_STATEMENT_PREFIXES],
    ),
  }
}
