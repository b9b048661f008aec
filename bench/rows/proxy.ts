import { compare } from '../compare.ts'
import { startUpstream } from '../load/upstream.ts'
import { startGateway } from '../product.ts'
import { KEYS_SMALL } from '../settings.ts'
import { proxyRequests, unknownProxyRequest } from '../synthetic/requests.ts'
import { startServer } from '../target-process.ts'
import type { Row } from './row.ts'

/** CPU time per request, relative to a relay that checks nothing. */
const PROXY_TARGET = 0.85

/** Proxying to an upstream with responses of the given size, compared with a bare relay to the same upstream. */
export function proxyRow(bodyName: string, bodyBytes: number): Row {
  const name = `proxy/relay, ${bodyName}`
  return {
    name,
    async measure(settings) {
      const { cores } = settings
      await using upstream = await startUpstream(bodyBytes)
      const relayArgs = [String(upstream.port)]
      await using relay = await startServer({ file: 'targets/relay.ts', args: relayArgs }, cores.server)
      await using gateway = await startGateway(KEYS_SMALL, settings, upstream.port)
      const requests = proxyRequests(KEYS_SMALL)
      const ours = { name: 'Sallyport proxying', server: gateway, requests, refused: unknownProxyRequest() }
      const theirs = { name: 'bare relay (node:http, undici)', server: relay, requests }
      const plan = { name, ours, theirs, target: PROXY_TARGET, basis: 'cpu/request' } as const
      return [await compare(plan, settings)]
    },
  }
}
