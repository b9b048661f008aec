/** The type of an object as git names it. */
export type ObjectType = 'blob' | 'tree' | 'commit' | 'tag'

/** Receives the objects that an `ObjectReader` reads, one after the other, each in pieces. */
export interface ObjectReceiver {
  begin(id: string, type: ObjectType): void
  /** @param isLast whether the object ends with this piece */
  piece(bytes: Buffer, from: number, to: number, isLast: boolean): void
  /** An object whose content git cannot read. */
  unreadable(id: string): void
}

const LINE_FEED = 10

/** Longer than every header: an id of 64 digits, a type and a size. */
const HEADER_BYTES_MAX = 128

const HEADER = /^([0-9a-f]+) (?:(blob|tree|commit|tag) (\d+)|missing)$/

/**
 * Reads the output of `git cat-file --batch`, which passes in pieces: for each object a line with its id, type and size,
 * its content, and a line feed; for an object that cannot be read, a line with its id and "missing".
 */
export class ObjectReader {
  readonly #receiver: ObjectReceiver
  #header = ''
  /** How many bytes of the current object are to come; undefined before its header. */
  #left: number | undefined

  constructor(receiver: ObjectReceiver) {
    this.#receiver = receiver
  }

  /** @throws an error if the output has another form */
  read(bytes: Buffer): void {
    let at = 0
    while (at < bytes.length) {
      at = this.#left === undefined ? this.#readHeader(bytes, at) : this.#readContent(bytes, at, this.#left)
    }
  }

  /** @throws an error if the last object is incomplete */
  end(): void {
    if (this.#left !== undefined || this.#header !== '') throw new Error('git cat-file ended in an object.')
  }

  #readHeader(bytes: Buffer, from: number): number {
    const end = bytes.indexOf(LINE_FEED, from)
    this.#header += bytes.toString('latin1', from, end === -1 ? bytes.length : end)
    if (this.#header.length > HEADER_BYTES_MAX)
      throw new Error('git cat-file printed no header of an object.')
    if (end === -1) return bytes.length
    const [, id, type, size] = HEADER.exec(this.#header) ?? []
    if (id === undefined) throw new Error(`git cat-file printed "${this.#header}".`)
    this.#header = ''
    if (type === undefined) {
      this.#receiver.unreadable(id)
      return end + 1
    }
    this.#left = Number(size)
    this.#receiver.begin(id, type as ObjectType)
    return end + 1
  }

  #readContent(bytes: Buffer, from: number, left: number): number {
    const to = Math.min(bytes.length, from + left)
    if (to > from) this.#receiver.piece(bytes, from, to, to - from === left)
    this.#left = left - (to - from)
    // The line feed after the content is not part of it.
    if (this.#left > 0 || to === bytes.length) return to
    this.#left = undefined
    return to + 1
  }
}
