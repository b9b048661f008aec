import type { Down, Gateway, Holds } from './state.ts'

/**
 * Every grant that a gateway was sent is over: as much time has passed since as a lease lasts.
 *
 * @param isOwnNode whether its node found that out
 */
export function overdue(gateway: Gateway, holds: Holds, isOwnNode: boolean): Gateway {
  const over = (message: Down): Down =>
    message.kind === 'grant' && holds('a lease counts from the question')
      ? { ...message, isOver: true }
      : message
  const isLate = !isOwnNode && holds('a node grants within its own lease')
  return {
    ...gateway,
    isPast: true,
    isAttached: gateway.isAttached && !isOwnNode,
    lease: 'none',
    down: gateway.down.map(over),
    // The node read the feed for it longer ago than its own lease lasts.
    question: isLate && gateway.question === 'read' ? 'received' : gateway.question,
  }
}
