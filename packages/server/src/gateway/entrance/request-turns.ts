import type { Socket } from 'node:net'
import type { GatewayResponse } from '../response/gateway-response.ts'

/** How many requests of a connection may wait. Few clients send more than one at a time, and none so many. */
const WAITING_MAX = 128

/**
 * Lets the requests that a caller sends without waiting for answers take turns: each begins when the one before it has
 * been answered, and a connection with too many ends. So an upstream sees them in their order (RFC 9112 section 9.3.2), one behind the last of a connection never
 * begins, and a connection holds no more than one request's share of what is bounded.
 */
export class RequestTurns {
  readonly #waiting = new WeakMap<Socket, number>()

  /** Calls back when it is the turn of a response: at once if its connection sends no other. Never if that ends before. */
  take(response: GatewayResponse, act: () => void): void {
    if (response.socket !== null) {
      act()
      return
    }
    const { socket } = response.req
    // A pause would not last: Node.js reads on after each request. So only the end of the connection bounds the memory.
    if (this.#count(socket, 1) > WAITING_MAX) socket.destroy()
    response.onTurn = () => {
      this.#count(socket, -1)
      act()
    }
  }

  #count(socket: Socket, change: number): number {
    const count = (this.#waiting.get(socket) ?? 0) + change
    this.#waiting.set(socket, count)
    return count
  }
}
