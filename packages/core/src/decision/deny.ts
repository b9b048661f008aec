import type { ProblemCode } from '../problems/problems.ts'

/** Why a request is denied. `decide` defines the order of precedence. */
export type DenyReason = Extract<
  ProblemCode,
  | 'route_not_found'
  | 'method_not_allowed'
  | 'caller_address_not_allowed'
  | 'maintenance'
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

/**
 * The `WWW-Authenticate` challenge of a 401 (RFC 9110 section 11.6.1). It names the scheme of the missing or rejected
 * credential: Bearer for an API key or a JWT (RFC 6750 section 3), Basic for a username and password (RFC 7617).
 */
export function challenge(reason: DenyReason): string {
  if (reason === 'basic_invalid') return 'Basic realm="sallyport", charset="UTF-8"'
  if (reason === 'credential_missing' || reason === 'token_missing') return 'Bearer realm="sallyport"'
  return 'Bearer realm="sallyport", error="invalid_token"'
}
