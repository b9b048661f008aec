import type { Spread } from './statistics.ts'

/** What one contestant did in one round. */
export interface Round {
  readonly requestsPerSecond: number
  readonly cpuMicrosPerRequest: number
  /** CPU time of the server's process over the time that passed: 1 is one whole core. */
  readonly serverBusy: number
  readonly loadBusy: number
  readonly p50Micros: number
  readonly p99Micros: number
}

/** By what two contestants are compared. */
export type Basis = 'requests/s' | 'cpu/request'

/** Ours and another server under the same load, round by round in turn. */
export interface Comparison {
  readonly kind: 'comparison'
  readonly name: string
  readonly ours: string
  readonly theirs: string
  readonly rounds: readonly { readonly theirs: Round; readonly ours: Round }[]
  /** Requests per second, ours over theirs, of each adjacent pair of rounds. */
  readonly throughputRatio: Spread
  /** CPU time per request, theirs over ours: above 1 ours costs less. */
  readonly cpuRatio: Spread
  /** Requests per second where both filled their core in every round, else CPU time per request. */
  readonly basis: Basis
  /** The least that the ratio should be; undefined where there is only a peer to look at. */
  readonly target: number | undefined
  readonly note: string | undefined
}

/** One thing measured by itself. */
export interface Figure {
  readonly kind: 'figure'
  readonly name: string
  readonly unit: string
  readonly value: Spread
  /** The most that the value should be. */
  readonly target: number | undefined
  readonly note: string | undefined
}

/** A row that this run has nothing for, and why. */
export interface NotMeasured {
  readonly kind: 'not measured'
  readonly name: string
  readonly why: string
  /** `absent`: a part that is not ours cannot be had here. `failed`: it should have worked. */
  readonly cause: 'absent' | 'failed'
}

export type Result = Comparison | Figure | NotMeasured

/** A part that is not ours cannot be had on this machine. */
export class PartAbsent extends Error {}
