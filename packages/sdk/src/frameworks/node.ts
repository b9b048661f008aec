import type { NodeRequest } from '../verifier/caller-request.ts'
import type { Verifier } from '../verifier/create-verifier.ts'
import { noteIdentity } from '../verifier/verified-requests.ts'
import { type NodeResponse, type ProtectOptions, sendAnswer, setHeaders, verified } from './protection.ts'

export { identityOf } from '../verifier/verified-requests.ts'
export type { ProtectOptions } from './protection.ts'

/**
 * Puts a listener of `node:http` behind a verifier: it is called only for requests that may pass.
 *
 * Connections that another listener takes over for the event `upgrade` do not get here: verify those there.
 *
 * @returns a listener for `createServer`; its promise has the outcome of your listener, and rejects with its error
 */
export function protect<Request extends NodeRequest, Response extends NodeResponse>(
  verifier: Verifier,
  listener: (request: Request, response: Response) => unknown,
  options: ProtectOptions = {},
): (request: Request, response: Response) => Promise<void> {
  return async (request, response) => {
    const verification = await verified(verifier, request, options)
    if (verification.outcome !== 'allowed') {
      sendAnswer(response, verification)
      return
    }
    noteIdentity(verification.identity, request)
    setHeaders(response, verification.headers)
    await listener(request, response)
  }
}
