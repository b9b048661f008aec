import type { ConnectionPool } from '../../egress/connection-pool.ts'
import type { UpstreamTls } from '../../egress/upstream-tls.ts'
import { withinTime } from '../request/within-time.ts'
import type { SentCheck } from './health-checks.ts'

/** How much of an answer is read, so that its connection can be used again. */
const READ_BYTES_MAX = 16 * 1024

const HEADERS = ['accept', '*/*', 'user-agent', 'sallyport-health-check']

/**
 * Asks a target whether it works, with a GET without credentials. It uses the connections of the gateway, and so what holds for
 * them: which addresses may be called, and the share of the organization.
 *
 * @returns the status of the answer
 * @throws Problem `unavailable`, as a rejection, when the share is used up; undici's errors, and one when the time is over
 */
export async function sendCheck(
  connections: ConnectionPool,
  { origin, health, tenant }: Pick<SentCheck, 'origin' | 'health' | 'tenant'>,
  tls: UpstreamTls | null,
  signal: AbortSignal,
): Promise<number> {
  const { path, timeoutMs } = health
  return await withinTime(timeoutMs, signal, (ended) =>
    connections.withSlot(
      origin,
      tenant,
      ended,
      async (requests) => {
        const { statusCode, body } = await requests.request({ origin, path, method: 'GET', headers: HEADERS })
        body.on('error', ignore)
        await body.dump({ limit: READ_BYTES_MAX, signal: ended })
        return statusCode
      },
      tls,
    ),
  )
}

function ignore(): void {
  // The answer counts, and not what becomes of its connection.
}
