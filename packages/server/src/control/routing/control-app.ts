import type { IncomingMessage, ServerResponse } from 'node:http'
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify'
import type { ZodTypeProvider } from 'fastify-type-provider-zod'
import type { Authenticated } from '../../app/access/authenticate.ts'

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
    /** The authenticated caller; undefined on the few routes that need no key. */
    signedIn: Authenticated | undefined
    /** The body as it was sent, before validation. */
    sentBody: unknown
  }
}
