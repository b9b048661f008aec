import { PROBLEMS, type ProblemCode } from '../problems/problems.ts'

/** Why a decision says no, in no order; the order is that of `decide`. */
export type DenyReason = Extract<
  ProblemCode,
  | 'route_not_found'
  | 'method_not_allowed'
  | 'credential_missing'
  | 'credential_ambiguous'
  | 'credential_invalid'
  | 'key_inactive'
  | 'key_expired'
  | 'key_outdated'
  | 'key_deleted'
  | 'key_wrong_environment'
  | 'address_not_allowed'
  | 'pipeline_not_allowed'
  | 'basic_invalid'
  | 'token_missing'
  | 'token_invalid'
  | 'token_expired'
  | 'token_wrong_consumer'
  | 'rate_limited'
>

/** The HTTP status of a refusal. */
export function denyStatus(reason: DenyReason): number {
  return PROBLEMS[reason].status
}

/**
 * The challenge that a 401 carries (RFC 9110 section 11.6.1), by what the caller is to send: an API key and a JWT go
 * as Bearer (RFC 6750 section 3), a username and password as Basic (RFC 7617).
 */
export function challenge(reason: DenyReason): string {
  if (reason === 'basic_invalid') return 'Basic realm="sallyport", charset="UTF-8"'
  if (reason === 'credential_missing' || reason === 'token_missing') return 'Bearer realm="sallyport"'
  return 'Bearer realm="sallyport", error="invalid_token"'
}
