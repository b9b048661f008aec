/** The proof that a change is in force, or the list of gateways where it is not. */
export interface Receipt {
  readonly revision: number
  /** Whether every gateway has applied it or cannot decide on an older state, because its lease is over. */
  readonly confirmed: boolean
  readonly gateways: readonly ReceiptGateway[]
  readonly elapsedMs: number
}

/**
 * What a gateway has of a change. `applied`: it decides by the change or a later one. `past`: its lease is over, and it has not
 * reported the change; then it may still serve environments whose `whenStale` is `serve`. `pending`: it may decide by the old
 * state.
 */
export type ReceiptState = 'applied' | 'pending' | 'past'

export interface ReceiptGateway {
  readonly id: string
  readonly state: ReceiptState
  /** Whether it has applied the change, or cannot let anything in by the old state. */
  readonly confirmed: boolean
  /** When the gateway last reported, in ms since 1970. */
  readonly seenAtMs: number
}

/** A gateway as people see it. */
export interface GatewayStatus {
  readonly id: string
  readonly role: string
  readonly revision: number
  readonly seenAtMs: number
  /** Whether it may not have applied the newest changes. */
  readonly isStale: boolean
  /** Whether its lease is over. */
  readonly isPast: boolean
  /** Whether it was ever attached to a control node. Before that, it decides nothing, and receipts leave it out. */
  readonly wasAttached: boolean
  /** Whether a change that it must apply has a part that its release does not know. */
  readonly needsUpgrade: boolean
  /** What operators call it; null for one that uses the database itself. */
  readonly name: string | null
  /** What it says about itself; null where it is not known. */
  readonly version: string | null
  readonly threads: number | null
  readonly openExchanges: number | null
  /** How far its clock is ahead of its control node's, in ms. */
  readonly clockOffsetMs: number | null
}

/** What is not known of a gateway. */
export const UNKNOWN_FACTS: Pick<
  GatewayStatus,
  'name' | 'wasAttached' | 'needsUpgrade' | 'version' | 'threads' | 'openExchanges' | 'clockOffsetMs'
> = {
  name: null,
  wasAttached: true,
  needsUpgrade: false,
  version: null,
  threads: null,
  openExchanges: null,
  clockOffsetMs: null,
}

/** A gateway that reports its applied revision. */
export interface ReportingGateway {
  /** Waits at most `waitMs` until the gateway has applied a revision. */
  confirm(revision: number, waitMs: number): Promise<ReceiptGateway>
  status(): Promise<GatewayStatus>
}

/** The gateways of other processes; see `PeerGateways`. */
export interface PeerConfirmations {
  list(): Promise<readonly GatewayStatus[]>
  confirm(
    revision: number,
    waitMs: number,
  ): Promise<{ readonly gateways: readonly ReceiptGateway[]; readonly isComplete: boolean }>
}

/**
 * Collects a receipt for a revision from every gateway.
 *
 * @param waitMs the maximum wait for all of them
 * @param monotonicMs the clock for `elapsedMs`
 * @param peers the gateways of other processes
 */
export async function confirmRevision(
  reportingGateways: readonly ReportingGateway[],
  revision: number,
  waitMs: number,
  monotonicMs: () => number,
  peers: readonly PeerConfirmations[] = [],
): Promise<Receipt> {
  const startedAtMs = monotonicMs()
  const [members, others] = await Promise.all([
    Promise.all(reportingGateways.map((gateway) => gateway.confirm(revision, waitMs))),
    Promise.all(peers.map((group) => group.confirm(revision, waitMs))),
  ])
  const gateways = [...members, ...others.flatMap((group) => group.gateways)]
  return {
    revision,
    confirmed: others.every(({ isComplete }) => isComplete) && gateways.every(({ confirmed }) => confirmed),
    gateways,
    elapsedMs: Math.round(monotonicMs() - startedAtMs),
  }
}

/** Every gateway, of this process and of others. */
export async function statusOfGateways(
  members: readonly ReportingGateway[],
  peers: readonly PeerConfirmations[] = [],
): Promise<readonly GatewayStatus[]> {
  const own = await Promise.all(members.map((member) => member.status()))
  const others = await Promise.all(peers.map((group) => group.list()))
  return [...own, ...others.flat()]
}
