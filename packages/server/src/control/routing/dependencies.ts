import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { Logger } from 'pino'
import type { Registry } from 'prom-client'
import type { GitHubKeyConfig } from '../../config/config.ts'
import type { OperationContext } from '../../app/access/context.ts'
import type { ExpressionTrials } from '../../app/expressions/evaluate-expressions.ts'
import type { LookUpContext } from '../../app/keys/lookup-key.ts'
import type { VerifiedCredential, VerifyCredentialInput } from '../../app/keys/verification.ts'
import type { Prober } from '../../app/deployments/prober.ts'
import type { ProviderServices } from '../../app/providers/provider-services.ts'
import type { RequestWindow } from '../../requests/recent-requests.ts'
import type { Store } from '../../store/port/store.ts'
import type { GatewayStatus, Receipt } from '../../sync/receipts.ts'
import type { RequestDurations } from '../../telemetry/request-durations.ts'
import type { Readiness } from '../../telemetry/readiness.ts'
import type { GatewayLocation } from '../answers/deployment-url.ts'
import type { Sealer } from '../../crypto/seal.ts'

/** The dependencies of the management API. */
export interface ControlDeps {
  readonly store: Store
  readonly nowMs: () => number
  /** A monotonic clock for durations, in ms. */
  readonly monotonicMs: () => number
  /** Returns the requested number of bytes from a cryptographic source. */
  readonly randomBytes: (count: number) => Uint8Array
  /** The token that `POST /v1/setup` demands. */
  readonly setupToken: string
  readonly sealer: Sealer
  readonly importedKeyId: OperationContext['importedKeyId']
  /** The limits of an organization. */
  readonly quotaLimits: OperationContext['quotaLimits']
  /** How many organizations one person can create in all. */
  readonly organizationsPerPerson: number
  /** Whether an IP address may be called on behalf of an organization. */
  readonly mayCall: OperationContext['mayCall']
  /** The hosts that the operator gives to environments. */
  readonly hosts: OperationContext['hosts']
  readonly gateway: GatewayLocation
  /** Hosts that the API answers for, besides those of the public URL and of this machine. */
  readonly controlHosts: readonly string[]
  /** The URL that people reach this server at, without a trailing slash. */
  readonly publicUrl: () => string
  /** Sends mails; null if the installation sends none. */
  readonly mails: OperationContext['mails']
  /** Sign-in with OpenID Connect providers. */
  readonly signIn: ProviderServices
  readonly receipts: Receipts
  /** Streams to gateways without a database; null where there are none. */
  readonly streams: StreamEntrance | null
  /** Verifies credentials as the gateway would, if the actor has the permission. */
  readonly verify: (
    context: Pick<OperationContext, 'actor' | 'nowMs'>,
    input: VerifyCredentialInput,
  ) => VerifiedCredential | Promise<VerifiedCredential>
  /** Finds the key of a token in the snapshot of a gateway. */
  readonly findToken: LookUpContext['findToken']
  /** Evaluates expressions that people try. */
  readonly expressions: ExpressionTrials['expressions']
  /** Probes the routes of a new deployment as an anonymous caller. */
  readonly prober: Prober
  readonly requests: RequestWindow
  readonly registry: Registry
  readonly durations: Pick<RequestDurations, 'record'>
  readonly logger: Logger
  readonly readiness: () => Readiness | Promise<Readiness>
  /** The public keys that GitHub signs its reports with. */
  readonly gitHubKeys: readonly GitHubKeyConfig[]
  /** Ranges in CIDR form whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[]
}

/** Takes requests that ask for a stream. */
export interface StreamEntrance {
  accepts(request: IncomingMessage): boolean
  begin(request: IncomingMessage, socket: Duplex, head: Buffer): void
  /** Ends all streams, and takes none any more. */
  close(): void
}

export interface Receipts {
  /** Waits at most `waitMs` until every gateway has applied a revision; returns which gateways have. */
  confirm(revision: number, waitMs: number): Promise<Receipt>
  /** Every gateway that changes are published to. */
  gateways(): Promise<readonly GatewayStatus[]>
}
