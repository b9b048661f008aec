import { compare } from '../contest.ts'
import { KEYS_SMALL } from '../settings.ts'
import { proxyRequests, unknownProxyRequest } from '../synthetic/requests.ts'
import { startServer } from '../target-process.ts'
import { startGateway } from './authz.ts'
import type { Row } from './row.ts'

/** On one core proxying should reach this share of a relay that looks at nothing. */
const PROXY_TARGET = 0.8

/** Proxying to an upstream that answers with a body of that size, against a bare relay to the same upstream. */
export function proxyRow(bodyName: string, bodyBytes: number): Row {
  const name = `proxy/relay, ${bodyName}`
  return {
    name,
    async measure(settings) {
      const { cores, pace } = settings
      await using upstream = await startServer(
        { file: 'targets/upstream.ts', args: [String(bodyBytes)] },
        cores.load,
      )
      const relayArgs = [String(upstream.port)]
      await using relay = await startServer({ file: 'targets/relay.ts', args: relayArgs }, cores.server)
      await using gateway = await startGateway(KEYS_SMALL, settings, upstream.port)
      const requests = proxyRequests(KEYS_SMALL)
      const ours = { name: 'Sallyport proxying', server: gateway, requests, refused: unknownProxyRequest() }
      const theirs = { name: 'bare relay (node:http, undici)', server: relay, requests }
      return [await compare({ name, ours, theirs, target: PROXY_TARGET }, pace)]
    },
  }
}
