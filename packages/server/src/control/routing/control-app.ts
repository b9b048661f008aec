import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Actor } from '../../app/access/actor.ts'

/** The Fastify instance to which routes are added; its schemas are zod's. */
export type ControlApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** Undefined on the few routes that need no credential. */
    actor: Actor | undefined
    /** The parsed body before validation. */
    sentBody: unknown
    /** The code of the problem that answers the request. */
    problemCode: string | undefined
    /** The entity tag of the resource after a change. */
    entityTag: string | undefined
    /** The body as received; only on routes that verify a signature over it. */
    bodyBytes: Buffer | undefined
  }
}
