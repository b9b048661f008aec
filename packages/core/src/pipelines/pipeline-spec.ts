import type { Deprecation, EntryRules } from './entry-rules.ts'
import type { CacheRules } from './cache-rules.ts'
import type { CompressionRules } from './compression-rules.ts'
import type { HeaderRule } from './header-rule.ts'
import type { JsonSchema, RequestRules } from './request-rules.ts'
import { methodsOfRoutes, mergedPaths, type RouteFields, type WrittenRoute } from './written-routes.ts'
import type { UpstreamOptions } from './upstream-targets.ts'

/** How a pipeline starts. Every kind except `schedule` exposes it to callers. */
export type TriggerKind = 'rest' | 'http' | 'http-file' | 'schedule'

/** The credentials that a caller must send: every one that is true is required. */
export interface Authentication {
  readonly apiKey: boolean
  /** Whether callers may send an API key although none is required; `apiKey` is false then. Left out for false. */
  readonly apiKeyOptional?: boolean
  readonly jwt: boolean
  readonly basic: boolean
}

/** The CORS settings of a trigger. */
export interface Cors {
  /** Exact origins and patterns such as `https://*.example.com`, or the single entry `*`. */
  readonly origins: readonly string[]
  readonly headers: readonly string[]
  /** Response headers that pages may read besides the usual ones. Left out in specs saved before the field existed: none. */
  readonly exposedHeaders?: readonly string[]
  readonly credentials: boolean
  /** How long browsers may cache a preflight, in seconds. Left out like `exposedHeaders`: `PREFLIGHT_SECONDS_DEFAULT`. */
  readonly maxAge?: number
}

/** How long browsers may cache the answer to a preflight, in seconds, unless the trigger says otherwise. */
export const PREFLIGHT_SECONDS_DEFAULT = 600
/** The longest that any browser does: Firefox; Chromium does for 7200 seconds. */
export const PREFLIGHT_SECONDS_MAX = 86_400

/** The window of a rate limit; `WINDOW_MS` has the lengths. */
export type RateWindow = 'second' | 'minute' | 'hour' | 'day' | 'month'

/** At most `requests` in a burst, refilled evenly over `per`; counted separately for each consumer or credential. */
export interface RateLimit {
  readonly requests: number
  readonly per: RateWindow
  readonly by: 'consumer' | 'credential'
}

/** Whether a trigger accepts `%2F` in a path, which some upstreams read as `/`. */
export type EncodedSlashes = 'refuse' | 'allow'

/** Whether a path with a final slash and the one without it are two paths, or one. */
export const TRAILING_SLASHES = ['exact', 'optional'] as const
export type TrailingSlash = (typeof TRAILING_SLASHES)[number]

/**
 * What happens at a due time while an earlier run of the schedule goes on: the new one starts beside it, the new one
 * does not start, or the earlier one ends.
 */
export const OVERLAPS = ['allow', 'forbid', 'replace'] as const
export type Overlap = (typeof OVERLAPS)[number]
export const OVERLAP_DEFAULT: Overlap = 'forbid'

/** How many runs make up for due times that have passed without one. */
export const CATCH_UPS = ['none', 'one'] as const
type CatchUp = (typeof CATCH_UPS)[number]
export const CATCH_UP_DEFAULT: CatchUp = 'none'

/** The methods that a pipeline can have. */
export const PIPELINE_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const

