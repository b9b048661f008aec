import { stepsOfDatabase } from './database-steps.ts'
import { stepsOfGateway } from './gateway-steps.ts'
import { stepsOfNode } from './node-steps.ts'
import type { Bounds, Rule, State, Step } from './state.ts'

/*
 * The protocol between control nodes and gateways as a machine of states: every message, pause, loss, restart and lost commit can
 * happen at any time. See docs/decisions/0066-streams-to-gateways.md, whose rules are those below.
 */

/** Every step that can follow. */
export function* steps(state: State, bounds: Bounds, without: Rule | null): Generator<Step> {
  const holds = (rule: Rule): boolean => rule !== without
  yield* stepsOfDatabase(state, bounds, holds)
  for (const index of state.nodes.keys()) yield* stepsOfNode(state, index, bounds, holds)
  for (const index of state.gateways.keys()) yield* stepsOfGateway(state, index, bounds, holds)
}
