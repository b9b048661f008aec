import { expect, test } from 'vitest'
import { explore } from './stream-model/explore.ts'
import { steps } from './stream-model/protocol.ts'
import { initialState, RULES, violation, type Bounds, type State } from './stream-model/state.ts'

/*
 * The protocol of docs/decisions/0066-streams-to-gateways.md: in every state that can be reached, its guarantee holds, and
 * without any one of its rules it does not.
 */

const TWO_NODES: Bounds = { gateways: 1, nodes: 2, changes: 1, faults: 2, restores: 0 }
const LOST_COMMITS: Bounds = { gateways: 1, nodes: 1, changes: 2, faults: 1, restores: 1 }
const FOUR_CHANGES: Bounds = { gateways: 1, nodes: 1, changes: 4, faults: 1, restores: 0 }
/** All of it at a time has a million states, which take a minute: STREAM_MODEL=whole npm run vitest -- run test/stream-model.test.ts */
const WHOLE: Bounds = { gateways: 1, nodes: 2, changes: 2, faults: 1, restores: 1 }

const EXPLORED: (readonly [string, Bounds, number])[] = [
  ['two nodes', TWO_NODES, 30_000],
  ['a database that loses commits', LOST_COMMITS, 50_000],
  ['four changes', FOUR_CHANGES, 50_000],
]
if (process.env['STREAM_MODEL'] === 'whole') EXPLORED.push(['all of it', WHOLE, 1_000_000])

test.each(EXPLORED)('the guarantee holds in every state of %s', (_, bounds, statesMin) => {
  const { broken, states } = explore(bounds, null)
  expect(broken).toBeUndefined()
  // A machine that stands still breaks nothing.
  expect(states).toBeGreaterThan(statesMin)
})

test.each(RULES)('the guarantee breaks without the rule that %s', (rule) => {
  expect([TWO_NODES, LOST_COMMITS].some((bounds) => explore(bounds, rule).broken !== undefined)).toBe(true)
})

test('each of three gateways moves as it could alone', () => {
  const bounds: Bounds = { gateways: 3, nodes: 2, changes: 4, faults: 6, restores: 1 }
  let seed = 11
  const random = (below: number): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % below
  }
  const alone = (state: State, index: number): State => ({
    ...state,
    gateways: state.gateways.slice(index, index + 1),
  })
  let moves = 0
  for (let walk = 0; walk < 40; walk += 1) {
    let state = initialState(bounds)
    for (let length = 0; length < 60; length += 1) {
      const possible = [...steps(state, bounds, null)]
      const chosen = possible[random(possible.length)]
      if (chosen === undefined) break
      expect(violation(chosen.state, null)).toBeUndefined()
      for (const index of state.gateways.keys()) {
        const [before, after] = [alone(state, index), alone(chosen.state, index)]
        const own = [...steps(before, { ...bounds, gateways: 1 }, null)].map((step) =>
          JSON.stringify(step.state),
        )
        // What another one does is at most a fault more.
        const isOther = JSON.stringify({ ...after, faults: before.faults }) === JSON.stringify(before)
        expect(isOther || own.includes(JSON.stringify(after))).toBe(true)
        moves += isOther ? 0 : 1
      }
      state = chosen.state
    }
  }
  expect(moves).toBeGreaterThan(1_000)
})
