/** An answer's head is at most this long; ours and the peers' are a few hundred bytes. */
const HEAD_BYTES_MAX = 16 * 1024

const HEAD_END = Buffer.from('\r\n\r\n')
const STATUS_START = 'HTTP/1.1 '.length

/**
 * Finds where each answer on one keep-alive connection ends, as cheaply as can be: the load generator must cost less
 * than what it measures. It checks every status; it reads `Content-Length` (RFC 9112 section 6.3) only when a head
 * is as long as none was before. Answers in chunks are none of its business: nothing here is measured with them.
 */
export class AnswerReader {
  readonly #status: Buffer
  /** How many body bytes follow a head of this length. */
  readonly #bodyBytes = new Map<number, number>()
  #pending: Buffer | undefined
  #remaining = 0

  /** @param status what every answer must have */
  constructor(status: number) {
    this.#status = Buffer.from(String(status))
  }

  /**
   * Takes the next bytes of the connection.
   *
   * @returns whether an answer ended with them; there is never more than one under way
   * @throws Error when the status is another, or the bytes are not an answer of ours
   */
  take(chunk: Buffer): boolean {
    if (this.#remaining > 0) return this.#body(chunk.length)
    const bytes = this.#pending === undefined ? chunk : Buffer.concat([this.#pending, chunk])
    const end = bytes.indexOf(HEAD_END)
    if (end < 0) {
      if (bytes.length > HEAD_BYTES_MAX) throw new Error('an answer has no end of its head')
      // The chunk's memory is read into again, so what is kept of it is copied.
      this.#pending = Buffer.from(bytes)
      return false
    }
    this.#pending = undefined
    const status = STATUS_START
    if (
      bytes[status] !== this.#status[0] ||
      bytes[status + 1] !== this.#status[1] ||
      bytes[status + 2] !== this.#status[2]
    ) {
      throw new Error(`an answer is not ${this.#status.toString()} but: ${bytes.toString('latin1', 0, 800)}`)
    }
    const headBytes = end + HEAD_END.length
    this.#remaining = this.#bodyBytesAfter(bytes, headBytes)
    return this.#body(bytes.length - headBytes)
  }

  #body(bytes: number): boolean {
    this.#remaining -= bytes
    if (this.#remaining < 0) throw new Error('an answer is longer than it said')
    return this.#remaining === 0
  }

  #bodyBytesAfter(bytes: Buffer, headBytes: number): number {
    const known = this.#bodyBytes.get(headBytes)
    if (known !== undefined) return known
    const head = bytes.toString('latin1', 0, headBytes)
    const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1]
    if (length === undefined) throw new Error(`an answer does not say its length: ${head}`)
    this.#bodyBytes.set(headBytes, Number(length))
    return Number(length)
  }
}
