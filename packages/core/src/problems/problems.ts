/** What a problem code means everywhere: the status it is sent with, its title, and what the reader does next. */
export interface ProblemDefinition {
  readonly status: number
  readonly title: string
  /** The `detail` unless there is a better one: what happened and what to do next, for the caller to read. */
  readonly advice: string
}

/**
 * Every problem that Sallyport answers with (RFC 9457), by its stable code. `docs/errors.md` is held against this
 * table by a test.
 */
export const PROBLEMS = {
  invalid_request: {
    status: 400,
    title: 'The request is not valid',
    advice: 'Correct what `errors` names and send the request again.',
  },
  unauthenticated: {
    status: 401,
    title: 'No valid credential',
    advice: 'Send a secret key of the organization as `Authorization: Bearer sp_sk_…`.',
  },
  credential_missing: {
    status: 401,
    title: 'An API key is required',
    advice: 'Send your API key in the header `x-api-key`, or as `Authorization: Bearer sp_…`.',
  },
  credential_ambiguous: {
    status: 401,
    title: 'More than one credential was sent',
    advice: 'Send the API key, and the JWT, exactly once, not empty, in one place.',
  },
  credential_invalid: {
    status: 401,
    title: 'The API key is not valid',
    advice: 'Check that the whole key was copied, or ask for a new one.',
  },
  key_inactive: {
    status: 401,
    title: 'The API key is switched off',
    advice: 'Ask the organization that issued the key to switch it, or its consumer, on again.',
  },
  key_expired: {
    status: 401,
    title: 'The API key has expired',
    advice: 'Ask the organization that issued the key for a new one.',
  },
  key_outdated: {
    status: 401,
    title: 'The API key was rolled',
    advice: 'This secret was replaced and its grace is over: use the newer secret of the same key.',
  },
  key_deleted: {
    status: 401,
    title: 'The API key was deleted',
    advice: 'Ask the organization that issued the key for a new one.',
  },
  basic_invalid: {
    status: 401,
    title: 'The username or password is not valid',
    advice: 'Send the Basic credentials of your consumer as `Authorization: Basic …`.',
  },
  token_missing: {
    status: 401,
    title: 'A JWT is required',
    advice:
      'Get a token from a login pipeline and send it as `Authorization: Bearer …`, or alone in `x-access-token`.',
  },
  token_invalid: {
    status: 401,
    title: 'The JWT is not valid',
    advice: 'Get a new token from the login pipeline of this environment.',
  },
  token_expired: {
    status: 401,
    title: 'The JWT has expired',
    advice: 'Get a new token from the login pipeline.',
  },
  permission_missing: {
    status: 403,
    title: 'A permission is missing',
    advice:
      'Ask an administrator of the organization for a role that has the permission named in `permission`.',
  },
  key_wrong_environment: {
    status: 403,
    title: 'The API key belongs to another environment',
    advice: 'Use a key that was issued for this environment.',
  },
  address_not_allowed: {
    status: 403,
    title: 'The API key does not work from this address',
    advice: 'Call from an address that the key allows, or have the address added to the key.',
  },
  pipeline_not_allowed: {
    status: 403,
    title: 'The API key may not call this pipeline',
    advice: 'Ask the owner of the pipeline to associate your consumer with it.',
  },
  token_wrong_consumer: {
    status: 403,
    title: 'The JWT belongs to another consumer',
    advice: 'Send the API key and the token of one and the same consumer.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    advice: 'Check the name or id; a thing that you may not see looks the same as one that does not exist.',
  },
  route_not_found: {
    status: 404,
    title: 'Nothing is deployed here',
    advice: 'Check organization, environment and path against the URL that the deployment answered with.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The method is not allowed here',
    advice: 'Use one of the methods in the `Allow` header.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    advice: "Send the whole request within the pipeline's timeout.",
  },
  conflict: {
    status: 409,
    title: 'The request conflicts with what is there',
    advice: 'Read the current state and decide again.',
  },
  already_set_up: {
    status: 409,
    title: 'Sallyport is set up already',
    advice: 'Use the owner key that set-up gave; further organizations are made with POST /v1/organizations.',
  },
  roll_pending: {
    status: 409,
    title: 'A roll of this key is pending',
    advice: 'Finish or undo the pending roll first.',
  },
  key_not_rollable: {
    status: 409,
    title: 'The key cannot be rolled',
    advice: 'A roll never revives a key: make a new one.',
  },
  too_large: {
    status: 413,
    title: 'The request is too large',
    advice: 'Send a smaller body; the limit is in `limitBytes`.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The content type is not supported',
    advice: 'Send `content-type: application/json`.',
  },
  expectation_failed: {
    status: 417,
    title: 'The expectation cannot be met',
    advice: 'Send no `Expect` header but `100-continue`.',
  },
  deployment_refused: {
    status: 422,
    title: 'The deployment is refused',
    advice: 'Mend everything that `violations` lists, save a new version, and deploy that.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    advice: 'Wait as long as `Retry-After` says.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    advice: 'Send fewer or shorter headers; 16 KiB is the limit for all of them together.',
  },
  internal: {
    status: 500,
    title: 'Something went wrong on our side',
    advice: 'Try again; if it stays, give the operator the `x-request-id` of this answer.',
  },
  step_failed: {
    status: 500,
    title: 'A step of the pipeline failed',
    advice: 'The pipeline is at fault, not your request: give its owner the `x-request-id` of this answer.',
  },
  upstream_failed: {
    status: 502,
    title: 'The upstream cannot be reached',
    advice: 'The pipeline is fine with you, but the system behind it did not answer. Try again later.',
  },
  unavailable: {
    status: 503,
    title: 'Not available right now',
    advice: 'This is a fault on our side and says nothing about your credential. Try again shortly.',
  },
  snapshot_stale: {
    status: 503,
    title: 'The gateway has lost touch with its store',
    advice: 'This is a fault on our side and says nothing about your credential. Try again shortly.',
  },
  upstream_timeout: {
    status: 504,
    title: 'The upstream took too long',
    advice: 'The system behind the pipeline did not answer in time. Try again later.',
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>

export type ProblemCode = keyof typeof PROBLEMS

/**
 * The one error class: an expected refusal on its way to a caller. What the caller reads is the code, the detail and
 * the extensions; `cause` goes to the log alone.
 */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly detail: string
  /** Members beside the standard ones, such as `violations` or `errors` (RFC 9457 section 3.2). */
  readonly extensions: Readonly<Record<string, unknown>>

  constructor(
    code: ProblemCode,
    options: { detail?: string; extensions?: Readonly<Record<string, unknown>>; cause?: unknown } = {},
  ) {
    const definition = PROBLEMS[code]
    super(`${code}: ${options.detail ?? definition.title}`, { cause: options.cause })
    this.name = 'Problem'
    this.code = code
    this.status = definition.status
    this.detail = options.detail ?? definition.advice
    this.extensions = options.extensions ?? {}
  }
}

/** The JSON body of a problem (RFC 9457 section 3). */
export function problemBody(
  code: ProblemCode,
  detail: string = PROBLEMS[code].advice,
  extensions: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { status, title } = PROBLEMS[code]
  return { ...extensions, type: `urn:sallyport:problem:${code}`, title, status, detail, code }
}
