/* The state of the protocol, its rules, and what they guarantee. */

/** What makes the guarantee hold. Without any one of them, there is a way to break it. */
export const RULES = [
  'a gateway decides by its lease alone',
  'a lease counts from the question',
  'the feed is read after the question',
  'a grant names its position',
  'an attachment comes before a grant',
  'the feed is read after the attachment',
  'a node grants within its own lease',
  'a removal excludes a renewal',
  'a node renews its row with each reading',
  'one stream at a time',
  'applied means on disk',
  'positions are hashes',
  'a restored database forgets who is past',
] as const
export type Rule = (typeof RULES)[number]

/** The changes of a history in their order, a letter each, so that another history has other letters. */
export type History = string

export interface Grant {
  readonly at: History
  /** Whether its time is over, by the clock of the gateway, which counts from its question. */
  readonly isOver: boolean
}

export type Down =
  | { readonly kind: 'update'; readonly from: History; readonly to: History }
  | ({ readonly kind: 'grant' } & Grant)

/** A gateway, what control nodes know of it, and what was promised about it. */
export interface Gateway {
  /** What it decides by. */
  readonly inForce: History
  readonly onDisk: History
  readonly lease: 'none' | 'valid'
  /** The node at the other end of its stream; null without one. */
  readonly node: number | null
  readonly down: readonly Down[]
  /** Messages of streams that it has left. */
  readonly lost: readonly Down[]
  /** Whether its question has arrived at the node, and whether the node has read the feed since. */
  readonly question: 'none' | 'received' | 'read'
  /** What the node has sent it so far; null before its greeting was read. */
  readonly sentTo: History | null
  /** Whether the node remembers that the gateway is attached to it. */
  readonly isAttached: boolean
  /** What it has reported to the node, as it arrives there; null if nothing is under way. */
  readonly report: History | null
  /** In the database: its node, what it has reported, and whether its lease is known to be over. */
  readonly attachedTo: number | null
  readonly applied: History
  readonly isPast: boolean
  /** The newest history that a receipt counted it as applied for, and as applied or past its lease. */
  readonly promisedApplied: History
  readonly promisedAny: History
}

export interface Node {
  /** The feed as it last read it. */
  readonly known: History
  /** In the database, and as the node itself believes. */
  readonly isListed: boolean
  readonly believesListed: boolean
}

export interface State {
  readonly history: History
  readonly changes: number
  readonly restores: number
  readonly faults: number
  readonly nodes: readonly Node[]
  readonly gateways: readonly Gateway[]
}

export interface Bounds {
  readonly gateways: number
  readonly nodes: number
  readonly changes: number
  /** Lost streams, restarts, ends of leases and removals, all together. */
  readonly faults: number
  readonly restores: number
}

const NEW_GATEWAY: Gateway = {
  inForce: '',
  onDisk: '',
  lease: 'none',
  node: null,
  down: [],
  lost: [],
  question: 'none',
  sentTo: null,
  isAttached: false,
  report: null,
  attachedTo: null,
  applied: '',
  isPast: true,
  promisedApplied: '',
  promisedAny: '',
}

export function initialState({ gateways, nodes }: Bounds): State {
  return {
    history: '',
    changes: 0,
    restores: 0,
    faults: 0,
    nodes: Array.from({ length: nodes }, () => ({ known: '', isListed: true, believesListed: true })),
    gateways: Array.from({ length: gateways }, () => NEW_GATEWAY),
  }
}

/** What a state breaks of the guarantee; undefined if it holds. */
export function violation({ gateways }: State, without: Rule | null): string | undefined {
  for (const gateway of gateways) {
    const { inForce, lease, promisedApplied, promisedAny } = gateway
    if (!inForce.startsWith(promisedApplied))
      return `listed as applied for ${promisedApplied}, and decides by ${inForce}`
    const decides = lease === 'valid' || without === 'a gateway decides by its lease alone'
    if (decides && !inForce.startsWith(promisedAny))
      return `past its lease before ${promisedAny}, and decides by ${inForce}`
  }
  return undefined
}

/** A step, and the state after it. */
export interface Step {
  readonly name: string
  readonly state: State
}

/** Whether a rule is kept. */
export type Holds = (rule: Rule) => boolean
