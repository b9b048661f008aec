import type { Dispatcher } from 'undici'

/** How much is passed on at a time. */
const CHUNK_BYTES = 64 * 1024

/** Plays a response from memory, with the events and the backpressure of one that arrives from a connection. */
export class Replay implements Dispatcher.DispatchController {
  readonly rawHeaders: string[]
  readonly rawTrailers: string[] = []
  aborted = false
  paused = false
  reason: Error | null = null
  readonly #handler: Dispatcher.DispatchHandler
  readonly #status: number
  readonly #body: Buffer
  #sent = 0
  #isPlaying = false
  #state: 'head' | 'body' | 'over' = 'head'

  /** @param raw alternating names and values */
  constructor(handler: Dispatcher.DispatchHandler, status: number, raw: string[], body: Buffer) {
    this.#handler = handler
    this.#status = status
    this.rawHeaders = raw
    this.#body = body
  }

  start(): void {
    this.#handler.onRequestStart?.(this, {})
    this.#play()
  }

  abort(reason: Error): void {
    this.aborted = true
    this.reason = reason
    this.#state = 'over'
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    this.#play()
  }

  /** Not entered again by a handler that pauses and resumes within its events. */
  #play(): void {
    if (this.#isPlaying) return
    this.#isPlaying = true
    while (!this.paused && this.#state !== 'over') this.#step()
    this.#isPlaying = false
  }

  #step(): void {
    if (this.#state === 'head') {
      this.#state = 'body'
      this.#handler.onResponseStart?.(this, this.#status, {})
    } else if (this.#sent < this.#body.length) {
      const chunk = this.#body.subarray(this.#sent, this.#sent + CHUNK_BYTES)
      this.#sent += chunk.length
      this.#handler.onResponseData?.(this, chunk)
    } else {
      this.#state = 'over'
      this.#handler.onResponseEnd?.(this, {})
    }
  }
}

/** A response from a connection under other headers. */
export class Relabelled implements Dispatcher.DispatchController {
  readonly rawHeaders: string[]
  readonly #controller: Dispatcher.DispatchController
  readonly #onPause: () => void

  /**
   * @param raw alternating names and values
   * @param onPause called when the receiver takes no more for now
   */
  constructor(controller: Dispatcher.DispatchController, raw: string[], onPause: () => void) {
    this.#controller = controller
    this.rawHeaders = raw
    this.#onPause = onPause
  }

  get aborted(): boolean {
    return this.#controller.aborted
  }

  get paused(): boolean {
    return this.#controller.paused
  }

  get reason(): Error | null {
    return this.#controller.reason
  }

  abort(reason: Error): void {
    this.#controller.abort(reason)
  }

  pause(): void {
    this.#controller.pause()
    this.#onPause()
  }

  resume(): void {
    this.#controller.resume()
  }
}
