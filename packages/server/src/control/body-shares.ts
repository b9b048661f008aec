import type { IncomingMessage } from 'node:http'
import { Problem } from '@sallyport/core'
import { FairShare, type Tenant } from '../fairness/fair-share.ts'
import type { ControlApp } from './routing/control-app.ts'
import { BODY_BYTES_MAX } from './request-body.ts'

/** Bodies that arrive at a time. */
const BODIES_MAX = 1024
/** The bytes of these bodies, which are in memory until they are parsed. */
const BODIES_BYTES_MAX = 64 * 1024 * 1024

/** Callers of set-up have no organization; they share as one. */
const SET_UP = ''

/**
 * Bounds the request bodies that arrive at a time, however slowly. Organizations share the bounds, and within an
 * organization its keys do, so that the slow bodies of one leave room for others. A body counts with its length from its
 * first byte until it is parsed, or the rest of a refused one was read.
 */
class BodyShares {
  readonly #bodies = new FairShare(BODIES_MAX)
  readonly #bytes = new FairShare(BODIES_BYTES_MAX)

  /**
   * Takes room for a body.
   *
   * @returns a function that gives it back, once; undefined when the tenant's share is used up
   */
  take(tenant: Tenant, bytes: number): (() => void) | undefined {
    if (!this.#bodies.take(tenant)) return undefined
    if (!this.#bytes.take(tenant, bytes)) {
      this.#bodies.give(tenant)
      return undefined
    }
    let isHeld = true
    return () => {
      if (!isHeld) return
      isHeld = false
      this.#bodies.give(tenant)
      this.#bytes.give(tenant, bytes)
    }
  }
}

/**
 * Makes every request with a body take room for it before it is read. By then its caller is known, or calls set-up.
 */
export function shareBodies(app: ControlApp): void {
  const shares = new BodyShares()
  app.addHook('preParsing', async (request, reply) => {
    const bytes = announcedBytes(request.raw)
    if (bytes === 0) return
    // The client has left while it was authenticated: its connection emits no further event that would give the room back.
    if (reply.raw.destroyed || request.raw.destroyed) throw new Problem('invalid_request')
    const { actor } = request
    const tenant =
      actor === undefined
        ? { organization: SET_UP, pipeline: request.ip }
        : { organization: actor.organizations[0] ?? SET_UP, pipeline: actor.id }
    const give = shares.take(tenant, bytes)
    if (give === undefined) {
      throw new Problem('unavailable', {
        detail:
          'Your organization sends too many request bodies at a time. Send this one again when another is done.',
      })
    }
    request.releaseBody = give
    // Also for a body that is cut off or refused.
    reply.raw.once('close', () => afterBody(request.raw, give))
  })
  app.addHook('preValidation', async ({ releaseBody, routeOptions }) => {
    if (routeOptions.config.streamsBody !== true) releaseBody?.()
  })
}

/** Does something when nothing of a body arrives any more: the rest of a refused one is still read, which can take minutes. */
function afterBody(request: IncomingMessage, act: () => void): void {
  const { socket } = request
  if (request.complete || request.readableEnded || request.destroyed || socket.destroyed) {
    act()
    return
  }
  const end = (): void => {
    request.off('end', end)
    socket.off('close', end)
    act()
  }
  request.once('end', end)
  // After its response, a request hears nothing of the end of its connection.
  socket.once('close', end)
}

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether the operation reads the body while it arrives, so that it is not parsed before. */
    streamsBody?: boolean
  }
  interface FastifyRequest {
    /** Gives back the room of the body. */
    releaseBody: (() => void) | undefined
  }
}

/** The most bytes that the body of a request can have; 0 if it has none. */
function announcedBytes({ headers }: IncomingMessage): number {
  if (headers['transfer-encoding'] !== undefined) return BODY_BYTES_MAX
  return Math.min(Number(headers['content-length'] ?? 0), BODY_BYTES_MAX)
}
