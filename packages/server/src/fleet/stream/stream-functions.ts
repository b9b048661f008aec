import type { Position } from '../../sync/cell-writer.ts'
import type { ScheduleRuns } from '../../schedule/schedule-runs.ts'
import type { GatewayFacts } from '../../store/port/fleet/attachments.ts'
import type { UsageRow } from '../../store/port/usage.ts'

/** What a control node tells a gateway when its stream begins. */
export interface Greeting {
  /** The gateway's own id. */
  readonly id: string
  readonly name: string
  /** How long a grant lasts, counted from its question, in ms. */
  readonly leaseMs: number
  /** The node's clock, in ms since 1970. */
  readonly nowMs: number
  /** See `SharedFleetKeys`; base64url. */
  readonly records: string
  readonly importedKeyIds: string
}

/**
 * What a gateway asks its control node over a stream. Arguments and results are JSON. Beside them, the node sends blocks, and
 * all messages arrive in their order.
 */
export interface NodeFunctions extends ScheduleRuns {
  /**
   * The question for a grant. The answer comes after the blocks that lead to its position: the gateway then has everything that
   * was committed before the node got the question.
   *
   * @param position of the gateway, which counts with the first question of a stream
   * @throws Problem `unavailable` if the node cannot reach the database
   */
  ask(position: Position): Promise<Position>
  /** Says what the gateway has written to its disk. */
  report(position: Position, facts: GatewayFacts): Promise<void>
  /** Asks for a snapshot to keep on the disk. Its blocks come beside the others. */
  sendSnapshot(): Promise<void>
  /** Replaces the credential of the gateway by the one with this SHA-256. */
  replaceCredential(digest: string): Promise<void>
  addUsage(rows: readonly UsageRow[]): Promise<void>
  /** The gateway decides nothing from here on. */
  end(): Promise<void>
}

/** What a control node tells a gateway over a stream. */
export interface GatewayFunctions {
  greet(greeting: Greeting): void
}
