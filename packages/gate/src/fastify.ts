import type { FastifyRequest } from 'fastify'
import type { Principal } from './decision.ts'
import {
  besideEarlier,
  bodyOf,
  type DecidingGate,
  type EarlierHeader,
  type ProtectOptions,
} from './protection.ts'
import type { NodeRequest } from './request.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller, behind `protect` of `@sallyport/gate/fastify`. */
    principal?: Principal
  }
}

/** The part of a request of Fastify that is used here. */
export interface ProtectedRequest {
  readonly raw: NodeRequest
  /** The URL as received: `raw.url` is another one if the server rewrites URLs. */
  readonly originalUrl: string
  principal?: NonNullable<FastifyRequest['principal']>
}

/** The part of a reply of Fastify that is used here. */
export interface ProtectedReply {
  code(status: number): unknown
  getHeader(name: string): EarlierHeader
  header(name: string, value: string): unknown
  send(body?: string): unknown
}

/**
 * A hook of Fastify: `app.addHook('onRequest', protect(gate))`, or `onRequest` of a route. Handlers find the caller in
 * `request.principal`.
 */
export function protect(
  gate: DecidingGate,
  { path }: ProtectOptions = {},
): (request: ProtectedRequest, reply: ProtectedReply) => Promise<unknown> {
  return async (request, reply) => {
    const { method, rawHeaders, headers, socket } = request.raw
    const received = { method, originalUrl: request.originalUrl, rawHeaders, headers, socket }
    const decided = gate.decide(received, { path })
    const decision = decided instanceof Promise ? await decided : decided
    for (const [name, value] of besideEarlier(decision.headers, (earlier) => reply.getHeader(earlier))) {
      reply.header(name, value)
    }
    if (decision.allowed) {
      request.principal = decision.principal
      return undefined
    }
    reply.code(decision.status)
    reply.send(bodyOf(decision))
    // A hook that returns its reply has answered.
    return reply
  }
}
