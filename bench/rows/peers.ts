import { type Contestant, compare } from '../contest.ts'
import { type BetterAuthStorage, startBetterAuth } from '../peers/better-auth.ts'
import { startNginx } from '../peers/nginx.ts'
import { KEYS_SMALL } from '../settings.ts'
import { authzRequests, unknownAuthzRequest } from '../synthetic/requests.ts'
import type { RunningServer } from '../target-process.ts'
import { authzContestant, startGateway } from './authz.ts'
import type { Row } from './row.ts'

/** `/authz` beside nginx that looks a key up in a `map`. */
export function nginxRow(keys: number): Row {
  const name = `authz/nginx map, ${keys.toLocaleString('en')} keys`
  return {
    name,
    async measure(settings) {
      await using nginx = await startNginx(keys, settings)
      await using gateway = await startGateway(keys, settings)
      const requests = authzRequests(keys)
      const ours = authzContestant(gateway, requests)
      const theirs = peerContestant('nginx', nginx, requests)
      const note =
        'nginx compares key texts, letters of either case alike: no digest, no state, no association'
      return [await compare({ name, ours, theirs, note }, settings.pace)]
    },
  }
}

const STORAGE_NOTES: Readonly<Record<BetterAuthStorage, string>> = {
  sqlite: 'keys in SQLite (WAL, synchronous=NORMAL); each verification writes to its key',
  memory: "keys in a Map as the plugin's custom storage; each verification writes to its key",
}

/** `/authz` beside better-auth's API-key plugin, its rate limiting off. */
export function betterAuthRow(storage: BetterAuthStorage): Row {
  const name = `authz/better-auth, ${storage}, ${KEYS_SMALL.toLocaleString('en')} keys`
  return {
    name,
    async measure(settings) {
      await using betterAuth = await startBetterAuth(storage, KEYS_SMALL, settings)
      await using gateway = await startGateway(KEYS_SMALL, settings)
      const requests = authzRequests(KEYS_SMALL)
      const ours = authzContestant(gateway, requests)
      const theirs = peerContestant('better-auth', betterAuth, requests)
      return [await compare({ name, ours, theirs, note: STORAGE_NOTES[storage] }, settings.pace)]
    },
  }
}

function peerContestant(name: string, server: RunningServer, requests: readonly Buffer[]): Contestant {
  return { name, server, requests, refused: unknownAuthzRequest() }
}
