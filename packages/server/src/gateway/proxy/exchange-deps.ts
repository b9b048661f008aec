import type { Logger } from 'pino'
import type { ConnectionPool } from '../../egress/connection-pool.ts'
import type { Balancers } from '../balance/balancers.ts'
import type { ResponseCache } from '../cache/response-cache.ts'
import type { EnvironmentSecrets } from '../deployment/environment-secrets.ts'
import type { TrustedProxies } from '../request/client-address.ts'
import type { Tunnels } from './tunnels.ts'

/** What all exchanges of a gateway share. */
export interface ExchangeDeps {
  readonly connections: ConnectionPool
  readonly secrets: EnvironmentSecrets
  readonly proxies: TrustedProxies
  readonly tunnels: Tunnels
  readonly balancers: Balancers
  /** Null if nothing is stored. */
  readonly cache: ResponseCache | null
  readonly logger: Logger
}
