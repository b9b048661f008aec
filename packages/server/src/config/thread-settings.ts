import { availableParallelism } from 'node:os'
import { SettingError } from './setting-values.ts'

const THREADS_MAX = 64
/** Where the system shares the connections of a port between sockets (`SO_REUSEPORT` of socket(7)). */
const SHARING_SYSTEMS: ReadonlySet<string> = new Set(['linux', 'freebsd', 'aix', 'sunos'])

/**
 * How many threads serve the callers of a gateway: a number, or `auto` for one less than the processor has cores, since the
 * control plane, the database and collecting garbage need some, too.
 */
export function parseGatewayThreads(text: string): number {
  const threads = text === 'auto' ? Math.max(1, availableParallelism() - 1) : Number(text)
  if (text !== 'auto' && (!/^\d{1,2}$/.test(text) || threads < 1 || threads > THREADS_MAX)) {
    throw new SettingError(`Use "auto", or a whole number from 1 to ${THREADS_MAX}.`)
  }
  if (threads === 1 || SHARING_SYSTEMS.has(process.platform)) return threads
  if (text === 'auto') return 1
  throw new SettingError(
    'This system does not share the connections of a port between threads. Use 1, and several gateways behind a balancer.',
  )
}
