import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { noteStreamed } from './dead-buffers.ts'

/** How much of a body waits here for a slow upstream, in bytes; beyond it the caller is held back. */
const BUFFER_BYTES = 64 * 1024

/** The caller went away before its body was complete. */
export class CallerGone extends Error {
  override readonly name = 'CallerGone'
}

/** The body is longer than the pipeline takes. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/**
 * A request's body on its way to an upstream: counted, and apart from the request, since whoever reads it destroys it
 * on failure, and with the request itself the connection would go that the refusal must go out on.
 */
export class RequestBody extends Readable {
  readonly #request: IncomingMessage
  readonly #bytesMax: number
  readonly #onBytes: () => void
  #bytes = 0
  #wanted = false

  /** @param onBytes called whenever the caller has sent something */
  constructor(request: IncomingMessage, bytesMax: number, onBytes: () => void) {
    super({ highWaterMark: BUFFER_BYTES })
    this.#request = request
    this.#bytesMax = bytesMax
    this.#onBytes = onBytes
    request.on('data', this.#onData)
    request.on('end', this.#onEnd)
    request.on('error', this.#onGone)
    request.on('close', this.#onGone)
    request.pause()
  }

  /** Whether the upstream has taken everything so far and waits for the caller. */
  get isStarved(): boolean {
    return this.#wanted && !this.readableEnded && !this.#request.complete
  }

  override _read(): void {
    this.#wanted = true
    this.#request.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    this.#request.off('data', this.#onData)
    this.#request.off('end', this.#onEnd)
    this.#request.off('close', this.#onGone)
    // The request may fail once more with nobody else listening.
    this.#request.pause()
    callback(error)
  }

  readonly #onData = (chunk: Buffer): void => {
    this.#bytes += chunk.length
    this.#onBytes()
    noteStreamed(chunk.length)
    if (this.#bytes > this.#bytesMax)
      this.destroy(new BodyTooLarge('the body is longer than the pipeline takes'))
    else if (!this.push(chunk)) {
      this.#wanted = false
      this.#request.pause()
    }
  }

  readonly #onEnd = (): void => {
    this.push(null)
  }

  readonly #onGone = (): void => {
    if (!this.#request.complete) this.destroy(new CallerGone('the caller went away'))
  }
}
