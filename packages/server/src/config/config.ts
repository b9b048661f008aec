/** The levels of pino, by name. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Where a server listens. */
export interface ListenConfig {
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
}

/** A host whose every path belongs to one environment. */
export interface HostConfig {
  /** In lower case. */
  readonly host: string
  readonly organization: string
  readonly environment: string
}

/** Every setting, typed. */
export interface Config {
  readonly control: ListenConfig
  readonly gateway: ListenConfig
  /** How callers reach the gateway, without a slash at the end; null for where it listens. */
  readonly gatewayUrl: string | null
  readonly dataFolder: string
  /** `postgres://…`, or null for SQLite in the data folder. */
  readonly databaseUrl: string | null
  /** Null for a random one. */
  readonly setupToken: string | null
  /** 32 bytes in base64, or null for the file in the data folder. */
  readonly masterKey: string | null
  /** Ranges in CIDR form. */
  readonly upstreamAllow: readonly string[]
  /** Ranges in CIDR form. */
  readonly trustedProxies: readonly string[]
  readonly hosts: readonly HostConfig[]
  /** How old the gateway's snapshot may be before it refuses with 503; null for as old as it gets. */
  readonly maxStalenessSeconds: number | null
  readonly logLevel: LogLevel
}
