import type { Position } from '../../sync/cell-writer.ts'
import type { RequestRecord } from '../../requests/request-record.ts'
import type { ScheduleRuns } from '../../schedule/schedule-runs.ts'
import type { EnrolledGateway, FleetRole } from '../../store/port/fleet/enrolments.ts'
import type { GatewayFacts, GatewayPosition } from '../../store/port/fleet/attachments.ts'
import type { UsageReport, UsageRow } from '../../store/port/usage.ts'

/** What a control node tells a gateway when its stream begins. */
export interface Greeting {
  /** The gateway's own id. */
  readonly id: string
  readonly name: string
  /** What the node speaks, as `versionsText` writes it. Releases without versions leave it out. */
  readonly versions?: string
  /** How long a grant lasts, counted from its question, in ms. */
  readonly leaseMs: number
  /** The node's clock, in ms since 1970. */
  readonly nowMs: number
  /** See `SharedFleetKeys`; base64url. `records` and `counters` are empty for a gate. */
  readonly records: string
  readonly importedKeyIds: string
  readonly counters: string
}

/** The answer to a question: the gateway has everything that was committed before its node got the question. */
export interface Grant extends Position {
  /** The registration of the control node that the gateway is attached to. */
  readonly node: string
  /** For a relay: its gateways that are no longer attached, and must be before they get a grant. */
  readonly lost: readonly string[]
}

/**
 * What a gateway asks its control node over a stream. Arguments and results are JSON. Beside them, the node sends blocks, and
 * all messages arrive in their order.
 */
export interface NodeFunctions extends ScheduleRuns {
  /**
   * The question for a grant. The answer comes after the blocks that lead to its position.
   *
   * @param position of the gateway, which counts with the first question of a stream
   * @throws Problem `unavailable` if the node cannot reach the database
   */
  ask(position: Position): Promise<Grant>
  /** Says what the gateway has written to its disk. */
  report(position: Position, facts: GatewayFacts): Promise<void>
  /** Asks for a snapshot to keep on the disk. Its blocks come beside the others. */
  sendSnapshot(): Promise<void>
  /** Replaces the credential of the gateway by the one with this SHA-256. */
  replaceCredential(digest: string): Promise<void>
  /** @param report so that the counts are added once, also if they are sent again; see `UsageReport` */
  addUsage(rows: readonly UsageRow[], report?: UsageReport): Promise<void>
  /** Takes a sample of the requests that the gateway has seen. */
  addRequests(records: readonly RequestRecord[]): Promise<void>
  /** The gateway decides nothing from here on. */
  end(): Promise<void>
}

/** What a relay asks its control node for its gateways. */
export interface RelayFunctions {
  /** See `GatewayEnrolments.find`. */
  findGateway(credentialDigest: string): Promise<EnrolledGateway | null>
  /** See `removalProof`; null for a credential of no gateway that was removed. */
  removalOf(credentialDigest: string): Promise<string | null>
  /** See `GatewayEnrolments.roleOfToken`; null for an unknown token. */
  roleOfToken(tokenDigest: string): Promise<FleetRole | null>
  /** See `GatewayEnrolments.enrol`; the control node makes the id. */
  enrolGateway(tokenDigest: string, credentialDigest: string): Promise<EnrolledGateway | null>
  /** See `GatewayEnrolments.replaceCredential`. */
  replaceGatewayCredential(id: string, fromDigest: string, toDigest: string): Promise<boolean>
  /** Attaches a gateway to the relay's control node. @returns the number of the attachment; null for an unknown gateway */
  attachGateway(id: string): Promise<number | null>
  /** See `GatewayAttachments.report`. Other gateways than those of the relay are left out. */
  reportGateways(positions: readonly GatewayPosition[]): Promise<void>
  /** Takes a sample of the requests that a gateway has seen. */
  addGatewayRequests(id: string, records: readonly RequestRecord[]): Promise<void>
  /** The relay gives a gateway no grants any more, and the last one is over. */
  endGateway(id: string, attachment: number): Promise<void>
}

/** What a control node tells a gateway over a stream. */
export interface GatewayFunctions {
  greet(greeting: Greeting): void
}
