import type { QuotaNumbers } from '@sallyport/core'

/** Environment variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>

/** The log levels of pino. */
export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** Which requests get a line in the access log: all, those answered with a problem, or none. */
export const ACCESS_LOGS = ['all', 'refused', 'none'] as const
export type AccessLog = (typeof ACCESS_LOGS)[number]

/** By what limits are decided that gateways share: each gateway in its memory, or the store. */
export const LIMITS_MODES = ['local', 'exact'] as const
export type LimitsMode = (typeof LIMITS_MODES)[number]

/** How gateways share the counts of limits. */
export interface LimitsConfig {
  /** The store, `redis://…` or likewise; null if each gateway counts for itself. It can hold a password. */
  readonly url: string | null
  /** A file with the certificates of the authorities that the store's certificate may be of; null for those that Node.js trusts. */
  readonly caFile: string | null
  readonly mode: LimitsMode
  /** How long an answer of the store is waited for. */
  readonly waitMs: number
}

/** The address and port that a server listens on. */
export interface ListenConfig {
  readonly host: string
  /** 0 for any free port. */
  readonly port: number
}

/** A host, or the hosts of a pattern, that serve one environment on all their paths. */
export interface HostConfig {
  /**
   * A name in lower case without a final dot, a pattern such as `*.example.com`, or an IP address in its shortest form without
   * brackets.
   */
  readonly host: string
  readonly organization: string
  readonly environment: string
}

/** The quotas of organizations. */
export interface QuotaConfig {
  /** For every organization without a limit of its own. */
  readonly limits: QuotaNumbers
  /** Limits of single organizations, by slug. */
  readonly ofOrganizations: Readonly<Record<string, Partial<QuotaNumbers>>>
}

/** The limits of one organization. */
export function quotaLimitsOf({ limits, ofOrganizations }: QuotaConfig, organization: string): QuotaNumbers {
  // A slug can be the name of a member of every object, such as "constructor".
  if (!Object.hasOwn(ofOrganizations, organization)) return limits
  return { ...limits, ...ofOrganizations[organization] }
}

/** A number of days for each length of intervals. */
export type UsageDays = Readonly<Record<'minute' | 'hour' | 'day', number>>

/** The server that sends our mails. */
export interface SmtpConfig {
  readonly host: string
  readonly port: number
  /** `tls` from the first byte (RFC 8314 section 3.3), or `starttls` before anything else is said (RFC 3207). */
  readonly encryption: 'tls' | 'starttls'
  /** Whether it runs on this machine. Then any certificate will do, and STARTTLS is used only if it is offered. */
  readonly isLocal: boolean
  /** Null for a server that asks for none. */
  readonly credentials: { readonly user: string; readonly password: string } | null
}

export interface MailAddress {
  /** For people to read; it may be empty. */
  readonly name: string
  readonly address: string
}

/** An OpenID Connect provider that people sign in with. */
export interface SignInProviderConfig {
  /** Part of its URLs. */
  readonly id: string
  /** For people to read. */
  readonly name: string
  /** The issuer identifier: `https://…`, or `http://…` on this machine. */
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** With `openid`. */
  readonly scopes: readonly string[]
}

/** A public key with which GitHub signs reports of secrets that it found. */
export interface GitHubKeyConfig {
  /** The `key_identifier`. */
  readonly id: string
  /** An ECDSA key of the curve P-256, SubjectPublicKeyInfo as PEM. */
  readonly publicKey: string
}

/** How the messages of OTLP over HTTP are encoded. */
export type OtlpProtocol = 'http/protobuf' | 'http/json'

/** Where one kind of telemetry is exported to. */
export interface OtlpTarget {
  readonly url: string
  readonly protocol: OtlpProtocol
  readonly compression: 'gzip' | 'none'
  /** For one export with its repetitions. */
  readonly timeoutMs: number
  /** They can hold credentials. */
  readonly headers: Readonly<Record<string, string>>
}

/** Which traces are sampled. */
export interface SamplerConfig {
  /** Whether the sampled flag of a caller counts. */
  readonly followsParent: boolean
  /** Of the traces that this is decided for here: from 0, none, to 1, all. */
  readonly ratio: number
}

/** Metrics and traces for OpenTelemetry. */
export interface TelemetryConfig {
  readonly serviceName: string
  readonly resourceAttributes: Readonly<Record<string, string>>
  /** Null if no traces are exported. */
  readonly traces: OtlpTarget | null
  /** Null if no metrics are exported. */
  readonly metrics: OtlpTarget | null
  readonly metricsIntervalMs: number
  readonly sampler: SamplerConfig
  /** How many spans are exported in each second at most. */
  readonly spansPerSecondMax: number
}

/** All settings, parsed. */
export interface Config {
  readonly control: ListenConfig
  readonly gateway: ListenConfig
  /** The gateway's public URL without a trailing slash; null for the address that it listens on. */
  readonly gatewayUrl: string | null
  /** Names and addresses of the control plane besides those that it knows, in lower case. */
  readonly controlHosts: readonly string[]
  /** The control plane's public URL without a path; null for the address that it listens on. */
  readonly publicUrl: string | null
  readonly dataFolder: string
  /** `postgres://…`, or null for SQLite in the data folder. */
  readonly databaseUrl: string | null
  /** Null for a random token. */
  readonly setupToken: string | null
  /** 32 bytes in base64, or null for the key file in the data folder. */
  readonly masterKey: string | null
  /** Ranges in CIDR form. */
  readonly upstreamAllow: readonly string[]
  /** Ranges in CIDR form. */
  readonly trustedProxies: readonly string[]
  readonly hosts: readonly HostConfig[]
  /** The snapshot age above which the gateway refuses requests with 503; null for no limit. */
  readonly maxStalenessSeconds: number | null
  /** How long a gateway may decide without the database while other servers use it too. */
  readonly leaseSeconds: number
  /** How long a gateway with a stream may decide without its control node, where the environment does not say otherwise. */
  readonly gatewayLeaseSeconds: number
  /** The control nodes of a gateway without a database, without paths. */
  readonly controlUrls: readonly string[]
  /** What such a gateway enrols with at its first start. */
  readonly enrolmentToken: string | null
  /** How long a request that writes may take until its response, apart from the wait for its receipt. */
  readonly writeDeadlineSeconds: number
  readonly quotas: QuotaConfig
  /** How long counted requests are kept, in days, by the length of the intervals that they are summed over. */
  readonly usageDays: UsageDays
  /** How many sums an organization keeps for each length of intervals. */
  readonly usageRows: number
  /** How many organizations one person can create in all. */
  readonly organizationsPerPerson: number
  /** Null if Sallyport sends no mails. */
  readonly smtp: SmtpConfig | null
  /** The sender of the mails; null exactly if `smtp` is. */
  readonly mailFrom: MailAddress | null
  readonly signInProviders: readonly SignInProviderConfig[]
  /** Domains, in lower case, whose verified e-mail addresses may create an account. */
  readonly signUpDomains: readonly string[]
  /** Empty if GitHub reports nothing here. */
  readonly gitHubKeys: readonly GitHubKeyConfig[]
  readonly logLevel: LogLevel
  readonly accessLog: AccessLog
  /** What a gateway may hold of stored responses, in bytes; 0 to store none. */
  readonly cacheBytes: number
  /** How many threads serve the callers of a gateway, each with an event loop of its own. */
  readonly gatewayThreads: number
  readonly limits: LimitsConfig
  readonly telemetry: TelemetryConfig
}
