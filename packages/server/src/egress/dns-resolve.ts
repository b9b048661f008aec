import { Resolver, type LookupAddress } from 'node:dns'
import type { Resolve } from './checked-connector.ts'

const QUERY_MS_MAX = 2_000
const TRIES = 2

/**
 * Makes a resolver that asks the system's name servers itself. The system's resolver blocks one of four threads while a
 * name server does not answer, and this process shares these threads; this one takes none. It does not read the hosts file.
 */
export function dnsResolve(): Resolve {
  const resolver = new Resolver({ timeout: QUERY_MS_MAX, tries: TRIES })
  return (hostname, _options, callback) => {
    const found: LookupAddress[] = []
    const errors: NodeJS.ErrnoException[] = []
    let open = 2
    const collect =
      (family: 4 | 6) =>
      (error: NodeJS.ErrnoException | null, addresses: readonly string[]): void => {
        if (error === null) found.push(...addresses.map((address) => ({ address, family })))
        else errors.push(error)
        open -= 1
        if (open > 0) return
        const [failed] = errors
        // A name that has addresses of one family only is usual.
        if (found.length > 0 || failed === undefined) callback(null, found)
        else callback(failed, [])
      }
    resolver.resolve4(hostname, collect(4))
    resolver.resolve6(hostname, collect(6))
  }
}
