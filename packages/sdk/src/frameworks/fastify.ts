import type { NodeRequest } from '../verifier/caller-request.ts'
import type { Verifier } from '../verifier/create-verifier.ts'
import type { AnswerHeaders } from '../verifier/verification.ts'
import { noteIdentity } from '../verifier/verified-requests.ts'
import { type EarlierHeader, type ProtectOptions, verified, withEarlier } from './protection.ts'

export { identityOf } from '../verifier/verified-requests.ts'
export type { ProtectOptions } from './protection.ts'

/** The part of a request of Fastify that is used here. */
export interface FastifyRequest {
  readonly raw: NodeRequest
  /** The URL as received: `raw.url` is another one if the server rewrites URLs. */
  readonly originalUrl: string
}

/** The part of a reply of Fastify that is used here. */
export interface FastifyReply {
  code(status: number): unknown
  getHeader(name: string): EarlierHeader
  header(name: string, value: string): unknown
  send(body?: string): unknown
}

/** A hook of Fastify: `app.addHook('onRequest', protect(verifier))`, or `onRequest` of a route. */
export function protect(
  verifier: Verifier,
  options: ProtectOptions = {},
): (request: FastifyRequest, reply: FastifyReply) => Promise<unknown> {
  return async (request, reply) => {
    const { method, rawHeaders, socket } = request.raw
    const received = { method, url: request.originalUrl, rawHeaders, socket }
    const verification = await verified(verifier, received, options)
    setHeaders(reply, verification.headers)
    if (verification.outcome === 'allowed') {
      noteIdentity(verification.identity, request, request.raw)
      return undefined
    }
    reply.code(verification.status)
    reply.send(verification.body)
    // A hook that returns its reply has answered.
    return reply
  }
}

function setHeaders(reply: FastifyReply, headers: AnswerHeaders): void {
  for (const [name, value] of Object.entries(headers)) {
    reply.header(name, withEarlier(name, reply.getHeader(name), value))
  }
}
