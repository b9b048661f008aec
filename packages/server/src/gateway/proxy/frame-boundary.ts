/** The opcode of a close frame (RFC 6455 section 5.2). */
const CLOSE = 8
/** The bytes of a frame's header before an extended length. */
const SHORT_HEADER_BYTES = 2
const MASK_BYTES = 4

/**
 * Follows the frames of one direction of a WebSocket connection (RFC 6455 section 5.2), without looking at their
 * content: it skips each payload by its length.
 */
export class FrameBoundary {
  /** Whether the last byte was the last one of a frame, or none has been sent. */
  get isAtBoundary(): boolean {
    return this.#headerBytes === 0 && this.#payloadBytes === 0
  }

  /** Whether a close frame has begun. No frame may follow it. */
  isClosing = false
  /** The number of bytes received of an incomplete header. */
  #headerBytes = 0
  readonly #header = Buffer.alloc(SHORT_HEADER_BYTES + 8 + MASK_BYTES)
  /** The rest of the current payload. */
  #payloadBytes = 0

  /** Follows the next bytes of the direction. */
  track(chunk: Buffer): void {
    let at = 0
    while (at < chunk.length) {
      if (this.#payloadBytes > 0) {
        const skipped = Math.min(this.#payloadBytes, chunk.length - at)
        this.#payloadBytes -= skipped
        at += skipped
      } else {
        this.#header[this.#headerBytes] = chunk[at] ?? 0
        this.#headerBytes += 1
        at += 1
        if (this.#headerBytes >= SHORT_HEADER_BYTES) this.#readHeader()
      }
    }
  }

  #readHeader(): void {
    const [first = 0, second = 0] = this.#header
    const length = second & 0x7f
    const lengthBytes = length === 127 ? 8 : length === 126 ? 2 : 0
    const maskBytes = second >= 0x80 ? MASK_BYTES : 0
    if (this.#headerBytes < SHORT_HEADER_BYTES + lengthBytes + maskBytes) return
    this.#headerBytes = 0
    if ((first & 0x0f) === CLOSE) this.isClosing = true
    this.#payloadBytes =
      lengthBytes === 0
        ? length
        : lengthBytes === 2
          ? this.#header.readUInt16BE(SHORT_HEADER_BYTES)
          : Number(this.#header.readBigUInt64BE(SHORT_HEADER_BYTES))
  }
}

/** An unmasked close frame with the code 1008, policy violation (RFC 6455 sections 5.5.1 and 7.4.1). */
export function policyCloseFrame(reason: string): Buffer {
  const payload = Buffer.concat([Buffer.from([1008 >> 8, 1008 & 0xff]), Buffer.from(reason)])
  return Buffer.concat([Buffer.from([0x80 | CLOSE, payload.length]), payload])
}
