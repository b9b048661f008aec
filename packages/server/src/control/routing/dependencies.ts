import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { Permission } from '@sallyport/core'
import type { OperationContext } from '../../app/access/context.ts'
import type { Prober } from '../../app/deployments/prober.ts'
import type { Store } from '../../store/port/store.ts'
import type { Receipt } from '../../sync/receipts.ts'
import type { HttpMetrics } from '../../telemetry/metrics.ts'
import type { Readiness } from '../../telemetry/readiness.ts'
import type { GatewayLocation } from '../answers/deployment-url.ts'
import type { Sealer } from '../../crypto/seal.ts'

/** The dependencies of the management API. */
export interface ControlDeps {
  readonly store: Store
  readonly nowMs: () => number
  /** Returns the requested number of bytes from a cryptographic source. */
  readonly randomBytes: (count: number) => Uint8Array
  /** The token that `POST /v1/setup` demands. */
  readonly setupToken: string
  readonly sealer: Sealer
  /** The limits of an organization. */
  readonly quotaLimits: OperationContext['quotaLimits']
  readonly gateway: GatewayLocation
  readonly receipts: Receipts
  /** Verifies a token as the gateway would, if the actor has the permission. */
  readonly verify: (context: Pick<OperationContext, 'actor' | 'nowMs'>, input: VerifyInput) => Verified
  /** Probes the routes of a new deployment as an anonymous caller. */
  readonly prober: Prober
  readonly registry: Registry
  readonly metrics: HttpMetrics
  readonly logger: Logger
  readonly readiness: () => Readiness
  /** Ranges in CIDR form whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[]
}

export interface Receipts {
  /** Waits at most `waitMs` until every gateway has applied a revision; returns which gateways have. */
  confirm(revision: number, waitMs: number): Promise<Receipt>
}

export interface VerifyInput {
  readonly organization: string
  readonly token: string
  readonly environment?: string | undefined
  readonly pipeline?: string | undefined
  readonly permission?: Permission | undefined
  readonly method?: string | undefined
  readonly address?: string | undefined
}

export interface Verified {
  readonly valid: boolean
  /** `valid`, or the code with which the gateway would refuse the call. */
  readonly code: string
  /** The key, if the token contains one of its secrets. */
  readonly key: VerifiedKey | null
  readonly asOfRevision: number
}

export interface VerifiedKey {
  readonly id: string
  readonly isPublic: boolean
  readonly organization: string
  readonly environment: string | null
  /** The consumer's id. */
  readonly consumer: string | null
  readonly roles: readonly string[]
}
