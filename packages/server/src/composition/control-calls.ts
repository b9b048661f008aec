import type { Config } from '../config/config.ts'
import type { SharedWindow } from '../requests/recent-requests.ts'
import type { ReportingGateway } from '../sync/receipts.ts'
import type { Decisions } from './decisions.ts'

/** What the thread of the control plane starts with. Plain data. */
export interface ControlThreadData {
  readonly config: Config
  readonly setupToken: string
  /** The id of the gateway of this process. */
  readonly gatewayId: string
}

/** What the process asks its control plane. */
export interface ControlCalls {
  /**
   * Opens the store and listens.
   *
   * @param gatewayUrl the address that the gateway of this process listens on
   * @returns the control plane's URL
   * @throws errors of listening and of the store
   */
  start(gatewayUrl: string): Promise<string>
  /** Stops accepting requests and waits at most `drainMs` for those in progress. */
  close(drainMs: number): Promise<void>
  /** Ends everything that was started. */
  end(): Promise<void>
}

/** What the control plane asks the gateway of its process. */
export interface GatewayCalls extends ReportingGateway, Decisions, SharedWindow {
  /** Tells the gateway that the feed has changes. */
  changed(): void
  /** Writes a line to the log of the process. */
  log(line: string): void
}
