import type { FetchRequest } from '../verifier/caller-request.ts'
import type { Verifier } from '../verifier/create-verifier.ts'
import { noteIdentity } from '../verifier/verified-requests.ts'
import { type ProtectOptions, responseOf, verified } from './protection.ts'

export { identityOf } from '../verifier/verified-requests.ts'
export type { ProtectOptions } from './protection.ts'

/** The part of a context of Hono that is used here. */
export interface HonoContext {
  readonly req: { readonly raw: FetchRequest }
  readonly env: unknown
  header(name: string, value: string, options?: { append?: boolean }): void
}

/**
 * A middleware of Hono: `app.use(protect(verifier))`. Handlers ask for `identityOf(context.req)`.
 *
 * It knows the address of the caller on Node.js. Elsewhere, give the verifier a function `address`.
 */
export function protect(
  verifier: Verifier,
  options: ProtectOptions = {},
): (context: HonoContext, next: () => Promise<void>) => Promise<Response | undefined> {
  return async (context, next) => {
    const { req: request, env } = context
    const verification = await verified(verifier, request.raw, options, peerOf(env))
    if (verification.outcome !== 'allowed') return responseOf(verification, request.raw.method)
    noteIdentity(verification.identity, request, request.raw)
    await next()
    // Only now is there an answer that they can be added to, whatever made it.
    for (const [name, value] of Object.entries(verification.headers)) {
      context.header(name, value, { append: name === 'vary' })
    }
    return undefined
  }
}

/** The address that `@hono/node-server` knows. */
function peerOf(env: unknown): string | undefined {
  const bindings = env as { incoming?: { socket?: { remoteAddress?: string } } } | undefined
  return bindings?.incoming?.socket?.remoteAddress
}
