import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { discard, discardBody, type DiscardLimits, hasBody, LINGER } from '../connections/unread-body.ts'
import { IMPORT_BYTES_MAX } from './import-files/received-bytes.ts'
import type { ControlApp } from './routing/control-app.ts'

/**
 * The same for a file whose reading has begun, so that its sender may send it. Browsers read the refusal of one of its lines
 * only when they have sent all of it.
 */
const FILE_LINGER: DiscardLimits = { bytes: IMPORT_BYTES_MAX, waitMs: 10 * 60_000 }

/**
 * Reads and discards bodies that nothing else has read when the response is sent, up to a limit, so that the response
 * arrives: for example the refusal of a body that is too large. If the response closes the connection, it is sent at once,
 * and only the end of the connection waits.
 */
export function discardUnreadBodies(app: ControlApp): void {
  app.addHook('onSend', async (request, reply, payload) => {
    const { raw } = request
    // A request behind a response that closes the connection is not processed.
    if (reply.getHeader('connection') === 'close') reply.raw.shouldKeepAlive = false
    if (raw.complete || raw.readableEnded || !hasBody(raw)) return payload
    if (reply.raw.shouldKeepAlive) {
      const isFile = request.routeOptions.config.streamsBody === true && raw.readableDidRead
      discardBody(raw, isFile ? FILE_LINGER : LINGER)
      return payload
    }
    if (typeof payload !== 'string') return payload
    void reply.header('content-length', Buffer.byteLength(payload))
    return Readable.from(withLateEnd(payload, raw))
  })
}

async function* withLateEnd(payload: string, request: IncomingMessage): AsyncGenerator<string> {
  yield payload
  await new Promise<void>((resolve) => discard(request, LINGER, resolve))
}
