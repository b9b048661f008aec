import type { Cores } from './cores.ts'

/** The duration and number of measurements. */
export interface Pace {
  readonly roundMs: number
  readonly warmUpMs: number
  /** The number of rounds of each server. */
  readonly rounds: number
  /** The number of repetitions of a measurement within a process, each in a new process. */
  readonly repetitions: number
}

export const FULL_PACE: Pace = { roundMs: 2000, warmUpMs: 3000, rounds: 7, repetitions: 3 }
export const QUICK_PACE: Pace = { roundMs: 500, warmUpMs: 500, rounds: 5, repetitions: 1 }

/** The settings of a run. */
export interface Settings {
  readonly pace: Pace
  readonly cores: Cores
  /** A temporary folder that is deleted at the end. */
  readonly scratch: string
}

/** The number of connections of the load generator, each with one request in flight. */
export const CONNECTIONS = 64

export const KEYS_SMALL = 1_000
export const KEYS_LARGE = 1_000_000
/** For rows that only read them: making so many takes minutes and up to 10 GB of space. */
export const KEYS_HUGE = 10_000_000
