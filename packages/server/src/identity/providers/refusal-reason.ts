import {
  AuthorizationResponseError,
  ClientError,
  ResponseBodyError,
  WWWAuthenticateChallengeError,
} from 'openid-client'

/** Error codes of OAuth, such as `access_denied` (RFC 6749 sections 4.1.2.1 and 5.2). */
const ERROR_CODE = /^[a-z_]{1,64}$/

/**
 * Why the library refused the answers of a provider, for the log. Only the library's texts are part of it: what the
 * provider wrote could be a secret.
 */
export function refusalReason(error: unknown): string {
  if (error instanceof AuthorizationResponseError || error instanceof ResponseBodyError) {
    const code = ERROR_CODE.test(error.error) ? error.error : 'an unknown error'
    return `the provider answered ${code}`
  }
  if (error instanceof WWWAuthenticateChallengeError) return "the provider refused the client's credentials"
  if (!(error instanceof ClientError)) {
    // The library throws others for a few answers that make no sense, such as an algorithm that is a number.
    return `the answers of the provider are malformed: ${error instanceof Error ? error.name : 'error'}`
  }
  const { cause } = error
  return cause instanceof Error && cause.message !== error.message
    ? `${error.message}: ${cause.message}`
    : error.message
}
