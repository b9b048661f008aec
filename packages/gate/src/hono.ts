import type { ContextVariableMap } from 'hono'
import type { Principal } from './decision.ts'
import { bodyOf, type DecidingGate, type ProtectOptions } from './protection.ts'
import type { FetchRequest, NodeRequest } from './request.ts'

declare module 'hono' {
  interface ContextVariableMap {
    /** The caller, behind `protect` of `@sallyport/gate/hono`. */
    principal: Principal
  }
}

/** The part of a context of Hono that is used here. */
export interface ProtectedContext {
  readonly req: { readonly raw: FetchRequest }
  readonly env: unknown
  set(name: 'principal', principal: ContextVariableMap['principal']): void
  header(name: string, value: string, options?: { append?: boolean }): void
}

/** A middleware of Hono on Node.js: `app.use(protect(gate))`. Handlers find the caller in `context.get('principal')`. */
export function protect(
  gate: DecidingGate,
  { path }: ProtectOptions = {},
): (context: ProtectedContext, next: () => Promise<void>) => Promise<Response | undefined> {
  return async (context, next) => {
    const { raw } = context.req
    const decided = gate.decide(receivedOf(context.env) ?? raw, { path })
    const decision = decided instanceof Promise ? await decided : decided
    if (!decision.allowed) {
      const { status, headers } = decision
      return new Response(raw.method === 'HEAD' ? null : (bodyOf(decision) ?? null), { status, headers })
    }
    context.set('principal', decision.principal)
    await next()
    // Only now is there an answer that they can be added to, whatever made it.
    for (const [name, value] of Object.entries(decision.headers)) {
      context.header(name, value, { append: name === 'vary' })
    }
    return undefined
  }
}

/** The request that `@hono/node-server` has received: it has repeated headers, and the address of the caller. */
function receivedOf(env: unknown): NodeRequest | undefined {
  const bindings = env as { readonly incoming?: NodeRequest } | null | undefined
  return bindings?.incoming
}
