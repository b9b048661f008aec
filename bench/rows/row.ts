import type { Result } from '../results.ts'
import type { Settings } from '../settings.ts'

/** One line of the benchmark, or a few that one preparation serves. */
export interface Row {
  /** What `--only` selects by, and what the results begin with. */
  readonly name: string
  /** @throws PartAbsent when a part that is not ours cannot be had */
  measure(settings: Settings): Promise<readonly Result[]>
}
