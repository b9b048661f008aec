import type { Spread } from './statistics.ts'

/** The measurements of one server in one round. */
export interface Round {
  readonly requestsPerSecond: number
  readonly cpuMicrosPerRequest: number
  /** CPU time of the server's process divided by elapsed time: 1 is one whole core. */
  readonly serverBusy: number
  readonly p50Micros: number
  readonly p99Micros: number
}

/** The measure by which two servers are compared. */
export type Basis = 'requests/s' | 'cpu/request'

/** Sallyport and another server under the same load, in alternating rounds. */
export interface Comparison {
  readonly kind: 'comparison'
  readonly name: string
  readonly ours: string
  readonly theirs: string
  readonly rounds: readonly { readonly theirs: Round; readonly ours: Round }[]
  /** Requests per second, ours divided by theirs, for each adjacent pair of rounds. */
  readonly throughputRatio: Spread
  /** CPU time per request, theirs divided by ours: above 1, ours uses less. */
  readonly cpuRatio: Spread
  readonly basis: Basis
  /** Whether both servers saturated their core in most rounds. */
  readonly areSaturated: boolean
  /** The minimum ratio; undefined for a comparison without a target. */
  readonly target: number | undefined
  readonly note: string | undefined
}

/** A single measured value. */
export interface Figure {
  readonly kind: 'figure'
  readonly name: string
  readonly unit: string
  readonly value: Spread
  /** The maximum value; undefined without a target. */
  readonly target: number | undefined
  readonly note: string | undefined
}

/** A row without a result, and the reason. */
export interface NotMeasured {
  readonly kind: 'not measured'
  readonly name: string
  readonly reason: string
  /** `unavailable`: a third-party dependency is not available on this machine. `failed`: an unexpected error. */
  readonly cause: 'unavailable' | 'failed'
}

export type Result = Comparison | Figure | NotMeasured

/** A third-party dependency is not available on this machine. */
export class DependencyUnavailable extends Error {}
