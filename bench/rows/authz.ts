import { type Candidate, compare } from '../compare.ts'
import type { Settings } from '../settings.ts'
import { authzRequests, unknownAuthzRequest } from '../synthetic/requests.ts'
import { type RunningServer, startServer } from '../target-process.ts'
import type { Row } from './row.ts'

/** The throughput on one core, relative to a server that does nothing. */
const AUTHZ_TARGET = 0.85

/** `/authz` with valid keys, compared with a bare `node:http` server that gets the same requests. */
export function authzRow(keys: number): Row {
  const name = `authz/bare, ${keys.toLocaleString('en')} keys`
  return {
    name,
    async measure(settings) {
      await using bare = await startServer({ file: 'targets/bare.ts' }, settings.cores.server)
      await using gateway = await startGateway(keys, settings)
      const requests = authzRequests(keys)
      const ours = authzCandidate(gateway, requests)
      const theirs = { name: 'bare node:http', server: bare, requests }
      return [await compare({ name, ours, theirs, target: AUTHZ_TARGET }, settings)]
    },
  }
}

/** Sallyport's gateway with the requests that nginx sends. */
export function authzCandidate(server: RunningServer, requests: readonly Buffer[]): Candidate {
  return { name: 'Sallyport /authz', server, requests, refused: unknownAuthzRequest() }
}

/** Starts Sallyport's gateway with the given number of keys. */
export async function startGateway(
  keys: number,
  { cores }: Settings,
  upstreamPort?: number,
): Promise<RunningServer> {
  const args = [String(keys), ...(upstreamPort === undefined ? [] : [String(upstreamPort)])]
  return await startServer({ file: 'targets/gateway.ts', args }, cores.server)
}
