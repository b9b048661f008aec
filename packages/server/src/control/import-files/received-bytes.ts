import { Problem } from '@sallyport/core'

/** The largest file, in bytes. */
export const IMPORT_BYTES_MAX = 1024 * 1024 * 1024
/** The most lines with keys in a file. */
export const IMPORT_LINES_MAX = 2_000_000
/** The longest line of a file, in bytes. */
export const IMPORT_LINE_BYTES_MAX = 16 * 1024

export const TOO_LARGE = `A file has at most ${IMPORT_BYTES_MAX} bytes. Split it.`
export const TOO_MANY_LINES = `A file has at most ${IMPORT_LINES_MAX} lines. Split it.`

/**
 * Passes the bytes of a file on, as long as they are UTF-8 and not too many.
 *
 * @throws Problem `too_large`, or `invalid_request` if they are not UTF-8 or the body breaks off
 */
export async function* receivedBytes(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let bytes = 0
  try {
    for await (const part of body) {
      bytes += part.length
      if (bytes > IMPORT_BYTES_MAX) throw new Problem('too_large', { detail: TOO_LARGE })
      check(decoder, part)
      yield part
    }
  } catch (cause) {
    if (cause instanceof Problem) throw cause
    throw new Problem('invalid_request', { detail: 'The body broke off. Send the whole file again.', cause })
  }
  check(decoder)
}

function check(decoder: TextDecoder, part?: Uint8Array): void {
  try {
    decoder.decode(part, { stream: part !== undefined })
  } catch (cause) {
    throw new Problem('invalid_request', {
      detail: 'The file is not valid UTF-8. Convert it to UTF-8.',
      cause,
    })
  }
}

/** The refusal of a line that is too long. */
export function lineTooLong(line: number): Problem {
  return new Problem('too_large', {
    detail: `Line ${line} has more than ${IMPORT_LINE_BYTES_MAX} bytes. No key needs as many: check the line.`,
  })
}
