import type { Find } from '../finds/finds.ts'
import type { Liveness } from '../server/key-states.ts'

/** A find as it is reported. */
export interface ReportedFind extends Find {
  /** Undefined if no server was asked. */
  readonly liveness: Liveness | undefined
}

/** The result of a scan. */
export interface Report {
  readonly finds: readonly ReportedFind[]
  /** Whether there is a token of a secret key, or of a public one if these count. */
  readonly hasLeak: boolean
  /** How many places of tokens are not in `finds`. */
  readonly unlistedPlaces: number
  readonly files: number
  readonly objects: number
  readonly bytes: number
  /** Sentences about what could not be read. */
  readonly problems: readonly string[]
  /** Sentences about what was not done, without being a failure. */
  readonly notes: readonly string[]
}
