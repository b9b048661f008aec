import { type Candidate, compare } from '../compare.ts'
import { startGateway } from '../product.ts'
import { authzRequests, unknownAuthzRequest } from '../synthetic/requests.ts'
import { type RunningServer, startServer } from '../target-process.ts'
import type { Row } from './row.ts'

/** CPU time per request, relative to the fair floor. */
const FLOOR_TARGET = 0.85

/** `/authz` with valid keys, compared with two servers on `node:http` that get the same requests and decide nothing. */
export function authzRow(keys: number): Row {
  const name = `authz, ${keys.toLocaleString('en')} keys`
  return {
    name,
    async measure(settings) {
      const { cores } = settings
      await using floor = await startServer({ file: 'targets/fair-floor.ts' }, cores.server)
      await using bare = await startServer({ file: 'targets/bare.ts' }, cores.server)
      await using gateway = await startGateway(keys, settings)
      const requests = authzRequests(keys)
      const ours = authzCandidate(gateway, requests)
      const byFloor = {
        name: `${name}/fair floor`,
        ours,
        theirs: { name: 'fair floor (node:http)', server: floor, requests },
        target: FLOOR_TARGET,
        basis: 'cpu/request',
      } as const
      const byBare = {
        name: `${name}/bare`,
        ours,
        theirs: { name: 'bare node:http', server: bare, requests },
        basis: 'cpu/request',
      } as const
      return [await compare(byFloor, settings), await compare(byBare, settings)]
    },
  }
}

/** Sallyport's gateway with the requests that nginx sends. */
export function authzCandidate(server: RunningServer, requests: readonly Buffer[]): Candidate {
  return { name: 'Sallyport /authz', server, requests, refused: unknownAuthzRequest() }
}
