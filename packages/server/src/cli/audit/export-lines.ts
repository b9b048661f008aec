/** The characters of a line at most: an event holds two states of a resource. */
const LINE_BYTES_MAX = 64 * 1024 * 1024
const NEWLINE = 10

/** A line of a file that is too long, or that is not UTF-8. */
export class UnreadableLine extends Error {}

/** A line, and whether the file has a line break after it. */
export interface FileLine {
  readonly text: string
  readonly isComplete: boolean
}

/**
 * Splits the bytes of a file into lines at U+000A alone, with one line in memory at a time.
 *
 * @throws UnreadableLine
 */
export async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileLine, void, undefined> {
  let parts: Uint8Array[] = []
  let length = 0
  const take = (end: Uint8Array, isComplete: boolean): FileLine => {
    const line = Buffer.concat([...parts, end])
    parts = []
    length = 0
    try {
      return { text: new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(line), isComplete }
    } catch {
      throw new UnreadableLine('is not UTF-8')
    }
  }
  for await (const chunk of bytes) {
    let start = 0
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      yield take(chunk.subarray(start, end), true)
      start = end + 1
    }
    const rest = chunk.subarray(start)
    length += rest.length
    if (length > LINE_BYTES_MAX) throw new UnreadableLine(`is longer than ${LINE_BYTES_MAX} bytes`)
    if (rest.length > 0) parts.push(rest)
  }
  if (length > 0) yield take(new Uint8Array(), false)
}
