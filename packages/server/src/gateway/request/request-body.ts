import type { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { countStreamedBytes } from './buffer-collection.ts'
import type { Passage } from './passage.ts'

/** How many bytes of a body are buffered for a slow upstream before the caller is paused. */
const BUFFER_BYTES = 64 * 1024
/**
 * How much of a body is read before the event loop serves others. Without a limit Node.js reads up to 2 MiB of each
 * connection in a row.
 */
const TURN_BYTES_MAX = 64 * 1024

/** The caller disconnected before its request was read. */
export class CallerGone extends Error {
  override readonly name = 'CallerGone'
}

/** The body exceeds the pipeline's limit. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge'
}

/**
 * A request's body as a stream of limited size. It is separate from the request because its consumer destroys it on
 * failure: destroying the request would destroy the connection that the error response needs.
 */
export class RequestBody extends Readable {
  readonly #request: IncomingMessage
  readonly #bytesMax: number
  readonly #onBytes: (bytes: number) => void
  readonly #passage: Passage | null
  #bytes = 0
  /** The bytes read since the event loop last served others. */
  #bytesOfTurn = 0
  #wanted = false

  /**
   * @param onBytes called for each chunk that the caller sends, with its length
   * @param passage holds the body back while its bytes may not pass; null if nothing is passed on before the end
   */
  constructor(
    request: IncomingMessage,
    bytesMax: number,
    onBytes: (bytes: number) => void,
    passage: Passage | null = null,
  ) {
    super({ highWaterMark: BUFFER_BYTES })
    this.#request = request
    this.#bytesMax = bytesMax
    this.#onBytes = onBytes
    this.#passage = passage
    request.on('data', this.#onData)
    request.on('end', this.#onEnd)
    request.on('error', this.#onGone)
    request.on('close', this.#onGone)
    request.pause()
    // A caller may disconnect during an asynchronous decision, and the close event is not emitted again.
    if (request.destroyed) this.#onGone()
  }

  /** Whether the consumer has taken everything so far and waits for the caller. */
  get isStarved(): boolean {
    return this.#wanted && !this.readableEnded && !this.#request.complete
  }

  override _read(): void {
    this.#wanted = true
    if (this.#bytesOfTurn < TURN_BYTES_MAX) this.#request.resume()
  }

  override _destroy(error: Error | null, callback: (error?: Error | null) => void): void {
    // The error listener stays: the request can still emit an error.
    this.#request.off('data', this.#onData)
    this.#request.off('end', this.#onEnd)
    this.#request.off('close', this.#onGone)
    this.#request.pause()
    callback(error)
  }

  readonly #onData = (chunk: Buffer): void => {
    if (this.#passage?.mayPass() === false) {
      this.#request.pause()
      this.#request.unshift(chunk)
      this.#passage.whenOpen(() => {
        if (!this.destroyed) this.#request.resume()
      })
      return
    }
    this.#bytes += chunk.length
    this.#onBytes(chunk.length)
    countStreamedBytes(chunk.length)
    if (this.#bytes > this.#bytesMax)
      this.destroy(new BodyTooLarge(`the body has more than ${this.#bytesMax} bytes`))
    else {
      this.#wanted = this.push(chunk)
      this.#endTurn(chunk.length)
    }
  }

  /** Pauses when there is no demand, and after many bytes until the event loop has served others. */
  #endTurn(bytes: number): void {
    this.#bytesOfTurn += bytes
    const isLong = this.#bytesOfTurn >= TURN_BYTES_MAX
    if (isLong || !this.#wanted) this.#request.pause()
    if (!isLong) return
    setImmediate(() => {
      this.#bytesOfTurn = 0
      if (this.#wanted && !this.destroyed) this.#request.resume()
    })
  }

  /** The end of a body in chunks is sent too. */
  readonly #onEnd = (): void => {
    if (this.destroyed) return
    if (this.#passage?.mayPass() === false) this.#passage.whenOpen(this.#onEnd)
    else this.push(null)
  }

  /** What has arrived but was not read is lost with its request, even if that is complete. */
  readonly #onGone = (): void => {
    if (!this.#request.readableEnded) this.destroy(new CallerGone('the caller disconnected'))
  }
}
