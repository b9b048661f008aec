import {
  CLIENT_STATEMENT_PREFIXES,
  CLIENT_STATEMENTS,
  CREDENTIAL_HEADERS,
  headerNameAsRead,
  HOP_BY_HOP,
  IDENTITY_PREFIX,
  REMOVED_HEADERS,
  RESTATED_HEADERS,
} from '@sallyport/core'

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
    this.#names = new Set([...names].map(headerNameAsRead))
    this.#prefixes = prefixes
  }

  /** @param name in lower case */
  has(name: string): boolean {
    const known = this.#known.get(name)
    if (known !== undefined) return known
    const read = headerNameAsRead(name)
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
  const read = headerNameAsRead(name)
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
