import { type Contestant, compare } from '../contest.ts'
import type { Settings } from '../settings.ts'
import { authzRequests, unknownAuthzRequest } from '../synthetic/requests.ts'
import { type RunningServer, startServer } from '../target-process.ts'
import type { Row } from './row.ts'

/** On one core `/authz` should reach this share of a server that does nothing at all. */
const AUTHZ_TARGET = 0.85

/** `/authz` with live keys, against a bare `node:http` server that is asked the same. */
export function authzRow(keys: number): Row {
  const name = `authz/bare, ${keys.toLocaleString('en')} keys`
  return {
    name,
    async measure(settings) {
      await using bare = await startServer({ file: 'targets/bare.ts' }, settings.cores.server)
      await using gateway = await startGateway(keys, settings)
      const requests = authzRequests(keys)
      const ours = authzContestant(gateway, requests)
      const theirs = { name: 'bare node:http', server: bare, requests }
      return [await compare({ name, ours, theirs, target: AUTHZ_TARGET }, settings.pace)]
    },
  }
}

/** Our gateway as it is asked by nginx. */
export function authzContestant(server: RunningServer, requests: readonly Buffer[]): Contestant {
  return { name: 'Sallyport /authz', server, requests, refused: unknownAuthzRequest() }
}

/** Starts our gateway with that many keys. */
export async function startGateway(
  keys: number,
  { cores }: Settings,
  upstreamPort?: number,
): Promise<RunningServer> {
  const args = [String(keys), ...(upstreamPort === undefined ? [] : [String(upstreamPort)])]
  return await startServer({ file: 'targets/gateway.ts', args }, cores.server)
}
