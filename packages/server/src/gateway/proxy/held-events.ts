import type { Dispatcher } from 'undici'
import type { Exchange } from '../exchanges/exchange.ts'

/**
 * Events of an upstream that wait while bytes may not pass, oldest first. It exists only while something waits: an exchange
 * that nothing holds up makes no object for it.
 */
export class HeldEvents {
  readonly #events: (() => void)[] = []

  /** @param open called once bytes may pass; it lets the events happen */
  constructor(exchange: Pick<Exchange, 'whenOpen'>, open: (held: HeldEvents) => void) {
    exchange.whenOpen(() => open(this))
  }

  /** @param controller of an event that others can follow; the upstream is not read until the event has happened */
  add(controller: Dispatcher.DispatchController | null, event: () => void): void {
    controller?.pause()
    this.#events.push(event)
  }

  /** Each event happens as if it came now, so it may be held again, by a successor of this object. */
  happen(): void {
    for (const event of this.#events) event()
  }
}
