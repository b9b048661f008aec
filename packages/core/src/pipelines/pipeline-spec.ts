/** How a pipeline starts. All but `schedule` expose it to callers. */
export type TriggerKind = 'rest' | 'http' | 'http-file' | 'schedule'

/** What a caller must show; each one that is on is demanded. */
export interface Authentication {
  readonly apiKey: boolean
  readonly jwt: boolean
  readonly basic: boolean
}

export interface Cors {
  /** Exact origins, or the single entry `*`. */
  readonly origins: readonly string[]
  readonly headers: readonly string[]
  readonly credentials: boolean
}

export type RateWindow = 'second' | 'minute' | 'hour' | 'day' | 'month'

/** A burst of at most `requests`, refilled evenly over `per`; counted apart for each consumer or each credential. */
export interface RateLimit {
  readonly requests: number
  readonly per: RateWindow
  readonly by: 'consumer' | 'credential'
}

/** A trigger with every default filled in. */
export interface Trigger {
  readonly kind: TriggerKind
  /** Route patterns: the trigger's `path` first, then its `routes`. Empty for `schedule`. */
  readonly paths: readonly string[]
  readonly methods: readonly string[]
  readonly authentication: Authentication
  readonly acceptsPublicKeys: boolean
  readonly apiKeyInQuery: boolean
  readonly login: boolean
  readonly cors: Cors | null
  readonly requestBytesMax: number
  readonly timeoutMs: number
  readonly rateLimits: readonly RateLimit[]
  readonly responseHeaders: Readonly<Record<string, string>>
  readonly schedule: string | null
}

/** Streams the request to the upstream, and the upstream's answer back. */
export interface ProxyStep {
  readonly kind: 'proxy'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly timeoutMs: number | null
}

/** Sends a JSON request; the answer becomes the message's body and status. */
export interface CallStep {
  readonly kind: 'call'
  readonly url: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** An expression that gives what is sent; null for a request without a body. */
  readonly body: string | null
  readonly timeoutMs: number | null
}

/** Sets parts of the message; each is an expression, null or left out for a part that stays. */
export interface TransformStep {
  readonly kind: 'transform'
  readonly body: string | null
  readonly headers: Readonly<Record<string, string>>
  readonly status: string | null
}

/** Ends the pipeline with a problem unless the expression gives true. */
export interface AssertStep {
  readonly kind: 'assert'
  readonly that: string
  readonly status: number
  readonly code: string
  readonly detail: string
}

/** Checks a consumer's Basic credential that expressions take from the message. */
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
  /** An expression that gives an object, or one expression for each claim. */
  readonly claims: string | Readonly<Record<string, string>> | null
  /** An expression that gives a list or a text with spaces, or the scopes themselves. */
  readonly scopes: string | readonly string[] | null
  readonly expiresInSeconds: number
}

/** Verifies a JWT that an expression takes from the message, and puts its claims into the message's body. */
export interface JwtDecodeStep {
  readonly kind: 'jwt.decode'
  readonly token: string
}

/** Answers, with what steps before have set where it says nothing. */
export interface RespondStep {
  readonly kind: 'respond'
  readonly status: number | null
  readonly headers: Readonly<Record<string, string>>
  /** JSON as it stands; undefined where the step says nothing. */
  readonly body?: unknown
}

export type Step =
  | ProxyStep
  | CallStep
  | TransformStep
  | AssertStep
  | CredentialsVerifyStep
  | JwtGenerateStep
  | JwtDecodeStep
  | RespondStep

/** The longest that a minted JWT may live. */
export const TOKEN_SECONDS_MAX = 365 * 86_400

/** The most characters of an expression in a step. */
export const EXPRESSION_CHARS_MAX = 8192

/**
 * The claim of a minted JWT with the id of the API key that came with the login, where `azp` is not that key: a private
 * claim (RFC 7519 section 4.3), which means nothing in a token of anybody else.
 */
export const LOGIN_KEY_CLAIM = 'sallyport_key'

/** What a minted JWT says by itself: `jwt.generate` cannot set these claims (RFC 7519 section 4.1, RFC 8693 section 4.2). */
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
]

/** The claims that a `jwt.generate` step names apart, and the characters of a claim's name. */
export const CLAIMS_MAX = 50
export const CLAIM_NAME_CHARS_MAX = 100

/** What a deployment runs: the spec as it was saved, with every default filled in. */
export interface PipelineSpec {
  readonly trigger: Trigger
  readonly steps: readonly Step[]
}

export const REQUEST_BYTES_DEFAULT = 5 * 1024 * 1024
export const REQUEST_BYTES_FILE_DEFAULT = 100 * 1024 * 1024
export const REQUEST_BYTES_MAX = 100 * 1024 * 1024
export const TIMEOUT_MS_DEFAULT = 30_000
export const TIMEOUT_MS_MAX = 900_000

/** Whether callers reach a trigger of this kind. */
export function isExposing(kind: TriggerKind): boolean {
  return kind !== 'schedule'
}

/** A spec with its defaults filled in, but for those that depend on the pipeline's name and version. */
export interface SpecDraft {
  readonly trigger: Omit<Trigger, 'paths'> & {
    /** The main route pattern, or null for the default of `completeSpec`. */
    readonly path: string | null
    /** More route patterns. */
    readonly routes: readonly string[]
  }
  readonly steps: readonly Step[]
}

/**
 * Fills in what depends on the pipeline and its version: an exposing trigger without a path gets
 * `/v{major}/{pipeline}`, so that majors live side by side; a schedule has no paths.
 */
export function completeSpec(draft: SpecDraft, pipeline: string, major: number): PipelineSpec {
  const { path, routes, ...trigger } = draft.trigger
  const paths = isExposing(trigger.kind) ? [path ?? `/v${major}/${pipeline}`, ...routes] : []
  return { trigger: { ...trigger, paths }, steps: draft.steps }
}
