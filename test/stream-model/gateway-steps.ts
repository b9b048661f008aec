import { answer, deliveriesOf } from './messages.ts'
import { overdue } from './overdue.ts'
import type { Bounds, Gateway, Holds, State, Step } from './state.ts'

type MakeStep = (name: string, changes: Partial<Gateway>, faults?: number) => Step

/** What one gateway can do, what its node can do with it, and what a receipt can say of it. */
export function* stepsOfGateway(state: State, index: number, bounds: Bounds, holds: Holds): Generator<Step> {
  const gateway = state.gateways[index]
  if (gateway === undefined) return
  const step = (name: string, changes: Partial<Gateway>, faults = 0): Step => ({
    name: `gateway ${index} ${name}`,
    state: {
      ...state,
      faults: state.faults + faults,
      gateways: state.gateways.with(index, { ...gateway, ...changes }),
    },
  })
  const cut = {
    node: null,
    down: [],
    lost: holds('one stream at a time') ? [] : [...gateway.lost, ...gateway.down].slice(-2),
    question: 'none',
    sentTo: null,
    isAttached: false,
    report: null,
  } as const
  const mayFail = state.faults < bounds.faults
  const { inForce, onDisk, node, down, question } = gateway

  yield* receiptsOf(state, gateway, holds, step)
  const isKnown = gateway.attachedTo === null || state.nodes[gateway.attachedTo]?.isListed === true
  if (!gateway.isPast && isKnown && mayFail)
    yield step('is past its lease', overdue(gateway, holds, gateway.attachedTo === gateway.node), 1)

  // What a gateway does by itself.
  if (onDisk !== inForce) yield step('writes to disk', { onDisk: inForce })
  if (gateway.lease === 'valid' && mayFail) yield step('reaches the end of its lease', { lease: 'none' }, 1)
  if (mayFail && (node !== null || inForce !== onDisk || gateway.lease === 'valid')) {
    yield step('is killed and starts again', { ...cut, lost: [], inForce: onDisk, lease: 'none' }, 1)
  }
  if (node === null) {
    for (const to of state.nodes.keys()) yield step(`connects to node ${to}`, { node: to })
    yield* deliveriesOf(gateway.lost, gateway, holds, (name, changes, rest) =>
      step(`${name} of an old stream`, { ...changes, lost: rest }),
    )
    return
  }
  if (mayFail) yield step('loses its stream', cut, 1)
  // With the first question, it says where it is.
  if (question === 'none') yield step('asks', { question: 'received', sentTo: gateway.sentTo ?? inForce })
  if (mayFail && down.length > 0) yield step('misses a message', { down: down.slice(1) }, 1)
  const reported = holds('applied means on disk') ? onDisk : inForce
  const isNew = reported !== gateway.applied
  if (gateway.report === null && isNew) yield step('reports', { report: reported })
  yield* deliveriesOf(down, gateway, holds, (name, changes, rest) => step(name, { ...changes, down: rest }))
  yield* deliveriesOf(gateway.lost, gateway, holds, (name, changes, rest) =>
    step(`${name} of an old stream`, { ...changes, lost: rest }),
  )
  yield* stepsOfItsNode(state, gateway, holds, step)
}

/** What the node at the other end of its stream can do with a gateway. */
function* stepsOfItsNode(state: State, gateway: Gateway, holds: Holds, step: MakeStep): Generator<Step> {
  const { node, question, down } = gateway
  const at = node === null ? undefined : state.nodes[node]
  if (at === undefined) return
  if (gateway.sentTo !== null && !gateway.isAttached && at.isListed && at.believesListed) {
    const readAgain = question === 'read' && holds('the feed is read after the attachment')
    yield step('is attached', {
      attachedTo: node,
      isAttached: true,
      isPast: false,
      applied: '',
      question: readAgain ? 'received' : question,
    })
  }
  const isRead =
    question === 'read' || (question === 'received' && !holds('the feed is read after the question'))
  const isAttached = gateway.isAttached || !holds('an attachment comes before a grant')
  if (isRead && isAttached && at.believesListed && gateway.sentTo !== null && down.length < 3) {
    yield step('gets a grant', {
      question: 'none',
      sentTo: at.known,
      down: [...down, ...answer(gateway.sentTo, at.known, holds)],
    })
  }
  if (gateway.report !== null && gateway.attachedTo === node && at.isListed) {
    yield step('has its report stored', { applied: gateway.report, report: null })
  }
}

/** A receipt that is given now, for the newest change, and what it says of one gateway. */
function* receiptsOf({ history }: State, gateway: Gateway, holds: Holds, step: MakeStep): Generator<Step> {
  const hasApplied = holds('positions are hashes')
    ? gateway.applied.startsWith(history)
    : gateway.applied.length >= history.length
  if (history !== '' && hasApplied && gateway.promisedApplied !== history) {
    yield step('is listed as applied', { promisedApplied: history, promisedAny: history })
  }
  if (history !== '' && gateway.isPast && gateway.promisedAny !== history) {
    yield step('is listed as past its lease', { promisedAny: history })
  }
}
