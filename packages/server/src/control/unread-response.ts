import { limitSending } from '../connections/sending-limit.ts'
import type { ControlApp } from './routing/control-app.ts'

/** How long a complete response waits for a caller that does not read it, in ms. */
const SENDING_MS_MAX = 30_000

/**
 * Closes the connection of a caller that does not read its response.
 *
 * @param msMax how long a complete response waits, in ms
 */
export function limitUnreadResponses(app: Pick<ControlApp, 'addHook'>, msMax = SENDING_MS_MAX): void {
  app.addHook('onRequest', async (_request, reply) => {
    reply.raw.once('prefinish', () => limitSending(reply.raw, msMax))
  })
}