/** A trigger with all defaults filled in. */
export interface Trigger extends EntryRules, RouteFields {
  readonly kind: TriggerKind
  /**
   * The hosts at which callers can reach it, and patterns such as `*.example.com`. Left out without hosts of its own, and in
   * specs saved before the field existed: every host of the environment, and the environment's path on other hosts.
   */
  readonly hosts?: readonly string[]
  readonly authentication: Authentication
  readonly acceptsPublicKeys: boolean
  /** Left out in specs that were saved before the field existed, and for a schedule: `refuse`. */
  readonly encodedSlashes?: EncodedSlashes
  /** Left out like `encodedSlashes`: `exact`. */
  readonly trailingSlash?: TrailingSlash
  readonly apiKeyInQuery: boolean
  readonly login: boolean
  readonly cors: Cors | null
  readonly requestBytesMax: number
  readonly timeoutMs: number
  readonly rateLimits: readonly RateLimit[]
  /** By name; null for a header that no response has. */
  readonly responseHeaders: Readonly<Record<string, string | null>>
  /** Whether upstreams and steps get the caller's labels. Left out in specs that were saved before the field existed. */
  readonly sendLabels?: boolean
  /** What requests must contain where no route has rules of its own. Left out without rules, and by a schedule. */
  readonly request?: RequestRules
  /** What the schemas of `request`, here and of routes, refer to as `#/$defs/NAME`. Left out like `request`. */
  readonly schemas?: Readonly<Record<string, JsonSchema>>
  /** Left out for a pipeline that callers should go on using. */
  readonly deprecation?: Deprecation
  /**
   * A further header, in lower case, that carries the id of each request beside `x-request-id`: from callers, to upstreams, and in
   * responses. Left out for none.
   */
  readonly correlationHeader?: string
  /** Which responses are compressed. Left out for none. */
  readonly compression?: CompressionRules
  readonly schedule: string | null
  /** The IANA time zone of `schedule`. Left out by other triggers, and in specs saved before the field existed: UTC. */
  readonly timeZone?: string
  /** Left out like `timeZone`: `OVERLAP_DEFAULT`. */
  readonly overlap?: Overlap
  /** Left out like `timeZone`: `CATCH_UP_DEFAULT`. */
  readonly catchUp?: CatchUp
}

/** Streams the request to the upstream and the upstream's response back. */
export interface ProxyStep extends UpstreamOptions {
  readonly kind: 'proxy'
  readonly url: string
  readonly headers: Readonly<Record<string, HeaderRule>>
  /** Headers of the response by name, in lower case; null for none. Left out in specs saved before the field existed. */
  readonly responseHeaders?: Readonly<Record<string, string | null>>
  /** How its responses are stored. Left out for not at all. */
  readonly cache?: CacheRules
  readonly timeoutMs: number | null
  /** Whether the upstream gets the host that the caller has addressed, as `Host`. Left out in specs without it. */
  readonly preserveHost?: boolean
  /** Whether the upstream learns which beginning of the caller's path it does not get. Left out in specs without it. */
  readonly forwardedPrefix?: boolean
}

/** Sends a request of its own; the response becomes the message's body and status. */
export interface CallStep extends UpstreamOptions {
  readonly kind: 'call'
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, HeaderRule>>
  /** An expression for the body; null for a request without a body. */
  readonly body: string | null
  readonly timeoutMs: number | null
}

/** Sets parts of the message. Each is an expression; a part that is null or left out does not change. */
export interface TransformStep {
  readonly kind: 'transform'
  readonly body: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly status: string | null
}

/** Ends the pipeline with a problem unless the expression evaluates to true. */
export interface AssertStep {
  readonly kind: 'assert'
  readonly that: string
  readonly status: number
  readonly code: string
  readonly detail: string
}

/** Verifies a consumer's username and password, which expressions take from the message. */
export interface CredentialsVerifyStep {
  readonly kind: 'credentials.verify'
  readonly username: string
  readonly password: string
}

/** Mints a JWT. */
export interface JwtGenerateStep {
  readonly kind: 'jwt.generate'
  /** An expression for `sub`. */
  readonly subject: string
  /** An expression for an object of claims, or one expression for each claim. */
  readonly claims: string | Readonly<Record<string, string>> | null
  /** An expression for a list or a space-separated string, or the scopes themselves. */
  readonly scopes: string | readonly string[] | null
  readonly expiresInSeconds: number
}

/** Verifies a JWT that an expression takes from the message, and puts its claims into the message's body. */
export interface JwtDecodeStep {
  readonly kind: 'jwt.decode'
  readonly token: string
}

/** How an OAuth client proves its identity to a token endpoint (RFC 6749 section 2.3.1): a header, or members of the form. */
export const CLIENT_AUTHENTICATIONS = ['basic', 'body'] as const
export type ClientAuthentication = (typeof CLIENT_AUTHENTICATIONS)[number]

/** The longest time for one request to a token endpoint. */
export const TOKEN_REQUEST_MS_MAX = 10_000

/**
 * Gets an access token with the client's own credentials (RFC 6749 section 4.4) for the steps that follow. All but the
 * URL, which has variables only, are templates of header values with secrets and variables.
 */
export interface OauthTokenStep {
  readonly kind: 'oauth.token'
  readonly tokenUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly scopes: readonly string[]
  readonly audience: string | null
  readonly authentication: ClientAuthentication
  readonly timeoutMs: number
}

