import type { Figure } from '../results.ts'
import { KEYS_LARGE, KEYS_SMALL } from '../settings.ts'
import { spreadOf } from '../statistics.ts'
import { runToReport } from '../target-process.ts'
import type { DecisionReport } from '../targets/decision.ts'
import type { Row } from './row.ts'

/** The maximum time of a decision, including the digest. */
const DECISION_NANOS_TARGET = 2000

/** The decision without a server, and one change of a large snapshot. */
export const decisionRow: Row = {
  name: 'decision',
  async measure({ cores, pace }) {
    const results: Figure[] = []
    for (const keys of [KEYS_SMALL, KEYS_LARGE]) {
      const args = [String(keys), String(pace.rounds)]
      const measured = await runToReport({ file: 'targets/decision.ts', args }, cores.server)
      const { decisionNanos, digestNanos, changeMicros } = measured as DecisionReport
      const size = `${keys.toLocaleString('en')} keys`
      results.push({
        kind: 'figure',
        name: `decision, ${size}`,
        unit: 'ns',
        value: spreadOf(decisionNanos),
        target: DECISION_NANOS_TARGET,
        note: 'CPU time for reading credentials from raw headers, SHA-256 and the decision; mean of each pass',
      })
      if (keys === KEYS_SMALL) {
        results.push({
          kind: 'figure',
          name: 'decision, SHA-256 part',
          unit: 'ns',
          value: spreadOf(digestNanos),
          target: undefined,
          note: undefined,
        })
        continue
      }
      results.push({
        kind: 'figure',
        name: `decision, one change at ${size}`,
        unit: 'µs',
        value: spreadOf(changeMicros),
        target: undefined,
        note: 'creating the next snapshot with one changed key; median of each pass',
      })
    }
    return results
  },
}
