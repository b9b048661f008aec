/** While a pipeline is maintained, it takes no requests. */
export interface Maintenance {
  /** What callers are told; null for the usual sentence. */
  readonly detail: string | null
  /** When callers may try again, in seconds. */
  readonly retryAfterSeconds: number
  /** Address ranges in CIDR form, such as the developer's own, whose callers are served all the same. */
  readonly exceptAddresses: readonly string[]
}

/** The time after which callers of a maintained pipeline may try again, in seconds, unless the trigger says otherwise. */
export const RETRY_AFTER_SECONDS_DEFAULT = 300
export const RETRY_AFTER_SECONDS_MAX = 604_800

/** That callers should move away from a pipeline. Each of its responses says so. */
export interface Deprecation {
  /** Since when, in ISO 8601, in UTC. It can lie ahead. */
  readonly since: string
  /** When the pipeline will end, in the same form; null if that is not known. */
  readonly sunset: string | null
  /** URLs: of an explanation, and of what replaces the pipeline. */
  readonly link: string | null
  readonly successor: string | null
}

/** What a trigger checks before any credential. All of it is left out in specs saved before it existed. */
export interface EntryRules {
  /** Address ranges in CIDR form that callers must be in; empty for every address. */
  readonly addressRules?: readonly string[]
  readonly maintenance?: Maintenance
}
