import type { Identity } from './identity.ts'

/** Beside the requests and not in them: nothing that a caller sends can get here. */
const identities = new WeakMap<object, Identity>()

/** Notes who sent a request. @param requests all objects that a framework has for it */
export function noteIdentity(identity: Identity, ...requests: readonly object[]): void {
  for (const request of requests) identities.set(request, identity)
}

/**
 * The caller of a request that `protect` of this package let through.
 *
 * @param request the request that the framework passes to the handler; `context.req` in Hono
 * @throws TypeError if the request was not verified
 */
export function identityOf(request: object): Identity {
  const identity = identities.get(request)
  if (identity !== undefined) return identity
  throw new TypeError('This request was not verified. Put its route behind protect(verifier).')
}