/** Sends a response. A part that is null or left out is taken from the message. */
export interface RespondStep {
  readonly kind: 'respond'
  readonly status: number | null
  readonly headers: Readonly<Record<string, string>>
  /** A JSON value; undefined to send the message's body. */
  readonly body?: unknown
}

/** A step of a pipeline. */
export type Step =
  | ProxyStep
  | CallStep
  | TransformStep
  | AssertStep
  | CredentialsVerifyStep
  | JwtGenerateStep
  | JwtDecodeStep
  | OauthTokenStep
  | RespondStep

/** The longest lifetime of a minted JWT: 365 days, in seconds. */
export const TOKEN_SECONDS_MAX = 365 * 86_400

/** The most characters of one expression. */
export const EXPRESSION_CHARS_MAX = 8192

/**
 * The claim of a minted JWT that holds the id of the API key used to log in, when it is not in `azp`. It is a private
 * claim (RFC 7519 section 4.3) and has no meaning in a token of a trusted issuer.
 */
export const LOGIN_KEY_CLAIM = 'sallyport_key'

/** The private claim that holds the sequence of the secret used to log in, of the key in `azp` or `LOGIN_KEY_CLAIM`. */
export const LOGIN_SECRET_CLAIM = 'sallyport_secret'

/** The private claim that holds the id of the Basic credential used to log in. */
export const LOGIN_CREDENTIAL_CLAIM = 'sallyport_credential'

/** The claims that Sallyport sets in a minted JWT (RFC 7519 section 4.1, RFC 8693 section 4.2); `jwt.generate` cannot. */
export const REGISTERED_CLAIMS: readonly string[] = [
  'iss',
  'aud',
  'sub',
  'iat',
  'exp',
  'nbf',
  'jti',
  'azp',
  'scope',
  LOGIN_KEY_CLAIM,
  LOGIN_SECRET_CLAIM,
  LOGIN_CREDENTIAL_CLAIM,
]

/** The most claims that a `jwt.generate` step can list. */
export const CLAIMS_MAX = 50
/** The most characters of a claim's name. */
export const CLAIM_NAME_CHARS_MAX = 100

/** The spec that a deployment runs: the saved spec with all defaults filled in. */
export interface PipelineSpec {
  readonly trigger: Trigger
  readonly steps: readonly Step[]
}

/** The largest request body, unless the trigger sets one. */
export const REQUEST_BYTES_DEFAULT = 5 * 1024 * 1024
/** The same for an `http-file` trigger. */
export const REQUEST_BYTES_FILE_DEFAULT = 100 * 1024 * 1024
/** The largest value of `requestBytesMax`. */
export const REQUEST_BYTES_MAX = 100 * 1024 * 1024
/** The timeout of an exchange, unless the trigger sets one. */
export const TIMEOUT_MS_DEFAULT = 30_000
/** The largest value of `timeoutMs`. */
export const TIMEOUT_MS_MAX = 900_000

/** Whether callers can reach a trigger of this kind. */
export function isExposing(kind: TriggerKind): boolean {
  return kind !== 'schedule'
}

/** A spec with all defaults filled in except those that depend on the pipeline's name and version. */
export interface SpecDraft {
  readonly trigger: Omit<Trigger, 'paths' | 'routeMethods' | 'writtenRoutes'> & {
    /** The main route pattern; null for the default, see `completeSpec`. */
    readonly path: string | null
    /** More route patterns. Those without methods of their own have the ones of the trigger. */
    readonly routes: readonly (string | WrittenRoute)[]
  }
  readonly steps: readonly Step[]
}

/**
 * Fills in the defaults that depend on the pipeline and its version. The default path of an exposing trigger is
 * `/v{major}/{pipeline}`, so that several major versions can be live at once; a schedule has no paths.
 */
export function completeSpec(draft: SpecDraft, pipeline: string, major: number): PipelineSpec {
  const { path, routes, ...trigger } = draft.trigger
  if (!isExposing(trigger.kind)) return { trigger: { ...trigger, paths: [] }, steps: draft.steps }
  const all = [path ?? `/v${major}/${pipeline}`, ...routes]
  return {
    trigger: {
      ...trigger,
      ...methodsOfRoutes(trigger.methods, all),
      paths: mergedPaths(trigger.methods, all),
    },
    steps: draft.steps,
  }
}
