import { type Candidate, compare } from '../compare.ts'
import { type BetterAuthStorage, startBetterAuth } from '../peers/better-auth.ts'
import { startNginx } from '../peers/nginx.ts'
import { startGateway } from '../product.ts'
import { KEYS_SMALL } from '../settings.ts'
import { authzRequests, unknownAuthzRequest } from '../synthetic/requests.ts'
import type { RunningServer } from '../target-process.ts'
import { authzCandidate } from './authz.ts'
import type { Row } from './row.ts'

/** `/authz` compared with nginx, which looks keys up in a `map`. */
export function nginxRow(keys: number): Row {
  const name = `authz/nginx map, ${keys.toLocaleString('en')} keys`
  return {
    name,
    async measure(settings) {
      await using nginx = await startNginx(keys, settings)
      await using gateway = await startGateway(keys, settings)
      const requests = authzRequests(keys)
      const ours = authzCandidate(gateway, requests)
      const theirs = peerCandidate('nginx', nginx, requests)
      const note = 'nginx compares key texts case-insensitively, without digests, key states and associations'
      return [await compare({ name, ours, theirs, note }, settings)]
    },
  }
}

const STORAGE_NOTES: Readonly<Record<BetterAuthStorage, string>> = {
  sqlite: 'keys in SQLite (WAL, synchronous=NORMAL); each verification writes to its key',
  memory: "keys in a Map as the plugin's custom storage; each verification writes to its key",
}

/** `/authz` compared with better-auth's API-key plugin, with its rate limiting off. */
export function betterAuthRow(storage: BetterAuthStorage): Row {
  const name = `authz/better-auth, ${storage}, ${KEYS_SMALL.toLocaleString('en')} keys`
  return {
    name,
    async measure(settings) {
      await using betterAuth = await startBetterAuth(storage, KEYS_SMALL, settings)
      await using gateway = await startGateway(KEYS_SMALL, settings)
      const requests = authzRequests(KEYS_SMALL)
      const ours = authzCandidate(gateway, requests)
      const theirs = peerCandidate('better-auth', betterAuth, requests)
      return [await compare({ name, ours, theirs, note: STORAGE_NOTES[storage] }, settings)]
    },
  }
}

function peerCandidate(name: string, server: RunningServer, requests: readonly Buffer[]): Candidate {
  return { name, server, requests, refused: unknownAuthzRequest() }
}
