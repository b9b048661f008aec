import type { Snapshot } from '@sallyport/core'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Expressions } from '../../expression/expressions.ts'
import type { TrustedProxies } from '../request/client-address.ts'
import type { Unseal } from '../deployment/environment-secrets.ts'
import type { HostMap, HostTarget } from '../request/host-map.ts'
import type { Judge, UsageSink } from '../credentials/authorizer.ts'
import type { Readiness } from '../../telemetry/readiness.ts'
import type { OutcomeCounts } from './outcome-counts.ts'
import type { PasswordVerification } from '../credentials/basic-authenticator.ts'
import type { RequestIds } from '../request/request-id.ts'

/** What the operator says about a gateway. */
export interface GatewayConfig {
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  /** The environments that have a host of their own, by host. */
  readonly hosts: ReadonlyMap<string, HostTarget>
  /** Address ranges in CIDR form. */
  readonly trustedProxies: readonly string[]
  /** Address ranges in CIDR form: private upstream addresses that may be called. */
  readonly upstreamAllow: readonly string[]
  /** How old the snapshot may be before requests are refused; null for as old as it gets. */
  readonly maxStalenessSeconds: number | null
}

/** What a gateway is given. */
export interface GatewayDeps {
  /** Holds the snapshot in force; a change replaces its content, never the object. */
  readonly cell: { readonly current: Snapshot }
  readonly config: GatewayConfig
  readonly nowMs: () => number
  readonly logger: Logger
  readonly registry: Registry
  readonly readiness: () => Readiness
  readonly usage: UsageSink
  /** Opens what records hold sealed under the master key. */
  readonly unseal: Unseal
  /** Left out: as usual. */
  readonly passwords?: PasswordVerification
  /** Ends with whoever made it, after the gateway. */
  readonly expressions: Pick<Expressions, 'evaluate'>
}

/** What the entrances of one gateway share. */
export interface GatewayParts {
  readonly deps: GatewayDeps
  readonly hosts: HostMap
  readonly proxies: TrustedProxies
  readonly judge: Judge
  readonly counts: OutcomeCounts
  readonly requestIds: RequestIds
}
