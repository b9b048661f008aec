import { Problem, problemBody, type ProblemCode } from '@sallyport/core'
import { redactTokens } from '../telemetry/redact-tokens.ts'
import { BODY_BYTES_MAX } from './request-body.ts'

/** The problems for Fastify's own error codes. */
const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too_large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported_media_type',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'invalid_request',
  FST_ERR_CTP_EMPTY_TYPE: 'unsupported_media_type',
  FST_ERR_BAD_URL: 'invalid_request',
  // No resource has a name that long.
  FST_ERR_MAX_PARAM_LENGTH: 'not_found',
}

const FASTIFY_DETAILS: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'The length of the body differs from Content-Length.',
  FST_ERR_BAD_URL: 'The path is not a valid URL: it has an invalid percent-encoding.',
}

/** Error codes of a connection that ended within the body. */
const CUT_OFF_CODES: readonly string[] = ['ECONNRESET', 'ECONNABORTED', 'ERR_STREAM_PREMATURE_CLOSE', 'EPIPE']

/**
 * Maps an error to the problem that the caller receives; the only place that does. An expected refusal is already a
 * problem; any other error becomes `internal`, with the original in `cause` for the log only.
 */
export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error
  const code = codeOf(error)
  const known = FASTIFY_CODES[code]
  if (known !== undefined) {
    const detail = FASTIFY_DETAILS[code]
    return new Problem(known, {
      ...(detail === undefined ? {} : { detail }),
      ...(known === 'too_large' ? { extensions: { limitBytes: BODY_BYTES_MAX } } : {}),
      cause: error,
    })
  }
  if (CUT_OFF_CODES.includes(code)) {
    return new Problem('invalid_request', { detail: 'The body was cut off.', cause: error })
  }
  if (code.startsWith('FST_') && isClientError(error)) return new Problem('invalid_request', { cause: error })
  return new Problem('internal', { cause: error })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

function isClientError(error: unknown): boolean {
  if (!(error instanceof Error) || !('statusCode' in error)) return false
  return typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500
}

/** The `Retry-After` of an outage. */
const RETRY_AFTER_SECONDS = 1

/** A problem as an HTTP response. */
export interface ProblemAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/**
 * Converts a problem to an HTTP response.
 *
 * @param sentCredential whether the caller sent a credential: then `WWW-Authenticate` reports it as invalid (RFC 6750
 *   section 3.1)
 */
export function answerOf(problem: Problem, sentCredential: boolean): ProblemAnswer {
  const { code, status, detail, extensions } = problem
  const headers: Record<string, string> = {
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
  }
  if (status === 401) {
    headers['www-authenticate'] = sentCredential
      ? 'Bearer realm="sallyport", error="invalid_token"'
      : 'Bearer realm="sallyport"'
  }
  const { allow, retryAfterSeconds } = extensions
  if (code === 'method_not_allowed' && Array.isArray(allow)) headers['allow'] = allow.join(', ')
  if (typeof retryAfterSeconds === 'number') headers['retry-after'] = String(retryAfterSeconds)
  else if (status === 503) headers['retry-after'] = String(RETRY_AFTER_SECONDS)
  // A caller that puts a token where a name belongs must not find it in its log of errors.
  return { status, headers, body: redactTokens(JSON.stringify(problemBody(code, detail, extensions))) }
}
