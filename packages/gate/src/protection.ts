import type { Gate } from './connect-gate.ts'
import type { GateHeaders, GateRefused } from './decision.ts'

/** What middlewares need of a gate. */
export type DecidingGate = Pick<Gate, 'decide'>

export interface ProtectOptions {
  /** The path to decide about, whichever path led to the handler. Its query stays. */
  readonly path?: string | undefined
}

/** The value of a header that an answer has already. */
export type EarlierHeader = number | string | readonly string[] | null | undefined

/** The value of a header beside an earlier one: `Vary` collects names, others are replaced. */
function withEarlier(name: string, earlier: EarlierHeader, value: string): string {
  return name === 'vary' ? [earlier ?? [], value].flat().join(', ') : value
}

/** Each header with its value beside those that an answer has already. */
export function* besideEarlier(
  headers: GateHeaders,
  earlier: (name: string) => EarlierHeader,
): Iterable<readonly [string, string]> {
  for (const [name, value] of Object.entries(headers)) yield [name, withEarlier(name, earlier(name), value)]
}

/** The body of an answer; undefined without one. */
export function bodyOf({ problem }: GateRefused): string | undefined {
  return problem === null ? undefined : JSON.stringify(problem)
}
