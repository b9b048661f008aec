import type { Bounds, Holds, State, Step } from './state.ts'

/** Commits, and their loss. */
export function* stepsOfDatabase(state: State, bounds: Bounds, holds: Holds): Generator<Step> {
  if (state.changes < bounds.changes) {
    const letter = 'abcdefgh'[state.changes] ?? ''
    yield {
      name: `commit ${letter}`,
      state: { ...state, history: state.history + letter, changes: state.changes + 1 },
    }
  }
  if (state.restores < bounds.restores && state.history !== '') {
    const history = state.history.slice(0, -1)
    yield {
      name: 'the database loses its newest change',
      state: {
        ...state,
        history,
        restores: state.restores + 1,
        // The rows are older ones, too: that of a node is not as it wrote it.
        nodes: state.nodes.map((node) => ({ ...node, isListed: false })),
        // What was promised about a change that is lost is void.
        gateways: state.gateways.map((gateway) => ({
          ...gateway,
          promisedApplied: common(gateway.promisedApplied, history),
          promisedAny: common(gateway.promisedAny, history),
          attachedTo: null,
          applied: '',
          isPast: !holds('a restored database forgets who is past'),
        })),
      },
    }
  }
}

function common(one: string, other: string): string {
  let length = 0
  while (length < one.length && one[length] === other[length]) length += 1
  return one.slice(0, length)
}
