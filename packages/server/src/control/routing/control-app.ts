import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Authenticated } from '../../app/access/authenticate.ts'

/** The Fastify instance that routes are added to: its schemas are zod's. */
export type ControlApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>

declare module 'fastify' {
  interface FastifyRequest {
    /** Who asks; undefined on the few routes that are open to everybody. */
    signedIn: Authenticated | undefined
    /** The body as it was sent, read but not yet looked at. */
    sentBody: unknown
  }
}
