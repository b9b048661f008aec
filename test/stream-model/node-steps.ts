import { overdue } from './overdue.ts'
import type { Bounds, Gateway, Holds, Node, State, Step } from './state.ts'

/** What a control node can do beside what it does for one gateway, and its removal by another. */
export function* stepsOfNode(state: State, index: number, bounds: Bounds, holds: Holds): Generator<Step> {
  const node = state.nodes[index]
  if (node === undefined) return
  const withNode = (changes: Partial<Node>, gateways = state.gateways): State => ({
    ...state,
    nodes: state.nodes.with(index, { ...node, ...changes }),
    gateways,
  })
  // Changes are read also without a renewal; an answer needs a reading with one.
  if (node.known !== state.history)
    yield { name: `node ${index} reads the changes`, state: withNode({ known: state.history }) }
  const isAsked = state.gateways.some((gateway) => gateway.node === index && gateway.question === 'received')
  if (node.believesListed && !node.isListed && holds('a node renews its row with each reading')) {
    yield { name: `node ${index} finds that its row is lost`, state: withNode({ believesListed: false }) }
  } else if (isAsked) {
    const gateways = state.gateways.map((gateway): Gateway =>
      gateway.node === index && gateway.question === 'received' ? { ...gateway, question: 'read' } : gateway,
    )
    yield { name: `node ${index} reads the feed`, state: withNode({ known: state.history }, gateways) }
  }
  if (bounds.nodes > 1 && node.isListed && state.faults < bounds.faults) {
    const isExclusive = holds('a removal excludes a renewal')
    const gateways = state.gateways.map((gateway) => {
      if (gateway.attachedTo !== index) return gateway
      const removed = { ...gateway, attachedTo: null }
      return isExclusive ? overdue(removed, holds, false) : { ...removed, isPast: true }
    })
    yield {
      name: `node ${index} is removed`,
      state: { ...withNode({ isListed: !isExclusive }, gateways), faults: state.faults + 1 },
    }
  }
  if (!node.believesListed) {
    const gateways = state.gateways.map((gateway) =>
      gateway.node === index ? { ...gateway, isAttached: false } : gateway,
    )
    yield {
      name: `node ${index} registers`,
      state: withNode({ isListed: true, believesListed: true }, gateways),
    }
  }
}
