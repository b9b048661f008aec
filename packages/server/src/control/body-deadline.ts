import type { Server } from 'node:http'
import { hasBody } from '../connections/unread-body.ts'
import type { ControlApp } from './routing/control-app.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** How long the body of this route may take to arrive, in ms. */
    bodyDeadlineMs?: number
  }
}

/**
 * Ends requests whose body takes too long to arrive, with 408. Node.js could do this, but with one time for all routes, and
 * a large file needs more than other bodies.
 *
 * @param deadlineMs the time for a route that states none, in ms, from the end of the headers
 */
export function limitBodyTime(app: ControlApp, deadlineMs: number): void {
  app.addHook('onRequest', async ({ raw, routeOptions }, reply) => {
    if (raw.complete || !hasBody(raw)) return
    const timer = setTimeout(() => {
      if (!raw.complete) reportTimeout(app.server, raw.socket)
    }, routeOptions.config.bodyDeadlineMs ?? deadlineMs)
    timer.unref()
    raw.once('end', () => clearTimeout(timer))
    // A body that nothing has read may still arrive after the response, on a connection that stays open.
    reply.raw.once('close', () => {
      if (raw.complete || raw.destroyed) clearTimeout(timer)
    })
  })
}

/** As Node.js reports its own timeout, so that the same code answers. */
function reportTimeout(server: Server, socket: Parameters<Server['emit']>[1]): void {
  server.emit(
    'clientError',
    Object.assign(new Error('The body took too long'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }),
    socket,
  )
}
