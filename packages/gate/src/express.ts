import type { Principal } from './decision.ts'
import {
  besideEarlier,
  bodyOf,
  type DecidingGate,
  type EarlierHeader,
  type ProtectOptions,
} from './protection.ts'
import type { NodeRequest } from './request.ts'

declare global {
  namespace Express {
    interface Request {
      /** The caller, behind `protect` of `@sallyport/gate/express`. */
      principal?: Principal
    }
  }
}

/** The part of a response of Express that is used here. */
export interface ExpressResponse {
  statusCode: number
  getHeader(name: string): EarlierHeader
  setHeader(name: string, value: string): unknown
  end(body?: string): unknown
}

/**
 * A middleware of Express, for the whole application, a router or a route. Handlers find the caller in `request.principal`.
 *
 * Express ignores upper case and a final slash in paths unless told otherwise, and the gate does not. With `path`, the
 * decision does not depend on how a caller writes it.
 */
export function protect(
  gate: DecidingGate,
  { path }: ProtectOptions = {},
): (
  request: NodeRequest & { principal?: Principal },
  response: ExpressResponse,
  next: (error?: unknown) => void,
) => Promise<void> {
  return async (request, response, next) => {
    try {
      const decided = gate.decide(request, { path })
      const decision = decided instanceof Promise ? await decided : decided
      for (const [name, value] of besideEarlier(decision.headers, (earlier) => response.getHeader(earlier))) {
        response.setHeader(name, value)
      }
      if (!decision.allowed) {
        response.statusCode = decision.status
        response.end(bodyOf(decision))
        return
      }
      request.principal = decision.principal
    } catch (error) {
      // Express 4 does not look at the promise.
      next(error)
      return
    }
    next()
  }
}
