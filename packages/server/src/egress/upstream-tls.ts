import type { SecureContext } from 'node:tls'

/** The TLS of connections to an upstream. Connections are shared only where all of it is equal, the organization included. */
export interface UpstreamTls {
  /** Equal only for equal settings of one organization. Reveals nothing of them. */
  readonly key: string
  readonly secureContext: SecureContext
  /** The name that the upstream is told, and that its certificate must have; null for the host of its origin. */
  readonly serverName: string | null
}
