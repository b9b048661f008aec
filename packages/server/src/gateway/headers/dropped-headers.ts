import { CREDENTIAL_HEADERS } from '@sallyport/core'
import { CLIENT_STATEMENTS, CLIENT_STATEMENT_PREFIXES } from './client-statements.ts'
import { HOP_BY_HOP } from './hop-by-hop.ts'
import { IDENTITY_PREFIX } from './identity-headers.ts'

/** Headers that the gateway sends upstreams with values of its own, which contain those of the caller that count. */
const RESTATED_HEADERS = [
  'host',
  'content-length',
  'via',
  'x-request-id',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
]

/** Headers that no upstream gets from a caller. */
const REMOVED_HEADERS = [
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
    this.#names = new Set([...names].map(nameAsRead))
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

const HIDDEN = [...HOP_BY_HOP, ...REMOVED_HEADERS, ...CREDENTIAL_HEADERS]

const HIDDEN_NAMES: DroppedHeaders = {
  fromTrustedProxies: new DroppedNames(HIDDEN, [IDENTITY_PREFIX]),
  fromOthers: new DroppedNames(
    [...HIDDEN, ...CLIENT_STATEMENTS],
    [IDENTITY_PREFIX, ...CLIENT_STATEMENT_PREFIXES],
  ),
}
const RESTATED_NAMES: ReadonlySet<string> = new Set(RESTATED_HEADERS)

/**
 * Whether expressions do not see a header of a caller, since an upstream may not see it either. So no step passes on a
 * statement about the client that only a trusted proxy may make.
 *
 * @param name in lower case
 * @param isTrusted whether a trusted proxy sent it
 */
export function isHidden(name: string, isTrusted: boolean): boolean {
  if ((isTrusted ? HIDDEN_NAMES.fromTrustedProxies : HIDDEN_NAMES.fromOthers).has(name)) return true
  // Upstreams get these of the gateway, and none that is only read like one.
  const read = nameAsRead(name)
  return read !== name && RESTATED_NAMES.has(read)
}

/** @param replaced names, in lower case, of headers that do not pass because of the step */
export function droppedHeaders(replaced: readonly string[]): DroppedHeaders {
  const always = [...HIDDEN, ...RESTATED_HEADERS, ...replaced]
  return {
    fromTrustedProxies: new DroppedNames(always, [IDENTITY_PREFIX]),
    fromOthers: new DroppedNames(
      [...always, ...CLIENT_STATEMENTS],
      [IDENTITY_PREFIX, ...CLIENT_STATEMENT_PREFIXES],
    ),
  }
}
