import type { LastingExchange } from './lasting-exchange.ts'
import { clientFrame, textFrame } from './lasting-upstream.ts'

const CLIENT_FRAME_BYTES = clientFrame('0000000;').length

/**
 * Sends numbered frames through a WebSocket in both directions, or through an event stream towards the caller, and knows
 * when each was sent.
 */
export class NumberedFrames {
  readonly exchange: LastingExchange
  /** When each frame was sent, in ms by the monotonic clock. */
  readonly #toCaller: number[] = []
  readonly #toUpstream: number[] = []

  constructor(exchange: LastingExchange) {
    this.exchange = exchange
  }

  /** Sends the next frame in each direction, or tries to. */
  send(): void {
    const { kind, caller, upstream } = this.exchange
    const text = `${String(this.#toCaller.length).padStart(7, '0')};`
    this.#toCaller.push(performance.now())
    if (kind !== 'ws') {
      upstream.response?.write(`data: ${text}\n\n`)
      return
    }
    upstream.socket.write(textFrame(text))
    this.#toUpstream.push(performance.now())
    caller.send(clientFrame(text))
  }

  /** Waits until a frame has passed in each direction. @throws Error if the exchange has ended */
  async untilPassing(): Promise<void> {
    const { kind, caller, upstream } = this.exchange
    await caller.until('0000000;')
    while (kind === 'ws' && upstream.received() < CLIENT_FRAME_BYTES) await new Promise(setImmediate)
  }

  /** Waits until everything that was sent has arrived. */
  async untilAllPassed(): Promise<void> {
    const { caller, upstream } = this.exchange
    await caller.until(`${String(this.#toCaller.length - 1).padStart(7, '0')};`)
    const bytes = this.#toUpstream.length * CLIENT_FRAME_BYTES
    while (upstream.received() < bytes) await new Promise(setImmediate)
    this.lastPassedAtMs()
  }

  /** Waits until both ends are closed. @returns what the caller received */
  async untilClosed(): Promise<string> {
    const text = await this.exchange.caller.closed()
    await this.exchange.upstream.closed
    return text
  }

  /** When the last frame that passed was sent. @throws Error if a frame was left out */
  lastPassedAtMs(): number {
    const { caller, upstream } = this.exchange
    const numbers = [...caller.text.matchAll(/(\d{7});/g)].map(([, number]) => Number(number))
    if (numbers.some((number, index) => number !== index)) throw new Error('a frame was left out')
    const received = Math.ceil(upstream.received() / CLIENT_FRAME_BYTES)
    return Math.max(this.#toCaller[numbers.length - 1] ?? 0, this.#toUpstream[received - 1] ?? 0)
  }
}
