import type { Snapshot } from '@sallyport/core'
import type { Logger } from 'pino'
import type { OwnHosts } from '../../address/own-hosts.ts'
import type { RequestRecorder } from '../../requests/request-recorder.ts'
import type { Readiness } from '../../telemetry/readiness.ts'
import type { Authorizer } from '../credentials/authorizer.ts'
import type { MayDecide } from '../exchanges/may-decide.ts'
import type { TrustedProxies } from '../request/client-address.ts'
import type { RequestIds } from '../request/request-id.ts'
import type { OtherHosts } from '../response/other-hosts.ts'
import type { HostMap } from '../routing/host-map.ts'

/** What the entrances of one gateway share. */
export interface EntranceDeps {
  /** Holds the current snapshot; a change replaces its content, never the object. */
  readonly cell: { readonly current: Snapshot }
  readonly nowMs: () => number
  readonly logger: Logger
  /** The text for Prometheus. @throws errors of collecting it, as a rejection */
  readonly metrics: () => Promise<string>
  readonly readiness: () => Readiness
  /** Absent for a gateway without a lease. */
  readonly mayDecide?: MayDecide | undefined
  /** Requests are refused when the snapshot is older than this; null for no limit. */
  readonly maxStalenessSeconds: number | null
  readonly hosts: HostMap
  readonly operatorHosts: OwnHosts
  /** By organization, the hosts that its cookies must not reach. */
  readonly otherHosts: ReadonlyMap<string, OtherHosts>
  readonly proxies: TrustedProxies
  readonly authorizer: Authorizer
  readonly requestIds: RequestIds
  readonly recorder: RequestRecorder
}
