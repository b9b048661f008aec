import type { NodeRequest } from '../verifier/caller-request.ts'
import type { Verifier } from '../verifier/create-verifier.ts'
import type { Verification } from '../verifier/verification.ts'
import { noteIdentity } from '../verifier/verified-requests.ts'
import { type NodeResponse, type ProtectOptions, sendAnswer, setHeaders, verified } from './protection.ts'

export { identityOf } from '../verifier/verified-requests.ts'
export type { ProtectOptions } from './protection.ts'

/**
 * A middleware of Express, for the whole application, a router or a route.
 *
 * Express ignores upper case and a final slash in paths unless told otherwise, and the gateway does not. With `path`, the
 * decision does not depend on how a caller writes it.
 */
export function protect(
  verifier: Verifier,
  options: ProtectOptions = {},
): (request: NodeRequest, response: NodeResponse, next: (error?: unknown) => void) => Promise<void> {
  return async (request, response, next) => {
    let verification: Verification
    try {
      verification = await verified(verifier, request, options)
    } catch (error) {
      // Express 4 does not look at the promise.
      next(error)
      return
    }
    if (verification.outcome !== 'allowed') {
      sendAnswer(response, verification)
      return
    }
    noteIdentity(verification.identity, request)
    setHeaders(response, verification.headers)
    next()
  }
}
