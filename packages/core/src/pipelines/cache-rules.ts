/** How a gateway stores responses of an upstream (RFC 9111). */
export interface CacheRules {
  /** How long a response is fresh that says nothing about it, in seconds; 0 for not at all. */
  readonly seconds: number
  /** Whether all callers share responses: then the upstream does not learn who calls. */
  readonly isShared: boolean
  /** The headers of the caller that pass to the upstream, in lower case. A response is stored for each combination of them. */
  readonly headers: readonly string[]
}

/** How a caller says what it can read, which upstreams depend on most. */
export const CACHE_HEADERS_DEFAULT: readonly string[] = ['accept', 'accept-language']
export const CACHE_SECONDS_MAX = 31_536_000
