import type { Result } from '../results.ts'
import type { Settings } from '../settings.ts'

/** One line of the benchmark's results, or several that share their preparation. */
export interface Row {
  /** The name for `--only`, and the start of the results' names. */
  readonly name: string
  /** Whether everything shares all cores, in place of one for the measured process and one for its load; not so unless given. */
  readonly onAllCores?: boolean
  /** @throws DependencyUnavailable if a third-party dependency is not available */
  measure(settings: Settings): Promise<readonly Result[]>
}
