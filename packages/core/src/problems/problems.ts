/** The fixed part of a problem. */
export interface ProblemDefinition {
  /** The HTTP status. */
  readonly status: number
  /** What happened. */
  readonly title: string
  /** What the caller can do next. It is the `detail` unless the code that reports the problem has a better one. */
  readonly advice: string
}

/**
 * Every problem that Sallyport reports (RFC 9457), by its stable code. A test compares `docs/errors.md` with this table.
 */
export const PROBLEMS = {
  invalid_request: {
    status: 400,
    title: 'The request is not valid',
    advice: 'Correct the fields listed in `errors` and send the request again.',
  },
  unauthenticated: {
    status: 401,
    title: 'A valid credential is required',
    advice:
      'Send a secret key of the organization as `Authorization: Bearer sp_sk_…`, or sign in with `POST /v1/auth/sign-in`.',
  },
  credential_missing: {
    status: 401,
    title: 'An API key is required',
    advice: 'Send your API key in the `x-api-key` header or as `Authorization: Bearer sp_…`.',
  },
  credential_ambiguous: {
    status: 401,
    title: 'A credential is repeated or empty',
    advice: 'Send the API key and the JWT only once each, in one header, and not empty.',
  },
  credential_invalid: {
    status: 401,
    title: 'The API key is not valid',
    advice: 'Check that you copied the whole key, or ask for a new one.',
  },
  key_inactive: {
    status: 401,
    title: 'The API key is inactive',
    advice: 'Ask the organization that issued the key to activate the key or its consumer again.',
  },
  key_expired: {
    status: 401,
    title: 'The API key has expired',
    advice: 'Ask the organization that issued the key for a new one.',
  },
  key_outdated: {
    status: 401,
    title: 'The secret of the API key was replaced',
    advice: 'The grace period of this secret is over. Use the newer secret of the same key.',
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
      'Get a token from a login pipeline and send it as `Authorization: Bearer …` or in the `x-access-token` header.',
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
  sign_in_failed: {
    status: 401,
    title: 'The sign-in failed',
    advice:
      'Check the e-mail address, the password, passkey or provider, and the code of your second factor. If you forgot the password, ask for a link to set a new one.',
  },
  second_factor_required: {
    status: 401,
    title: 'A second factor is required',
    advice:
      'Send a code of your authenticator app, or a recovery code, as `code`: with the sign-in, or to `POST /v1/session/second-factor` if you have a session.',
  },
  permission_missing: {
    status: 403,
    title: 'A permission is missing',
    advice: 'Ask an administrator of the organization for a role with the permission named in `permission`.',
  },
  step_up_required: {
    status: 403,
    title: 'Confirm that it is you',
    advice:
      'Send your password, a code or a passkey to `POST /v1/session/step-up`, then send this request again within 5 minutes.',
  },
  cross_origin: {
    status: 403,
    title: 'The request comes from another site',
    advice:
      'Send requests with a session from the pages of this server. Programs use an API key as `Authorization: Bearer sp_sk_…`.',
  },
  quota_exceeded: {
    status: 403,
    title: 'A quota is used up',
    advice:
      'Delete what you no longer need of what `quota` names, or ask the operator to raise that quota. `GET /v1/organizations/{org}/quotas` shows all of them.',
  },
  key_wrong_environment: {
    status: 403,
    title: 'The API key belongs to another environment',
    advice: 'Use a key that was issued for this environment.',
  },
  address_not_allowed: {
    status: 403,
    title: 'The API key does not work from this address',
    advice: 'Call from an address that the key allows, or ask for your address to be added to the key.',
  },
  caller_address_not_allowed: {
    status: 403,
    title: 'The API does not take requests from this address',
    advice: 'Call from an address that the API allows, or ask its owner to allow your address.',
  },
  pipeline_not_allowed: {
    status: 403,
    title: 'The credential may not call this pipeline',
    advice:
      'Ask the owner of the pipeline to associate your consumer with it or its project, or to give your key a role that may call it. A public key calls only pipelines that accept public keys.',
  },
  token_wrong_consumer: {
    status: 403,
    title: 'The JWT belongs to another consumer',
    advice: 'Send an API key and a token of the same consumer.',
  },
  not_found: {
    status: 404,
    title: 'Not found',
    advice:
      'Check the name or id. A resource that you may not see gives the same answer as one that does not exist.',
  },
  route_not_found: {
    status: 404,
    title: 'No pipeline is deployed at this URL',
    advice: 'Compare the organization, environment and path with the URLs that the deployment returned.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The method is not allowed for this URL',
    advice: 'Use one of the methods in the `Allow` header.',
  },
  request_timeout: {
    status: 408,
    title: 'The request took too long to arrive',
    advice: "Send the whole request within the pipeline's timeout.",
  },
  conflict: {
    status: 409,
    title: 'The request conflicts with the current state',
    advice: 'Read the current state, then decide whether to send the request again.',
  },
  already_set_up: {
    status: 409,
    title: 'Sallyport is already set up',
    advice: 'Use the owner key from the set-up. Add further organizations with POST /v1/organizations.',
  },
  roll_pending: {
    status: 409,
    title: 'A roll of this key is pending',
    advice: 'Finish or undo the pending roll first.',
  },
  key_not_rollable: {
    status: 409,
    title: 'The key cannot be rolled',
    advice: 'Only an active key can be rolled. Activate it, give it a later expiry, or create a new key.',
  },
  link_invalid: {
    status: 410,
    title: 'The link does not work',
    advice: 'It was used or withdrawn, has expired, or was replaced. Ask for a new one.',
  },
  precondition_failed: {
    status: 412,
    title: 'The resource is not as the request requires',
    advice: 'It has changed since you read it. Read it again, then send your change with the new `ETag`.',
  },
  too_large: {
    status: 413,
    title: 'The request is too large',
    advice: 'Send a body of at most `limitBytes` bytes, or with at most `limitValues` values.',
  },
  unsupported_media_type: {
    status: 415,
    title: 'The content type is not supported',
    advice:
      'Send JSON, and name it: set the header `Content-Type` to `application/json`. A `rest` pipeline also takes types that end in `+json`. Calls of the management API with an API key also take YAML: `application/yaml`, `application/x-yaml` or `text/yaml`.',
  },
  expectation_failed: {
    status: 417,
    title: 'The expectation cannot be met',
    advice: 'Remove the `Expect` header, or send `Expect: 100-continue`.',
  },
  misdirected_request: {
    status: 421,
    title: 'This server does not answer for the host',
    advice: 'Open the server at one of its own names, or add the host to SALLYPORT_CONTROL_HOSTS.',
  },
  deployment_refused: {
    status: 422,
    title: 'The deployment was refused',
    advice: 'Fix every entry in `violations`, save a new version and deploy it.',
  },
  rate_limited: {
    status: 429,
    title: 'Too many requests',
    advice: 'Wait for the number of seconds in `Retry-After`, then try again.',
  },
  headers_too_large: {
    status: 431,
    title: 'The headers are too large',
    advice: 'Send fewer or shorter headers. All headers together can have at most 16 KiB.',
  },
  internal: {
    status: 500,
    title: 'An internal error occurred',
    advice: 'Try again. If the error persists, give the operator the `x-request-id` of this response.',
  },
  step_failed: {
    status: 500,
    title: 'A step of the pipeline failed',
    advice: 'The error is in the pipeline. Give its owner the `x-request-id` of this response.',
  },
  method_not_supported: {
    status: 501,
    title: 'The method is not supported',
    advice: 'Use one of the methods GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS, in capital letters.',
  },
  coding_not_supported: {
    status: 501,
    title: 'The transfer coding is not supported',
    advice: 'Send the body with `Transfer-Encoding: chunked` alone, or with `Content-Length`.',
  },
  upstream_failed: {
    status: 502,
    title: 'The upstream did not respond',
    advice:
      'Your request was allowed, but the upstream could not be reached or failed. Try again later. If this persists, the log of the gateway has the cause, such as a private address that `SALLYPORT_UPSTREAM_ALLOW` does not list.',
  },
  maintenance: {
    status: 503,
    title: 'The API is being maintained',
    advice:
      'The owner of the API has paused it for maintenance. Try again after the seconds in `Retry-After`.',
  },
  unavailable: {
    status: 503,
    title: 'The service is temporarily unavailable',
    advice: 'The error is on our side and says nothing about your credential. Try again shortly.',
  },
  snapshot_stale: {
    status: 503,
    title: 'The gateway has no connection to its store',
    advice: 'The error is on our side, and your credential was not checked. Try again shortly.',
  },
  upstream_timeout: {
    status: 504,
    title: 'The upstream took too long',
    advice: 'Your request was allowed, but the upstream did not respond in time. Try again later.',
  },
  version_not_supported: {
    status: 505,
    title: 'The version of HTTP is not supported',
    advice: 'Use HTTP/1.1 or HTTP/1.0.',
  },
} as const satisfies Readonly<Record<string, ProblemDefinition>>

export type ProblemCode = keyof typeof PROBLEMS

/**
 * The only error class for expected failures. The caller gets the code, the detail and the extensions; `cause` only goes
 * to the log.
 */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly status: number
  readonly detail: string
  /** Additional members of the body, such as `violations` or `errors` (RFC 9457 section 3.2). */
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

/**
 * The JSON body of a problem (RFC 9457 section 3).
 *
 * @param extensions additional members; a standard member with the same name takes precedence
 */
export function problemBody(
  code: ProblemCode,
  detail: string = PROBLEMS[code].advice,
  extensions: Readonly<Record<string, unknown>> = {},
): Record<string, unknown> {
  const { status, title } = PROBLEMS[code]
  return { ...extensions, type: `urn:sallyport:problem:${code}`, title, status, detail, code }
}
