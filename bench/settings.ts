import type { Cores } from './cores.ts'

/** How long and how often things are measured. */
export interface Pace {
  readonly roundMs: number
  readonly warmUpMs: number
  /** Rounds of each contestant; they take turns. */
  readonly rounds: number
  /** How often what happens within one process is measured, each time in a new process. */
  readonly repetitions: number
}

export const FULL_PACE: Pace = { roundMs: 2000, warmUpMs: 3000, rounds: 7, repetitions: 3 }
export const QUICK_PACE: Pace = { roundMs: 500, warmUpMs: 500, rounds: 5, repetitions: 1 }

/** What every row needs to know of the run. */
export interface Settings {
  readonly pace: Pace
  readonly cores: Cores
  /** A folder that is thrown away at the end. */
  readonly scratch: string
}

/** Connections of the load generator, each with one request in flight. */
export const CONNECTIONS = 64

export const KEYS_SMALL = 1_000
export const KEYS_LARGE = 1_000_000
