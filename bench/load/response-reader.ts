/** The longest accepted response head. Those of the measured servers have a few hundred bytes. */
const HEAD_BYTES_MAX = 16 * 1024

const HEAD_END = Buffer.from('\r\n\r\n')
const STATUS_START = 'HTTP/1.1 '.length

/**
 * Finds the end of each response on one keep-alive connection at minimal cost, because the load generator must use less
 * CPU time than the server. It checks every status, and parses `Content-Length` (RFC 9112 section 6.3) only for a head
 * of a new length. Chunked responses are not supported; no measured server sends them.
 */
export class ResponseReader {
  readonly #status: Buffer
  /** The length of the body by the length of the head. */
  readonly #bodyBytes = new Map<number, number>()
  #pending: Buffer | undefined
  #remaining = 0

  /** @param status the expected status of every response */
  constructor(status: number) {
    this.#status = Buffer.from(String(status))
  }

  /**
   * Reads the next bytes of the connection.
   *
   * @returns whether they complete a response; only one is in progress at a time
   * @throws Error for another status or an invalid response
   */
  take(chunk: Buffer): boolean {
    if (this.#remaining > 0) return this.#body(chunk.length)
    const bytes = this.#pending === undefined ? chunk : Buffer.concat([this.#pending, chunk])
    const end = bytes.indexOf(HEAD_END)
    if (end < 0) {
      if (bytes.length > HEAD_BYTES_MAX) throw new Error('the head of a response has no end')
      // The chunk's buffer is reused, so the partial head is copied.
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
      throw new Error(
        `a response has a status that is not ${this.#status.toString()}: ${bytes.toString('latin1', 0, 800)}`,
      )
    }
    const headBytes = end + HEAD_END.length
    this.#remaining = this.#bodyBytesAfter(bytes, headBytes)
    return this.#body(bytes.length - headBytes)
  }

  #body(bytes: number): boolean {
    this.#remaining -= bytes
    if (this.#remaining < 0) throw new Error('a response is longer than its Content-Length')
    return this.#remaining === 0
  }

  #bodyBytesAfter(bytes: Buffer, headBytes: number): number {
    const known = this.#bodyBytes.get(headBytes)
    if (known !== undefined) return known
    const head = bytes.toString('latin1', 0, headBytes)
    const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(head)?.[1]
    if (length === undefined) throw new Error(`a response has no Content-Length: ${head}`)
    this.#bodyBytes.set(headBytes, Number(length))
    return Number(length)
  }
}
