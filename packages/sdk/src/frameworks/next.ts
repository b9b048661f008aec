import type { FetchRequest } from '../verifier/caller-request.ts'
import type { Verifier } from '../verifier/create-verifier.ts'
import { IDENTITY_PREFIX } from '../verifier/identity.ts'
import type { AnswerHeaders } from '../verifier/verification.ts'
import { noteIdentity } from '../verifier/verified-requests.ts'
import { type ProtectOptions, responseOf, verified, withEarlier } from './protection.ts'

export { identityFromHeaders } from '../verifier/identity.ts'
export { identityOf } from '../verifier/verified-requests.ts'
export type { ProtectOptions } from './protection.ts'

/** The part of a request of Next.js that is used here. */
export interface NextRequest extends FetchRequest {
  readonly headers: Headers
}

/**
 * Puts a route handler of Next.js behind a verifier: `export const GET = protectRoute(verifier, (request) => …)`.
 *
 * Next.js keeps only the first of a repeated header, so the decision is about that one. It does not pass on the address of
 * the caller: give the verifier a function `address` if keys have address rules.
 */
export function protectRoute<Caller extends NextRequest = Request, Context = unknown>(
  verifier: Verifier,
  handler: (request: Caller, context: Context) => Response | Promise<Response>,
  options: ProtectOptions = {},
): (request: Caller, context: Context) => Promise<Response> {
  return async (request, context) => {
    const verification = await verified(verifier, request, options)
    if (verification.outcome !== 'allowed') return responseOf(verification, request.method)
    noteIdentity(verification.identity, request)
    return withHeaders(await handler(request, context), verification.headers)
  }
}

/**
 * Puts everything behind a verifier that the matcher of `proxy.ts` fits (before Next.js 16: `middleware.ts`).
 *
 * @param proxy is called for requests that may pass, with the headers to pass on. Their `x-sallyport-*` headers are those of
 *   the gateway, for `identityFromHeaders`; those of the caller are removed
 */
export function protectProxy<Caller extends NextRequest = Request>(
  verifier: Verifier,
  proxy: (request: Caller, headers: Headers) => Response | Promise<Response>,
  options: ProtectOptions = {},
): (request: Caller) => Promise<Response> {
  return async (request) => {
    const verification = await verified(verifier, request, options)
    if (verification.outcome !== 'allowed') return responseOf(verification, request.method)
    noteIdentity(verification.identity, request)
    const headers = new Headers([...request.headers].filter(([name]) => !name.startsWith(IDENTITY_PREFIX)))
    for (const [name, value] of Object.entries(verification.identityHeaders)) headers.set(name, value)
    return withHeaders(await proxy(request, headers), verification.headers)
  }
}

/** The answer with more headers: the same one if its headers can be changed, as those of a redirect cannot. */
function withHeaders(response: Response, headers: AnswerHeaders): Response {
  try {
    return addHeaders(response, headers)
  } catch {
    return addHeaders(new Response(response.body, response), headers)
  }
}

/** @throws TypeError if the headers of the answer cannot be changed */
function addHeaders(response: Response, headers: AnswerHeaders): Response {
  for (const [name, value] of Object.entries(headers)) {
    response.headers.set(name, withEarlier(name, response.headers.get(name), value))
  }
  return response
}
