import { KEYS_SMALL } from '../settings.ts'
import { spreadOf } from '../statistics.ts'
import { runToReport } from '../target-process.ts'
import type { GateReport } from '../targets/gate.ts'
import type { Row } from './row.ts'

/** A decision inside a service, as a service gets it. */
export const gateRow: Row = {
  name: 'gate.decide',
  async measure({ cores, pace }) {
    const args = [String(KEYS_SMALL), String(pace.rounds)]
    const measured = await runToReport({ file: 'targets/gate.ts', args }, cores.server)
    const { decideMicros } = measured as GateReport
    return [
      {
        kind: 'figure',
        name: `gate.decide, ${KEYS_SMALL.toLocaleString('en')} keys`,
        unit: 'µs',
        value: spreadOf(decideMicros),
        target: undefined,
        note: 'CPU time from a request of node:http to the decision with principal and headers; mean of each pass',
      },
    ]
  },
}
