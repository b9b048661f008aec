import type { JsonRows } from './json-rows.ts'

/** What differs between the databases where counters are written. */
export interface Counting {
  readonly jsonRows: JsonRows
  /** Whether transactions of counters run beside a writer. Then each of them locks the rows that it changes. */
  readonly locksRows: boolean
}
