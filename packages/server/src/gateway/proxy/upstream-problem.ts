import { Problem, type PathValues, type ProblemCode } from '@sallyport/core'
import type { Logger } from 'pino'
import { CONNECTION_RESET } from '../../egress/checked-connector.ts'
import type { AdmittedRequest } from '../deployment/admitted-request.ts'
import type { BindingFailure } from '../deployment/compiled-upstream.ts'
import type { ExpansionFailure } from '../deployment/expansion-failure.ts'
import type { ProblemDetails } from '../response/problem-response.ts'

/** Idempotent methods without a body, which may be retried on a new connection (RFC 9110 section 9.2.2). */
const RETRYABLE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS'])
const CONNECTION_LOST: ReadonlySet<unknown> = new Set([
  'UND_ERR_SOCKET',
  'ECONNRESET',
  CONNECTION_RESET,
  'EPIPE',
])
const TIMED_OUT: ReadonlySet<unknown> = new Set(['UND_ERR_CONNECT_TIMEOUT', 'ETIMEDOUT'])

/** Whether a request that failed before any of its response arrived may be sent once more. */
export function isRetryable(method: string, error: unknown): boolean {
  return RETRYABLE.has(method) && CONNECTION_LOST.has(codeOf(error))
}

/** Whether a status code has one of the five classes (RFC 9110 section 15). */
export function isStatus(status: number): boolean {
  return status >= 100 && status <= 599
}

/** The headers whose request asks only for news (RFC 9110 section 13.1). */
const CONDITIONS: ReadonlySet<string> = new Set(['if-none-match', 'if-modified-since'])

/**
 * Whether a request can have 304 as its response: it is a conditional GET or HEAD (RFC 9110 section 15.4.5).
 *
 * @param headers of the request, as alternating names and values
 */
export function isConditional(method: string, headers: readonly string[]): boolean {
  if (method !== 'GET' && method !== 'HEAD') return false
  return headers.some((name, index) => index % 2 === 0 && CONDITIONS.has(name.toLowerCase()))
}

/** A response with the status 304 to a request without a condition. */
export class UnaskedNotModified extends Error {
  override readonly name = 'UnaskedNotModified'

  constructor() {
    super('the response has the status 304 to a request without a condition')
  }
}

/**
 * Whether the content of a response is what arrives, without a transfer coding that is not decoded (RFC 9112 section 6.1). undici
 * decodes only `chunked`.
 *
 * @param coding the joined value of `Transfer-Encoding`; undefined without one
 */
export function isDecoded(coding: string | undefined): boolean {
  return coding === undefined || coding.trim().toLowerCase() === 'chunked'
}

/** The problem for an error while connecting to an upstream or reading its response. */
export function upstreamProblem(error: unknown): ProblemCode {
  if (error instanceof Problem) return error.code
  const code = codeOf(error)
  return TIMED_OUT.has(code) ? 'upstream_timeout' : 'upstream_failed'
}

/** Whether the gateway itself ended the connection to an upstream, because it stops: no fault of the upstream. */
export function isOwnEnd(error: unknown): boolean {
  return codeOf(error) === 'UND_ERR_DESTROYED'
}

/**
 * The problem for an upstream whose URL or headers cannot be expanded. A secret is the operator's concern: only the log
 * names it.
 *
 * @param about the request and its pipeline, for the log
 */
export function expansionProblem(
  failure: ExpansionFailure,
  secrets: PathValues,
  logger: Logger,
  about: Readonly<Record<string, unknown>>,
): { readonly code: ProblemCode; readonly details: ProblemDetails } {
  if (failure.fault !== 'secret') {
    return { code: 'invalid_request', details: { detail: CALLER_FAULTS[failure.fault] } }
  }
  const { name: secretName } = failure
  const reason =
    failure.reason ??
    (secrets.get(secretName) === undefined
      ? 'it does not exist or cannot be decrypted'
      : 'its value is not allowed where the step uses it')
  logger.error({ ...about, secretName, reason }, 'a secret cannot be used')
  return { code: 'internal', details: {} }
}

const CALLER_FAULTS = {
  path: 'A path parameter has a value that cannot be sent to the upstream. Change the path.',
  caller: 'A claim of the JWT is too long to be sent to the upstream. Use a JWT with a shorter one.',
}

/**
 * The problem for a step whose variables cannot be used, which is the operator's concern: only the log says more. The
 * gate and the API refuse such values, so this covers states of the feed that neither of them has seen.
 */
export function bindingProblem(
  failure: BindingFailure,
  logger: Logger,
  about: Readonly<Record<string, unknown>>,
): ProblemCode {
  logger.error({ ...about, reason: failure.bindingProblem }, 'a variable cannot be used')
  return 'internal'
}

/** The request, its pipeline and the origin of its upstream if it is known, for the log. */
export function aboutUpstream(
  { requestId, deployment }: AdmittedRequest,
  origin: string | null,
): Readonly<Record<string, unknown>> {
  const { organization, environment, pipeline } = deployment.record
  return { requestId, organization, environment, pipeline, upstream: origin }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
