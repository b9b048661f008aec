import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { discard, hasBody, LINGER } from '../shutdown/unread-body.ts'
import type { ControlApp } from './routing/control-app.ts'

/**
 * Makes a response that closes its connection arrive although the body of its request was not read, such as the refusal
 * of a body that is too large. The response is sent at once; only the end of the connection waits.
 */
export function lingerAfterUnreadBodies(app: ControlApp): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const { raw } = request
    // A request behind a response that closes the connection is not processed.
    if (reply.getHeader('connection') === 'close') reply.raw.shouldKeepAlive = false
    if (raw.complete || raw.readableEnded || !hasBody(raw) || reply.raw.shouldKeepAlive) return payload
    if (typeof payload !== 'string') return payload
    void reply.header('content-length', Buffer.byteLength(payload))
    return Readable.from(withLateEnd(payload, raw))
  })
}

async function* withLateEnd(payload: string, request: IncomingMessage): AsyncGenerator<string> {
  yield payload
  await new Promise<void>((resolve) => discard(request, LINGER, resolve))
}
