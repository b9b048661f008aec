import type { EnrolledGateway } from './enrolments.ts'

/** A control node: a process with the database that gateways have streams to. */
export interface ControlNodeRow {
  readonly id: string
  /** Counts the renewals of its lease. */
  readonly renewal: number
  /** How long a renewal lasts, in ms. */
  readonly leaseMs: number
  /** When it last renewed its lease, by its own clock. For people only. */
  readonly seenAtMs: number
}

/** What a gateway says about itself, for people. JSON. */
export type GatewayFacts = Readonly<Record<string, string | number | null>>

/** The position of a gateway in the history of the database. */
export interface ReachedPosition {
  /** The revision of the last change that it has; 0 before the first one. */
  readonly revision: number
  /** The hash of that change; empty before the first one. */
  readonly hash: string
}

/** How far an enrolled gateway is, as receipts need it. */
export interface GatewayProgress extends Pick<EnrolledGateway, 'id' | 'role'> {
  /** The revision of the last change that it has; 0 before the first one. */
  readonly revision: number
  /** Whether it was ever attached to a control node. Before that, it gets nothing of the database, and decides nothing. */
  readonly wasAttached: boolean
  /** Whether a control node has seen that its lease is over. */
  readonly isPast: boolean
  /** Whether the database's history contains its position. */
  readonly isOnHistory: boolean
  /** When it last reported, by the clock of its node; 0 if it never has. */
  readonly seenAtMs: number
}

/** An enrolled gateway as the database knows it. */
export interface AttachedGateway extends EnrolledGateway, ReachedPosition, GatewayProgress {
  /** The control node that it is attached to; empty if it is attached to none. */
  readonly node: string
  /** Counts its attachments, so that nothing of an earlier one is taken for the present one. */
  readonly attachment: number
  readonly enrolledAtMs: number
  readonly facts: GatewayFacts
}

/** What an attached gateway has written to its disk. */
export interface GatewayPosition extends ReachedPosition {
  readonly id: string
  readonly attachment: number
  readonly seenAtMs: number
  readonly facts: GatewayFacts
}

/**
 * Which gateways are attached to which control nodes, what they have reported, and the leases of the nodes. Each call is
 * a transaction of its own that does not take the write lock. See docs/decisions/0066-streams-to-gateways.md.
 */
export interface GatewayAttachments {
  registerNode(row: Omit<ControlNodeRow, 'renewal'>): Promise<void>
  /**
   * Renews the lease of a node.
   *
   * @param renewal the number of the last renewal; 1 after the registration
   * @returns whether it is renewed: not if the node was removed, or if the database is an older one
   */
  renewNode(id: string, renewal: number, seenAtMs: number): Promise<boolean>
  /** Records that a node has ended. Its gateways may still hold leases. */
  endNode(id: string): Promise<void>
  nodes(): Promise<readonly ControlNodeRow[]>
  /**
   * Removes a node unless it has renewed its lease since, and marks its gateways as past their leases.
   *
   * @returns whether it is removed
   */
  removeNode(id: string, renewal: number): Promise<boolean>
  /**
   * Attaches a gateway to a node. What it has reported before is forgotten, until it reports again.
   *
   * @returns the number of the attachment; undefined if the node or the gateway is unknown
   */
  attach(gateway: string, node: string, seenAtMs: number): Promise<number | undefined>
  /** Saves what gateways have reported. Reports of earlier attachments are left out. */
  report(positions: readonly GatewayPosition[]): Promise<void>
  /** Marks a gateway as past its lease, if it has not been attached again. */
  markPast(gateway: string, attachment: number): Promise<void>
  /** All enrolled gateways, by id. */
  all(): Promise<readonly AttachedGateway[]>
  /** How far all of them are, by id. */
  progress(): Promise<readonly GatewayProgress[]>
  /** Those that have not reported a revision, or a later one, of the database's history; by id. */
  behind(revision: number): Promise<readonly GatewayProgress[]>
}
