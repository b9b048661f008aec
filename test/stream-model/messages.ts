import type { Down, Gateway, History, Holds, Step } from './state.ts'

/** What a node sends a gateway that it last brought to a position. */
export function answer(sentTo: History, known: History, holds: Holds): readonly Down[] {
  const grant: Down = { kind: 'grant', at: known, isOver: false }
  if (sentTo === known) return [grant]
  const isOnHistory = holds('positions are hashes') ? known.startsWith(sentTo) : known.length >= sentTo.length
  // A gateway on another history loads everything anew.
  const from = isOnHistory ? sentTo : ''
  return [{ kind: 'update', from, to: known }, grant]
}

/** The arrival of the first of some messages. */
export function* deliveriesOf(
  messages: readonly Down[],
  gateway: Gateway,
  holds: Holds,
  step: (name: string, changes: Partial<Gateway>, rest: readonly Down[]) => Step,
): Generator<Step> {
  const [message, ...rest] = messages
  if (message === undefined) return
  if (message.kind === 'update') yield step('receives changes', receivedBy(gateway, message, holds), rest)
  else {
    const isAt = holds('a grant names its position')
      ? gateway.inForce.startsWith(message.at) || isAtLength(gateway.inForce, message.at, holds)
      : true
    yield isAt
      ? step('receives a grant', message.isOver ? {} : { lease: 'valid' }, rest)
      : step('drops a grant', {}, rest)
  }
}

function isAtLength(inForce: History, at: History, holds: Holds): boolean {
  return !holds('positions are hashes') && inForce.length >= at.length
}

function receivedBy(
  { inForce }: Gateway,
  { from, to }: { readonly from: History; readonly to: History },
  holds: Holds,
): Partial<Gateway> {
  if (from === '') return { inForce: to }
  if (holds('positions are hashes')) return inForce === from ? { inForce: to } : {}
  return inForce.length === from.length ? { inForce: inForce + to.slice(from.length) } : {}
}
